//! The fields that each of several selectors needs, taken from a document in one pass. What is left is small, so that each selector can be
//! applied to its own part at little cost, with the same result as on the whole document.
//!
//! For a selector that only names fields it is also a projection of its own: one that never leaves a document out.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::parse::DATE;
use crate::query::projection::ProjectionError;
use crate::query::selector::{Item, Selector};
use crate::scanner::{ScanError, Scanner};

/// How deep documents are looked into, as deep as they may be nested; what lies deeper is kept.
const DEEPEST: usize = 128;

/// A bit for each selector.
type Readers = u64;

/// The fields that some selectors need. It drops no document and no element of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    readers: usize,
    fields: Fields,
}

/// What the selectors of a [`Cover`] need of a document, a text for each. Used again for the next document, it costs no memory.
#[derive(Clone, Debug, Default)]
pub struct Covered {
    texts: Vec<String>,
    /// How long the texts were where an object that is under way begins.
    starts: Vec<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fields {
    /// They are few: looking through them is faster than any search.
    fields: Vec<Field>,
    /// A bit for the length of each name: most names of a document have none of these lengths.
    lengths: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    /// Who needs all of it.
    whole: Readers,
    /// Who needs some of it, or all.
    readers: Readers,
    /// What of it the others need.
    inner: Fields,
}

impl Cover {
    /// How many selectors one can have.
    pub const MOST: usize = Readers::BITS as usize;

    /// The fields that each of the selectors names. Selectors behind the first 64 are left out.
    pub fn of<'a>(selectors: impl IntoIterator<Item = &'a Selector>) -> Self {
        let mut cover = Self { readers: 0, fields: Fields::default() };
        for selector in selectors.into_iter().take(Self::MOST) {
            cover.fields.add(selector, 1 << cover.readers);
            cover.readers += 1;
        }
        cover
    }

    /// Takes what each of the selectors needs of the document.
    pub fn project(&self, document: &str, covered: &mut Covered) -> Result<(), ProjectionError> {
        covered.begin(self.readers);
        let mut scanner = Scanner::new(document);
        let everybody = (0..self.readers).fold(0, |readers, reader| readers | 1 << reader);
        let written = self.fields.write(&mut scanner, everybody, 0, covered).and_then(|()| scanner.end());
        if written.is_err() {
            // The parser has the words for what is wrong. What it accepts is nested deeper than anybody looks.
            serde_json::from_str::<IgnoredAny>(document)?;
            covered.begin(self.readers);
            covered.push(everybody, document.trim());
        }
        Ok(())
    }
}

impl Covered {
    /// What the selector of this number needs.
    pub fn of(&self, selector: usize) -> &str {
        &self.texts[selector]
    }

    fn begin(&mut self, readers: usize) {
        self.texts.resize_with(readers, String::new);
        self.texts.iter_mut().for_each(String::clear);
        self.starts.clear();
    }

