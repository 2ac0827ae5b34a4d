//! What must hold of any alert in any output.

use std::sync::Arc;

use super::elasticsearch::document::documents;
use super::format::Format;
use super::mail::{digest::Digest, html, text};
use super::{slack, webhook};
use crate::alert::{Alert, Detail, Finding, Labels, Severity};
use crate::settings::DocumentTarget;
use crate::time_window::TimeWindow;

/// What stands behind each `<` of a mail.
const TAGS: [&str; 20] = [
    "!DOCTYPE html>",
    "html lang=\"en\">",
    "/html>",
    "head>",
    "/head>",
    "meta ",
    "title>",
    "/title>",
    "body style=\"",
    "/body>",
    "div style=\"",
    "/div>",
    "h1 style=\"",
    "/h1>",
    "h2 style=\"",
    "/h2>",
    "p style=\"",
    "/p>",
    "a href=\"https://",
    "/a>",
];

/// Texts with zero bytes between them, in every place of an alert that a rule can fill, break out of no output.
pub(crate) fn rendering(bytes: &[u8]) {
    let texts = String::from_utf8_lossy(bytes);
    let alert = alert_of(texts.split('\0'));
    for format in [Format::Blocks, Format::TabSeparated, Format::JsonLines] {
        let mut written = String::new();
        format.write(&alert, &mut written);
        assert!(!written.contains(acts), "{format:?}: {written:?}");
        let lines = written.lines().count();
        match format {
            Format::Blocks => {
                assert_eq!(written.lines().filter(|line| line.starts_with("Rule: ")).count(), alert.details.len(), "{written}");
            }
            Format::TabSeparated => {
                assert!(lines == alert.details.len() && written.lines().all(|line| line.matches('\t').count() == 2), "{written}");
            }
            Format::JsonLines => assert_eq!((lines, serde_json::from_str::<Alert>(&written).ok()), (1, Some((*alert).clone()))),
        }
    }
    mail(&alert);
    let index = DocumentTarget::Index("reddalert".to_owned());
    let stream = DocumentTarget::DataStream { dataset: "reddalert".to_owned(), namespace: "default".to_owned() };
    for target in [index, stream] {
        assert_eq!(documents(&alert, &target).len(), alert.details.len());
    }
    serde_json::from_str::<serde_json::Value>(&webhook::body(&alert)).expect("a webhook gets JSON");
    let message = slack::message(&[alert]);
    assert!(message["blocks"].as_array().is_some_and(|blocks| blocks.len() <= 50), "{message}");
}

fn mail(alert: &Arc<Alert>) {
    let digest = Digest::new(&[Arc::clone(alert)], 10);
    let (plain, page) = (text::text(&digest), html::page(&digest));
    assert!(!plain.contains(acts), "{plain:?}");
    assert!(!page.contains(acts), "{page:?}");
    for tag in page.split('<').skip(1) {
        assert!(TAGS.iter().any(|known| tag.starts_with(known)), "<{tag} in {page}");
    }
}

/// The texts go round: id, title, page, a label, a paragraph, and a name and a value of an object.
fn alert_of<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Arc<Alert> {
    let mut texts = texts.cycle().map(str::to_owned);
    let mut next = || texts.next().unwrap_or_default();
    let finding = Finding {
        id: next(),
        title: Some(next()),
        url: Some(format!("https://{}", next())),
        labels: Labels::new([(next(), next()), ("account".to_owned(), next())]),
        details: vec![
            Detail::Text(next()),
            serde_json::json!({ next(): next(), "list": [next(), { next(): next() }] }).try_into().expect("proof: it is an object"),
        ],
        severity: Some(Severity::High),
    };
    let rule = "iam".parse().expect("proof: it is a rule name");
    Arc::new(Alert::new(&rule, finding, TimeWindow { since: 1, until: 2 }, "2025-11-24T09:00:00.000Z".to_owned()))
}

/// Characters that act instead of being shown. Where line feeds and tabs may stand is judged by lines.
fn acts(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
