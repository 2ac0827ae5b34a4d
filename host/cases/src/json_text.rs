//! JSON for people: what fits stands on one line, all else has a line for each member. Keys are sorted.

use serde::Serialize;
use serde_json::Value;

/// The width that lines are to keep to, in characters.
const WIDTH: usize = 140;

/// The text of a value, with a line break at its end.
pub(crate) fn of(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("proof: maps with text keys, lists, texts and numbers are JSON");
    let mut text = String::new();
    write(&mut text, &value, 0, 0);
    text.push('\n');
    text
}

/// `used`: how much of the line is taken already.
fn write(text: &mut String, value: &Value, indent: usize, used: usize) {
    let line = one_line(value);
    // A result is read from the top down: its outermost object always has lines.
    if used > 0 && used + line.chars().count() < WIDTH {
        return text.push_str(&line);
    }
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            lines(text, indent, ['[', ']'], elements.iter().map(|element| (String::new(), element)));
        }
        Value::Object(members) if !members.is_empty() => {
            lines(text, indent, ['{', '}'], members.iter().map(|(key, value)| (format!("{}: ", Value::from(key.as_str())), value)));
        }
        _ => text.push_str(&line),
    }
}

fn lines<'a>(text: &mut String, indent: usize, [open, close]: [char; 2], members: impl Iterator<Item = (String, &'a Value)>) {
    text.push(open);
    for (number, (key, value)) in members.enumerate() {
        let indent = indent + 2;
        text.push_str(if number > 0 { ",\n" } else { "\n" });
        text.push_str(&" ".repeat(indent));
        text.push_str(&key);
        write(text, value, indent, indent + key.chars().count());
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn one_line(value: &Value) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    match value {
        Value::Array(elements) => format!("[{}]", joined(elements.iter().map(one_line).collect())),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), one_line(value));
            format!("{{{}}}", joined(members.iter().map(member).collect()))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(of(&json!({"b": [1, {"c": "x"}], "a": {}})), "{\n  \"a\": {},\n  \"b\": [1, {\"c\": \"x\"}]\n}\n");
    }

    #[test]
    fn what_does_not_fit_has_a_line_for_each_member() {
        let (long, list) = ("x".repeat(100), json!(["x".repeat(100), "y".repeat(100)]));
        assert_eq!(of(&json!({"a": list})), format!("{{\n  \"a\": [\n    \"{long}\",\n    \"{}\"\n  ]\n}}\n", "y".repeat(100)));
    }
}
