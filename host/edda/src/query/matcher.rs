//! Whether a document is what a select argument asks for: EDDA's rules for documents in memory, which compare values by their text. A way
//! through a list is good if it is good for any element.

use std::borrow::Cow;

use crate::query::select::{SelectArgument, Wanted};
use crate::render::{float_text, iso_text};
use crate::value::Value;

impl SelectArgument {
    /// Whether the document has what is wanted.
    pub(crate) fn matches(&self, document: &Value) -> bool {
        walk(document, &self.path, &self.wanted)
    }
}

fn walk(value: &Value, path: &[String], wanted: &Wanted) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    match value {
        Value::Array(elements) => elements.iter().any(|element| walk(element, path, wanted)),
        Value::Object(object) if rest.is_empty() => wanted.accepts(object.get(name)),
        Value::Object(object) => object.get(name).is_some_and(|member| walk(member, rest, wanted)),
        _ => false,
    }
}

impl Wanted {
    /// Tests the value at the end of the way; None where the last name is absent.
    fn accepts(&self, found: Option<&Value>) -> bool {
        match (self, found) {
            // `ABSENT_IS_NO_VALUE`.
            (Self::Present, None | Some(Value::Null)) => false,
            (Self::Present, Some(Value::Text(text))) => !text.is_empty(),
            // A truth value passes as well (`COMPARISONS_NEVER_RAISE`).
            (Self::Present, Some(_)) => true,
            // Also where one of several is wanted (`ANY_OF_IN_LISTS`).
            (_, Some(Value::Array(elements))) => elements.iter().any(|element| self.equals(Some(element))),
            (_, found) => self.equals(found),
        }
    }

    fn equals(&self, found: Option<&Value>) -> bool {
        match self {
            Self::Present => false,
            Self::Truth(truth) => match found {
                Some(Value::Bool(found)) => found == truth,
                Some(Value::Text(text)) => text.eq_ignore_ascii_case(truth_text(*truth)),
                _ => false,
            },
            Self::Text(text) => equals_text(found, text),
            Self::AnyOf(texts) => texts.iter().any(|text| equals_text(found, text)),
        }
    }
}

fn equals_text(found: Option<&Value>, wanted: &str) -> bool {
    match found {
        // A text that is no truth value is not equal to one (`COMPARISONS_NEVER_RAISE`).
        Some(Value::Bool(truth)) => wanted.eq_ignore_ascii_case(truth_text(*truth)),
        found => text_of(found).is_some_and(|text| text == wanted),
    }
}

/// A value's text as EDDA compares it. None where it equals no text: null, and what would be compared by Scala's text of a collection.
fn text_of(value: Option<&Value>) -> Option<Cow<'_, str>> {
    match value {
        // What is absent is compared by Scala's word for it.
        None => Some(Cow::Borrowed("None")),
        Some(Value::Text(text)) => Some(Cow::Borrowed(text)),
        Some(Value::Int(number)) => Some(Cow::Owned(number.to_string())),
        Some(Value::Float(number)) => Some(Cow::Owned(float_text(*number))),
        Some(Value::Date(moment)) => Some(Cow::Owned(iso_text(*moment))),
        Some(Value::Bool(truth)) => Some(Cow::Borrowed(truth_text(*truth))),
        Some(Value::Object(object)) if object.is_empty() => Some(Cow::Borrowed("Map()")),
        Some(Value::Null | Value::Object(_) | Value::Array(_)) => None,
    }
}

fn truth_text(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"text":"ops","no":false,"truth":"TRUE","port":22,"ratio":1.0E10,"when":{"$date":1371673183000},"nothing":null,
        "empty":"","map":{},"list":["a","b"],"deep":[[{"x":1}],{"x":2},{"y":{"z":"q"}}],"none":[],"ports":[22,null,true]}"#;

    fn matches(argument: &str) -> bool {
        let (name, value) = argument.split_once('=').map_or((argument, None), |(name, value)| (name, Some(value)));
        SelectArgument::parse(name, value).matches(&Value::parse_stored(DOCUMENT).expect("stored form"))
    }

    #[test]
    fn values_are_compared_by_their_text() {
        let equal = ["text=ops", "port=22", "ratio=1.0E10", "when=2013-06-19T20:19:43.000Z", "map=Map()", "absent=None", "no=false"];
        let truths = ["truth=true", "no=FALSE", "list=a", "ports=22", "ports=true", "text=x,ops", "no=maybe,false"];
        for argument in equal.into_iter().chain(truths) {
            assert!(matches(argument), "{argument}");
        }
        let unequal = ["text=Ops", "port=22.0", "when=1371673183000", "nothing=null", "nothing=None", "list=c", "text=,", "none=x"];
        for argument in unequal {
            assert!(!matches(argument), "{argument}");
        }
    }

    #[test]
    fn a_comparison_that_would_raise_is_not_equal() {
        for argument in ["text=true", "no=maybe", "no=true,maybe", "port=true", "when=true", "absent=true"] {
            assert!(!matches(argument), "{argument}");
        }
    }

    #[test]
    fn any_of_looks_into_lists() {
        assert!(matches("list=x,b") && matches("ports=1,22"));
        assert!(!matches("list=x,y") && !matches("none=x,y"));
    }

    #[test]
    fn present_is_neither_absent_nor_null_nor_empty() {
        for argument in ["text", "no", "port", "when", "map", "list", "none", "ports"] {
            assert!(matches(argument), "{argument}");
        }
        for argument in ["absent", "nothing", "empty", "text.x", "absent.x", "deep.q"] {
            assert!(!matches(argument), "{argument}");
        }
    }

    #[test]
    fn a_way_leads_through_lists() {
        assert!(matches("deep.x=1") && matches("deep.x=2") && matches("deep.y.z=q") && matches("deep.x"));
        assert!(!matches("deep.0.x=1") && !matches("deep.x=3") && !matches("list.a") && !matches("."));
    }
}
