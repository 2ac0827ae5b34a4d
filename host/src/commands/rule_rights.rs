//! What `reddalert rules` tells about a rule and the world outside: what it asks for and why, what is granted, and what would grant the rest.

use std::fmt::Write as _;

use crate::network::{how_to_grant, lacking, unused};
use crate::sandbox::LoadedRule;
use crate::settings::ConfiguredRule;
use crate::settings::grants::Grant;
use crate::visible_text::visible;

/// The interfaces that need a grant.
const OF_THE_NETWORK: [&str; 2] = ["reddalert:rule/http@", "reddalert:rule/tcp@"];

/// Appends the lines of one rule. They come from its file and from the config alone.
pub(super) fn describe_rights(text: &mut String, rule: &ConfiguredRule, loaded: &LoadedRule) {
    let (asks, grants) = (loaded.asks().unwrap_or_default(), &rule.grants);
    let mut line = |key: &str, what: &str| {
        let _ = writeln!(text, "  {key:8} {}", visible(what));
    };
    for ask in asks {
        let signed = ask.grant.credential.as_ref().map(|_| ", signed with a secret of its settings").unwrap_or_default();
        let asked = Grant { credential: None, ..ask.grant.clone() };
        line("asks for", &format!("{asked}{signed}: {}", ask.reason));
    }
    for grant in &grants.list {
        line("granted", &grant.to_string());
    }
    if grants.as_asked {
        let nothing = if loaded.asks().is_none() { ", which is nothing: it has no manifest" } else { "" };
        line("granted", &format!("whatever it asks for{nothing}"));
    }
    let can_ask = loaded.imports().iter().any(|import| OF_THE_NETWORK.iter().any(|interface| import.starts_with(interface)));
    if grants.is_empty() && (can_ask || !asks.is_empty()) {
        line("granted", "nothing");
    }
    let missing = lacking(grants, asks);
    if !missing.is_empty() {
        let how = how_to_grant(&rule.name, grants.is_empty(), &missing);
        line("lacks", &format!("{} of what it asks for; {how}", if grants.is_empty() { "all" } else { "some" }));
    }
    if loaded.asks().is_some() {
        for grant in unused(grants, asks) {
            line("unused", &format!("{grant}: its manifest asks for none of these hosts"));
        }
    }
}
