//! A rule's file that is tried out: loaded, and given settings and grants as a config would give them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use serde_json::{Map, Value, json};

use super::super::compiled_rules::rule_sandbox;
use super::super::rule_preparation::prepare;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::plugin::manifest::Manifest;
use crate::recording::Outside;
use crate::rule_name::RuleName;
use crate::sandbox::{Assignment, Chance, LoadedRule, Sandbox};
use crate::settings::{ConfiguredRule, Settings, SettingsError};
use crate::time_window::TimeWindow;

/// A rule that can be run.
pub(super) struct Trial {
    pub(super) sandbox: Sandbox,
    pub(super) rule: LoadedRule,
    pub(super) name: RuleName,
}

/// What the rule is given in every run.
pub(super) struct Equipment {
    rule: ConfiguredRule,
    credentials: RuleCredentials,
    chance: Chance,
}

impl Trial {
    /// Loads the rule in `file`, whose name is the rule's name.
    pub(super) fn load(file: &Path) -> Result<Self, Refusal> {
        Self::load_with(rule_sandbox(&Settings::default(), Path::new("etc/statusfile.json"))?, file)
    }

    /// The same, in this sandbox.
    pub(super) fn load_with(sandbox: Sandbox, file: &Path) -> Result<Self, Refusal> {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let named = || format!("`{}` cannot be a rule's file, which is called <rule name>.wasm", file.display());
        let name = stem.parse().with_context(named).or_exit(Exit::CommandLine)?;
        let rule = sandbox.load(file).or_exit(Exit::RuleFailed)?;
        Ok(Self { sandbox, rule, name })
    }

    /// Checks settings and grants as a run does.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn equip(&self, settings: &Map<String, Value>, allow: &[String], chance: Chance) -> anyhow::Result<Equipment> {
        let grants = if allow == ["as-asked"] { json!("as-asked") } else { json!(allow) };
        let config = json!({"plugin": {self.name.as_str(): settings}, "grants": {self.name.as_str(): grants}});
        let settings = Settings::parse(&config.to_string(), Path::new("")).map_err(without_places)?;
        let mut rules = settings.rules(std::slice::from_ref(&self.name));
        rules.retain(|rule| rule.name == self.name);
        let prepared = prepare(&settings, rules.iter_mut().map(|rule| (rule, self.manifest()))).map_err(without_places)?;
        let rule = rules.pop().ok_or_else(|| anyhow!("the settings make no rule of it"))?;
        let credentials = prepared.credentials.into_values().next().unwrap_or_default();
        Ok(Equipment { rule, credentials, chance })
    }

    fn manifest(&self) -> Option<&Manifest> {
        self.rule.manifest().map(AsRef::as_ref)
    }

    /// One run.
    pub(super) fn assignment(
        &self,
        equipment: &Equipment,
        remembered: Map<String, Value>,
        window: TimeWindow,
        outside: Outside,
    ) -> Assignment {
        Assignment {
            name: self.name.clone(),
            settings: equipment.rule.settings.to_string(),
            credentials: equipment.credentials.clone(),
            remembered,
            limits: equipment.rule.limits.clone(),
            grants: equipment.rule.grants.clone(),
            window,
            chance: equipment.chance,
            outside,
            stop: Arc::default(),
            ends_at: None,
        }
    }
}

/// Mistakes by their keys alone: nobody has written the text that they would point into.
fn without_places(error: SettingsError) -> anyhow::Error {
    match error {
        SettingsError::Mistakes { mistakes, .. } => {
            let said: Vec<String> =
                mistakes.iter().map(|mistake| format!("`{}`: {}", mistake.key.escape_debug(), mistake.message)).collect();
            anyhow!(said.join("\n"))
        }
        other => other.into(),
    }
}
