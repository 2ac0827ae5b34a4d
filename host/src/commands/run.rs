//! A run, from the command line to the exit code. This file is the story; each step is told where it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::anyhow;
use tracing::info;

use super::announcement::{announce, without_panic};
use super::deliveries;
use super::interruption::stop_on_signals;
use super::locked_rules::LockFile;
use super::outbox_limit::why_full;
use super::record::Record;
use super::replay::replay;
use super::rule_loading::{LoadedRules, keep_to, leave_out, load, new_sandbox, with_manifests};
use super::rule_preparation::prepare;
use super::rule_set::RuleSet;
use super::rules_at_work::{Clock, RulesAtWork};
use super::run_plan::RunPlan;
use super::set_up::not_set_up;
use crate::alert::Alert;
use crate::command_line::RunOptions;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::inventory::{Inventory, InventoryError};
use crate::log::Terminal;
use crate::moment::rfc3339_millis;
use crate::network::Network;
use crate::outputs::Patience;
use crate::recording::{Header, Outside, Recorder};
use crate::rule_name::RuleName;
use crate::run_report::{RunReport, count};
use crate::runner::{self, Job};
use crate::sandbox::{Assignment, Chance, Sandbox};
use crate::settings::{ConfiguredRule, MonitoringSettings};
use crate::status::{RunTerms, StatusFiles, check_clock, run_end};
use crate::time_window::EpochMillis;

/// How a run ended, and what came of it.
type Ended = (Exit, RunReport);

/// Runs the rules, delivers their alerts, and tells whoever watches over the runs.
pub(super) fn run(options: &RunOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    if let Some(recording) = &options.replay {
        return replay(options, recording, terminal);
    }
    let (started, now) = (Instant::now(), super::now());
    let plan = RunPlan::read(options, now, started);
    // What the config says of it is not known when the config cannot be read.
    let known_without = || MonitoringSettings { sentry: options.sentry.clone(), ..MonitoringSettings::default() };
    let monitoring = plan.as_ref().map_or_else(|_| known_without(), |plan| plan.settings.monitoring.clone());
    let ended = plan.and_then(|plan| without_panic(|| look_and_deliver(options, plan, now, started, terminal)));
    announce(&monitoring, &ended, options, now, terminal);
    ended.map(|(exit, _)| exit)
}

fn look_and_deliver(
    options: &RunOptions,
    plan: RunPlan,
    now: EpochMillis,
    started: Instant,
    terminal: &Terminal,
) -> Result<Ended, Refusal> {
    let set = RuleSet::find(&plan.settings, &options.plugins)?;
    let mut chosen = set.choose(&options.rules)?;
    let stop = stop_on_signals().or_exit(Exit::Internal)?;
    let lock = LockFile::find(&plan.settings)?;
    let sandbox = new_sandbox(&options.statusfile, &plan.settings)?;
    let mut loaded = load(&sandbox, &set, &chosen, plan.threads, terminal);
    let lock_trouble = lock.map(|lock| keep_to(&lock, &set, &mut loaded, &options.rules)).unwrap_or_default();
    let left_out = leave_out(&mut chosen, &set, &loaded, &options.rules);
    let credentials = prepare(&plan.settings, with_manifests(&mut chosen, &set, &loaded)).or_exit(Exit::Settings)?.credentials;
    let record = Record::open(&StatusFiles::new(&options.statusfile), options.dry_run)?;
    refuse_odd_progress(&record, &chosen, options, now)?;
    let header = Header::new(now, plan.settings.store_until);
    let recorder = options.record.as_ref().map(|file| Recorder::create(file, &header)).transpose().or_exit(Exit::Status)?;

    let rejected = set.rejected.iter().map(ToString::to_string).collect();
    let report = RunReport { rejected, lock_trouble, notes: not_set_up(&left_out).into_iter().collect(), ..RunReport::default() };
    let mut run = Run { options, plan, now, stop, record, report, credentials, left_out, recorder, news: Vec::new() };
    run.report.outbox_full = run.why_no_rule_may_run();
    if run.report.outbox_full.is_none() {
        match run.open_inventory() {
            Ok((inventory, until)) => run.look(&set, chosen, &loaded, (&sandbox, &inventory), until, terminal)?,
            Err(error) => run.report.inventory_trouble.extend([chain(error)]),
        }
    }
    run.deliver()?;
    Ok(run.finish(started, terminal))
}