    fn each(&mut self, readers: Readers, mut change: impl FnMut(&mut String)) {
        let mut left = readers;
        while left != 0 {
            change(&mut self.texts[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
    }

    fn push(&mut self, readers: Readers, text: &str) {
        self.each(readers, |own| own.push_str(text));
    }

    /// A comma, unless a bracket was just opened.
    fn push_comma(&mut self, readers: Readers) {
        self.each(readers, |own| {
            if !own.ends_with(['{', '[']) {
                own.push(',');
            }
        });
    }

    fn note_starts(&mut self, readers: Readers) {
        let mut starts = std::mem::take(&mut self.starts);
        self.each(readers, |own| starts.push(own.len()));
        self.starts = starts;
    }

    /// Forgets the starts that were noted last; with `back`, all that was written since, too.
    fn forget_starts(&mut self, readers: Readers, back: bool) {
        let first = self.starts.len() - readers.count_ones() as usize;
        if back {
            let starts = std::mem::take(&mut self.starts);
            let mut noted = starts[first..].iter();
            self.each(readers, |own| own.truncate(noted.next().copied().unwrap_or_default()));
            self.starts = starts;
        }
        self.starts.truncate(first);
    }
}

impl Fields {
    fn add(&mut self, selector: &Selector, reader: Readers) {
        for (name, item) in &selector.items {
            let known = self.fields.iter().position(|field| field.name == *name);
            let at = known.unwrap_or_else(|| {
                self.lengths |= length_bit(name);
                self.fields.push(Field { name: name.clone(), whole: 0, readers: 0, inner: Self::default() });
                self.fields.len() - 1
            });
            let field = &mut self.fields[at];
            field.readers |= reader;
            match item {
                Item::Select(selector) => field.inner.add(selector, reader),
                _ => field.whole |= reader,
            }
        }
    }

    fn named(&self, name: &str) -> Option<&Field> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        self.fields.iter().find(|field| field.name == name)
    }

    /// Writes what the readers need of the value that comes next.
    fn write(&self, scanner: &mut Scanner<'_>, readers: Readers, depth: usize, covered: &mut Covered) -> Result<(), ScanError> {
        match scanner.peek() {
            Some(b'{') if depth < DEEPEST => self.write_object(scanner, readers, depth, covered),
            Some(b'[') if depth < DEEPEST => self.write_list(scanner, readers, depth, covered),
            _ => {
                covered.push(readers, scanner.value()?);
                Ok(())
            }
        }
    }

    fn write_object(&self, scanner: &mut Scanner<'_>, readers: Readers, depth: usize, covered: &mut Covered) -> Result<(), ScanError> {
        let place = scanner.place();
        let mut may_be_date = false;
        covered.note_starts(readers);
        covered.push(readers, "{");
        scanner.take(b'{');
        let mut is_open = !scanner.take(b'}');
        while is_open {
            let name = unescaped(scanner.name()?);
            match self.named(&name) {
                Some(field) if field.readers & readers != 0 => field.write(scanner, readers, depth, covered)?,
                _ => {
                    may_be_date |= name == DATE;
                    scanner.value()?;
                }
            }
            is_open = !scanner.take(b'}');
            if is_open && !scanner.take(b',') {
                return Err(ScanError);
            }
        }
        // Whether it is a date depends on all its members, so all are kept.
        covered.forget_starts(readers, may_be_date);
        covered.push(readers, if may_be_date { scanner.since(place) } else { "}" });
        Ok(())
    }

    fn write_list(&self, scanner: &mut Scanner<'_>, readers: Readers, depth: usize, covered: &mut Covered) -> Result<(), ScanError> {
        covered.push(readers, "[");
        scanner.take(b'[');
        let mut is_open = !scanner.take(b']');
        while is_open {
            covered.push_comma(readers);
            self.write(scanner, readers, depth + 1, covered)?;
            is_open = !scanner.take(b']');
            if is_open && !scanner.take(b',') {
                return Err(ScanError);
            }
        }
        covered.push(readers, "]");
        Ok(())
    }
}

impl Field {
    fn write(&self, scanner: &mut Scanner<'_>, readers: Readers, depth: usize, covered: &mut Covered) -> Result<(), ScanError> {
        let (readers, whole) = (readers & self.readers, readers & self.whole);
        covered.push_comma(readers);
        // The grammar of selectors knows no name that would need an escape.
        covered.each(readers, |own| own.extend(["\"", &*self.name, "\":"]));
        if readers == whole {
            covered.push(whole, scanner.value()?);
            return Ok(());
        }
        scanner.peek();
        let place = scanner.place();
        self.inner.write(scanner, readers & !whole, depth + 1, covered)?;
        covered.push(whole, scanner.since(place));
        Ok(())
    }
}

fn length_bit(name: &str) -> u64 {
    1 << name.len().min(63)
}

/// A name as it is meant.
fn unescaped(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    serde_json::from_str(&format!("\"{written}\"")).map_or(Cow::Borrowed(written), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_covered(selectors: &[&str], document: &str) -> Vec<String> {
        let selectors: Vec<Selector> = selectors.iter().map(|text| Selector::parse(text).expect("a selector")).collect();
        let mut covered = Covered::default();
        Cover::of(&selectors).project(document, &mut covered).expect("a document");
        (0..selectors.len()).map(|number| covered.of(number).to_owned()).collect()
    }

    fn covered(selector: &str, document: &str) -> String {
        all_covered(&[selector], document).concat()
    }

    #[test]
    fn each_selector_gets_its_fields() {
        let document = r#"{"a":{"b":1, "c":2,"d":3},"e":[{"f":1,"g":2}, null,3],"h":{"i":{"j":1},"k":2},"l":0, "m\u006e": [ ]}"#;
        assert_eq!(
            all_covered(&["(a:(b),e:(f))", "(a:(c=5),h)", "(a,e:(g),mn:(o))", "(x)"], document),
            [
                r#"{"a":{"b":1},"e":[{"f":1},null,3]}"#,
                r#"{"a":{"c":2},"h":{"i":{"j":1},"k":2}}"#,
                r#"{"a":{"b":1, "c":2,"d":3},"e":[{"g":2},null,3],"mn":[]}"#,
                "{}",
            ]
        );
        assert_eq!(covered("(h::(k))", document), r#"{"h":{"i":{"j":1},"k":2}}"#);
    }

    #[test]
    fn what_cannot_be_selected_from_is_kept() {
        assert_eq!(covered("(a:(b),c:(d))", r#"{"a":null,"c":{"d":7,"$date":5},"e":1}"#), r#"{"a":null,"c":{"d":7,"$date":5}}"#);
        assert_eq!(covered("(a:(b))", r#"{"a":[{"b":1},{"$d\u0061te":5}]}"#), r#"{"a":[{"b":1},{"$d\u0061te":5}]}"#);
        assert_eq!(covered("(a)", " 5 "), "5");
    }

    #[test]
    fn deep_nesting_is_kept_and_no_overflow() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(covered("(a:(b))", &deep), deep);
    }

    #[test]
    fn there_may_be_64_selectors() {
        let names: Vec<String> = (0..Cover::MOST).map(|number| format!("(n{number})")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(all_covered(&names, r#"{"n0":0,"n63":63}"#)[62..], ["{}", r#"{"n63":63}"#]);
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let selector = Selector::parse("(a:(b))").expect("a selector");
        for document in ["", "{", r#"{"a":{"b":}}"#, "{} x", r#"{"x":[}"#, "nul", "[1,]", r#"{"a":1 "b":2}"#, "{,}"] {
            assert!(Cover::of([&selector]).project(document, &mut Covered::default()).is_err(), "{document}");
        }
    }
}
