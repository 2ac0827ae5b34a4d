//! What the config says about single rules: `plugin.<rule>`, `limits.<rule>`, `grants.<rule>`. What is inside `plugin.<rule>` belongs
//! to the rule and is handed on as it is, apart from `$rule`: it names the rule file of a second copy.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::credentials::CredentialSettings;
use super::grants::{Grants, Surroundings};
use super::limits::Limits;
use super::mistake::{Mistake, Warning};
use super::reader::Entry;
use super::suggestion::did_you_mean;
use super::{Settings, SettingsError};
use crate::rule_name::RuleName;

/// The rules whose sections old configs hold: one without a rule file is a warning, no error.
const OLD_RULES: [&str; 13] = [
    "ami",
    "chef",
    "elbs",
    "iam",
    "missingtag",
    "newtag",
    "non_chef",
    "route53changed",
    "route53unknown",
    "s3acl",
    "secgroups",
    "security_headers",
    "sso_unprotected",
];

/// The name that the template of old gave to the section of [`NON_CHEF`] (Q10).
const CHEF: &str = "chef";
const NON_CHEF: &str = "non_chef";

/// One rule as a run has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfiguredRule {
    /// Its name in alerts, status and config.
    pub name: RuleName,
    /// The rule file that it is made of; the same name unless the config made a second copy.
    pub file: RuleName,
    /// The name of its section in the config, which may be an old one.
    pub(super) section: RuleName,
    /// Its own settings: an object, empty when the config says nothing. Without its credentials once the manifest was applied.
    pub settings: Value,
    /// What its manifest declares as credentials among its settings, by name. Empty until the manifest was applied.
    pub credentials: BTreeMap<String, CredentialSettings>,
    /// What it may use.
    pub limits: Limits,
    /// What it may reach outside.
    pub grants: Grants,
    /// Whether the config says anything about it. An empty section says nothing.
    pub is_mentioned: bool,
}

/// All that the config says about single rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RuleSections {
    plugins: BTreeMap<RuleName, PluginSection>,
    limits: BTreeMap<RuleName, Placed<Limits>>,
    grants: BTreeMap<RuleName, Placed<Grants>>,
}

/// Something, and a mistake that points at it, to be completed when it turns out to be one.
#[derive(Clone, Debug, PartialEq)]
struct Placed<T> {
    value: T,
    place: Mistake,
}

