//! The rules that there are, beside those that the lock file pins.

use std::path::PathBuf;

use serde_json::Value;

use super::rule_set::RuleSet;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::rule_lock::{DEFAULT_NAME, LockError, PinnedRule, RuleLock};
use crate::rule_name::RuleName;
use crate::sandbox::LoadedRule;
use crate::settings::Settings;

/// The lock file of a config.
pub(super) struct LockFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) lock: RuleLock,
}

/// Where the lock file of a config is, or would be.
pub(super) fn place(settings: &Settings) -> PathBuf {
    settings.lock.clone().unwrap_or_else(|| settings.file.with_file_name(DEFAULT_NAME))
}

impl LockFile {
    /// The lock file, if the config names one or has one beside it.
    pub(super) fn find(settings: &Settings) -> Result<Option<Self>, Refusal> {
        let path = place(settings);
        let lock = RuleLock::read(&path).or_exit(Exit::Settings)?;
        if lock.is_none() && settings.lock.is_some() {
            return Err(LockError::Absent(path)).or_exit(Exit::Settings);
        }
        Ok(lock.map(|lock| Self { path, lock }))
    }

    /// Why the rule may not run. None: it is the one that is pinned.
    pub(super) fn refusal(&self, name: &RuleName, rule: &LoadedRule) -> Option<String> {
        let file = self.path.display();
        let advice = format!("look at it (`reddalert rules {name}`), and if it is what you want, run `reddalert lock`");
        let Some(pinned) = self.lock.rules.get(name) else { return Some(format!("{file} does not know it; {advice}")) };
        let differences = pinned.differences(&pinned_rule(rule));
        (!differences.is_empty()).then(|| format!("it is not the one that {file} pins: {}; {advice}", differences.join("; ")))
    }

    /// A line for each rule that is pinned and not there: what it would have found, nobody would miss.
    pub(super) fn missing(&self, set: &RuleSet) -> Vec<String> {
        let missing = self.lock.rules.keys().filter(|name| !set.files.contains_key(*name));
        let line = |name| {
            format!("{} pins the rule `{name}`, and there is no such rule; put it back, or run `reddalert lock`", self.path.display())
        };
        missing.map(line).collect()
    }
}

/// The rule as a lock file pins it.
pub(super) fn pinned_rule(rule: &LoadedRule) -> PinnedRule {
    let asks = rule.asks().unwrap_or_default();
    // As the config would say it, which is JSON.
    let grant = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    let mut grants: Vec<Value> = asks.iter().map(|ask| grant(ask.grant.to_string())).collect();
    grants.sort_by_key(ToString::to_string);
    grants.dedup();
    PinnedRule {
        sha256: rule.digest().to_owned(),
        imports: rule.imports().iter().cloned().collect(),
        collections: rule.manifest().and_then(|manifest| manifest.collections.clone()),
        grants,
    }
}
