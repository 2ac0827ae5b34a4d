//! The limits of a rule by name: what going over each one means, and which line of the config raises it.

use std::time::Duration;

use crate::rule_name::RuleName;
use crate::settings::Limits;
use crate::settings::values::{duration_text, size_text};

/// One of a rule's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitName {
    /// Time on a processor.
    ComputingTime,
    /// Time in which the rule waited for the host's answers.
    WaitingTime,
    /// All memories together; and, counted for themselves, the answers of the inventory that the host holds for the rule.
    Memory,
    /// The elements of all tables together.
    TableElements,
    /// Core instances; memories and tables are counted against the same number.
    Instances,
    /// Calls of the host's functions.
    HostCalls,
    /// What the inventory has handed to the rule.
    InventoryBytes,
    /// What the rule hands to the host in one call, its result above all.
    ResultBytes,
    /// Alerts of one run.
    Alerts,
    /// What the rule writes to the log.
    LogBytes,
}

impl LimitName {
    /// The key under `limits.<rule>` in the config.
    pub fn key(self) -> &'static str {
        match self {
            Self::ComputingTime => "computing-time",
            Self::WaitingTime => "waiting-time",
            Self::Memory => "memory",
            Self::TableElements => "table-elements",
            Self::Instances => "instances",
            Self::HostCalls => "host-calls",
            Self::InventoryBytes => "inventory-bytes",
            Self::ResultBytes => "result-bytes",
            Self::Alerts => "alerts",
            Self::LogBytes => "log-bytes",
        }
    }

    /// What a rule did to reach the limit, with the limit's value: `computed for more than 30s`.
    pub(super) fn fact(self, limits: &Limits) -> String {
        let value = self.amount(limits).text();
        match self {
            Self::ComputingTime => format!("computed for more than {value}"),
            Self::WaitingTime => format!("waited more than {value} for answers"),
            Self::Memory => format!("asked for more than {value} of memory"),
            Self::TableElements => format!("asked for more than {value} table elements"),
            Self::Instances => format!("consists of more than {value} core instances, memories or tables"),
            Self::HostCalls => format!("called the host more than {value} times"),
            Self::InventoryBytes => format!("read more than {value} from the inventory"),
            Self::ResultBytes => format!("handed over more than {value} in one call"),
            Self::Alerts => format!("returned more than {value} alerts"),
            Self::LogBytes => format!("wrote more than {value} to the log"),
        }
    }

    /// The line of the config that doubles the limit for `rule`.
    pub(super) fn advice(self, limits: &Limits, rule: &RuleName) -> String {
        let value = match self.amount(limits).doubled() {
            number @ Amount::Number(_) => number.text(),
            quantity => format!("\"{}\"", quantity.text()),
        };
        format!(r#"if it needs more, raise "limits": {{"{rule}": {{"{}": {value}}}}}"#, self.key())
    }

    fn amount(self, limits: &Limits) -> Amount {
        match self {
            Self::ComputingTime => Amount::Time(limits.computing_time),
            Self::WaitingTime => Amount::Time(limits.waiting_time),
            Self::Memory => Amount::Bytes(limits.memory),
            Self::TableElements => Amount::Number(limits.table_elements),
            Self::Instances => Amount::Number(limits.instances),
            Self::HostCalls => Amount::Number(limits.host_calls),
            Self::InventoryBytes => Amount::Bytes(limits.inventory_bytes),
            Self::ResultBytes => Amount::Bytes(limits.result_bytes),
            Self::Alerts => Amount::Number(limits.alerts),
            Self::LogBytes => Amount::Bytes(limits.log_bytes),
        }
    }
}

/// A limit's value.
enum Amount {
    Time(Duration),
    Bytes(u64),
    Number(u64),
}

impl Amount {
    fn doubled(&self) -> Self {
        match self {
            Self::Time(time) => Self::Time(time.saturating_mul(2)),
            Self::Bytes(bytes) => Self::Bytes(bytes.saturating_mul(2)),
            Self::Number(number) => Self::Number(number.saturating_mul(2)),
        }
    }

    /// As the config takes it, without the quotes.
    fn text(&self) -> String {
        match *self {
            Self::Time(time) => duration_text(time),
            Self::Bytes(bytes) => size_text(bytes),
            Self::Number(number) => number.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(limit: LimitName, limits: &Limits) -> String {
        limit.advice(limits, &"iam".parse().expect("a rule name"))
    }

    #[test]
    fn the_advice_is_a_line_that_the_config_takes() {
        let limits = Limits::default();
        let line = |value: &str| format!(r#"if it needs more, raise "limits": {{"iam": {{{value}}}}}"#);
        assert_eq!(advice(LimitName::Memory, &limits), line(r#""memory": "512MiB""#));
        assert_eq!(advice(LimitName::ComputingTime, &limits), line(r#""computing-time": "1m""#));
        assert_eq!(advice(LimitName::Alerts, &limits), line(r#""alerts": 200000"#));
    }
}
