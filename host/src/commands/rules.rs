//! `reddalert rules`: every rule found, whether it loads, and what it can ask for. Nothing of it runs.

use std::fmt::Write as _;
use std::path::Path;

use super::compiled_rules::rule_sandbox;
use super::locked_rules::LockFile;
use super::print;
use super::rule_preparation::prepare;
use super::rule_rights::describe_rights;
use super::rule_set::RuleSet;
use super::set_up::is_set_up;
use crate::command_line::RulesOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::sandbox::LoadedRule;
use crate::settings::Settings;
use crate::visible_text::visible;

/// Prints the list.
pub(super) fn rules(options: &RulesOptions) -> Result<Exit, Refusal> {
    let settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
    let set = RuleSet::find(&settings, &options.plugins)?;
    let lock = LockFile::find(&settings)?;
    let sandbox = rule_sandbox(&settings, Path::new("statusfile"))?;
    let (mut text, mut exit) = (String::new(), Exit::Done);
    for mut rule in set.choose(&options.rules)? {
        let file = &set.files[&rule.file];
        let _ =
            writeln!(text, "{}{}", rule.name, if rule.file == rule.name { String::new() } else { format!(" (a copy of {})", rule.file) });
        let _ = writeln!(text, "  file     {}", file.display());
        match sandbox.load(file) {
            Ok(loaded) => {
                let wrong = prepare(&settings, [(&mut rule, loaded.manifest().map(AsRef::as_ref))]).err();
                describe(&mut text, &loaded);
                describe_rights(&mut text, &rule, &loaded);
                if let Some(lock) = &lock {
                    let refusal = lock.refusal(&rule.file, &loaded);
                    exit = exit.max(if refusal.is_some() { Exit::Settings } else { Exit::Done });
                    let _ = writeln!(text, "  lock     {}", refusal.as_deref().unwrap_or("as pinned"));
                }
                if !is_set_up(&rule, loaded.manifest().map(AsRef::as_ref)) {
                    let _ = writeln!(text, "  set up   no: runs leave it out until the config says something about it");
                }
                match wrong {
                    None => drop(writeln!(text, "  settings {}", rule.settings)),
                    // Under a misspelt key there may be a secret, so these settings are not shown.
                    Some(wrong) => {
                        let _ = writeln!(text, "  settings wrong: {}", chain(wrong));
                        exit = exit.max(Exit::Settings);
                    }
                }
            }
            Err(error) => {
                let _ = writeln!(text, "  unusable {}", chain(error));
                exit = exit.max(Exit::RuleFailed);
            }
        }
    }
    for rejected in &set.rejected {
        let _ = writeln!(text, "not a rule: {rejected}");
        exit = exit.max(Exit::RuleFailed);
    }
    for line in lock.iter().flat_map(|lock| lock.missing(&set)) {
        let _ = writeln!(text, "lock: {line}");
        exit = exit.max(Exit::Settings);
    }
    print(&text);
    Ok(exit)
}

fn describe(text: &mut String, loaded: &LoadedRule) {
    let _ = writeln!(text, "  sha-256  {}", loaded.digest());
    let own: Vec<&str> =
        loaded.imports().iter().filter_map(|name| name.strip_prefix("reddalert:rule/")).filter_map(|name| name.split('@').next()).collect();
    let named = |wanted: &[&str]| own.iter().copied().filter(|name| wanted.contains(name)).collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "  can ask  {}", or_nothing(&named(&["edda", "status", "report", "http", "tcp"])));
    let wasi: Vec<&str> = loaded.imports().iter().filter_map(|name| name.strip_prefix("wasi:")).collect();
    let _ = writeln!(text, "  runtime  {}", or_nothing(&wasi.join(", ")));
    let _ = match loaded.manifest() {
        None => writeln!(text, "  manifest none: it may read every collection but aws.launchConfigurations"),
        Some(manifest) => writeln!(text, "  manifest {}", visible(&manifest.title)),
    };
}

fn or_nothing(list: &str) -> &str {
    if list.is_empty() { "nothing" } else { list }
}
