//! From a recorded run to a case: what a rule was given and told becomes a directory that `rule test` runs, without what other rules were told.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, anyhow};
use serde_json::{Value, json};

use crate::command_line::CaseOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::recording::{Header, Recording, RuleReplay};
use crate::rule_name::RuleName;

/// Writes the case.
pub(super) fn case(options: &CaseOptions) -> Result<Exit, Refusal> {
    let recording = Recording::open(&options.recording).or_exit(Exit::Inventory)?;
    let replay = choose(&recording, options.rule.as_ref())?;
    write(&recording.header, replay, &options.directory).or_exit(Exit::Status)?;
    let (name, directory) = (&replay.rule.name, options.directory.display());
    super::super::print(&format!("{directory} is a case of rule {name}; `reddalert rule test --accept` adds what the rule answers\n"));
    Ok(Exit::Done)
}

fn choose<'a>(recording: &'a Recording, name: Option<&RuleName>) -> Result<&'a RuleReplay, Refusal> {
    let only = || if recording.rules.len() == 1 { recording.rules.values().next() } else { None };
    name.map_or_else(only, |name| recording.rules.get(name)).ok_or_else(|| {
        let names: Vec<&str> = recording.rules.keys().map(RuleName::as_str).collect();
        let wanted = name.map_or_else(|| "name one".to_owned(), |name| format!("there is no `{name}`"));
        let error = anyhow!("--rule: {wanted}; the recording has the rules {}", names.join(", "));
        Refusal { exit: Exit::CommandLine, error }
    })
}

fn write(header: &Header, replay: &RuleReplay, directory: &Path) -> anyhow::Result<()> {
    let advice = || format!("cannot make the directory `{}`; name one that is not there yet, in one that is", directory.display());
    std::fs::create_dir(directory).with_context(advice)?;
    let unwritable = |name: &str| format!("cannot write `{}`", directory.join(name).display());
    let case = format!("{:#}\n", description(header, replay));
    std::fs::write(directory.join("case.json"), case).with_context(|| unwritable("case.json"))?;
    excerpt(header, replay, &directory.join("recording.jsonl")).with_context(|| unwritable("recording.jsonl"))
}

fn excerpt(header: &Header, replay: &RuleReplay, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create_new(file)?);
    replay.write_alone(header, &mut out)?;
    out.flush()
}

fn description(header: &Header, replay: &RuleReplay) -> Value {
    let rule = &replay.rule;
    json!({
        "about": format!("What rule {} was told at {}.", rule.name, rfc3339_millis(header.now)),
        "settings": rule.settings,
        "status": rule.status.remembered,
        "runs": [{"since": rfc3339_millis(rule.window.since), "until": rfc3339_millis(rule.window.until)}],
    })
}
