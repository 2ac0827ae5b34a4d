//! What a rule may use in one run. One table holds the names and the meanings; the defaults stand in `Default` beside it. A rule that
//! needs more gets it in the config: `"limits": {"iam": {"memory": "512MiB"}}`.

use std::time::Duration;

use super::mistake::Mistake;
use super::reader::Entry;
use super::suggestion::did_you_mean;
use super::values::{duration_text, parse_duration, parse_size, size_text};

/// What a rule may use in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time in which the rule's own code runs.
    pub computing_time: Duration,
    /// Time in which the rule waits for answers.
    pub waiting_time: Duration,
    /// Bytes in all its memories together.
    pub memory: u64,
    /// Elements in all its tables together.
    pub table_elements: u64,
    /// Core instances that make up the component.
    pub instances: u64,
    /// Calls to the host.
    pub host_calls: u64,
    /// Bytes that it is given from the inventory.
    pub inventory_bytes: u64,
    /// Bytes in what it returns.
    pub result_bytes: u64,
    /// Alerts that it returns.
    pub alerts: u64,
    /// Bytes that it logs or prints.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            computing_time: Duration::from_secs(30),
            waiting_time: Duration::from_mins(5),
            memory: 256 << 20,
            table_elements: 100_000,
            instances: 50,
            host_calls: 100_000,
            inventory_bytes: 4 << 30,
            result_bytes: 64 << 20,
            alerts: 100_000,
            log_bytes: 1 << 20,
        }
    }
}

/// The keys of a rule's limits and what each bounds.
pub(super) const LIMIT_KEYS: [(&str, &str); 10] = [
    ("computing-time", "Time in which the rule's own code runs."),
    ("waiting-time", "Time in which the rule waits for answers."),
    ("memory", "Bytes in all memories of the rule together."),
    ("table-elements", "Elements in all tables of the rule together."),
    ("instances", "Core instances that make up the rule."),
    ("host-calls", "Calls of the rule to the host."),
    ("inventory-bytes", "Bytes that the rule is given from the inventory."),
    ("result-bytes", "Bytes in what the rule returns."),
    ("alerts", "Alerts that the rule returns."),
    ("log-bytes", "Bytes that the rule logs or prints."),
];

/// The greatest number that a limit can be set to where it is a plain number.
pub(super) const GREATEST_COUNT: u64 = 1_000_000_000;

/// One of the limits, to be read or set.
pub(super) enum Limit<'a> {
    /// A duration such as `"30s"`.
    Time(&'a mut Duration),
    /// A size such as `"256MiB"`.
    Size(&'a mut u64),
    /// A plain number.
    Count(&'a mut u64),
}

impl Limits {
    /// The limit of that key.
    pub(super) fn limit(&mut self, key: &str) -> Option<Limit<'_>> {
        Some(match key {
            "computing-time" => Limit::Time(&mut self.computing_time),
            "waiting-time" => Limit::Time(&mut self.waiting_time),
            "memory" => Limit::Size(&mut self.memory),
            "table-elements" => Limit::Count(&mut self.table_elements),
            "instances" => Limit::Count(&mut self.instances),
            "host-calls" => Limit::Count(&mut self.host_calls),
            "inventory-bytes" => Limit::Size(&mut self.inventory_bytes),
            "result-bytes" => Limit::Size(&mut self.result_bytes),
            "alerts" => Limit::Count(&mut self.alerts),
            "log-bytes" => Limit::Size(&mut self.log_bytes),
            _ => return None,
        })
    }

    /// The defaults with what `section` says about them.
    pub(super) fn read(section: &Entry<'_>, mistakes: &mut Vec<Mistake>) -> Self {
        let mut limits = Self::default();
        match section.object() {
            Ok(entries) => mistakes.extend(entries.iter().filter_map(|entry| limits.set(entry).err())),
            Err(mistake) => mistakes.push(mistake),
        }
        limits
    }

    fn set(&mut self, entry: &Entry<'_>) -> Result<(), Mistake> {
        let Some(limit) = self.limit(entry.name()) else {
            let known = LIMIT_KEYS.map(|(key, _)| key);
            let suggestion = did_you_mean(entry.name(), known);
            return Err(entry.wrong_key(format!("there is no such limit{suggestion} (limits: {})", known.join(", "))));
        };
        match limit {
            Limit::Time(duration) => *duration = parse_duration(entry.text()?).map_err(|error| entry.wrong_value(error.to_string()))?,
            Limit::Size(bytes) => *bytes = parse_size(entry.text()?).map_err(|error| entry.wrong_value(error.to_string()))?,
            Limit::Count(number) => *number = entry.count(GREATEST_COUNT)?,
        }
        Ok(())
    }
}

/// The limit as the config file says it; a plain number without quotes.
impl std::fmt::Display for Limit<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(duration) => formatter.write_str(&duration_text(**duration)),
            Self::Size(bytes) => formatter.write_str(&size_text(**bytes)),
            Self::Count(number) => number.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let shown = LIMIT_KEYS.map(|(key, _)| Limits::default().limit(key).map(|limit| limit.to_string()).unwrap_or_default());
        assert_eq!(shown, ["30s", "5m", "256MiB", "100000", "50", "100000", "4GiB", "64MiB", "100000", "1MiB"]);
    }
}
