//! A run, from the command line to the exit code. This file is the story; each step is told where it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::anyhow;
use tracing::info;

use super::announcement::{announce, without_panic};
use super::compiled_rules::compiled_rules_directory;
use super::deliveries;
use super::interruption::stop_on_signals;
use super::record::Record;
use super::rule_preparation::prepare;
use super::rule_set::RuleSet;
use super::rules_at_work::RulesAtWork;
use super::run_plan::RunPlan;
use super::set_up::{is_set_up, not_set_up};
use crate::alert::Alert;
use crate::command_line::RunOptions;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::inventory::{Inventory, InventoryError};
use crate::log::Terminal;
use crate::moment::rfc3339_millis;
use crate::network::Network;
use crate::outputs::Patience;
use crate::plugin::manifest::Manifest;
use crate::rule_name::RuleName;
use crate::run_report::{RunReport, count};
use crate::runner::{self, Job};
use crate::sandbox::{Assignment, Chance, LoadedRule, Sandbox};
use crate::settings::{ConfiguredRule, MonitoringSettings};
use crate::status::{RunTerms, StatusFiles, check_clock, run_end};
use crate::time_window::EpochMillis;

/// How a run ended, and what came of it.
type Ended = (Exit, RunReport);

/// Rules by file, or why a file cannot be used.
type LoadedRules = BTreeMap<PathBuf, Result<LoadedRule, String>>;

/// Runs the rules, delivers their alerts, and tells whoever watches over the runs.
pub(super) fn run(options: &RunOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
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
    let sandbox = new_sandbox(options, plan.settings.require_manifest)?;
    let loaded = load(&sandbox, &set, &chosen, plan.threads, terminal);
    let left_out = leave_out(&mut chosen, &set, &loaded, options);
    let credentials = prepare(&plan.settings, with_manifests(&mut chosen, &set, &loaded)).or_exit(Exit::Settings)?.credentials;
    let record = Record::open(&StatusFiles::new(&options.statusfile), options.dry_run)?;
    refuse_odd_progress(&record, &chosen, options, now)?;

    let rejected = set.rejected.iter().map(ToString::to_string).collect();
    let report = RunReport { rejected, notes: not_set_up(&left_out).into_iter().collect(), ..RunReport::default() };
    let mut run = Run { options, plan, now, stop, record, report, credentials, left_out, news: Vec::new() };
    match run.open_inventory() {
        Ok((inventory, until)) => run.look(&set, chosen, &loaded, (&sandbox, &inventory), until, terminal)?,
        Err(error) => run.report.inventory_trouble.extend([chain(error)]),
    }
    run.deliver()?;
    Ok(run.finish(started, terminal))
}

fn new_sandbox(options: &RunOptions, require_manifest: bool) -> Result<Arc<Sandbox>, Refusal> {
    let sandbox = Sandbox::new(compiled_rules_directory(&options.statusfile).as_deref()).or_exit(Exit::Internal)?;
    if let Some(trouble) = sandbox.cache_trouble() {
        info!("each start compiles all rules: {trouble}");
    }
    Ok(Arc::new(sandbox.requiring_manifest(require_manifest)))
}

/// Loads each rule file once, whatever the number of rules made of it, several at a time.
fn load(sandbox: &Sandbox, set: &RuleSet, chosen: &[ConfiguredRule], threads: usize, terminal: &Terminal) -> LoadedRules {
    let files: BTreeSet<&PathBuf> = chosen.iter().filter_map(|rule| set.files.get(&rule.file)).collect();
    let progress = terminal.progress("loading rules", files.len());
    let (threads, left) = (threads.min(files.len()), Mutex::new(files.into_iter()));
    let load_some = || {
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let load = |file: &PathBuf| {
            let loaded = sandbox.load(file).map_err(chain);
            progress.step();
            (file.clone(), loaded)
        };
        std::iter::from_fn(next).map(load).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(load_some)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Takes out the rules that nobody has set up nor named.
fn leave_out(chosen: &mut Vec<ConfiguredRule>, set: &RuleSet, loaded: &LoadedRules, options: &RunOptions) -> BTreeSet<RuleName> {
    let is_left_out = |rule: &ConfiguredRule| {
        let loaded = set.files.get(&rule.file).and_then(|file| loaded.get(file)?.as_ref().ok());
        options.rules.is_empty() && loaded.is_some_and(|loaded| !is_set_up(rule, loaded.manifest().map(AsRef::as_ref)))
    };
    chosen.extract_if(.., |rule| is_left_out(rule)).map(|rule| rule.name).collect()
}

/// The rules that can run, each with what it says about itself.
fn with_manifests<'a>(
    chosen: &'a mut [ConfiguredRule],
    set: &RuleSet,
    loaded: &'a LoadedRules,
) -> impl Iterator<Item = (&'a mut ConfiguredRule, Option<&'a Manifest>)> {
    chosen.iter_mut().filter_map(|rule| {
        let loaded = loaded.get(set.files.get(&rule.file)?)?.as_ref().ok()?;
        Some((rule, loaded.manifest().map(AsRef::as_ref)))
    })
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
    news: Vec<Arc<Alert>>,
}

impl Run<'_> {
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
        let mut work = RulesAtWork::new(&terms, &mut self.record, &mut self.report);
        let mut jobs = Vec::new();
        for rule in chosen {
            let window = work.window_of(&rule.name);
            match set.files.get(&rule.file).and_then(|file| loaded.get(file)) {
                _ if window.is_empty() => work.has_nothing_to_do(rule.name, window),
                Some(Err(problem)) => work.fails(rule.name, window, problem.clone()),
                Some(Ok(loaded)) => {
                    let assignment = Assignment {
                        settings: rule.settings.to_string(),
                        credentials: self.credentials.remove(&rule.name).unwrap_or_default(),
                        remembered: work.remembered(&rule.name),
                        name: rule.name,
                        limits: rule.limits,
                        grants: rule.grants,
                        window,
                        chance: Chance::Real,
                        inventory: Arc::clone(inventory),
                        network: Arc::clone(&network),
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
        let endings = runner::start(jobs, self.plan.threads, sandbox, inventory).or_exit(Exit::Internal)?;
        self.news = work.watch(&endings, inventory, (&self.stop, self.plan.ends_at), &progress)?;
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
