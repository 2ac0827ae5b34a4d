//! The order of the elements of a list. EDDA sorts by the element's text in lower case, so that AWS naming the same things in another order
//! is no change. For objects of up to four members that text is reproduced; for larger ones EDDA's order follows from a hash, and ours is by
//! compact JSON.

use std::fmt::Write;

use crate::Value;

/// Sorts a list in place.
pub(super) fn sort_elements(elements: &mut [Value]) {
    if elements.len() > 1 {
        elements.sort_by_cached_key(|element| {
            let text = element_text(element);
            (text.to_lowercase(), text)
        });
    }
}

fn element_text(element: &Value) -> String {
    let mut text = String::new();
    write_element(element, &mut text);
    text
}

fn write_element(element: &Value, out: &mut String) {
    match element {
        Value::Text(text) => out.push_str(text),
        Value::Array(elements) => {
            out.push_str("List(");
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_element(element, out);
            }
            out.push(')');
        }
        Value::Object(object) if object.len() <= 4 => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| name.to_lowercase());
            out.push_str("Map(");
            for (at, (name, member)) in members.into_iter().enumerate() {
                let between = if at == 0 { "" } else { ", " };
                write!(out, "{between}{name} -> ").expect("writing to a String cannot fail");
                write_element(member, out);
            }
            out.push(')');
        }
        other => other.write_compact(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(list: &str) -> String {
        let mut list = Value::parse_json(list).expect("JSON");
        if let Value::Array(elements) = &mut list {
            sort_elements(elements);
        }
        list.to_compact()
    }

    #[test]
    fn texts_sort_without_regard_to_case_and_numbers_by_their_text() {
        assert_eq!(sorted(r#"["b","A","a","B","é"]"#), r#"["A","a","B","b","é"]"#);
        assert_eq!(sorted("[2,10,9]"), "[10,2,9]");
    }

    #[test]
    fn small_objects_sort_by_their_members_in_order_of_name() {
        // A tag under "Name" begins with its class and then its key; one under "app" begins with itself.
        let tags = r#"[{"class":"T","key":"Owner","value":"x","Owner":"x"},{"class":"T","key":"name","value":"z","name":"z"},
            {"class":"T","key":"app","value":"y","app":"y"}]"#;
        let keys = [r#""app":"y""#, r#""name":"z""#, r#""Owner":"x""#].map(|key| sorted(tags).find(key));
        assert!(keys.is_sorted() && keys.iter().all(Option::is_some), "{keys:?}");
    }

    #[test]
    fn the_order_given_does_not_matter() {
        let large = |first: &str, second: &str| {
            let object = |id: &str| format!(r#"{{"a":1,"b":2,"c":3,"d":4,"id":"{id}"}}"#);
            sorted(&format!("[{},{}]", object(first), object(second)))
        };
        assert_eq!(large("x", "y"), large("y", "x"));
        assert_eq!(sorted(r#"["a","A"]"#), sorted(r#"["A","a"]"#));
    }
}