/// Progress in the future would make a rule look at nothing for a long time, and learning once more would swallow alerts.
fn refuse_odd_progress(record: &Record, chosen: &[ConfiguredRule], options: &RunOptions, now: EpochMillis) -> Result<(), Refusal> {
    for ConfiguredRule { name, .. } in chosen {
        let progress = record.status().progress_of(name);
        check_clock(name, progress, now).or_exit(Exit::Status)?;
        if options.learn && options.since.is_none() && progress > 0 {
            let at = rfc3339_millis(progress);
            let error = anyhow!(
                "--learn: rule `{name}` has already looked up to {at}; to learn again, and never hear of what changed since then, give --since too"
            );
            return Err(Refusal { exit: Exit::CommandLine, error });
        }
    }
    Ok(())
}

/// A run whose rules and status are there.
struct Run<'a> {
    options: &'a RunOptions,
    plan: RunPlan,
    now: EpochMillis,
    stop: Arc<AtomicBool>,
    record: Record,
    report: RunReport,
    credentials: BTreeMap<RuleName, RuleCredentials>,
    /// Rules that nobody has set up. To the status they are not there, so that they begin where the others are when somebody does.
    left_out: BTreeSet<RuleName>,
    /// Who keeps what the rules are told, if it is to be kept.
    recorder: Option<Arc<Recorder>>,
    news: Vec<Arc<Alert>>,
}

