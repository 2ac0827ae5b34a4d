//! A recorded run again: the same rules with the same settings, status, times and answers, and nothing else that they could reach. Nothing is
//! kept or sent.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;

use super::deliveries;
use super::interruption::stop_on_signals;
use super::record::Record;
use super::rule_loading::{load, new_sandbox};
use super::rule_set::RuleSet;
use super::rules_at_work::{Clock, RulesAtWork};
use super::run_plan::RunPlan;
use crate::command_line::RunOptions;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::outputs::Patience;
use crate::recording::{Header, Outside, Recording, RuleReplay};
use crate::rule_name::RuleName;
use crate::run_report::RunReport;
use crate::runner::{self, Job};
use crate::sandbox::{Assignment, Chance};
use crate::settings::{ConfiguredRule, Settings};
use crate::status::{RunTerms, StatusFile};

/// Runs the rules of a recording, or those of them that the command line names.
pub(super) fn replay(options: &RunOptions, recording: &Path, terminal: &Terminal) -> Result<Exit, Refusal> {
    let started = Instant::now();
    let Recording { header, rules } = Recording::open(recording).or_exit(Exit::Inventory)?;
    let rules: Vec<Arc<RuleReplay>> = choose(rules.into_values().map(Arc::new).collect(), &options.rules, recording)?;
    let plan = RunPlan::read(options, header.now, started)?;
    let set = RuleSet::find(&plan.settings, &options.plugins)?;
    let configured: Vec<ConfiguredRule> = rules.iter().map(|replay| configured(replay, &plan.settings)).collect();
    let sandbox = new_sandbox(&options.statusfile, &plan.settings)?;
    let loaded = load(&sandbox, &set, &configured, plan.threads, terminal);
    let stop = stop_on_signals().or_exit(Exit::Internal)?;

    let (mut record, mut report) = (Record::Dry(status_of(&rules)), RunReport::default());
    let terms = terms(&header);
    let clock = Clock::Recorded(rules.iter().map(|replay| (replay.rule.name.clone(), replay.ended_at)).collect());
    let mut work = RulesAtWork::new(&terms, &mut record, &mut report, clock);
    let mut jobs = Vec::new();
    for (replay, rule) in rules.iter().zip(configured) {
        match set.files.get(&rule.file).map(|file| &loaded[file]) {
            Some(Ok(loaded)) => {
                let assignment = Assignment {
                    name: rule.name,
                    settings: rule.settings.to_string(),
                    credentials: RuleCredentials::default(),
                    remembered: replay.rule.status.remembered.clone(),
                    limits: rule.limits,
                    grants: rule.grants,
                    window: replay.rule.window,
                    // As when it was recorded.
                    chance: Chance::Fixed,
                    outside: Outside::Recorded(Arc::clone(replay)),
                    stop: Arc::clone(&stop),
                    ends_at: plan.ends_at,
                };
                jobs.push(Job { rule: loaded.clone(), assignment });
            }
            Some(Err(problem)) => work.fails(rule.name, replay.rule.window, problem.clone()),
            None => {
                let why = format!("there is no rule file `{}`; name its directory with --plugins", rule.file);
                work.fails(rule.name, replay.rule.window, why);
            }
        }
    }
    let progress = terminal.progress("running rules", jobs.len());
    work.expect(&jobs);
    let endings = runner::start(jobs, plan.threads, &sandbox).or_exit(Exit::Internal)?;
    let mut news = work.watch(&endings, None, (&stop, plan.ends_at), &progress)?;
    drop(progress);
    news.sort_by(|one, other| one.plugin_name.cmp(&other.plugin_name));
    let threshold = plan.settings.fail_on;
    report.reached_fail_on = threshold.is_some_and(|threshold| news.iter().any(|alert| alert.severity >= threshold));
    let patience = Patience::new(stop, deliveries::end_of_deliveries(plan.ends_at));
    deliveries::show(&news, &plan.outputs, &patience, &mut report);
    report.elapsed = started.elapsed();
    let exit = report.exit();
    if exit > Exit::Alerts || terminal.is_talkative() {
        terminal.say(&report.to_string());
    }
    Ok(exit)
}

fn choose(rules: Vec<Arc<RuleReplay>>, named: &[RuleName], recording: &Path) -> Result<Vec<Arc<RuleReplay>>, Refusal> {
    if let Some(unknown) = named.iter().find(|name| !rules.iter().any(|replay| replay.rule.name == **name)) {
        let there: Vec<&str> = rules.iter().map(|replay| replay.rule.name.as_str()).collect();
        let error = anyhow!("rule `{unknown}` is not in the recording {} (rules: {})", recording.display(), there.join(", "));
        return Err(Refusal { exit: Exit::CommandLine, error });
    }
    Ok(rules.into_iter().filter(|replay| named.is_empty() || named.contains(&replay.rule.name)).collect())
}

/// The recorded settings with the limits of today: what a rule may use changes nothing that it is told.
fn configured(replay: &RuleReplay, settings: &Settings) -> ConfiguredRule {
    settings.rule(&replay.rule.name, &replay.rule.file).with_settings(replay.rule.settings.clone())
}

fn status_of(rules: &[Arc<RuleReplay>]) -> StatusFile {
    let mut status = StatusFile::default();
    for replay in rules {
        status.set_rule(&replay.rule.name, replay.rule.status.clone());
    }
    status
}

fn terms(header: &Header) -> RunTerms {
    RunTerms {
        since: None,
        until: header.now,
        store_until: header.store_until,
        narrowed: true,
        known_rules: std::collections::BTreeSet::new(),
        outputs: Vec::new(),
    }
}
