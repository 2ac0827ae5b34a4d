//! What is read, and what is refused with which words.

mod manifests;
mod outputs;
mod reading;
mod refusing;
mod rule_sections;
mod template;

use std::path::Path;

use super::{Settings, SettingsError};
use crate::rule_name::RuleName;

fn parse(text: &str) -> Result<Settings, SettingsError> {
    Settings::parse(text, Path::new("/etc/reddalert/c.json"))
}

fn read(text: &str) -> Settings {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What a user is told, without the name of the file.
fn refusal(text: &str) -> String {
    let error = parse(text).expect_err(text);
    error.to_string().replace("/etc/reddalert/c.json:", "")
}

fn names(names: &[&str]) -> Vec<RuleName> {
    names.iter().map(|name| name.parse().expect("a rule name")).collect()
}