impl<T> Placed<T> {
    fn mistake(&self, message: String) -> Mistake {
        Mistake { message, ..self.place.clone() }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct PluginSection {
    settings: Placed<Map<String, Value>>,
    file: Option<Placed<RuleName>>,
}

impl RuleSections {
    /// Takes in `plugin.<rule>`.
    pub(super) fn set_plugin(&mut self, section: &Entry<'_>, mistakes: &mut Vec<Mistake>) {
        insert(&mut self.plugins, section, mistakes, |mistakes| read_plugin(section, mistakes));
    }

    /// Takes in `limits.<rule>`.
    pub(super) fn set_limits(&mut self, section: &Entry<'_>, mistakes: &mut Vec<Mistake>) {
        insert(&mut self.limits, section, mistakes, |mistakes| Ok(placed(section, Limits::read(section, mistakes))));
    }

    /// Takes in `grants.<rule>`.
    pub(super) fn set_grants(&mut self, section: &Entry<'_>, surroundings: &Surroundings<'_>, mistakes: &mut Vec<Mistake>) {
        insert(&mut self.grants, section, mistakes, |mistakes| Ok(placed(section, Grants::read(section, surroundings, mistakes))));
    }
}

fn placed<T>(section: &Entry<'_>, value: T) -> Placed<T> {
    Placed { value, place: section.wrong_key("") }
}

fn insert<T>(
    sections: &mut BTreeMap<RuleName, T>,
    section: &Entry<'_>,
    mistakes: &mut Vec<Mistake>,
    read: impl FnOnce(&mut Vec<Mistake>) -> Result<T, Mistake>,
) {
    let name = section.name().parse::<RuleName>().map_err(|error| section.wrong_key(error.to_string()));
    match name.and_then(|name| Ok((name, read(mistakes)?))) {
        Ok((name, value)) => drop(sections.insert(name, value)),
        Err(mistake) => mistakes.push(mistake),
    }
}

fn read_plugin(section: &Entry<'_>, mistakes: &mut Vec<Mistake>) -> Result<PluginSection, Mistake> {
    let (mut settings, mut file) = (Map::new(), None);
    for entry in section.object()? {
        match entry.name() {
            "$rule" => {
                match entry.text().and_then(|text| text.parse().map_err(|_| entry.wrong_value("expected the name of a rule file"))) {
                    Ok(name) => file = Some(Placed { value: name, place: entry.wrong_value("") }),
                    Err(mistake) => mistakes.push(mistake),
                }
            }
            name if name.starts_with('$') => {
                let suggestion = did_you_mean(name, ["$rule"]);
                mistakes
                    .push(entry.wrong_key(format!("a rule has no such key{suggestion} (`$rule` is the only one that begins with `$`)")));
            }
            name => match entry.json() {
                Ok(value) => drop(settings.insert(name.to_owned(), value)),
                Err(mistake) => mistakes.push(mistake),
            },
        }
    }
    Ok(PluginSection { settings: placed(section, settings), file })
}

impl ConfiguredRule {
    /// The same with other settings of its own.
    #[must_use]
    pub fn with_settings(self, settings: Map<String, Value>) -> Self {
        Self { settings: Value::Object(settings), ..self }
    }
}

impl Settings {
    /// One rule, made of the rule file `file`, as the config has it.
    pub fn rule(&self, name: &RuleName, file: &RuleName) -> ConfiguredRule {
        self.configured(name, file, std::slice::from_ref(file))
    }

    /// The rules of a run, sorted by name: one for each of the rule `files`, and one for each section with `$rule`.
    pub fn rules(&self, files: &[RuleName]) -> Vec<ConfiguredRule> {
        let mut rules: BTreeMap<&RuleName, &RuleName> = files.iter().map(|file| (file, file)).collect();
        for (name, section) in &self.sections.plugins {
            if let Some(file) = section.file.as_ref().filter(|file| files.contains(&file.value)) {
                rules.entry(name).or_insert(&file.value);
            }
        }
        rules.into_iter().map(|(name, file)| self.configured(name, file, files)).collect()
    }

    fn configured(&self, name: &RuleName, file: &RuleName, files: &[RuleName]) -> ConfiguredRule {
        let mut section = self.sections.plugins.get_key_value(name);
        if section.is_none() && name.as_str() == NON_CHEF {
            section = self.old_chef_section(files);
        }
        let settings = section.map(|(_, section)| section.settings.value.clone()).unwrap_or_default();
        let is_mentioned = !settings.is_empty() || self.sections.limits.contains_key(name) || self.sections.grants.contains_key(name);
        let section = section.map_or(name, |(section, _)| section).clone();
        let limits = self.sections.limits.get(name).map(|limits| limits.value.clone()).unwrap_or_default();
        ConfiguredRule {
            name: name.clone(),
            file: file.clone(),
            section,
            settings: Value::Object(settings),
            credentials: BTreeMap::new(),
            limits,
            grants: self.grants(name),
            is_mentioned,
        }
    }

    /// The section `plugin.chef`, if it is not that of a rule of this name.
    fn old_chef_section(&self, files: &[RuleName]) -> Option<(&RuleName, &PluginSection)> {
        let (name, section) = self.sections.plugins.iter().find(|(name, _)| name.as_str() == CHEF)?;
        (section.file.is_none() && !files.contains(name)).then_some((name, section))
    }

    /// What the operator grants to a rule.
    pub fn grants(&self, rule: &RuleName) -> Grants {
        self.sections.grants.get(rule).map(|grants| grants.value.clone()).unwrap_or_default()
    }

    /// Checks that everything said about single rules is about a rule that exists, now that the rule files are `known`.
    pub fn check_rules(&self, known: &[RuleName]) -> Result<Vec<Warning>, SettingsError> {
        let (mut mistakes, mut warnings) = (Vec::new(), Vec::new());
        for (name, section) in &self.sections.plugins {
            match self.check_plugin(name, section, known) {
                Ok(Some(mistake)) => warnings.push(Warning { file: self.file.clone(), mistake }),
                Ok(None) => {}
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let rules: Vec<RuleName> = self.rules(known).into_iter().map(|rule| rule.name).collect();
        let limits = self.sections.limits.iter().filter_map(|(name, limits)| Some(limits.mistake(unknown(name, &rules)?)));
        let grants = self.sections.grants.iter().filter_map(|(name, grants)| Some(grants.mistake(unknown(name, &rules)?)));
        mistakes.extend(limits.chain(grants).chain(self.known_outputs.unknown_rules(&rules)));
        SettingsError::unless_empty(&self.file, mistakes)?;
        Ok(warnings)
    }

    /// A warning, nothing, or a mistake.
    fn check_plugin(&self, name: &RuleName, section: &PluginSection, known: &[RuleName]) -> Result<Option<Mistake>, Mistake> {
        match &section.file {
            Some(file) if file.value == *name || !known.contains(name) => {
                unknown(&file.value, known).map_or(Ok(None), |message| Err(file.mistake(message)))
            }
            Some(file) => Err(file.mistake(format!("`{name}` is a rule file itself: a copy of `{}` needs another name", file.value))),
            None if known.contains(name) => Ok(None),
            None if name.as_str() == CHEF && known.iter().any(|rule| rule.as_str() == NON_CHEF) => self.check_old_chef(section),
            None if OLD_RULES.contains(&name.as_str()) => {
                Ok(Some(section.settings.mistake(format!("there is no rule file `{name}`: this section is not used"))))
            }
            None => unknown(name, known).map_or(Ok(None), |message| {
                Err(section.settings.mistake(format!("{message}; for a second copy of a rule add `\"$rule\": \"NAME\"`")))
            }),
        }
    }

    fn check_old_chef(&self, section: &PluginSection) -> Result<Option<Mistake>, Mistake> {
        let both = self.sections.plugins.keys().any(|name| name.as_str() == NON_CHEF);
        let message = if both { "`plugin.chef` and `plugin.non_chef` are one section" } else { "taken as `plugin.non_chef`: rename it" };
        let mistake = section.settings.mistake(message.to_owned());
        if both { Err(mistake) } else { Ok(Some(mistake)) }
    }
}

fn unknown(name: &RuleName, known: &[RuleName]) -> Option<String> {
    if known.contains(name) {
        return None;
    }
    let suggestion = did_you_mean(name.as_str(), known.iter().map(RuleName::as_str));
    let names: Vec<&str> = known.iter().map(RuleName::as_str).collect();
    Some(format!(
        "there is no rule `{name}`{suggestion} (rules: {})",
        if names.is_empty() { "none found".to_owned() } else { names.join(", ") }
    ))
}
