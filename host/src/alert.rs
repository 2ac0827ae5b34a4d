//! An alert as the host keeps and delivers it, and what identifies it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::json_object::JsonObject;
use crate::json_value::{AnyJson, Json};
use crate::rule_name::RuleName;
use crate::time_window::{EpochMillis, TimeWindow};

/// How much an alert matters, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look some day.
    Low,
    /// Worth a look soon. What a rule means that says nothing.
    Medium,
    /// Worth a look today.
    High,
    /// Worth getting up for.
    Critical,
}

/// One finding inside an alert: a paragraph for people, or a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "AnyJson")]
pub enum Detail {
    /// A paragraph for people.
    Text(String),
    /// Named values.
    Fields(JsonObject),
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Fields(fields) => fields.serialize(serializer),
        }
    }
}

impl TryFrom<AnyJson> for Detail {
    type Error = &'static str;

    fn try_from(Json(value): AnyJson) -> Result<Self, Self::Error> {
        value.try_into()
    }
}

impl TryFrom<Value> for Detail {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Object(fields) => Ok(Self::Fields(fields.into())),
            _ => Err("a detail is a text or an object"),
        }
    }
}

/// Named texts about an alert (`account`, `region`, ...); the first of two equal names counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Keeps the first of equal names.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut labels = BTreeMap::new();
        for (name, value) in pairs {
            labels.entry(name).or_insert(value);
        }
        Self(labels)
    }

    /// The names, sorted, and their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What a rule found, before the host has said for whom and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The thing the alert is about.
    pub id: String,
    /// One line that reads well alone.
    pub title: Option<String>,
    /// What was found, in the rule's order.
    pub details: Vec<Detail>,
    /// None: medium.
    pub severity: Option<Severity>,
    /// An `https:` page about the thing.
    pub url: Option<String>,
    /// See [`Labels`].
    pub labels: Labels,
}

/// An alert on its way to the outputs; also a line of the `jsonl` output and of the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The rule that found it.
    pub plugin_name: RuleName,
    /// The thing the alert is about.
    pub id: String,
    /// What was found, without repetitions.
    pub details: Vec<Detail>,
    /// The same in a repeated delivery, different when the thing happens again: 32 hexadecimal digits.
    pub alert_id: String,
    /// The same for everything that this rule says about this thing: 32 hexadecimal digits.
    pub fingerprint: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line that reads well alone.
    pub title: String,
    /// A page about the thing.
    pub url: Option<String>,
    /// See [`Labels`].
    pub labels: Labels,
    /// When the host took it in: RFC 3339, UTC, milliseconds.
    pub detected_at: String,
    /// The window it was found in, epoch milliseconds.
    pub since: EpochMillis,
    /// The end of that window, not included, epoch milliseconds.
    pub until: EpochMillis,
}

/// An alert that a rule has just found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundAlert {
    /// As it goes to the outputs.
    pub alert: Alert,
    /// What makes two alerts the same whatever window they were found in: 32 hexadecimal digits.
    pub content_hash: String,
}

impl FoundAlert {
    /// Completes a finding of `rule` made in `window`.
    pub fn new(rule: &RuleName, finding: Finding, window: TimeWindow, detected_at: String) -> Self {
        let details = without_repetitions(finding.details);
        let thing = Identity::default().add("[", rule).add(",", &finding.id);
        let content = thing.clone().add_details(&details).add(",", &finding.labels);
        let alert = Alert {
            alert_id: content.clone().add(",", &window.until).digits(),
            fingerprint: thing.digits(),
            title: finding.title.unwrap_or_else(|| format!("{rule}: {}", finding.id)),
            plugin_name: rule.clone(),
            id: finding.id,
            details,
            severity: finding.severity.unwrap_or(Severity::Medium),
            url: finding.url,
            labels: finding.labels,
            detected_at,
            since: window.since,
            until: window.until,
        };
        Self { alert, content_hash: content.digits() }
    }
}

impl Alert {
    /// As [`FoundAlert::new`], for those who do not keep what was taken in.
    pub fn new(rule: &RuleName, finding: Finding, window: TimeWindow, detected_at: String) -> Self {
        FoundAlert::new(rule, finding, window, detected_at).alert
    }
}

fn without_repetitions(mut details: Vec<Detail>) -> Vec<Detail> {
    let mut seen = BTreeSet::new();
    let mut is_first = details.iter().map(|detail| seen.insert(detail)).collect::<Vec<_>>().into_iter();
    details.retain(|_| is_first.next() == Some(true));
    details
}

/// The SHA-256 of a compact JSON list in the making. The list is not built: the details of an alert may be many.
#[derive(Clone, Default)]
struct Identity(Sha256);

impl Identity {
    /// Adds an element, with what stands before it.
    fn add(mut self, before: &str, element: &impl Serialize) -> Self {
        self.0.update(before);
        serde_json::to_writer(&mut self, element).expect("proof: an alert holds only texts, numbers and maps with text keys");
        self
    }

