//! Every limit stops the guest that goes over it, says so, and lets the same guest through when it is raised.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::inventory_server::serve;
use super::{assignment, run, with_inventory};
use crate::sandbox::{FailureKind, LimitName, Outcome};
use crate::settings::Limits;

fn failure(outcome: &Outcome) -> (FailureKind, &str) {
    let failure = outcome.result.as_ref().expect_err("the limit was not seen");
    (failure.kind, &failure.message)
}

/// The guest `name` is stopped by `limit` under `low`, with a message that ends in `advice`, and ends well under `high`.
fn stops(name: &str, limit: LimitName, low: Limits, message: &str, high: Limits) {
    let outcome = run(name, assignment(low));
    assert_eq!(failure(&outcome), (FailureKind::Limit(limit), message), "{name}");
    let outcome = run(name, assignment(high));
    assert!(outcome.result.is_ok(), "{name}: {:?}", outcome.result);
}

#[test]
fn computing_time_counts_from_the_first_instruction() {
    let low = || Limits { computing_time: Duration::from_millis(30), ..Limits::default() };
    for (name, when) in [("computing_start", " while it started"), ("computing_init", " in `init`"), ("computing_run", "")] {
        let message = format!(
            "rule hostile{when} computed for more than 30ms; if it needs more, raise \"limits\": {{\"hostile\": {{\"computing-time\": \"60ms\"}}}}"
        );
        stops(name, LimitName::ComputingTime, low(), &message, Limits::default());
    }
}

#[test]
fn waiting_time_is_all_that_the_inventory_takes() {
    let (release, released) = mpsc::channel::<()>();
    let url = serve("[]".into(), move || {
        let _ = released.recv_timeout(Duration::from_secs(30));
    });
    let limits = Limits { waiting_time: Duration::from_millis(200), ..Limits::default() };
    let start = Instant::now();
    let outcome = run("asks", with_inventory(limits, &url));
    assert!(start.elapsed() < Duration::from_secs(10));
    let message =
        r#"rule hostile waited more than 200ms for answers; if it needs more, raise "limits": {"hostile": {"waiting-time": "400ms"}}"#;
    assert_eq!(failure(&outcome), (FailureKind::Limit(LimitName::WaitingTime), message));
    assert!(outcome.usage.waiting >= Duration::from_millis(200), "{:?}", outcome.usage);
    drop(release);
    let outcome = run("asks", with_inventory(Limits::default(), &url));
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
}

#[test]
fn memory_is_summed_over_all_memories() {
    let limits = |mebibytes: u64| Limits { memory: mebibytes << 20, ..Limits::default() };
    let message = r#"rule hostile asked for more than 16MiB of memory; if it needs more, raise "limits": {"hostile": {"memory": "32MiB"}}"#;
    for name in ["memory_one", "memory_two"] {
        stops(name, LimitName::Memory, limits(16), message, limits(32));
    }
    let outcome = run("memory_two", assignment(limits(32)));
    assert_eq!(outcome.usage.peak_memory, (20 << 20) + (1 << 16));
}

#[test]
fn table_elements_are_summed_over_all_tables() {
    let limits = |elements| Limits { table_elements: elements, ..Limits::default() };
    let message =
        r#"rule hostile asked for more than 1199 table elements; if it needs more, raise "limits": {"hostile": {"table-elements": 2398}}"#;
    stops("tables", LimitName::TableElements, limits(1199), message, limits(1200));
}

#[test]
fn instances_are_counted() {
    let message = r#"rule hostile while it started consists of more than 50 core instances, memories or tables; if it needs more, raise "limits": {"hostile": {"instances": 100}}"#;
    stops("instances", LimitName::Instances, Limits::default(), message, Limits { instances: 100, ..Limits::default() });
}

#[test]
fn host_calls_are_counted() {
    let limits = |calls| Limits { host_calls: calls, ..Limits::default() };
    let message =
        r#"rule hostile called the host more than 999 times; if it needs more, raise "limits": {"hostile": {"host-calls": 1998}}"#;
    stops("host_calls", LimitName::HostCalls, limits(999), message, limits(1000));
}

