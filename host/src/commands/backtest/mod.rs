//! `reddalert backtest`: runs rules over the past of an inventory, one virtual run after the other, each with the status that the one before
//! left. Nothing is kept or sent. What the network answered then is known of a recorded run alone.

mod instants;
mod table;
mod tally;
mod virtual_runs;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::anyhow;

use self::instants::instants;
use self::tally::Tally;
use self::virtual_runs::{ReadyRule, VirtualRuns};
use super::interruption::stop_on_signals;
use super::rule_loading::{LoadedRules, leave_out, load, new_sandbox, with_manifests};
use super::rule_preparation::prepare;
use super::rule_set::RuleSet;
use super::set_up::not_set_up;
use crate::command_line::BacktestOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::inventory::Inventory;
use crate::log::Terminal;
use crate::recording::{Recording, RuleReplay};
use crate::rule_name::RuleName;
use crate::sandbox::LoadedRule;
use crate::settings::{ConfiguredRule, Settings};

/// How many rules run at once when nobody says and the system does not tell how many processors there are.
const FALLBACK_THREADS: usize = 2;

/// Runs the rules over the past, and shows what they would have found.
pub(super) fn backtest(options: &BacktestOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let now = super::now();
    let mut settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
    settings.edda = options.edda.clone().unwrap_or(settings.edda);
    let processors = || std::thread::available_parallelism().map_or(FALLBACK_THREADS, usize::from);
    let threads = options.jobs.or(settings.jobs).map_or_else(processors, usize::from);
    let inventory = Arc::new(Inventory::open(&settings.edda, now).or_exit(Exit::Inventory)?);
    let newest = || inventory.newest_known_until().or_exit(Exit::Inventory);
    let to = options.to.map_or_else(newest, |to| Ok(to.resolve(now)))?.min(now);
    let instants = instants(options.from.resolve(now), to, options.every).or_exit(Exit::CommandLine)?;

    let rules = ready_rules(options, &settings, threads, terminal)?;
    let stop = stop_on_signals().or_exit(Exit::Internal)?;
    let sandbox = Arc::clone(&rules.1);
    let mut runs = VirtualRuns::new(rules.0, (sandbox, threads), Arc::clone(&inventory), Arc::clone(&stop))?;
    let mut tally = Tally::new(instants.clone(), runs.names());
    let progress = terminal.progress("virtual runs", instants.ends.len());
    if options.cold {
        runs.begin_at(instants.from);
    } else {
        tally.learned(runs.run(instants.from)?);
    }
    for until in &instants.ends {
        let ended = runs.run(*until)?;
        if stop.load(Ordering::Relaxed) {
            tally.stopped();
            break;
        }
        tally.add(*until, ended);
        progress.step();
    }
    drop(progress);
    super::print(&if options.json { tally.as_json() } else { table::table(&tally) });
    let unreachable = inventory.statistics().unreachable;
    for trouble in tally.troubles().chain(unreachable.clone()) {
        terminal.say(&format!("reddalert: {trouble}\n"));
    }
    Ok(if unreachable.is_some() { Exit::Inventory } else { tally.exit() })
}

/// What the network answered the rules of a recorded run.
type Networks = BTreeMap<RuleName, Arc<RuleReplay>>;

type Ready = (Vec<ReadyRule>, Arc<crate::sandbox::Sandbox>);

/// The chosen rules that can run on the inventory alone, or were recorded. The others are told.
fn ready_rules(options: &BacktestOptions, settings: &Settings, threads: usize, terminal: &Terminal) -> Result<Ready, Refusal> {
    let networks = networks(options)?;
    let set = RuleSet::find(settings, &options.plugins)?;
    let mut chosen = set.choose(&options.rules)?;
    let sandbox = new_sandbox(std::path::Path::new("etc/statusfile.json"), settings)?;
    let loaded = load(&sandbox, &set, &chosen, threads, terminal);
    let not_set_up = not_set_up(&leave_out(&mut chosen, &set, &loaded, &options.rules));
    let is_unknown = |rule: &ConfiguredRule| !networks.contains_key(&rule.name) && needs_network(rule, &set, &loaded);
    let mut names: Vec<String> = chosen.extract_if(.., |rule| is_unknown(rule)).map(|rule| rule.name.to_string()).collect();
    names.sort();
    let advice = if options.replay.is_some() {
        "the recording does not have them"
    } else {
        "--replay gives them what it answered in a recorded run"
    };
    let networked =
        (!names.is_empty()).then(|| format!("left out, as nobody knows what the network answered then: {}; {advice}", names.join(", ")));
    not_set_up.iter().chain(&networked).for_each(|note| terminal.say(&format!("{note}\n")));
    if chosen.is_empty() {
        let why = networked.map_or_else(String::new, |networked| format!("; {networked}"));
        return Err(Refusal { exit: Exit::CommandLine, error: anyhow!("there is no rule that can be run over the past{why}") });
    }
    prepare(settings, with_manifests(&mut chosen, &set, &loaded)).or_exit(Exit::Settings)?;
    let ready = |rule: ConfiguredRule| {
        let loaded = set.files.get(&rule.file).and_then(|file| loaded.get(file).cloned());
        let gone = || Err(format!("its file `{}` is gone", rule.file));
        let loaded = loaded.unwrap_or_else(gone).map_err(|problem| anyhow!("rule {}: {problem}", rule.name)).or_exit(Exit::RuleFailed)?;
        let network = networks.get(&rule.name).cloned();
        Ok(ReadyRule { rule, loaded, network })
    };
    Ok((chosen.into_iter().map(ready).collect::<Result<_, Refusal>>()?, sandbox))
}

fn networks(options: &BacktestOptions) -> Result<Networks, Refusal> {
    let Some(recording) = &options.replay else { return Ok(Networks::new()) };
    let recording = Recording::open(recording).or_exit(Exit::Inventory)?;
    Ok(recording.rules.into_iter().map(|(name, replay)| (name, Arc::new(replay))).collect())
}

/// A rule that can do without the network is run without it. One that says nothing about itself is judged by what it imports.
fn needs_network(rule: &ConfiguredRule, set: &RuleSet, loaded: &LoadedRules) -> bool {
    let Some(Ok(loaded)) = set.files.get(&rule.file).and_then(|file| loaded.get(file)) else { return false };
    let imports = |loaded: &LoadedRule| {
        let network = ["reddalert:rule/http@", "reddalert:rule/tcp@"];
        loaded.imports().iter().any(|import| network.iter().any(|network| import.starts_with(network)))
    };
    match loaded.manifest() {
        Some(manifest) => manifest.grants.iter().any(|ask| !ask.optional),
        None => imports(loaded),
    }
}