    /// Adds the list of details. Those that are JSON already are not read again.
    fn add_details(mut self, details: &[Detail]) -> Self {
        self.0.update(",[");
        for (number, detail) in details.iter().enumerate() {
            let before = if number == 0 { "" } else { "," };
            self = match detail {
                Detail::Text(text) => self.add(before, text),
                Detail::Fields(fields) => Self(self.0.chain_update(before).chain_update(fields.text())),
            };
        }
        Self(self.0.chain_update("]"))
    }

    /// The first 32 hexadecimal digits, of the list with its end.
    fn digits(self) -> String {
        let hash = self.0.chain_update("]").finalize();
        let number = hash.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        format!("{number:032x}")
    }
}

impl io::Write for Identity {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(details: Vec<Detail>, until: EpochMillis) -> FoundAlert {
        let finding = Finding { id: "i-1".into(), title: None, details, severity: None, url: None, labels: Labels::default() };
        let rule = "ami".parse().expect("a rule name");
        FoundAlert::new(&rule, finding, TimeWindow { since: 0, until }, "2025-11-24T09:00:00.000Z".into())
    }

    fn alert(details: Vec<Detail>, until: EpochMillis) -> Alert {
        found(details, until).alert
    }

    fn text(text: &str) -> Detail {
        Detail::Text(text.into())
    }

    #[test]
    fn the_identity_is_the_sha_256_of_the_compact_json() {
        let found = found(vec![text("open")], 100);
        // printf '["ami","i-1",["open"],{},100]' | sha256sum
        assert_eq!(found.alert.alert_id, "4d6f7ee20fa64af583324058dd5e38bd");
        // printf '["ami","i-1",["open"],{}]' | sha256sum
        assert_eq!(found.content_hash, "6640a177caa94fa9e42c39afa7e03edb");
        // printf '["ami","i-1"]' | sha256sum
        assert_eq!(found.alert.fingerprint, "85a6f2e2c2b1e5d2f9ea8b161a89f2f8");
    }

    #[test]
    fn objects_have_a_part_in_the_identity_with_their_keys_sorted() {
        let alert = alert(vec![Detail::Fields(JsonObject::parse(r#"{"b": 1, "a": [2]}"#).expect("an object"))], 100);
        // printf '["ami","i-1",[{"a":[2],"b":1}],{},100]' | sha256sum
        assert_eq!(alert.alert_id, "1b11a96cfce315c2c6bbf8ba989d9dac");
    }

    #[test]
    fn texts_and_objects_stand_in_one_list_in_the_identity() {
        let object = Detail::Fields(JsonObject::parse(r#"{"a":2}"#).expect("an object"));
        // printf '%s' '["ami","i-1",["\"",{"a":2},"b"],{}]' | sha256sum
        assert_eq!(found(vec![text("\""), object, text("b")], 7).content_hash, "def38b5b48bec9436f95740fb192fe73");
        // printf '["ami","i-1",[],{}]' | sha256sum
        assert_eq!(found(vec![], 7).content_hash, "08ebdbcd8991021b4f535da22a2990ee");
    }

    #[test]
    fn the_same_thing_in_a_later_window_is_another_alert_with_the_same_fingerprint() {
        let (first, second) = (found(vec![text("open")], 100), found(vec![text("open")], 200));
        assert_ne!(first.alert.alert_id, second.alert.alert_id);
        assert_eq!(first.alert.fingerprint, second.alert.fingerprint);
        assert_eq!(first.content_hash, second.content_hash);
    }

    #[test]
    fn equal_details_are_one() {
        assert_eq!(alert(vec![text("a"), text("b"), text("a")], 1).details, [text("a"), text("b")]);
    }

    #[test]
    fn the_first_of_two_equal_label_names_counts() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let labels = Labels::new([pair("region", "eu"), pair("region", "us")]);
        assert_eq!(labels.iter().collect::<Vec<_>>(), [("region", "eu")]);
    }

    #[test]
    fn an_alert_survives_its_own_json() {
        let deepest = format!("{{\"a\":{}{}}}", "[".repeat(99), "]".repeat(99));
        // Keys that `serde_json` means something by, which sorting brings to the front.
        let private = r#"{"a":{"x":1,"$serde_json::private::RawValue":4},"$serde_json::private::RawValue":"4"}"#;
        let fields = [r#"{"port":22}"#, private, &deepest].map(|text| Detail::Fields(JsonObject::parse(text).expect("an object")));
        let alert = alert([text("a")].into_iter().chain(fields).collect(), 7);
        let line = serde_json::to_string(&alert).expect("an alert is JSON");
        assert_eq!(serde_json::from_str::<Alert>(&line).expect("its own JSON"), alert);
    }
}