#[test]
fn inventory_bytes_are_counted_page_by_page() {
    let document = format!("{{\"instanceId\":\"{}\"}}", "i".repeat(1000));
    let url = serve(format!("[{}]", vec![document; 600].join(",")), || {});
    let limits = |mebibytes: u64| Limits { inventory_bytes: mebibytes << 20, ..Limits::default() };
    let outcome = run("asks", with_inventory(limits(32), &url));
    let message = r#"rule hostile read more than 32MiB from the inventory; if it needs more, raise "limits": {"hostile": {"inventory-bytes": "64MiB"}}"#;
    assert_eq!(failure(&outcome), (FailureKind::Limit(LimitName::InventoryBytes), message));
    let outcome = run("asks", with_inventory(limits(128), &url));
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    assert!(outcome.usage.inventory_bytes > 100 * 600 * 1000, "{:?}", outcome.usage);
    assert!(outcome.usage.peak_memory < 4 << 20, "a guest that reads page by page stays small: {:?}", outcome.usage);
    assert_eq!(outcome.collections.len(), 1);
}

#[test]
fn a_result_has_a_size() {
    let limits = |bytes| Limits { result_bytes: bytes, ..Limits::default() };
    let message =
        r#"rule hostile handed over more than 512KiB in one call; if it needs more, raise "limits": {"hostile": {"result-bytes": "1MiB"}}"#;
    stops("result_size", LimitName::ResultBytes, limits(512 << 10), message, limits(2 << 20));
}

#[test]
fn alerts_are_counted() {
    let limits = |alerts| Limits { alerts, ..Limits::default() };
    let message = r#"rule hostile returned more than 999 alerts; if it needs more, raise "limits": {"hostile": {"alerts": 1998}}"#;
    stops("alerts", LimitName::Alerts, limits(999), message, limits(1000));
}

#[test]
fn a_log_is_cut_and_the_alerts_are_kept() {
    let outcome = run("log_size", assignment(Limits { log_bytes: 5000, ..Limits::default() }));
    assert!(outcome.result.is_ok());
    let fault = r#"it wrote more than 5000B to the log, the rest was left out; if it needs more, raise "limits": {"hostile": {"log-bytes": "10000B"}}"#;
    assert_eq!(outcome.faults, [fault]);
    let outcome = run("log_size", assignment(Limits { log_bytes: 10_000, ..Limits::default() }));
    assert!(outcome.result.is_ok() && outcome.faults.is_empty(), "{:?}", outcome.faults);
}

#[test]
fn recursion_ends_with_the_stack() {
    let outcome = run("recursion", assignment(Limits::default()));
    assert_eq!(failure(&outcome), (FailureKind::Trapped, "rule hostile called itself too deeply: its stack is full"));
}

#[test]
fn nothing_can_be_waited_for() {
    let start = Instant::now();
    for name in ["sleeps", "polls"] {
        let outcome = run(name, assignment(Limits::default()));
        let (kind, message) = failure(&outcome);
        assert_eq!(kind, FailureKind::Trapped, "{name}");
        assert!(message.starts_with("rule hostile wanted to sleep or to wait, which no rule may"), "{name}: {message}");
    }
    assert!(start.elapsed() < Duration::from_mins(1), "they want to sleep for an hour");
}

#[test]
fn a_run_that_ends_takes_its_rules_along() {
    let stopped = assignment(Limits::default());
    stopped.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let message = "rule hostile was stopped, because the run was ended";
    assert_eq!(failure(&run("endless", stopped)), (FailureKind::Stopped, message));
    let mut late = assignment(Limits::default());
    late.ends_at = Some(Instant::now());
    let message = "rule hostile was stopped, because the time of the run (`max-time`) was over";
    assert_eq!(failure(&run("endless", late)), (FailureKind::Stopped, message));
}