impl Run<'_> {
    /// Learning adds nothing to the outbox.
    fn why_no_rule_may_run(&self) -> Option<String> {
        let Record::Kept(ledger) = &self.record else { return None };
        if self.options.learn { None } else { why_full(ledger.outbox_bytes(), self.plan.settings.outbox_limit) }
    }

    /// The inventory, and the end of all windows.
    fn open_inventory(&mut self) -> Result<(Arc<Inventory>, EpochMillis), InventoryError> {
        let inventory = Inventory::open(&self.plan.settings.edda, self.now)?;
        let newest = if self.plan.until.is_some() { 0 } else { inventory.newest_known_until()? };
        let end = run_end(self.plan.until, newest, self.now);
        if end.cut {
            self.report.notes.push(format!("--until lies in the future; looked up to {} instead", rfc3339_millis(end.until)));
        }
        Ok((Arc::new(inventory), end.until))
    }

    /// Runs the rules side by side and commits what they find.
    fn look(
        &mut self,
        set: &RuleSet,
        chosen: Vec<ConfiguredRule>,
        loaded: &LoadedRules,
        (sandbox, inventory): (&Arc<Sandbox>, &Arc<Inventory>),
        until: EpochMillis,
        terminal: &Terminal,
    ) -> Result<(), Refusal> {
        let terms = self.terms(set, until);
        let network = Arc::new(Network::new().or_exit(Exit::Internal)?);
        let recorder = self.recorder.clone();
        let mut work = RulesAtWork::new(&terms, &mut self.record, &mut self.report, Clock::Now(recorder.clone()));
        let mut jobs = Vec::new();
        for rule in chosen {
            let window = work.window_of(&rule.name);
            match set.files.get(&rule.file).and_then(|file| loaded.get(file)) {
                _ if window.is_empty() => work.has_nothing_to_do(rule.name, window),
                Some(Err(problem)) => work.fails(rule.name, window, problem.clone()),
                Some(Ok(loaded)) => {
                    let recorder = recorder.as_ref().map(|recorder| recorder.rule(&work.start_of(&rule, window)));
                    let assignment = Assignment {
                        settings: rule.settings.to_string(),
                        credentials: self.credentials.remove(&rule.name).unwrap_or_default(),
                        remembered: work.remembered(&rule.name),
                        name: rule.name,
                        limits: rule.limits,
                        grants: rule.grants,
                        window,
                        // What depends on chance could not be replayed.
                        chance: if recorder.is_some() { Chance::Fixed } else { Chance::Real },
                        outside: Outside::live(inventory, &network).recorded_by(recorder),
                        stop: Arc::clone(&self.stop),
                        ends_at: self.plan.ends_at,
                    };
                    jobs.push(Job { rule: loaded.clone(), assignment });
                }
                None => work.fails(rule.name, window, "its file is gone".to_owned()),
            }
        }
        let progress = terminal.progress("running rules", jobs.len());
        work.expect(&jobs);
        let endings = runner::start(jobs, self.plan.threads, sandbox).or_exit(Exit::Internal)?;
        self.news = work.watch(&endings, Some(inventory), (&self.stop, self.plan.ends_at), &progress)?;
        self.look_at_inventory(inventory);
        Ok(())
    }

    fn terms(&self, set: &RuleSet, until: EpochMillis) -> RunTerms {
        let outputs = self.plan.outputs.iter().map(|output| output.subscriber.clone()).collect();
        RunTerms {
            since: self.plan.since,
            until,
            store_until: self.plan.settings.store_until,
            narrowed: !self.options.rules.is_empty(),
            known_rules: &set.names() - &self.left_out,
            outputs: if self.options.learn { Vec::new() } else { outputs },
        }
    }

    /// An inventory that stands still looks like a quiet day, unless somebody says so.
    fn look_at_inventory(&mut self, inventory: &Inventory) {
        let statistics = inventory.statistics();
        let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1000.0;
        info!(
            requests = statistics.requests,
            bytes = statistics.bytes,
            downloading_ms = ms(statistics.downloading),
            splitting_ms = ms(statistics.splitting),
            projecting_ms = ms(statistics.projecting),
            "asked the inventory"
        );
        self.report.inventory_trouble.extend(statistics.unreachable);
        self.report.known_until = statistics.collections;
        let Some(stale_after) = self.plan.settings.stale_after.filter(|_| self.plan.until.is_none()) else { return };
        for (collection, known_until) in &self.report.known_until {
            let behind = u128::try_from(self.now - *known_until).unwrap_or(0);
            if behind > stale_after.as_millis() {
                let at = rfc3339_millis(*known_until);
                let advice = "nothing newer can be found; see to what collects it, or change `stale-after` in the config";
                self.report.inventory_trouble.insert(format!("{collection} is known up to {at} only: {advice}"));
            }
        }
    }

    /// Sends what is owed, this run's alerts and those that earlier runs could not deliver.
    fn deliver(&mut self) -> Result<(), Refusal> {
        let threshold = self.plan.settings.fail_on;
        self.report.reached_fail_on = threshold.is_some_and(|threshold| self.news.iter().any(|alert| alert.severity >= threshold));
        let patience = Patience::new(Arc::clone(&self.stop), deliveries::end_of_deliveries(self.plan.ends_at));
        match &mut self.record {
            Record::Kept(ledger) => deliveries::deliver(ledger, &self.plan.outputs, &patience, &mut self.report).or_exit(Exit::Status),
            Record::Dry(_) => {
                self.news.sort_by(|one, other| one.plugin_name.cmp(&other.plugin_name));
                deliveries::show(&self.news, &self.plan.outputs, &patience, &mut self.report);
                Ok(())
            }
        }
    }

    /// Says how it went. Cron mails whatever is printed, so a good run without a reader says nothing.
    fn finish(mut self, started: Instant, terminal: &Terminal) -> Ended {
        self.report.stopped = self.stop.load(Ordering::Relaxed);
        if let Record::Kept(ledger) = self.record
            && let Err(error) = ledger.close()
        {
            self.report.status_trouble = Some(chain(error));
        }
        if let Some(Err(error)) = self.recorder.map(|recorder| recorder.finish()) {
            self.report.not_recorded = true;
            self.report.notes.push(chain(error));
        }
        self.report.elapsed = started.elapsed();
        if self.options.learn {
            self.report.notes.push(format!("learned: {} remembered and not sent", count(self.report.alerts(), "alert")));
        }
        let exit = self.report.exit();
        if exit > Exit::Alerts || self.options.learn || terminal.is_talkative() {
            terminal.say(&self.report.to_string());
        }
        (exit, self.report)
    }
}
