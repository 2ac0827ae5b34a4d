//! `reddalert lock`: pins the rules that there are, and says what is new about them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::compiled_rules::rule_sandbox;
use super::locked_rules::{pinned_rule, place};
use super::print;
use super::rule_set::RuleSet;
use crate::command_line::LockOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::rule_lock::{PinnedRule, RuleLock};
use crate::rule_name::RuleName;
use crate::run_report::count;
use crate::settings::Settings;

/// The rules of a lock file.
type Pinned = BTreeMap<RuleName, PinnedRule>;

/// Writes the lock file, or compares with it.
pub(super) fn lock(options: &LockOptions) -> Result<Exit, Refusal> {
    let settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
    let set = RuleSet::find(&settings, &options.plugins)?;
    let file = place(&settings);
    let (now, unusable) = pin(&settings, &set)?;
    let before = RuleLock::read(&file).or_exit(Exit::Settings)?;
    let pinned = before.map(|lock| lock.rules).unwrap_or_default();
    let (mut text, differ) = (compared(&pinned, &now), pinned != now);
    if !unusable.is_empty() {
        // What cannot be looked at cannot be approved, and leaving it out would look as if it had been.
        for line in &unusable {
            let _ = writeln!(text, "unusable: {line}");
        }
        let _ = writeln!(text, "{}: nothing is written; mend or remove what is unusable", file.display());
        print(&text);
        return Ok(Exit::RuleFailed);
    }
    if options.check {
        let state = if differ { "differs" } else { "is up to date" };
        let _ = writeln!(text, "{} {state}: {}", file.display(), count(now.len(), "rule"));
        print(&text);
        return Ok(if differ { Exit::Settings } else { Exit::Done });
    }
    let pinned = count(now.len(), "rule");
    RuleLock::new(now).write(&file).or_exit(Exit::Settings)?;
    let _ = writeln!(text, "{}: {pinned} pinned", file.display());
    print(&text);
    Ok(Exit::Done)
}

/// Every rule file as it is, and what cannot be used.
fn pin(settings: &Settings, set: &RuleSet) -> Result<(Pinned, Vec<String>), Refusal> {
    let sandbox = rule_sandbox(settings, Path::new("statusfile"))?;
    let mut unusable: Vec<String> = set.rejected.iter().map(ToString::to_string).collect();
    let mut pinned = BTreeMap::new();
    for (name, file) in &set.files {
        match sandbox.load(file) {
            Ok(rule) => drop(pinned.insert(name.clone(), pinned_rule(&rule))),
            Err(error) => unusable.push(chain(error)),
        }
    }
    Ok((pinned, unusable))
}

/// A line for each rule that is new, changed or gone.
fn compared(before: &Pinned, now: &Pinned) -> String {
    let mut text = String::new();
    for (name, rule) in now {
        match before.get(name).map(|pinned| pinned.differences(rule)) {
            None => drop(writeln!(text, "new: {name}")),
            Some(differences) if !differences.is_empty() => drop(writeln!(text, "changed: {name}: {}", differences.join("; "))),
            Some(_) => {}
        }
    }
    for name in before.keys().filter(|name| !now.contains_key(*name)) {
        let _ = writeln!(text, "gone: {name}");
    }
    text
}
