//! The rules of the program's own directory, of `--plugins` and of the config together, as the config sets them up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::anyhow;

use crate::command_line::sub_commands;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::plugin::{Rejected, Trust, default_directory, discover};
use crate::rule_name::RuleName;
use crate::settings::suggestion::did_you_mean;
use crate::settings::{ConfiguredRule, Settings, Warning};

/// Every rule there is.
pub(super) struct RuleSet {
    /// By the name of the file.
    pub(super) files: BTreeMap<RuleName, PathBuf>,
    /// By the name of the rule; a second copy of a file is a rule of its own.
    pub(super) rules: Vec<ConfiguredRule>,
    /// What is called like a rule and is none.
    pub(super) rejected: Vec<Rejected>,
    /// What is odd in the config's sections for rules.
    pub(super) warnings: Vec<Warning>,
}

impl RuleSet {
    /// Looks into the directories; `more` are those of the command line.
    pub(super) fn find(settings: &Settings, more: &[PathBuf]) -> Result<Self, Refusal> {
        let program = std::env::current_exe().or_exit(Exit::Internal)?;
        let directories: Vec<PathBuf> = default_directory(&program)
            .into_iter()
            .chain(more.iter().cloned())
            .chain(settings.plugin_directories.iter().cloned())
            .collect();
        if directories.is_empty() {
            let error =
                anyhow!("there is no directory with rules beside the program; name one with --plugins, or as `plugins` in the config");
            return Err(Refusal { exit: Exit::Settings, error });
        }
        let trust = if settings.trust_writable_rules { None } else { Some(Trust::of_program(&program).or_exit(Exit::Internal)?) };
        let discovery = discover(&directories, trust.as_ref()).or_exit(Exit::Settings)?;
        let files: BTreeMap<RuleName, PathBuf> = discovery.rules.into_iter().map(|file| (file.name, file.path)).collect();
        let names: Vec<RuleName> = files.keys().cloned().collect();
        // What is said about a rule that is rejected is no mistake.
        let known: Vec<RuleName> = names.iter().cloned().chain(discovery.rejected.iter().filter_map(|file| file.name.clone())).collect();
        let warnings = settings.check_rules(&known).or_exit(Exit::Settings)?;
        Ok(Self { rules: settings.rules(&names), files, rejected: discovery.rejected, warnings })
    }

    /// The names of all rules.
    pub(super) fn names(&self) -> BTreeSet<RuleName> {
        self.rules.iter().map(|rule| rule.name.clone()).collect()
    }

    /// The rules called `names`, or all when there are none. A rejected one is told of anyhow, and does not keep the others from running.
    pub(super) fn choose(&self, names: &[RuleName]) -> Result<Vec<ConfiguredRule>, Refusal> {
        let is_there = |name: &RuleName| self.rules.iter().any(|rule| rule.name == *name);
        let is_rejected = |name: &RuleName| self.rejected.iter().any(|file| file.name.as_ref() == Some(name));
        if let Some(unknown) = names.iter().find(|name| !is_there(name) && !is_rejected(name)) {
            return Err(Refusal { exit: Exit::CommandLine, error: self.unknown_rule(unknown) });
        }
        let chosen = |rule: &&ConfiguredRule| names.is_empty() || names.contains(&rule.name);
        Ok(self.rules.iter().filter(chosen).cloned().collect())
    }

    fn unknown_rule(&self, name: &RuleName) -> anyhow::Error {
        let rules: Vec<&str> = self.rules.iter().map(|rule| rule.name.as_str()).collect();
        let commands = sub_commands();
        let suggestion = did_you_mean(name.as_str(), rules.iter().copied().chain(commands.iter().map(String::as_str)));
        anyhow!("there is no rule `{name}`{suggestion} (rules: {})", rules.join(", "))
    }
}
