//! Slack: one message a run, through an incoming webhook. Every text from a rule stands in a `plain_text` object, where nothing of it is
//! markup, and is escaped besides, so that nobody can be called by it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::format::{paragraph, severity_counts, severity_name};
use super::http_client::{Answer, HttpClient};
use super::{Delivery, Output, OutputError, Patience, Trouble, Verdict};
use crate::alert::Alert;
use crate::run_report::count;
use crate::settings::{HookAddress, SlackSettings};
use crate::visible_text::visible_paragraph;

/// So many alerts are shown; Slack takes 50 blocks, and a channel takes less.
const SHOWN: usize = 20;
/// Characters of one alert; a section takes 3000, and escaping makes five of one.
const ALERT_CHARACTERS: usize = 590;
/// Characters of all alerts together; a message takes about 13,000 in its blocks, escapes included.
const MESSAGE_CHARACTERS: usize = 9000;
/// Characters of the line that says what is not shown.
const REST_CHARACTERS: usize = 1500;

/// A Slack channel.
#[derive(Debug)]
pub(super) struct Slack {
    client: HttpClient,
    address: HookAddress,
}

impl Slack {
    /// Nothing is sent yet.
    pub(super) fn new(settings: &SlackSettings, clock: fn() -> SystemTime) -> Result<Self, OutputError> {
        Ok(Self {
            client: HttpClient::new(settings.address.expose(), settings.certificates.as_ref(), clock)?,
            address: settings.address.clone(),
        })
    }

    fn post(&self, message: &Value, patience: &Patience) -> Result<Answer, Trouble> {
        let request = self.client.post(self.address.expose()).header("content-type", "application/json");
        self.client.send(request.body(message.to_string()), &self.address.origin(), patience)
    }

    fn send(&self, alerts: &[Arc<Alert>], patience: &Patience) -> Verdict {
        let place = self.address.origin();
        let answer = self.post(&message(alerts), patience).and_then(|answer| {
            // What Slack does not like about the blocks does not matter when the news is that there are alerts.
            if answer.status.as_u16() == 400 { self.post(&plain_message(alerts), patience) } else { Ok(answer) }
        });
        match answer {
            Ok(answer) => judge(&answer, &place),
            Err(trouble) => Verdict::Later(trouble),
        }
    }
}

impl Output for Slack {
    fn batch(&self) -> usize {
        usize::MAX
    }

    fn deliver(&mut self, alerts: &[Arc<Alert>], patience: &Patience) -> Delivery {
        Delivery::all(alerts.len(), &self.send(alerts, patience))
    }
}

fn judge(answer: &Answer, place: &str) -> Verdict {
    match answer.status.as_u16() {
        200..=299 => Verdict::Taken,
        400 | 413 => Verdict::Never(answer.words(place, "")),
        _ if answer.may_pass() => Verdict::Later(answer.trouble(place, "")),
        _ => Verdict::Later(Trouble::lasting(
            answer.words(place, "see to `url`: it belongs to a channel that is there and an app that may write"),
        )),
    }
}

/// The message with blocks.
pub(super) fn message(alerts: &[Arc<Alert>]) -> Value {
    let mut sorted: Vec<&Alert> = alerts.iter().map(AsRef::as_ref).collect();
    sorted.sort_by(|one, other| (other.severity, &one.plugin_name).cmp(&(one.severity, &other.plugin_name)));
    let mut blocks = vec![json!({ "type": "header", "text": plain(&headline(alerts)) })];
    let (mut shown, mut characters) = (0, 0);
    for alert in sorted.iter().take(SHOWN) {
        let text = escaped(&shortened(&section(alert), ALERT_CHARACTERS));
        characters += text.chars().count();
        if characters > MESSAGE_CHARACTERS && shown > 0 {
            break;
        }
        blocks.push(json!({ "type": "section", "text": { "type": "plain_text", "text": text, "emoji": false } }));
        shown += 1;
    }
    if shown < sorted.len() {
        blocks.push(json!({ "type": "section", "text": plain(&rest(&sorted[shown..])) }));
    }
    json!({ "text": headline(alerts), "blocks": blocks })
}

