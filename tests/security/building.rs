//! From the text of a hostile rule to the bytes of its file.

use std::fmt::Write as _;

use super::attack::Attack;
use crate::support::project;

/// The component of an attack.
pub(super) fn component(attack: &Attack) -> Vec<u8> {
    let text = attack.words.iter().fold(source(attack.source), |text, (word, content)| with_word(&text, word, content));
    let whole = if is_whole(&text) { text } else { framed(&text) };
    wat::parse_str(whole).unwrap_or_else(|error| panic!("{}: {error}", attack.name))
}

fn source(name: &str) -> String {
    let file = project().join("tests/hostile").join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn with_word(text: &str, word: &str, content: &str) -> String {
    let (as_data, length) = (format!("{word}-TEXT"), format!("{word}-LENGTH"));
    if text.contains(&as_data) {
        text.replace(&as_data, &data(content)).replace(&length, &content.len().to_string())
    } else {
        text.replace(word, content)
    }
}

/// As WebAssembly text writes bytes.
fn data(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "\\{byte:02x}");
        all
    })
}

/// Not only what goes into the frame.
fn is_whole(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("(component") && !line.ends_with(")") || line == "(module" || line.starts_with("(component (core"))
}

fn framed(rule: &str) -> String {
    let frame = source("frame.wat");
    let lifted = r#"(core func $rule "init") (memory $m) (realloc "#;
    let frame = if rule.contains(r#"(export "realloc")"#) {
        frame.replace(&format!("{lifted}$realloc)"), &format!(r#"{lifted}(core func $rule "realloc"))"#))
    } else {
        frame
    };
    frame.replace(";; RULE", rule)
}
