//! One run of one rule: a fresh instance, `init`, `run`, and nothing that goes wrong in it leaves this file as anything but an outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::debug;
use wasmtime::{Engine, Store};

use super::assignment::Assignment;
use super::bindings::{Alert, NetworkRule};
use super::findings::{self, Checked};
use super::limit_name::LimitName;
use super::loaded_rule::LoadedRule;
use super::outcome::{Failure, FailureKind, Outcome, Usage};
use super::reported::shortened;
use super::store::{Phase, RuleState, new_store};
use super::trap;
use crate::rule_name::RuleName;
use crate::visible_text::{visible, visible_paragraph};

/// Runs the rule on this thread.
pub(super) fn run(engine: &Engine, rule: &LoadedRule, assignment: Assignment) -> Outcome {
    let (name, before) = (assignment.name.clone(), assignment.remembered.clone());
    contained(&name, || attend(engine, rule, assignment)).unwrap_or_else(|failure| Outcome::unknown(failure, before))
}

/// A panic of our own code while a rule runs is that rule's failure, and our fault.
fn contained<T>(name: &RuleName, work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let said = visible(said.unwrap_or("without a text"));
        let message = format!("reddalert panicked while rule {name} ran: {said}; this is a fault of reddalert, please report it");
        Failure { kind: FailureKind::Host, message }
    })
}

fn attend(engine: &Engine, rule: &LoadedRule, assignment: Assignment) -> Outcome {
    let settings = assignment.settings.clone();
    let mut store = new_store(engine, rule, assignment);
    let result = call(rule, &mut store, &settings).and_then(|alerts| checked(alerts, store.data()));
    outcome(result, store.into_data())
}

/// Lets the rule read its settings, on this thread.
pub(super) fn initialize(engine: &Engine, rule: &LoadedRule, assignment: Assignment) -> Result<(), Failure> {
    let (name, settings) = (assignment.name.clone(), assignment.settings.clone());
    contained(&name, || call_init(rule, &mut new_store(engine, rule, assignment), &settings).map(drop))?
}

/// Instantiates and calls `init`.
fn call_init(rule: &LoadedRule, store: &mut Store<RuleState>, settings: &str) -> Result<NetworkRule, Failure> {
    let instance = rule.instantiate(&mut *store).map_err(|error| trap::explain(&error, store.data()))?;
    store.data_mut().phase = Phase::Init;
    let ready =
        instance.reddalert_rule_lifecycle().call_init(&mut *store, settings).map_err(|error| trap::explain(&error, store.data()))?;
    ready.map_err(|said| own_error("in `init`: ", &said))?;
    Ok(instance)
}

/// Instantiates, calls `init`, calls `run`.
fn call(rule: &LoadedRule, store: &mut Store<RuleState>, settings: &str) -> Result<Vec<Alert>, Failure> {
    let instance = call_init(rule, store, settings)?;
    store.data_mut().phase = Phase::Run;
    let alerts = instance.reddalert_rule_lifecycle().call_run(&mut *store).map_err(|error| trap::explain(&error, store.data()))?;
    alerts.map_err(|said| own_error("", &said))
}

fn own_error(when: &str, said: &str) -> Failure {
    Failure { kind: FailureKind::Error, message: format!("{when}{}", visible_paragraph(&shortened(&said.replace('\t', "    ")))) }
}

fn checked(alerts: Vec<Alert>, state: &RuleState) -> Result<Checked, Failure> {
    // A rule that went over its time in its last tick is over its time.
    state.budget.check().map_err(|stop| trap::explain(&stop.into(), state))?;
    if u64::try_from(alerts.len()).unwrap_or(u64::MAX) > state.budget.limits().alerts {
        return Err(trap::limit_reached(LimitName::Alerts, state));
    }
    Ok(findings::check(alerts, state.manifest.as_deref()))
}

fn outcome(result: Result<Checked, Failure>, state: RuleState) -> Outcome {
    let usage = usage(&state);
    show_output(&state);
    let log_fault = state.budget.log_is_full().then(|| log_fault(&state));
    let (result, faults) = match result {
        Ok(Checked { findings, faults }) => (Ok(findings), faults),
        Err(failure) => (Err(failure), Vec::new()),
    };
    Outcome {
        remembered: if result.is_ok() { state.remembered.into_now() } else { state.remembered.into_before() },
        result,
        skipped: state.reported.skipped,
        skipped_count: state.reported.skipped_count,
        incomplete: state.reported.incomplete,
        collections: state.collections,
        faults: faults.into_iter().chain(log_fault).collect(),
        usage,
    }
}

/// A rule that talks too much still finds what it finds, so only its log is cut.
fn log_fault(state: &RuleState) -> String {
    let limits = state.budget.limits();
    let (fact, advice) = (LimitName::LogBytes.fact(limits), LimitName::LogBytes.advice(limits, &state.name));
    format!("it {fact}, the rest was left out; {advice}")
}

fn usage(state: &RuleState) -> Usage {
    Usage {
        computing: state.budget.computing(),
        waiting: state.budget.waiting(),
        host_calls: state.budget.host_calls(),
        inventory_bytes: state.budget.inventory_bytes(),
        peak_memory: state.memory.peak(),
    }
}

fn show_output(state: &RuleState) {
    for line in state.output.text().lines() {
        debug!(rule = %state.name, "wrote: {}", visible(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_host_is_a_failure_that_says_whose_fault_it_is() {
        let name = "iam".parse().expect("a rule name");
        let failure = contained::<()>(&name, || panic!("no such {}", "document")).expect_err("it panicked");
        assert_eq!(failure.kind, FailureKind::Host);
        assert!(failure.message.starts_with("reddalert panicked while rule iam ran: no such document; this is a fault of reddalert"));
    }
}
