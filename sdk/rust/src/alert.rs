//! What a rule finds. The host adds the rule's name, the alert's id, the time and the window.

use serde::Serialize;
use serde_json::Value;

/// How much an alert matters, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look some day.
    Low,
    /// Worth a look soon. What an alert means that says nothing.
    Medium,
    /// Worth a look today.
    High,
    /// Worth getting up for.
    Critical,
}

/// One finding inside an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A paragraph for people.
    Text(String),
    /// Named values: a JSON object, as text.
    Fields(String),
}

impl Detail {
    /// The detail as a JSON value: a string or an object.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Fields(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        }
    }
}

/// An alert, built step by step: `Alert::new(id).title(...).fields(&report).severity(Severity::High)`.
///
/// The id, the details and the labels make an alert's identity: keep them the same for the same thing. Title, severity and page may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The thing the alert is about, such as an instance id.
    pub id: String,
    /// One line that reads well alone. None: the host makes one from the id.
    pub title: Option<String>,
    /// What was found.
    pub details: Vec<Detail>,
    /// None: medium.
    pub severity: Option<Severity>,
    /// An `https:` page about the thing.
    pub url: Option<String>,
    /// Named texts. Known names: `account`, `region`, `resource-type`, `resource-arn`, `owner`.
    pub labels: Vec<(String, String)>,
}

impl Alert {
    /// An alert about the thing called `id`.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), title: None, details: Vec::new(), severity: None, url: None, labels: Vec::new() }
    }

    /// One line that reads well alone. Line breaks and other control characters, which a name in the inventory may hold, become spaces.
    #[must_use]
    pub fn title(mut self, title: impl AsRef<str>) -> Self {
        self.title = Some(title.as_ref().replace(char::is_control, " "));
        self
    }

    /// Adds a paragraph for people.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.details.push(Detail::Text(text.into()));
        self
    }

    /// Adds named values: a struct or a map. What cannot be written as JSON becomes a text that says so, and the alert goes out.
    #[must_use]
    pub fn fields(mut self, values: &impl Serialize) -> Self {
        self.details.push(match serde_json::to_string(values) {
            Ok(json) => Detail::Fields(json),
            Err(error) => Detail::Text(format!("this detail cannot be written as JSON: {error}")),
        });
        self
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// An `https:` page about the thing.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Adds a named text. An empty one says nothing and is left out.
    #[must_use]
    pub fn label(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.labels.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_stays_one_line() {
        assert_eq!(Alert::new("x").title("a\nb\u{1b}[0m").title.as_deref(), Some("a b [0m"));
    }

    #[test]
    fn named_values_become_an_object() {
        let alert = Alert::new("x").fields(&json!({"port": 22})).text("open");
        assert_eq!(alert.details, [Detail::Fields("{\"port\":22}".into()), Detail::Text("open".into())]);
        assert_eq!(alert.details[0].to_json(), json!({"port": 22}));
    }

    #[test]
    fn values_that_are_no_json_do_not_lose_the_alert() {
        let no_json = BTreeMap::from([((1, 2), 3)]);
        assert!(matches!(&Alert::new("x").fields(&no_json).details[..], [Detail::Text(text)] if text.contains("JSON")));
    }

    #[test]
    fn an_empty_label_is_left_out() {
        assert_eq!(Alert::new("x").label("region", "").label("account", "1").labels, [("account".to_owned(), "1".to_owned())]);
    }
}
