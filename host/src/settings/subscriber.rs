//! Who wants which alerts. Decided when an alert is taken in: what an output does not want is never owed to it.

use std::collections::BTreeSet;

use crate::alert::{Alert, Severity};
use crate::rule_name::RuleName;

/// An output, as far as the bookkeeping knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// The output's name, by which the outbox knows it.
    pub name: String,
    /// Less severe alerts are not for this output.
    pub min_severity: Severity,
    /// Only alerts of these rules are for this output. None: those of all rules.
    pub rules: Option<BTreeSet<RuleName>>,
}

impl Subscriber {
    /// One that wants everything.
    pub fn to_everything(name: impl Into<String>) -> Self {
        Self { name: name.into(), min_severity: Severity::Info, rules: None }
    }

    /// Whether the alert is for this output.
    pub fn wants(&self, alert: &Alert) -> bool {
        alert.severity >= self.min_severity && self.rules.as_ref().is_none_or(|rules| rules.contains(&alert.plugin_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Finding, Labels};
    use crate::time_window::TimeWindow;

    fn alert(rule: &str, severity: Severity) -> Alert {
        let finding =
            Finding { id: "i-1".into(), title: None, details: vec![], severity: Some(severity), url: None, labels: Labels::default() };
        Alert::new(&rule.parse().expect("a rule name"), finding, TimeWindow { since: 0, until: 1 }, String::new())
    }

    #[test]
    fn an_alert_must_be_severe_enough_and_of_a_wanted_rule() {
        let rules = Some(BTreeSet::from(["iam".parse().expect("a rule name")]));
        let picky = Subscriber { rules, min_severity: Severity::High, ..Subscriber::to_everything("mail") };
        assert!(picky.wants(&alert("iam", Severity::High)) && picky.wants(&alert("iam", Severity::Critical)));
        assert!(!picky.wants(&alert("iam", Severity::Medium)) && !picky.wants(&alert("ami", Severity::Critical)));
        assert!(Subscriber::to_everything("mail").wants(&alert("ami", Severity::Info)));
    }
}
