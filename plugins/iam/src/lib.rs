//! The rule `iam`: alerts about IAM users that are new in the window, and about users that were added to a group in it.

mod group_changes;

use std::collections::BTreeSet;

use reddalert_sdk::{Alert, CallError, Error, ErrorKind, Host, Pattern, Rule, Severity, Times};
use serde::Deserialize;
use serde_json::{Value, json};

/// How many users are asked about at once.
const BATCH: usize = 64;

/// EDDA's word for it that a user has only one revision in the window, the one that began there.
const ONLY_ONE_REVISION: &str = "_diff requires at least 2 documents, only 1 found";

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Regular expressions; a user whose name begins with a match of one is not looked at.
    allowed: Vec<Pattern>,
}

/// The rule.
pub struct Iam {
    settings: Settings,
}

reddalert_sdk::export!(Iam, manifest = "manifest.json");

impl Rule for Iam {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let names = self.changed_users(host)?;
        let mut alerts = Vec::new();
        let mut failures = Vec::new();
        for batch in names.chunks(BATCH) {
            let paths: Vec<String> = batch.iter().map(|name| format!("aws/iamUsers/{name};_diff=200")).collect();
            for (name, answer) in batch.iter().zip(host.texts(&paths, Times::Window)) {
                match what_happened(host, name, answer) {
                    Ok(alert) => alerts.extend(alert),
                    Err(error) => failures.push(format!("{name} ({error})")),
                }
            }
        }
        tell_failures(host, &failures);
        Ok(alerts)
    }
}

impl Iam {
    fn is_allowed(&self, name: &str) -> bool {
        self.settings.allowed.iter().any(|allowed| allowed.is_at_start(name))
    }

    /// The names of the users that have a revision which began in the window, once each, without those that are allowed.
    fn changed_users(&self, host: &dyn Host) -> Result<Vec<String>, Error> {
        let mut seen = BTreeSet::new();
        let mut names = Vec::new();
        for name in host.documents::<String>("aws/iamUsers", Times::Updated) {
            let name = name?;
            if self.is_allowed(&name) || !seen.insert(name.clone()) {
                continue;
            }
            if is_addressable(&name) {
                names.push(name);
            } else {
                host.skipped(&name, "EDDA cannot be asked about a user of this name; look at it by hand");
            }
        }
        Ok(names)
    }
}

/// Whether the name can stand in a path and mean this user alone. These are the letters of IAM names, without the comma, by which EDDA
/// means a list of users.
fn is_addressable(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=.@-".contains(&byte);
    !name.is_empty() && name != "." && name != ".." && name.bytes().all(is_plain)
}

fn what_happened(host: &dyn Host, name: &str, answer: Result<String, CallError>) -> Result<Option<Alert>, CallError> {
    match answer {
        Ok(diff) => Ok(added_to_groups(name, &diff)),
        Err(error) if error.kind == ErrorKind::BadRequest && error.message == ONLY_ONE_REVISION => new_user(host, name).map(Some),
        // The user is gone again.
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn added_to_groups(name: &str, diff: &str) -> Option<Alert> {
    let groups = group_changes::added_groups(diff);
    if groups.is_empty() {
        return None;
    }
    let groups = groups.join(", ");
    let is_powerful = groups.to_ascii_lowercase().contains("admin");
    let alert = Alert::new(name)
        .title(format!("User {name} was added to {groups}"))
        .text(format!("Groups the user has been added to: {groups}"))
        .severity(if is_powerful { Severity::High } else { Severity::Medium })
        .label("resource-type", "iam-user");
    Some(alert)
}

fn new_user(host: &dyn Host, name: &str) -> Result<Alert, CallError> {
    // The newest revision comes first. A user that has ended in between is told by its name.
    let document = host.documents::<Value>(&format!("aws/iamUsers/{name}"), Times::Updated).next();
    let document = match document.transpose() {
        Err(error) if error.kind != ErrorKind::NotFound => return Err(error),
        document => document.ok().flatten().unwrap_or_else(|| json!({"name": name})),
    };
    let arn = document.pointer("/attributes/arn").and_then(Value::as_str).unwrap_or_default();
    let alert = Alert::new(name)
        .title(format!("New user {name}"))
        .text(format!("New user has been added: {document:#}"))
        .severity(Severity::Medium)
        .label("account", arn.split(':').nth(4).unwrap_or_default())
        .label("resource-type", "iam-user");
    Ok(alert)
}

/// One line for all of them: when EDDA is down, each user fails for the same reason.
fn tell_failures(host: &dyn Host, failures: &[String]) {
    let others = match failures {
        [] => return,
        [_] => String::new(),
        [_, others @ ..] => format!(" and {} more", others.len()),
    };
    host.incomplete(&format!("the changes of these users could not be read: {}{others}", failures[0]));
}

#[cfg(test)]
mod tests;
