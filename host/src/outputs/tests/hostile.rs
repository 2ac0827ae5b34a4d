//! Texts that try to break out of their place: whoever can name a machine writes such texts. The same corpus goes through the whole program in
//! `tests/outputs_hostile.rs`.

use std::sync::Arc;

use super::{alert, fields};
use crate::alert::{Alert, Detail, Severity};
use crate::outputs::format::Format;

const CORPUS: &str = include_str!("../../../../tests/data/hostile_texts.json");

/// An alert with the text in every place that a rule can fill.
fn hostile_alert(text: &str) -> Arc<Alert> {
    let details = vec![Detail::Text(text.to_owned()), fields(serde_json::json!({ "name": text, text: [text] }))];
    let mut alert = (*alert("iam", text, Severity::High, details)).clone();
    alert.title = text.to_owned();
    alert.url = Some(format!("https://x.example/{text}"));
    Arc::new(alert)
}

fn corpus() -> Vec<Arc<Alert>> {
    let mut texts: Vec<String> = serde_json::from_str(CORPUS).expect("a list of texts");
    texts.push("long \u{202e}<&>\n".repeat(20_000));
    texts.iter().map(|text| hostile_alert(text)).collect()
}

/// Characters that act instead of being shown. Line feeds and tabs are judged where they may stand.
fn acts(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn no_text_acts_in_a_stream() {
    for alert in corpus() {
        for format in [Format::Blocks, Format::TabSeparated, Format::JsonLines] {
            let mut text = String::new();
            format.write(&alert, &mut text);
            assert!(!text.contains(acts), "{format:?}: {text:?}");
            let lines = text.lines().count();
            match format {
                Format::Blocks => assert_eq!(text.lines().filter(|line| line.starts_with("Rule: ")).count(), 2, "{text}"),
                Format::TabSeparated => assert!(lines == 2 && text.lines().all(|line| line.matches('\t').count() == 2), "{text}"),
                Format::JsonLines => assert_eq!((lines, serde_json::from_str::<Alert>(&text).expect("JSON")), (1, (*alert).clone())),
            }
        }
    }
}
