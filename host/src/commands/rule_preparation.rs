//! Between loading the rules and running them: each manifest is applied to the rule's settings, and the credentials are made.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::credentials::{Credential, RuleCredentials};
use crate::exit_code::chain;
use crate::plugin::manifest::Manifest;
use crate::rule_name::RuleName;
use crate::settings::{ConfiguredRule, Mistake, Settings, SettingsError, Warning};

/// What came of it.
pub(super) struct Prepared {
    /// What the requests of each rule can be signed with.
    pub(super) credentials: BTreeMap<RuleName, RuleCredentials>,
    /// What is odd.
    pub(super) warnings: Vec<Warning>,
}

/// Takes the credentials out of the settings of `rules` and checks what is left. Each comes with its manifest, if it has one.
///
/// # Errors
/// What is wrong with the settings of these rules, or with a credential: all of it.
pub(super) fn prepare<'a>(
    settings: &Settings,
    rules: impl IntoIterator<Item = (&'a mut ConfiguredRule, Option<&'a Manifest>)>,
) -> Result<Prepared, SettingsError> {
    let mut rules: Vec<_> = rules.into_iter().collect();
    let warnings = settings.apply_manifests(rules.iter_mut().map(|(rule, manifest)| (&mut **rule, *manifest)))?;
    let mut mistakes = Vec::new();
    let granted = made(&settings.credentials, &mut mistakes, |name, what| settings.wrong_credential(name, what));
    let mut credentials = BTreeMap::new();
    for (rule, _) in rules {
        let own = made(&rule.credentials, &mut mistakes, |name, what| {
            settings.wrong_rule_settings(rule, format!("its credential `{name}` cannot be used: {what}"))
        });
        credentials.insert(rule.name.clone(), RuleCredentials { granted: granted.clone(), own });
    }
    settings.refuse(mistakes)?;
    Ok(Prepared { credentials, warnings })
}

fn made(
    settings: &BTreeMap<String, crate::settings::CredentialSettings>,
    mistakes: &mut Vec<Mistake>,
    mistake: impl Fn(&str, String) -> Mistake,
) -> BTreeMap<String, Arc<Credential>> {
    let mut credentials = BTreeMap::new();
    for (name, settings) in settings {
        match Credential::new(settings) {
            Ok(credential) => drop(credentials.insert(name.clone(), Arc::new(credential))),
            Err(error) => mistakes.push(mistake(name, chain(error))),
        }
    }
    credentials
}
