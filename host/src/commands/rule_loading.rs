//! From the rules that were chosen to rules that can run: each file is loaded once, and what nobody has set up is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::info;

use super::compiled_rules::rule_sandbox;
use super::locked_rules::LockFile;
use super::rule_set::RuleSet;
use super::set_up::is_set_up;
use crate::exit_code::{Refusal, chain};
use crate::log::Terminal;
use crate::plugin::manifest::Manifest;
use crate::rule_name::RuleName;
use crate::sandbox::{LoadedRule, Sandbox};
use crate::settings::{ConfiguredRule, Settings};

/// Rules by file, or why a file cannot be used.
pub(super) type LoadedRules = BTreeMap<PathBuf, Result<LoadedRule, String>>;

/// The sandbox, with its cache of compiled rules beside the status.
pub(super) fn new_sandbox(statusfile: &Path, settings: &Settings) -> Result<Arc<Sandbox>, Refusal> {
    let sandbox = rule_sandbox(settings, statusfile)?;
    if let Some(trouble) = sandbox.cache_trouble() {
        info!("each start compiles all rules: {trouble}");
    }
    Ok(Arc::new(sandbox))
}

/// Loads each rule file once, whatever the number of rules made of it, several at a time.
pub(super) fn load(sandbox: &Sandbox, set: &RuleSet, chosen: &[ConfiguredRule], threads: usize, terminal: &Terminal) -> LoadedRules {
    let files: BTreeSet<&PathBuf> = chosen.iter().filter_map(|rule| set.files.get(&rule.file)).collect();
    let progress = terminal.progress("loading rules", files.len());
    let (threads, left) = (threads.min(files.len()), Mutex::new(files.into_iter()));
    let load_some = || {
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let load = |file: &PathBuf| {
            let loaded = sandbox.load(file).map_err(chain);
            progress.step();
            (file.clone(), loaded)
        };
        std::iter::from_fn(next).map(load).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(load_some)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// A rule that is not the one that the lock file pins is as one that cannot be loaded. Says so, and which rules are gone.
pub(super) fn keep_to(lock: &LockFile, set: &RuleSet, loaded: &mut LoadedRules, named: &[RuleName]) -> Vec<String> {
    let mut trouble = if named.is_empty() { lock.missing(set) } else { Vec::new() };
    for (name, file) in &set.files {
        let Some(rule) = loaded.get_mut(file) else { continue };
        if let Some(refusal) = rule.as_ref().ok().and_then(|rule| lock.refusal(name, rule)) {
            trouble.push(format!("{name} is not run: {refusal}"));
            *rule = Err(refusal);
        }
    }
    trouble
}

/// Takes out the rules that nobody has set up nor `named`.
pub(super) fn leave_out(chosen: &mut Vec<ConfiguredRule>, set: &RuleSet, loaded: &LoadedRules, named: &[RuleName]) -> BTreeSet<RuleName> {
    let is_left_out = |rule: &ConfiguredRule| {
        let loaded = set.files.get(&rule.file).and_then(|file| loaded.get(file)?.as_ref().ok());
        named.is_empty() && loaded.is_some_and(|loaded| !is_set_up(rule, loaded.manifest().map(AsRef::as_ref)))
    };
    chosen.extract_if(.., |rule| is_left_out(rule)).map(|rule| rule.name).collect()
}

/// The rules that can run, each with what it says about itself.
pub(super) fn with_manifests<'a>(
    chosen: &'a mut [ConfiguredRule],
    set: &RuleSet,
    loaded: &'a LoadedRules,
) -> impl Iterator<Item = (&'a mut ConfiguredRule, Option<&'a Manifest>)> {
    chosen.iter_mut().filter_map(|rule| {
        let loaded = loaded.get(set.files.get(&rule.file)?)?.as_ref().ok()?;
        Some((rule, loaded.manifest().map(AsRef::as_ref)))
    })
}
