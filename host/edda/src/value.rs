//! A document's value with the types that EDDA knows: JSON's, and dates. An object's keys are always in EDDA's order, so that equal values
//! print equal texts. Reading is in [`crate::parse`], printing in `render`.

use std::cmp::Ordering;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type EpochMillis = i64;

/// One value of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; never NaN nor infinite when it was read from JSON.
    Float(f64),
    /// A moment. Printed as a number, or as a text where people read it.
    Date(EpochMillis),
    /// A text.
    Text(String),
    /// A list, in the document's order.
    Array(Vec<Value>),
    /// Named values, in EDDA's order of names.
    Object(Object),
}

impl Value {
    /// The text inside, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements inside, if it is a list.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The object inside, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(elements: Vec<Value>) -> Self {
        Self::Array(elements)
    }
}

/// Named values, sorted by name as EDDA sorts (see [`key_order`]); each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// Nothing inside.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).ok().map(|at| &self.0[at].1)
    }

    /// The value of that name, to be changed in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.position(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Sets the value of that name and gives back the one it had.
    pub fn insert(&mut self, name: impl Into<String>, value: Value) -> Option<Value> {
        let name = name.into();
        match self.position(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes the value of that name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.position(name).ok().map(|at| self.0.remove(at).1)
    }

    /// Names and values in EDDA's order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without any name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| key_order(known, name))
    }
}

impl FromIterator<(String, Value)> for Object {
    /// The last of equal names counts.
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        // The sort is stable, so the last of equal names is the last of its run; it is moved to the front of it.
        pairs.sort_by(|(left, _), (right, _)| key_order(left, right));
        pairs.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        Self(pairs)
    }
}

impl IntoIterator for Object {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Java's order of texts: by UTF-16 code unit. It differs from Rust's only where a character beyond U+FFFF meets one from U+E000 on.
pub fn key_order(left: &str, right: &str) -> Ordering {
    /// The first byte of U+E000 in UTF-8.
    const HIGH: u8 = 0xEE;
    /// The first byte of U+10000 in UTF-8. In UTF-16 such a character begins with a surrogate, which sorts before U+E000.
    const SUPPLEMENTARY: u8 = 0xF0;
    let differing = left.bytes().zip(right.bytes()).find(|(left, right)| left != right);
    match differing {
        None => left.len().cmp(&right.len()),
        Some((left, right)) if left >= HIGH && right >= HIGH && (left >= SUPPLEMENTARY) != (right >= SUPPLEMENTARY) => right.cmp(&left),
        Some((left, right)) => left.cmp(&right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_by_utf_16_code_unit() {
        let names = ["", "A", "DNSName", "_x", "a", "ab", "é", "\u{D7FF}", "\u{1F600}", "\u{1F601}", "\u{E000}", "\u{FFFD}"];
        for (at, left) in names.iter().enumerate() {
            for (other, right) in names.iter().enumerate() {
                assert_eq!(key_order(left, right), at.cmp(&other), "{left:?} {right:?}");
                assert_eq!(key_order(left, right), left.encode_utf16().cmp(right.encode_utf16()), "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let pair = |name: &str, number| (name.to_owned(), Value::Int(number));
        let object = Object::from_iter([pair("b", 1), pair("a", 2), pair("b", 3), pair("b", 4)]);
        assert_eq!(object.iter().collect::<Vec<_>>(), [("a", &Value::Int(2)), ("b", &Value::Int(4))]);
    }

    #[test]
    fn an_object_is_changed_by_name() {
        let mut object = Object::new();
        assert_eq!(object.insert("b", Value::Null), None);
        assert_eq!(object.insert("a", Value::Int(1)), None);
        assert_eq!(object.insert("a", Value::Int(2)), Some(Value::Int(1)));
        if let Some(value) = object.get_mut("b") {
            *value = Value::Bool(true);
        }
        assert_eq!(object.get("b"), Some(&Value::Bool(true)));
        assert_eq!(object.remove("b"), Some(Value::Bool(true)));
        assert_eq!((object.get("b"), object.len(), object.is_empty()), (None, 1, false));
    }
}
