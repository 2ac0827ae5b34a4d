//! Says in words what ended a rule: its own last words first, then what happened, then what to change.

use wasmtime::{Error, Trap};
use wasmtime_wasi::I32Exit;

use super::limit_name::LimitName;
use super::outcome::{Failure, FailureKind};
use super::reported::shortened;
use super::stop::Stop;
use super::store::{Phase, RuleState};
use crate::visible_text::visible;

/// How many of the last lines of a rule's output are shown.
const LAST_LINES: usize = 20;

/// Explains the error that a call into the guest of `state` ended with.
pub(super) fn explain(error: &Error, state: &RuleState) -> Failure {
    let last_words = last_words(&state.output.text());
    let (kind, fact) = match stop(error) {
        Some(stop) => stopped(stop, state),
        None => trapped(error, !last_words.is_empty()),
    };
    let when = match state.phase {
        Phase::Start => " while it started",
        Phase::Init => " in `init`",
        Phase::Run => "",
    };
    Failure { kind, message: format!("{last_words}rule {}{when} {fact}", state.name) }
}

/// The limit that the rule went over.
pub(super) fn limit_reached(limit: LimitName, state: &RuleState) -> Failure {
    let (kind, fact) = stopped(Stop::Limit(limit), state);
    Failure { kind, message: format!("rule {} {fact}", state.name) }
}

/// Ours, or one of the two that wasmtime counts itself and names in its texts only.
fn stop(error: &Error) -> Option<Stop> {
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return Some(*stop);
    }
    let text = error.root_cause().to_string();
    if text.contains("fuel allocated for hostcalls has been exhausted") {
        Some(Stop::Limit(LimitName::ResultBytes))
    } else if text.starts_with("resource limit exceeded:") {
        Some(Stop::Limit(LimitName::Instances))
    } else {
        None
    }
}

fn stopped(stop: Stop, state: &RuleState) -> (FailureKind, String) {
    let limits = state.budget.limits();
    match stop {
        Stop::Limit(limit) => (FailureKind::Limit(limit), format!("{}; {}", limit.fact(limits), limit.advice(limits, &state.name))),
        Stop::RunEnds => (FailureKind::Stopped, "was stopped, because the run was ended".into()),
        Stop::RunTimeOver => (FailureKind::Stopped, "was stopped, because the time of the run (`max-time`) was over".into()),
        Stop::Waits => (FailureKind::Trapped, "wanted to sleep or to wait, which no rule may: take that out of it (Go sleeps before it prints a panic: look for one, or build with an adapter without WASI)".into()),
    }
}

fn trapped(error: &Error, has_last_words: bool) -> (FailureKind, String) {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return (FailureKind::Trapped, format!("ended itself with exit status {}; a rule returns from `run` instead", exit.0));
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) if has_last_words => (FailureKind::Panicked, "panicked".into()),
        Some(Trap::UnreachableCodeReached) => {
            (FailureKind::Trapped, "gave up without a word (`unreachable`: a panic, an abort or an exception that was not caught)".into())
        }
        Some(Trap::StackOverflow) => (FailureKind::Trapped, "called itself too deeply: its stack is full".into()),
        Some(Trap::CannotLeaveComponent) => {
            let fact = "called the system while it took in an answer, which its language's runtime must not do (known of Go: build with an adapter without WASI)";
            (FailureKind::Trapped, fact.into())
        }
        Some(trap) => (FailureKind::Trapped, format!("broke a law of its own language: {trap}")),
        None => (FailureKind::Trapped, format!("did what the contract does not allow: {}", visible(&error.root_cause().to_string()))),
    }
}

/// The end of what the rule wrote, harmless to a terminal, with a line break behind it. Empty when it wrote nothing.
fn last_words(output: &str) -> String {
    // The hint is for those who can set the variable, which nobody can for a rule.
    let worth_showing = |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=1`");
    let lines: Vec<&str> = output.lines().filter(worth_showing).collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    last.iter().fold(String::new(), |text, line| text + &visible(&shortened(&line.replace('\t', "    "))) + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_the_end_and_cannot_act_on_a_terminal() {
        let output = (0..100).fold(String::new(), |text, line| text + &format!("line {line}\n"));
        let words = last_words(&(output + "\n\x1b[31mred\nnote: run with `RUST_BACKTRACE=1` environment variable"));
        assert!(words.starts_with("line 81\n"), "{words}");
        assert!(words.ends_with("line 99\n\\u001b[31mred\n"), "{words}");
        assert_eq!(last_words(""), "");
    }
}
