//! The servers and ports of a case. What it does not name is denied, as without a grant.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Who answers in the network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    answers: Vec<WebEntry>,
    /// By `host:port`.
    ports: BTreeMap<String, PortEntry>,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where the last redirect led.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
    /// Whether the content goes on.
    pub cut: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// As in the contract's `error-kind`.
    pub kind: FailureKind,
    /// In words.
    pub message: String,
}

/// The contract's `error-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Not granted.
    Denied,
    /// The rule asked for something malformed.
    BadRequest,
    /// No such host.
    NotFound,
    /// The other side is down.
    Unavailable,
    /// No answer in time.
    TimedOut,
    /// More than the host takes in.
    OverLimit,
    /// Something else.
    Other,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawEntry")]
struct WebEntry {
    method: String,
    url: String,
    answer: Result<Answer, Failure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    method: Option<String>,
    url: String,
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    json: Option<Value>,
    #[serde(rename = "redirected-to")]
    redirected_to: Option<String>,
    failure: Option<FailureKind>,
}

/// Whether it takes connections, or why nobody knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
struct PortEntry(Result<bool, FailureKind>);

impl TryFrom<RawEntry> for WebEntry {
    type Error = String;

    fn try_from(raw: RawEntry) -> Result<Self, String> {
        let RawEntry { method, url, status, headers, body, json, redirected_to, failure } = raw;
        let method = method.unwrap_or_else(|| "GET".to_owned());
        let answer = match (status, failure) {
            (Some(status), None) => {
                let body = match (body, json) {
                    (Some(_), Some(_)) => return Err(format!("the answer of {url}: `body` and `json` are two bodies")),
                    (Some(text), None) => text.into_bytes(),
                    (None, json) => json.map(|json| json.to_string().into_bytes()).unwrap_or_default(),
                };
                let url = redirected_to.unwrap_or_else(|| url.clone());
                Ok(Answer { url, status, headers: headers.into_iter().collect(), body, cut: false })
            }
            (None, Some(kind)) if headers.is_empty() && body.is_none() && json.is_none() && redirected_to.is_none() => {
                Err(Failure { kind, message: format!("{method} {url} failed, as the case has it") })
            }
            _ => return Err(format!("the answer of {url} needs either `status` or `failure`, the latter alone")),
        };
        Ok(Self { method, url, answer })
    }
}

impl TryFrom<Value> for PortEntry {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let expected = |error| format!("a port: expected true, false, or a kind of failure: {error}");
        match value {
            Value::Bool(open) => Ok(Self(Ok(open))),
            other => serde_json::from_value(other).map(|kind| Self(Err(kind))).map_err(expected),
        }
    }
}

impl Web {
    /// What a request is answered, with at most `max_body` bytes of the content.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn send(&self, method: &str, url: &str, max_body: u32) -> Result<Answer, Failure> {
        let named = self.answers.iter().find(|entry| entry.method.eq_ignore_ascii_case(method) && entry.url == url);
        let mut answer = named.map_or_else(|| Err(denied(&format!("{method} {url}"), "answers")), |entry| entry.answer.clone())?;
        let most = usize::try_from(max_body).unwrap_or(usize::MAX);
        answer.cut = answer.body.len() > most;
        answer.body.truncate(most);
        Ok(answer)
    }

    /// Whether a port takes connections.
    ///
    /// # Errors
    /// Why nobody knows.
    pub fn probe(&self, host: &str, port: u16) -> Result<bool, Failure> {
        let name = format!("{host}:{port}");
        let Some(PortEntry(entry)) = self.ports.get(&name) else { return Err(denied(&name, "ports")) };
        entry.map_err(|kind| Failure { kind, message: format!("{name} failed, as the case has it") })
    }
}

fn denied(what: &str, place: &str) -> Failure {
    let what = what.escape_debug();
    Failure { kind: FailureKind::Denied, message: format!("`{what}` is not granted: the case says nothing about it in `web.{place}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web() -> Web {
        serde_json::from_str(
            r#"{"answers": [{"url": "http://a/", "status": 301, "headers": {"location": "http://b/"}, "body": "moved", "redirected-to": "http://c/"},
                            {"url": "http://a/", "method": "POST", "status": 200, "json": {"x": [1]}}, {"url": "http://d/", "failure": "timed-out"}],
                "ports": {"192.0.2.1:22": true, "192.0.2.1:23": false, "192.0.2.1:24": "over-limit"}}"#,
        )
        .expect("a web")
    }

    #[test]
    fn requests_are_answered_by_method_and_address() {
        let answer = web().send("get", "http://a/", 3).expect("an answer");
        assert_eq!((&*answer.url, answer.status, &*answer.body, answer.cut), ("http://c/", 301, &b"mov"[..], true));
        assert_eq!(answer.headers, [("location".to_owned(), "http://b/".to_owned())]);
        assert_eq!(web().send("POST", "http://a/", 99).expect("an answer").body, br#"{"x":[1]}"#);
        assert_eq!(web().send("GET", "http://d/", 3).expect_err("no answer").kind, FailureKind::TimedOut);
        let denied = web().send("PUT", "http://a/", 3).expect_err("nothing");
        assert!(denied.kind == FailureKind::Denied && denied.message.contains("`PUT http://a/`"), "{denied:?}");
    }

    #[test]
    fn ports_are_open_closed_or_neither() {
        let probe = |port| web().probe("192.0.2.1", port).map_err(|failure| failure.kind);
        assert_eq!([22, 23, 24, 25].map(probe), [Ok(true), Ok(false), Err(FailureKind::OverLimit), Err(FailureKind::Denied)]);
    }

    #[test]
    fn half_an_answer_is_refused() {
        for (wrong, message) in [
            (r#"{"answers": [{"url": "http://a/"}]}"#, "needs either `status` or `failure`"),
            (r#"{"answers": [{"url": "http://a/", "failure": "denied", "body": "x"}]}"#, "the latter alone"),
            (r#"{"answers": [{"url": "http://a/", "status": 200, "body": "", "json": 1}]}"#, "two bodies"),
            (r#"{"answers": [{"url": "http://a/", "failure": "broken"}]}"#, "unknown variant `broken`"),
            (r#"{"ports": {"a:1": 3}}"#, "expected true, false"),
            (r#"{"port": {}}"#, "unknown field `port`"),
        ] {
            let error = serde_json::from_str::<Web>(wrong).expect_err(wrong).to_string();
            assert!(error.contains(message), "{wrong}: {error}");
        }
    }
}
