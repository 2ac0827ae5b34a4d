//! Runs of rules at moments of the past: each sees what was known then, and what the run before left in the status, which is never written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::alert::Alert;
use crate::commands::accounts::account_for;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::inventory::Inventory;
use crate::network::Network;
use crate::recording::{Outside, RuleReplay};
use crate::rule_name::RuleName;
use crate::run_report::Fate;
use crate::runner::{self, Ending, Job};
use crate::sandbox::{Assignment, Chance, LoadedRule, Sandbox};
use crate::settings::ConfiguredRule;
use crate::settings::grants::Grants;
use crate::status::{RuleStatus, RunTerms, StatusFile};
use crate::time_window::EpochMillis;

/// How often it is looked whether the runs are to end.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A rule that can run.
pub(super) struct ReadyRule {
    /// As the config has it.
    pub(super) rule: ConfiguredRule,
    /// Compiled and checked.
    pub(super) loaded: LoadedRule,
    /// What the network answers it. None: it reaches none.
    pub(super) network: Option<Arc<RuleReplay>>,
}

/// How a rule fared in a virtual run.
pub(super) struct VirtualEnd {
    /// Which.
    pub(super) rule: RuleName,
    /// What it found that is news.
    pub(super) alerts: Vec<Arc<Alert>>,
    /// Why nothing, or not everything, of it counts.
    pub(super) trouble: Option<String>,
}

/// The rules between two virtual runs.
pub(super) struct VirtualRuns {
    rules: Vec<ReadyRule>,
    sandbox: Arc<Sandbox>,
    threads: usize,
    inventory: Arc<Inventory>,
    /// Nobody is granted anything in it.
    network: Arc<Network>,
    status: StatusFile,
    stop: Arc<AtomicBool>,
}

impl VirtualRuns {
    /// Nothing has run yet.
    pub(super) fn new(
        rules: Vec<ReadyRule>,
        (sandbox, threads): (Arc<Sandbox>, usize),
        inventory: Arc<Inventory>,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, Refusal> {
        let network = Arc::new(Network::new().or_exit(Exit::Internal)?);
        Ok(Self { rules, sandbox, threads, inventory, network, status: StatusFile::default(), stop })
    }

    /// Of all rules.
    pub(super) fn names(&self) -> Vec<RuleName> {
        self.rules.iter().map(|ready| ready.rule.name.clone()).collect()
    }

    /// Lets all rules begin at this moment, with nothing remembered.
    pub(super) fn begin_at(&mut self, moment: EpochMillis) {
        for ready in &self.rules {
            self.status.set_rule(&ready.rule.name, RuleStatus::begun_at(moment));
        }
    }

    /// Runs all rules up to `until`, on what was known then. How each fared, in their order.
    pub(super) fn run(&mut self, until: EpochMillis) -> Result<Vec<VirtualEnd>, Refusal> {
        let inventory = Arc::new(Inventory::as_of(&self.inventory, until));
        let terms = RunTerms {
            since: None,
            until,
            store_until: true,
            narrowed: true,
            known_rules: std::collections::BTreeSet::new(),
            outputs: Vec::new(),
        };
        let jobs = self.rules.iter().map(|ready| self.job(ready, &terms, &inventory)).collect();
        let endings = runner::start(jobs, self.threads, &self.sandbox).or_exit(Exit::Internal)?;
        let mut ended: Vec<Ending> = Vec::with_capacity(self.rules.len());
        loop {
            match endings.recv_timeout(LOOK_EVERY) {
                Ok(ending) => ended.push(ending),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => inventory.stop(),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        ended.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(ended.into_iter().map(|ending| self.take_in(ending, &terms)).collect())
    }

    fn job(&self, ReadyRule { rule, loaded, network }: &ReadyRule, terms: &RunTerms, inventory: &Arc<Inventory>) -> Job {
        let assignment = Assignment {
            name: rule.name.clone(),
            settings: rule.settings.to_string(),
            credentials: RuleCredentials::default(),
            remembered: self.status.section(&rule.name),
            limits: rule.limits.clone(),
            // What a replayed rule might reach is in its recorded answers.
            grants: Grants::default(),
            window: terms.window_of(&self.status, &rule.name),
            chance: Chance::Fixed,
            outside: self.outside(inventory, network.as_ref()),
            stop: Arc::clone(&self.stop),
            ends_at: None,
        };
        Job { rule: loaded.clone(), assignment }
    }

    /// The inventory as it was. The network of a run is as it was in the recorded run, from its beginning.
    fn outside(&self, inventory: &Arc<Inventory>, network: Option<&Arc<RuleReplay>>) -> Outside {
        let Some(network) = network else { return Outside::live(inventory, &self.network) };
        network.rewind();
        Outside::NetworkRecorded { inventory: Arc::clone(inventory), network: Arc::clone(network) }
    }

    fn take_in(&mut self, ending: Ending, terms: &RunTerms) -> VirtualEnd {
        let (finished, report) = account_for(ending, terms.until);
        let trouble = match report.fate {
            Fate::Failed(why) => Some(why),
            Fate::Incomplete(reasons) => reasons.into_iter().next(),
            Fate::Done | Fate::NothingToDo => None,
        };
        let taken = self.status.take_in(terms, finished);
        VirtualEnd { rule: taken.name, alerts: taken.alerts, trouble }
    }
}
