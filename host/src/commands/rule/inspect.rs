//! `reddalert rule inspect`: what a rule's file says about it. Nothing of it is compiled or run, so a file of unknown origin can be looked into.

use anyhow::Context as _;
use serde_json::Value;

use super::super::print;
use crate::command_line::InspectOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::packaging::{self, RuleDescription};
use crate::sandbox::read_rule_file;
use crate::visible_text::visible;

/// Prints the description.
pub(super) fn inspect(options: &InspectOptions) -> Result<Exit, Refusal> {
    let description = description(options).or_exit(Exit::RuleFailed)?;
    let text = if options.json { json(&description).or_exit(Exit::Internal)? } else { for_people(&description) };
    print(&text);
    Ok(Exit::Done)
}

fn description(options: &InspectOptions) -> anyhow::Result<RuleDescription> {
    let refused = || format!("cannot look into {}", options.file.display());
    packaging::describe(&read_rule_file(&options.file).with_context(refused)?).with_context(refused)
}

fn json(description: &RuleDescription) -> serde_json::Result<String> {
    Ok(visible(&serde_json::to_string(description)?).into_owned() + "\n")
}

fn for_people(description: &RuleDescription) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| text.push_str(&format!("{name:<12} {}\n", visible(value)));
    line("world", description.world);
    line("contract", description.contract.as_deref().unwrap_or("no version"));
    line("imports", &or_nothing(&description.imports));
    line("size", &format!("{} bytes", description.size));
    line("sha-256", &description.digest);
    let Some(manifest) = &description.manifest else {
        line("manifest", "none: it may read every collection but aws.launchConfigurations");
        return text;
    };
    for key in ["title", "description", "severity", "remediation"] {
        if let Some(value) = manifest[key].as_str() {
            line(key, value);
        }
    }
    for (name, key) in [("references", "references"), ("tags", "tags"), ("reads", "collections")] {
        line(name, &or_nothing(&texts(&manifest[key])));
    }
    for ask in manifest["grants"].as_array().into_iter().flatten() {
        line("asks for", &asked(ask));
    }
    for (name, credential) in manifest["credentials"].as_object().into_iter().flatten() {
        let keys = credential["settings"].as_object().map(|settings| settings.values().filter_map(Value::as_str).collect::<Vec<_>>());
        let kind = credential["kind"].as_str().unwrap_or_default();
        line("credential", &format!("{name}: {kind}, of the settings {}", keys.unwrap_or_default().join(", ")));
    }
    for (name, schema) in manifest["settings"]["properties"].as_object().into_iter().flatten() {
        line("setting", &setting(name, schema));
    }
    text
}

/// `https *.example.com 443: to see the page`.
fn asked(ask: &Value) -> String {
    let optional = if ask["optional"] == true { " (can do without)" } else { "" };
    let places = ["schemes", "methods", "hosts", "ports", "path"].map(|key| match &ask[key] {
        Value::Array(_) => texts(&ask[key]).join(", "),
        other => other.as_str().unwrap_or_default().to_owned(),
    });
    let places: Vec<String> = places.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}{optional}", places.join(" "), ask["reason"].as_str().unwrap_or_default())
}

/// `ports (array, default [443]): what is open to all`.
fn setting(name: &str, schema: &Value) -> String {
    let kind = schema["type"].as_str().unwrap_or("anything");
    let default = schema.get("default").map(|default| format!(", default {default}")).unwrap_or_default();
    let description = schema["description"].as_str().map(|description| format!(": {description}")).unwrap_or_default();
    format!("{name} ({kind}{default}){description}")
}

fn texts(list: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    list.as_array().into_iter().flatten().map(text).collect()
}

fn or_nothing(list: &[String]) -> String {
    if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
}
