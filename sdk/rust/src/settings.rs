//! Settings are read strictly: a typo never passes for a default. What may hold odd entries says so with [`Entries`].

use std::slice;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::{Map, Value};

use crate::{Error, Host, selector};

/// The settings of a rule that has nothing to set.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
pub struct NoSettings {}

/// A list in the settings from which entries that mean nothing are left out, with a warning, instead of refusing the settings.
#[derive(Clone, Debug)]
pub struct Entries<T> {
    good: Vec<T>,
    left_out: Vec<String>,
}

impl<T> Entries<T> {
    /// The entries that could be read.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.good.iter()
    }

    /// Warns of each entry of the setting called `key` that was left out.
    pub fn warn(&self, host: &dyn Host, key: &str) {
        for entry in &self.left_out {
            host.warn(&format!("setting `{key}`: {entry}; this entry is left out"));
        }
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> Entries<T> {
    /// Whether the entry is in the list.
    pub fn contains(&self, entry: &T) -> bool {
        self.good.contains(entry)
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { good: Vec::new(), left_out: Vec::new() }
    }
}

impl<T> From<Vec<T>> for Entries<T> {
    fn from(good: Vec<T>) -> Self {
        Self { good, left_out: Vec::new() }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entries = Self::default();
        for value in Vec::<Value>::deserialize(deserializer)? {
            match T::deserialize(&value) {
                Ok(entry) => entries.good.push(entry),
                Err(error) => entries.left_out.push(format!("{value}: {error}")),
            }
        }
        Ok(entries)
    }
}

/// Reads a rule's section, a JSON object.
pub(crate) fn read<S: DeserializeOwned>(section: &str) -> Result<S, Error> {
    let section: Map<String, Value> =
        serde_json::from_str(section).map_err(|error| Error::new(format!("the settings are no JSON object: {error}")))?;
    if let Some(allowed) = selector::field_names::<S>() {
        refuse_unknown_keys(&section, allowed)?;
    }
    let settings = Value::Object(section);
    S::deserialize(&settings).map_err(|error| match guilty_key::<S>(&settings) {
        Some(key) => Error::new(format!("setting `{key}`: {error}")),
        None => Error::new(format!("the settings cannot be read: {error}")),
    })
}

fn refuse_unknown_keys(section: &Map<String, Value>, allowed: &[&str]) -> Result<(), Error> {
    let Some(unknown) = section.keys().find(|key| !allowed.contains(&key.as_str())) else { return Ok(()) };
    if allowed.is_empty() {
        return Err(Error::new(format!("unknown setting `{unknown}`; this rule has no settings")));
    }
    Err(Error::new(format!("unknown setting `{unknown}`; allowed are `{}`", allowed.join("`, `"))))
}

/// The key without which the settings could be read.
fn guilty_key<S: DeserializeOwned>(settings: &Value) -> Option<&str> {
    settings.as_object()?.keys().map(String::as_str).find(|key| {
        let others = settings.as_object().into_iter().flatten().filter(|(other, _)| other != key);
        let others: Map<_, _> = others.map(|(key, value)| (key.clone(), value.clone())).collect();
        S::deserialize(Value::Object(others)).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::MockHost;
    use crate::{Level, Window};

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Settings {
        allowed_ports: Vec<i64>,
        networks: Entries<std::net::IpAddr>,
    }

    fn refusal(settings: &Value) -> String {
        read::<Settings>(&settings.to_string()).expect_err("bad settings").to_string()
    }

    #[test]
    fn no_section_means_the_defaults() {
        assert!(read::<Settings>("{}").expect("settings").allowed_ports.is_empty());
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_allowed_ones() {
        assert_eq!(refusal(&json!({"allowed_port": []})), "unknown setting `allowed_port`; allowed are `allowed_ports`, `networks`");
        let refusal = read::<NoSettings>("{\"x\":1}").expect_err("no settings").to_string();
        assert_eq!(refusal, "unknown setting `x`; this rule has no settings");
    }

    #[test]
    fn a_bad_value_is_refused_by_its_key() {
        let refusal = refusal(&json!({"allowed_ports": "80", "networks": []}));
        assert_eq!(refusal, "setting `allowed_ports`: invalid type: string \"80\", expected a sequence");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(refusal(&json!([])).starts_with("the settings are no JSON object"));
    }

    #[test]
    fn an_odd_entry_is_left_out_with_a_warning() {
        let settings: Settings = read(&json!({"networks": ["10.0.0.1", "nowhere", 7]}).to_string()).expect("settings");
        assert_eq!(settings.networks.iter().count(), 1);
        let host = MockHost::new(Window { since: 0, until: 1 });
        settings.networks.warn(&host, "networks");
        let log = host.log_lines();
        assert_eq!(log[0], (Level::Warn, "setting `networks`: \"nowhere\": invalid IP address syntax; this entry is left out".to_owned()));
        assert_eq!(log.len(), 2);
    }
}
