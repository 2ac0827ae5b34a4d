//! Which rules a run without names leaves out: those that come with the program, need something from the operator, and that nobody has set up.
//! They could only fail, at every run, and nobody asked for them.

use std::collections::BTreeSet;

use crate::plugin::manifest::Manifest;
use crate::rule_name::RuleName;
use crate::settings::ConfiguredRule;

/// Whether the config says anything about the rule, or it needs nothing that would have to be said.
pub(super) fn is_set_up(rule: &ConfiguredRule, manifest: Option<&Manifest>) -> bool {
    rule.is_mentioned || manifest.is_none_or(|manifest| manifest.grants.iter().all(|ask| ask.optional))
}

/// One line about the rules that are left out; none if there are none.
pub(super) fn not_set_up(rules: &BTreeSet<RuleName>) -> Option<String> {
    let names: Vec<&str> = rules.iter().map(RuleName::as_str).collect();
    let first = names.first()?;
    Some(format!("not set up, so not run: {}; `reddalert rules {first}` shows what the rule needs", names.join(", ")))
}
