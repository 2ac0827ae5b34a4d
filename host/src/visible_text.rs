//! Text from AWS made harmless: whoever can name a machine writes it, so no character of it may move the cursor, colour the terminal, turn
//! the reading direction or break a line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that act on a terminal or on the layout of a line, instead of being shown: C0 and C1 controls, marks and overrides of the
/// reading direction, Unicode's own line breaks, and the byte order mark.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn push_escape(out: &mut String, character: char) {
    // None of the characters that act lies beyond U+FFFF, so four digits always do; JSON reads the same escape back.
    let _ = write!(out, "\\u{:04x}", u32::from(character));
}

/// Every acting character as a visible `\u001b`. Use it for text on one line; JSON text stays the same JSON.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) { push_escape(&mut out, character) } else { out.push(character) }
    }
    Cow::Owned(out)
}

/// As [`visible`], but line breaks stay. Use it for text in which every line is ours.
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// As [`visible_lines`], but what follows a line break is indented by four spaces, so that no line can pass for one of ours.
pub fn visible_paragraph(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().split('\n').map(|line| visible(line.strip_suffix('\r').unwrap_or(line))).collect();
    lines.join("\n    ")
}

/// A field of a tab-separated line: backslash, tab, CR and LF as `\\`, `\t`, `\r`, `\n`, other acting characters as `\u001b`.
pub fn tab_separated_field(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            character if acts(character) => push_escape(&mut out, character),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acting_characters_become_visible() {
        assert_eq!(visible("a\u{1b}[31mb\u{9b}c\u{202e}d\u{2028}e\u{feff}"), "a\\u001b[31mb\\u009bc\\u202ed\\u2028e\\ufeff");
        assert_eq!(visible_lines("a\n b\u{1b}\n"), "a\n b\\u001b\n");
        assert_eq!(visible("Zoltán 🦀 a\\b"), "Zoltán 🦀 a\\b");
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        let value = serde_json::json!({"n": "a\u{7f}\u{85}\u{202e}\n"});
        let text = value.to_string();
        let shown = visible(&text);
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("still JSON"), value);
    }

    #[test]
    fn a_paragraph_cannot_start_a_line() {
        assert_eq!(visible_paragraph("a\r\nRule: forged\rb\n\n"), "a\n    Rule: forged\\u000db");
    }

    #[test]
    fn a_field_cannot_end() {
        assert_eq!(tab_separated_field("a\tb\\n\r\nc\u{0}"), "a\\tb\\\\n\\r\\nc\\u0000");
    }
}
