//! What belongs to one running rule, and the one function that makes a wasmtime store, with every limit in it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store, UpdateDeadline};
use wasmtime_wasi::{HostWallClock, WasiCtx, WasiCtxView, WasiView};

use super::assignment::{Assignment, Chance};
use super::budget::Budget;
use super::fixed_chance;
use super::guest_output::GuestOutput;
use super::held_answers::HeldAnswers;
use super::loaded_rule::LoadedRule;
use super::memory_limit::MemoryLimit;
use super::remembered::Remembered;
use super::reported::Reported;
use crate::network::Rights;
use crate::plugin::manifest::Manifest;
use crate::recording::Reach;
use crate::rule_name::RuleName;
use crate::time_window::{EpochMillis, TimeWindow};

/// How many handles (streams and the like) a guest may hold.
const HANDLES: usize = 1000;
/// How many random bytes a guest gets at once.
const RANDOM_BYTES: u64 = 64 << 10;

/// The state behind the host's functions.
pub(super) struct RuleState {
    pub(super) name: RuleName,
    pub(super) manifest: Option<Arc<Manifest>>,
    pub(super) window: TimeWindow,
    pub(super) phase: Phase,
    pub(super) budget: Budget,
    pub(super) memory: MemoryLimit,
    pub(super) reach: Arc<Reach>,
    /// Every answer that the rule has begun to read; pages are named by their place here.
    pub(super) answers: HeldAnswers,
    pub(super) collections: BTreeSet<String>,
    pub(super) remembered: Remembered,
    pub(super) reported: Reported,
    pub(super) output: GuestOutput,
    wasi: WasiCtx,
    table: ResourceTable,
}

/// How far the rule has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Code that runs before anything is called.
    Start,
    /// `init`.
    Init,
    /// `run`.
    Run,
}

impl WasiView for RuleState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// A store for one run of one rule. Call it on the thread that runs the rule.
pub(super) fn new_store(engine: &Engine, rule: &LoadedRule, assignment: Assignment) -> Store<RuleState> {
    let result_bytes = usize::try_from(assignment.limits.result_bytes).unwrap_or(usize::MAX);
    let mut store = Store::new(engine, RuleState::new(rule, assignment));
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(result_bytes);
    store.set_max_component_handles(HANDLES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|context| {
        context.data().budget.check()?;
        Ok(UpdateDeadline::Continue(1))
    });
    store
}

impl RuleState {
    fn new(rule: &LoadedRule, assignment: Assignment) -> Self {
        let Assignment { name, settings, credentials, remembered, limits, grants, window, chance, outside, stop, ends_at } = assignment;
        let rights = Rights::new(&name, &grants, rule.asks(), &settings, credentials);
        let output = GuestOutput::default();
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES);
        Self {
            name,
            manifest: rule.manifest().cloned(),
            window,
            phase: Phase::Start,
            memory: MemoryLimit::new(&limits),
            reach: Arc::new(Reach::new(outside, rights, window)),
            answers: HeldAnswers::default(),
            collections: BTreeSet::new(),
            remembered: Remembered::new(remembered, limits.result_bytes),
            reported: Reported::default(),
            wasi: wasi(&output, window.until, chance),
            output,
            table,
            budget: Budget::new(limits, stop, ends_at),
        }
    }
}

/// No files, no arguments, no environment, no network; one clock for all rules.
fn wasi(output: &GuestOutput, now: EpochMillis, chance: Chance) -> WasiCtx {
    let now = Duration::from_millis(u64::try_from(now).unwrap_or(0));
    let mut builder = WasiCtx::builder();
    builder.stdout(output.clone()).stderr(output.clone()).max_random_size(RANDOM_BYTES).wall_clock(StandingClock(now));
    if chance == Chance::Fixed {
        fixed_chance::fix(&mut builder);
    }
    builder.build()
}

/// Every rule of a run agrees on what time it is: the end of its window.
struct StandingClock(Duration);

impl HostWallClock for StandingClock {
    fn resolution(&self) -> Duration {
        Duration::from_millis(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}
