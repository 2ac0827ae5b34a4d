//! Rules that want more than their share: time, memory, calls, room.

use super::attack::{Attack, Ends, Group, attack};
use super::{SILENT, alerts_of, ends_well};

pub(super) fn groups() -> Vec<Group> {
    vec![
        Group { title: "Time", attacks: time() },
        Group { title: "Memory", attacks: memory() },
        Group { title: "Calls, handles and messages", attacks: calls() },
        Group { title: "Results", attacks: results() },
    ]
}

/// So that a loop without an end ends soon.
const SECONDS: &str = r#""limits.HOSTILE": {"computing-time": "200ms"}"#;
const COMPUTING: &str = "the limit `computing-time`, counted from the first instruction";
const WAITING: &str = "nothing that a rule can call waits but the host's own calls, which have the limit `waiting-time`";

fn time() -> Vec<Attack> {
    let endless = |name, source, tries, texts| attack(name, source, tries, COMPUTING, Ends::Fails(texts)).under(SECONDS);
    vec![
        endless(
            "endless_start",
            "endless_start.wat",
            "compute for ever before anything is called",
            &["while it started computed for more than 200ms"],
        ),
        endless("endless_init", "endless_init.wat", "compute for ever in `init`", &["in `init` computed for more than 200ms"]),
        endless(
            "endless_run",
            "endless.wat",
            "compute for ever in `run`",
            &["computed for more than 200ms", r#""computing-time": "400ms""#],
        ),
        endless(
            "endless_allocator",
            "allocator_endless.wat",
            "compute for ever while the host writes to its memory",
            &["in `init` computed for more than 200ms"],
        ),
        endless("endless_output", "endless_output.wat", "write to its standard error for ever", &["computed for more than 200ms"]),
        attack(
            "computing",
            "computing_run.wat",
            "compute for longer than it may",
            COMPUTING,
            Ends::Fails(&["computed for more than 30ms"]),
        )
        .under(r#""limits.HOSTILE": {"computing-time": "30ms"}"#)
        .unless(""),
        attack("sleeps", "sleeps.wat", "sleep for an hour", WAITING, Ends::Fails(&["wanted to sleep or to wait, which no rule may"])),
        attack("polls", "polls.wat", "wait for a list of timers", WAITING, Ends::Fails(&["wanted to sleep or to wait, which no rule may"])),
        attack(
            "waits",
            "asks_path.wat",
            "block in a call of the host: an inventory that never answers",
            WAITING,
            Ends::Fails(&["waited more than 300ms for answers"]),
        )
        .with("PATH", SILENT)
        .under(r#""limits.HOSTILE": {"waiting-time": "300ms"}"#),
    ]
}

fn memory() -> Vec<Attack> {
    let summed = "the limit `memory`, summed over all memories";
    vec![
        attack(
            "memory_one",
            "memory_one.wat",
            "grow a memory beyond what it may have",
            summed,
            Ends::Fails(&["asked for more than 16MiB of memory"]),
        )
        .under(r#""limits.HOSTILE": {"memory": "16MiB"}"#)
        .unless(r#""limits.HOSTILE": {"memory": "32MiB"}"#),
        attack(
            "memory_two",
            "memory_two.wat",
            "share the growth out to two memories",
            summed,
            Ends::Fails(&["asked for more than 16MiB of memory"]),
        )
        .under(r#""limits.HOSTILE": {"memory": "16MiB"}"#)
        .unless(r#""limits.HOSTILE": {"memory": "32MiB"}"#),
        attack(
            "tables",
            "tables.wat",
            "grow tables instead",
            "the limit `table-elements`",
            Ends::Fails(&["more than 1199 table elements"]),
        )
        .under(r#""limits.HOSTILE": {"table-elements": 1199}"#)
        .unless(r#""limits.HOSTILE": {"table-elements": 1200}"#),
        attack(
            "instances",
            "instances.wat",
            "consist of many instances",
            "the limit `instances`",
            Ends::Fails(&["more than 50 core instances"]),
        )
        .unless(r#""limits.HOSTILE": {"instances": 100}"#),
        attack(
            "recursion",
            "recursion.wat",
            "fill the stack",
            "a stack of its own, of a fixed size",
            Ends::Fails(&["called itself too deeply: its stack is full"]),
        ),
        attack(
            "reads_much",
            "asks.wat",
            "read the inventory again and again",
            "the limits `host-calls` and `inventory-bytes`; answers that the host holds count against `memory`",
            Ends::Fails(&["called the host more than 50 times"]),
        )
        .under(r#""limits.HOSTILE": {"host-calls": 50}"#)
        .unless(""),
    ]
}

fn calls() -> Vec<Attack> {
    vec![
        attack(
            "host_calls",
            "host_calls.wat",
            "keep the host busy",
            "the limit `host-calls`",
            Ends::Fails(&["called the host more than 999 times"]),
        )
        .under(r#""limits.HOSTILE": {"host-calls": 999}"#)
        .unless(r#""limits.HOSTILE": {"host-calls": 1000}"#),
        attack(
            "requests",
            "sends.wat",
            "hand over many requests in one call",
            "each counts against `host-calls`",
            Ends::Fails(&["called the host more than 999 times"]),
        )
        .with("URL", "https://evil.test/")
        .with("NAME", "accept")
        .with("VALUE", "*/*")
        .with("COUNT", "1000")
        .under(r#""limits.HOSTILE": {"host-calls": 999}"#),
        attack(
            "handles",
            "handles.wat",
            "take handles and give none back",
            "a thousand handles a rule",
            Ends::Fails(&["did what the contract does not allow"]),
        ),
        attack(
            "timers",
            "timers.wat",
            "make timers without end",
            "a thousand handles a rule",
            Ends::Fails(&["did what the contract does not allow"]),
        ),
        attack(
            "log_size",
            "log_size.wat",
            "fill the log",
            "the limit `log-bytes`: what goes beyond is left out, and said",
            Ends::Harmless(|attack, place, ran| {
                ends_well(attack, place, ran);
                assert!(ran.stderr.contains("it wrote more than 5000B to the log, the rest was left out"), "{}", ran.stderr);
            }),
        )
        .under(r#""limits.HOSTILE": {"log-bytes": "5000B"}"#),
        attack(
            "endless_log",
            "endless_log.wat",
            "log without end",
            "`log-bytes`, `host-calls` and `computing-time`",
            Ends::Fails(&["more than"]),
        )
        .under(r#""limits.HOSTILE": {"computing-time": "2s", "log-bytes": "70000B"}"#),
        attack(
            "remarks",
            "remarks.wat",
            "fill the summary with remarks of 60 KB",
            "the summary shows the first few of each kind, and a thousand characters of each",
            Ends::Harmless(|_, _, ran| {
                assert!(ran.stderr.contains("1000 skipped") && ran.stderr.contains("incomplete"), "{}", ran.stderr);
            }),
        ),
    ]
}

fn results() -> Vec<Attack> {
    let size = "the limit `result-bytes`";
    let small = r#""limits.HOSTILE": {"result-bytes": "512KiB"}"#;
    vec![
        attack("alerts", "alerts.wat", "drown the reader in alerts", "the limit `alerts`", Ends::Fails(&["returned more than 999 alerts"]))
            .under(r#""limits.HOSTILE": {"alerts": 999}"#)
            .unless(r#""limits.HOSTILE": {"alerts": 1000}"#),
        attack(
            "result_size",
            "result_size.wat",
            "return an alert of a megabyte",
            size,
            Ends::Fails(&["handed over more than 512KiB in one call"]),
        )
        .under(small)
        .unless(r#""limits.HOSTILE": {"result-bytes": "2MiB"}"#),
        attack(
            "echoes",
            "echoes.wat",
            "return a gigabyte that lies in its memory once",
            "`result-bytes` counts what the host would have to copy",
            Ends::Fails(&["handed over more than 64MiB in one call"]),
        ),
        attack(
            "remembers_much",
            "remembers_much.wat",
            "fill the status",
            "what a rule remembers is bounded by `result-bytes`",
            Ends::Fails(&["a rule may remember at most 4194304 bytes"]),
        )
        .under(r#""limits.HOSTILE": {"result-bytes": "4MiB"}"#)
        .unless(""),
        attack(
            "no_id",
            "no_id.wat",
            "report something about nothing",
            "it is delivered, and named as the rule's fault",
            Ends::Harmless(|attack, place, ran| {
                ends_well(attack, place, ran);
                assert_eq!(alerts_of(attack, ran).len(), 1);
                assert!(ran.stderr.contains("1 alerts have an empty id"), "{}", ran.stderr);
            }),
        ),
    ]
}