/// The same news without any block.
fn plain_message(alerts: &[Arc<Alert>]) -> Value {
    json!({ "text": headline(alerts) })
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": escaped(text), "emoji": false })
}

/// `reddalert: 1 critical, 2 high`.
fn headline(alerts: &[Arc<Alert>]) -> String {
    format!("reddalert: {}", severity_counts(alerts.iter().map(AsRef::as_ref)))
}

fn section(alert: &Alert) -> String {
    let mut lines = vec![format!("{}  {}", severity_name(alert.severity).to_uppercase(), visible_paragraph(&alert.title))];
    lines.extend(alert.details.iter().map(paragraph));
    lines.extend(alert.url.as_deref().map(visible_paragraph));
    lines.join("\n")
}

/// `and 37 more alerts: 30 of elbs, 7 of iam`.
fn rest(alerts: &[&Alert]) -> String {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for alert in alerts {
        *by_rule.entry(alert.plugin_name.as_str()).or_default() += 1;
    }
    let rules: Vec<_> = by_rule.into_iter().map(|(rule, number)| format!("{number} of {rule}")).collect();
    shortened(&format!("and {}: {}", count(alerts.len(), "more alert"), rules.join(", ")), REST_CHARACTERS)
}

fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

/// The three characters that Slack gives a meaning.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert, alerts};
    use super::*;
    use crate::alert::{Detail, Severity};
    use reqwest::StatusCode;

    #[test]
    fn the_worst_comes_first_and_the_rest_is_counted() {
        let mut all = alerts(25);
        all.push(alert("ami", "i-1", Severity::Critical, vec![Detail::Text("new <!channel> & image".into())]));
        let message = message(&all);
        assert_eq!(message["text"], "reddalert: 1 critical, 25 medium");
        let blocks = message["blocks"].as_array().expect("blocks");
        assert_eq!(blocks[0]["text"]["text"], "reddalert: 1 critical, 25 medium");
        assert_eq!(blocks[1]["text"]["text"], "CRITICAL  ami: i-1\nnew &lt;!channel&gt; &amp; image");
        assert_eq!(blocks.len(), 1 + SHOWN + 1);
        assert_eq!(blocks.last().expect("a block")["text"]["text"], "and 6 more alerts: 6 of iam");
    }

    #[test]
    fn no_message_is_larger_than_slack_takes() {
        let long = "<&>\u{1f980}".repeat(5000);
        let all: Vec<_> =
            (0..500).map(|index| alert("iam", &format!("{index}"), Severity::High, vec![Detail::Text(long.clone())])).collect();
        let message = message(&all);
        let blocks = message["blocks"].as_array().expect("blocks");
        let lengths: Vec<usize> = blocks.iter().map(|block| block["text"]["text"].as_str().expect("text").chars().count()).collect();
        assert!(blocks.len() <= 50 && lengths[0] <= 150, "{lengths:?}");
        assert!(lengths.iter().all(|length| *length <= 3000) && lengths.iter().sum::<usize>() <= 13_000, "{lengths:?}");
        assert!(blocks.last().expect("a block")["text"]["text"].as_str().expect("text").starts_with("and 49"), "{blocks:?}");
    }

    #[test]
    fn each_answer_has_its_meaning() {
        let judged = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            judge(&Answer { status, text: "no_service".into(), retry_after: None }, "https://x")
        };
        assert_eq!(judged(200), Verdict::Taken);
        assert!(matches!(judged(400), Verdict::Never(_)));
        assert!(matches!(judged(429), Verdict::Later(Trouble { again: super::super::Again::Soon, .. })));
        for status in [302, 403, 404, 410] {
            assert!(matches!(judged(status), Verdict::Later(Trouble { again: super::super::Again::NextRun, .. })), "{status}");
        }
    }
}
