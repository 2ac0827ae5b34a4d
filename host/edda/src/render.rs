//! Printing values, byte for byte as EDDA prints them: compact (dates are numbers), pretty (dates are texts), and stored form, which is
//! compact with dates as `{"$date":<integer>}` and is what an archive keeps.

use std::fmt::Write;

use crate::value::{EpochMillis, Value};

impl Value {
    /// Compact text: no white space, dates as epoch milliseconds.
    pub fn to_compact(&self) -> String {
        let mut out = String::new();
        self.write_compact(&mut out);
        out
    }

    /// Appends the compact text.
    pub fn write_compact(&self, out: &mut String) {
        write_dense(self, out, &write_integer);
    }

    /// Stored form: compact text in which dates keep their type.
    pub fn to_stored(&self) -> String {
        let mut out = String::new();
        write_dense(self, &mut out, &|moment, out| {
            out.push_str("{\"$date\":");
            write_integer(moment, out);
            out.push('}');
        });
        out
    }

    /// Pretty text, as under `_pp` and in diffs: two spaces a level, dates as ISO text.
    pub fn to_pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(0, &mut out);
        out
    }

    /// Appends the pretty text; lines after the first are indented by `level` steps.
    pub fn write_pretty(&self, level: usize, out: &mut String) {
        match self {
            Self::Array(elements) if elements.is_empty() => out.push_str("[ ]"),
            Self::Object(object) if object.is_empty() => out.push_str("{ }"),
            Self::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    start_line(at, level + 1, out);
                    element.write_pretty(level + 1, out);
                }
                end_block(level, ']', out);
            }
            Self::Object(object) => {
                out.push('{');
                for (at, (name, member)) in object.iter().enumerate() {
                    start_line(at, level + 1, out);
                    write_text(name, out);
                    out.push_str(" : ");
                    member.write_pretty(level + 1, out);
                }
                end_block(level, '}', out);
            }
            Self::Date(moment) => write_text(&iso_text(*moment), out),
            scalar => write_dense(scalar, out, &write_integer),
        }
    }
}

fn start_line(at: usize, level: usize, out: &mut String) {
    out.push_str(if at == 0 { "\n" } else { ",\n" });
    out.extend(std::iter::repeat_n("  ", level));
}

fn end_block(level: usize, bracket: char, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
    out.push(bracket);
}

fn write_dense(value: &Value, out: &mut String, write_date: &impl Fn(EpochMillis, &mut String)) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => write_integer(*number, out),
        Value::Float(number) => out.push_str(&float_text(*number)),
        Value::Date(moment) => write_date(*moment, out),
        Value::Text(text) => write_text(text, out),
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_dense(element, out, write_date);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (at, (name, member)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_dense(member, out, write_date);
            }
            out.push('}');
        }
    }
}

fn write_integer(number: i64, out: &mut String) {
    write!(out, "{number}").expect("writing to a String cannot fail");
}

/// Appends a JSON text with EDDA's escapes; characters beyond U+FFFF become two escapes, all others stay as they are.
pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Bytes of 0xF0 and above begin a character beyond U+FFFF.
        if (0x20..0xF0).contains(&byte) && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = at + if byte >= 0xF0 { 4 } else { 1 };
        write_escape(&text[at..plain_from], out);
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

fn write_escape(character: &str, out: &mut String) {
    match character {
        "\"" => out.push_str("\\\""),
        "\\" => out.push_str("\\\\"),
        "\u{8}" => out.push_str("\\b"),
        "\t" => out.push_str("\\t"),
        "\n" => out.push_str("\\n"),
        "\u{C}" => out.push_str("\\f"),
        "\r" => out.push_str("\\r"),
        other => {
            for unit in other.encode_utf16() {
                write!(out, "\\u{unit:04X}").expect("writing to a String cannot fail");
            }
        }
    }
}

/// Java's text of a float: plain from 0.001 to below 10,000,000, else with an exponent.
pub(crate) fn float_text(number: f64) -> String {
    let magnitude = number.abs();
    if number == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{number:?}");
    }
    let scientific = format!("{number:E}");
    match scientific.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => scientific,
    }
}

/// `yyyy-MM-ddTHH:mm:ss.SSSZ`; a moment beyond the year 9999 is left as its number.
pub(crate) fn iso_text(moment: EpochMillis) -> String {
    jiff::Timestamp::from_millisecond(moment).map_or_else(|_| moment.to_string(), |moment| format!("{moment:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_look_as_in_java() {
        let texts = [
            (1.0, "1.0"),
            (100.0, "100.0"),
            (1e7, "1.0E7"),
            (9_999_999.5, "9999999.5"),
            (12_345_678.9, "1.23456789E7"),
            (1e-5, "1.0E-5"),
            (0.001, "0.001"),
            (0.000_999, "9.99E-4"),
            (-2.5, "-2.5"),
            (-1e10, "-1.0E10"),
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (f64::MAX, "1.7976931348623157E308"),
        ];
        for (number, text) in texts {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn texts_are_escaped_as_edda_escapes() {
        let text = "a\"\\/\u{8}\t\n\u{c}\r\u{1}\u{1f}\u{7f}\u{2028}é\u{1F600}z";
        let expected = "\"a\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001F\u{7f}\u{2028}é\\uD83D\\uDE00z\"";
        assert_eq!(Value::from(text).to_compact(), expected);
        assert_eq!(Value::parse_stored(expected).expect("its own text"), Value::from(text));
    }

    #[test]
    fn dates_are_numbers_or_texts() {
        let value = Value::Array(vec![Value::Date(1_371_673_183_000), Value::Date(-1), Value::Date(i64::MAX)]);
        assert_eq!(value.to_compact(), "[1371673183000,-1,9223372036854775807]");
        assert_eq!(value.to_stored(), r#"[{"$date":1371673183000},{"$date":-1},{"$date":9223372036854775807}]"#);
        let pretty = "[\n  \"2013-06-19T20:19:43.000Z\",\n  \"1969-12-31T23:59:59.999Z\",\n  \"9223372036854775807\"\n]";
        assert_eq!(value.to_pretty(), pretty);
    }

    #[test]
    fn pretty_text_has_one_thing_a_line() {
        let value = Value::parse_stored(r#"{"b":[],"a":[1,{"x":null}],"c":{}}"#).expect("stored form");
        assert_eq!(value.to_pretty(), "{\n  \"a\" : [\n    1,\n    {\n      \"x\" : null\n    }\n  ],\n  \"b\" : [ ],\n  \"c\" : { }\n}");
        assert_eq!(value.to_compact(), r#"{"a":[1,{"x":null}],"b":[],"c":{}}"#);
    }
}
