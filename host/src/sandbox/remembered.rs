//! What a rule remembers between runs, while it runs: JSON values by key, bounded in size.

use serde_json::{Map, Value};

use crate::json_value;

/// The rule's section of the status, with the rule's own changes.
pub(super) struct Remembered {
    before: Map<String, Value>,
    now: Map<String, Value>,
    bytes: u64,
    allowed_bytes: u64,
}

/// Why a value is not remembered.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotRemembered {
    /// Not JSON, or nested too deep.
    #[error("the value of `{key}` is no JSON text: {source}")]
    NoJson { key: String, source: serde_json::Error },
    /// Together with the others.
    #[error("a rule may remember at most {allowed_bytes} bytes (`result-bytes`)")]
    TooLarge { allowed_bytes: u64 },
}

impl Remembered {
    /// `allowed_bytes` is for all keys and values as JSON text, unless there were more before.
    pub(super) fn new(before: Map<String, Value>, allowed_bytes: u64) -> Self {
        let bytes = before.iter().map(|(key, value)| size(key, &value.to_string())).sum();
        Self { now: before.clone(), before, bytes, allowed_bytes: allowed_bytes.max(bytes) }
    }

    /// The value as JSON text.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        self.now.get(key).map(Value::to_string)
    }

    /// The keys, sorted.
    pub(super) fn keys(&self) -> Vec<String> {
        self.now.keys().cloned().collect()
    }

    pub(super) fn set(&mut self, key: String, text: &str) -> Result<(), NotRemembered> {
        let value = match json_value::of_rule(text) {
            Ok(value) => value,
            Err(source) => return Err(NotRemembered::NoJson { key, source }),
        };
        let bytes = self.bytes - self.size_of(&key) + size(&key, &value.to_string());
        if bytes > self.allowed_bytes {
            return Err(NotRemembered::TooLarge { allowed_bytes: self.allowed_bytes });
        }
        self.bytes = bytes;
        self.now.insert(key, value);
        Ok(())
    }

    /// Nothing happens when there is no such key.
    pub(super) fn remove(&mut self, key: &str) {
        self.bytes -= self.size_of(key);
        self.now.remove(key);
    }

    fn size_of(&self, key: &str) -> u64 {
        self.now.get(key).map_or(0, |value| size(key, &value.to_string()))
    }

    /// As it was before the rule ran.
    pub(super) fn into_before(self) -> Map<String, Value> {
        self.before
    }

    /// With the rule's changes.
    pub(super) fn into_now(self) -> Map<String, Value> {
        self.now
    }
}

fn size(key: &str, value: &str) -> u64 {
    u64::try_from(key.len().saturating_add(value.len())).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn remembered(allowed_bytes: u64) -> Remembered {
        let before = Map::from_iter([("groups".to_owned(), json!(["sg-1"]))]);
        Remembered::new(before, allowed_bytes)
    }

    #[test]
    fn a_rule_sees_its_own_writes_at_once() {
        let mut remembered = remembered(1000);
        remembered.set("a".into(), " 1 ").expect("JSON");
        assert_eq!(remembered.get("a").as_deref(), Some("1"));
        assert_eq!(remembered.keys(), ["a", "groups"]);
        remembered.remove("groups");
        remembered.remove("no such key");
        assert_eq!(remembered.keys(), ["a"]);
        assert_eq!(Value::Object(remembered.into_now()), json!({"a": 1}));
    }

    #[test]
    fn what_was_before_is_still_there() {
        let mut remembered = remembered(1000);
        remembered.remove("groups");
        assert_eq!(Value::Object(remembered.into_before()), json!({"groups": ["sg-1"]}));
    }

    #[test]
    fn only_json_is_remembered() {
        let error = remembered(1000).set("a".into(), "{half").expect_err("no JSON");
        assert!(error.to_string().starts_with("the value of `a` is no JSON text"), "{error}");
    }

    #[test]
    fn all_values_together_are_bounded() {
        let mut remembered = remembered(20);
        remembered.set("a".into(), "1234").expect("room for it");
        remembered.set("a".into(), "5678").expect("instead of the first");
        assert!(matches!(remembered.set("b".into(), "1"), Err(NotRemembered::TooLarge { allowed_bytes: 20 })));
        remembered.remove("a");
        remembered.set("b".into(), "1").expect("room again");
    }

    #[test]
    fn what_the_status_already_holds_is_allowed() {
        remembered(1).set("groups".into(), "[]").expect("smaller than before");
    }
}
