//! What a run says about itself when it is over: a summary for people on stderr, and the exit code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::exit_code::Exit;
use crate::rule_name::RuleName;
use crate::time_window::{EpochMillis, TimeWindow};
use crate::visible_text::visible;

/// How a rule fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It looked at its whole window.
    Done,
    /// Its alerts count, but it could not look at everything; the same window comes again.
    Incomplete(Vec<String>),
    /// Nothing of it counts.
    Failed(String),
    /// Its window is empty.
    NothingToDo,
}

/// One line of the summary.
#[derive(Clone, Debug)]
pub struct RuleReport {
    /// How it fared.
    pub fate: Fate,
    /// What it looked at.
    pub window: TimeWindow,
    /// Alerts taken in from it in this run.
    pub alerts: usize,
    /// Alerts it repeated from a window that an earlier run had left open; they are not sent again.
    pub repeated: usize,
    /// Odd things it left out: how many, and the first few with the reason.
    pub skipped: (u64, Vec<String>),
    /// Its own faults that cost nothing, such as a malformed detail.
    pub faults: Vec<String>,
    /// Why its progress did not move, if it did not.
    pub progress_note: Option<String>,
    /// From its start to its end.
    pub elapsed: Duration,
}

impl RuleReport {
    /// A rule of which nothing more is known.
    pub fn new(window: TimeWindow, fate: Fate) -> Self {
        Self {
            fate,
            window,
            alerts: 0,
            repeated: 0,
            skipped: (0, Vec::new()),
            faults: Vec::new(),
            progress_note: None,
            elapsed: Duration::ZERO,
        }
    }
}

/// What one output took.
#[derive(Clone, Debug, Default)]
pub struct OutputReport {
    /// Alerts taken in this run.
    pub delivered: usize,
    /// Alerts still owed to it.
    pub owed: Waiting,
    /// Why they are owed.
    pub trouble: Option<String>,
    /// Alerts that it will never take; they are with the dead letters.
    pub refused: usize,
    /// Why it refused the first of them.
    pub refusal: Option<String>,
    /// What the operator has to know although alerts were taken: a receiver that was refused.
    pub notes: Vec<String>,
}

impl OutputReport {
    /// Something did not arrive where it should.
    fn is_troubled(&self) -> bool {
        self.owed.alerts > 0 || self.refused > 0 || self.trouble.is_some() || !self.notes.is_empty()
    }
}

/// Alerts that wait for an output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub alerts: usize,
    /// When the oldest was found: RFC 3339.
    pub oldest: Option<String>,
}

impl Waiting {
    /// One more, found at `detected_at`.
    pub fn add(&mut self, detected_at: &str) {
        self.alerts += 1;
        if self.oldest.as_deref().is_none_or(|oldest| detected_at < oldest) {
            self.oldest = Some(detected_at.to_owned());
        }
    }
}

/// `2 alerts`, or when they are there `2 alerts, the oldest found at 2025-11-24T09:00:00.000Z`.
impl fmt::Display for Waiting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", count(self.alerts, "alert"))?;
        self.oldest.iter().try_for_each(|oldest| write!(formatter, ", the oldest found at {oldest}"))
    }
}

/// The whole run.
#[derive(Clone, Debug, Default)]
pub struct RunReport {
    /// By rule.
    pub rules: BTreeMap<RuleName, RuleReport>,
    /// Files in a rule directory that are no rule, with the reason.
    pub rejected: Vec<String>,
    /// What is not as the lock file pins it: rules that were not run for that, and rules that are gone.
    pub lock_trouble: Vec<String>,
    /// By output.
    pub outputs: BTreeMap<String, OutputReport>,
    /// What is wrong with the inventory.
    pub inventory_trouble: BTreeSet<String>,
    /// Up to when each collection that was asked for is known.
    pub known_until: BTreeMap<String, EpochMillis>,
    /// Alerts owed to outputs that this run does not use, by output.
    pub orphaned: BTreeMap<String, Waiting>,
    /// How large the outbox is at the end of the run, bytes.
    pub outbox_bytes: u64,
    /// Why no rule was run, if the outbox was too large for that.
    pub outbox_full: Option<String>,
    /// What could not be written at the end of the run. Nothing is lost by it: the next run goes on from what is on the disk.
    pub status_trouble: Option<String>,
    /// Everything else worth a line.
    pub notes: Vec<String>,
    /// An alert at or above `--fail-on` was taken in.
    pub reached_fail_on: bool,
    /// The recording that was asked for is not there.
    pub not_recorded: bool,
    /// The run was asked to stop.
    pub stopped: bool,
    /// From the program's start to its end.
    pub elapsed: Duration,
}

impl RunReport {
    /// The exit code: of all that apply, the greatest.
    pub fn exit(&self) -> Exit {
        let failed = |rule: &RuleReport| matches!(rule.fate, Fate::Failed(_));
        let mut exit = Exit::Done;
        let mut applies = |holds: bool, code: Exit| exit = if holds { exit.max(code) } else { exit };
        applies(self.reached_fail_on, Exit::Alerts);
        applies(!self.rejected.is_empty() || self.rules.values().any(failed), Exit::RuleFailed);
        applies(self.outbox_full.is_some() || self.outputs.values().any(OutputReport::is_troubled), Exit::NotDelivered);
        applies(!self.inventory_trouble.is_empty(), Exit::Inventory);
        applies(self.status_trouble.is_some(), Exit::Status);
        applies(!self.lock_trouble.is_empty(), Exit::Settings);
        applies(self.not_recorded, Exit::Status);
        exit
    }

    /// All alerts taken in.
    pub fn alerts(&self) -> usize {
        self.rules.values().map(|rule| rule.alerts).sum()
    }

    /// What each output took and did not take, for a command that runs no rules: a line for each output.
    pub fn deliveries(&self) -> String {
        let mut text: String =
            self.outputs.iter().map(|(name, output)| format!("{}: {} sent\n", visible(name), count(output.delivered, "alert"))).collect();
        // Writing to a text cannot fail.
        let _ = self.write_outputs(&mut text);
        text
    }

    fn write_outputs(&self, formatter: &mut impl fmt::Write) -> fmt::Result {
        self.outputs.iter().try_for_each(|(name, output)| write_output(formatter, name, output))
    }

    fn first_line(&self) -> String {
        let rules = self.rules.len();
        let what = if self.stopped { "stopped" } else { "done" };
        let exit = self.exit();
        format!(
            "{what}: {} from {} in {:.1} s, exit code {}",
            count(self.alerts(), "alert"),
            count(rules, "rule"),
            self.elapsed.as_secs_f64(),
            exit as u8
        )
    }
}

/// `1 alert`, `2 alerts`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl fmt::Display for RunReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.first_line())?;
        for (name, rule) in &self.rules {
            write_rule(formatter, name, rule)?;
        }
        for reason in &self.rejected {
            write_item(formatter, "not a rule", reason)?;
        }
        for trouble in &self.lock_trouble {
            write_item(formatter, "lock", trouble)?;
        }
        self.write_outputs(formatter)?;
        for trouble in &self.inventory_trouble {
            write_item(formatter, "inventory", trouble)?;
        }
        for (output, owed) in &self.orphaned {
            let text =
                format!("{owed}, owed to it, but this run does not use it; drop with `reddalert outbox drop --output {output} --yes`");
            write_item(formatter, &format!("output {output}"), &text)?;
        }
        self.status_trouble.iter().try_for_each(|trouble| write_item(formatter, "status", trouble))?;
        self.outbox_full.iter().try_for_each(|reason| write_item(formatter, "outbox", reason))?;
        self.notes.iter().try_for_each(|note| write_item(formatter, "note", note))
    }
}

fn write_rule(formatter: &mut fmt::Formatter<'_>, name: &RuleName, rule: &RuleReport) -> fmt::Result {
    let (skipped, examples) = &rule.skipped;
    let mut parts = Vec::new();
    match &rule.fate {
        Fate::Done => parts.push(format!("{} in {} ms", count(rule.alerts, "alert"), rule.elapsed.as_millis())),
        Fate::Incomplete(reasons) => {
            parts.push(format!("{}, incomplete, the same window comes again: {}", count(rule.alerts, "alert"), reasons.join("; ")));
        }
        Fate::Failed(message) => parts.push(format!("failed, nothing of it counts: {message}")),
        Fate::NothingToDo => parts.push(format!("nothing to do: already at {}", rule.window.since)),
    }
    parts.extend((rule.repeated > 0).then(|| format!("{} already sent by an earlier run", rule.repeated)));
    parts.extend((*skipped > 0).then(|| format!("{skipped} skipped ({})", examples.join("; "))));
    parts.extend(rule.faults.iter().cloned());
    parts.extend(rule.progress_note.iter().cloned());
    write_item(formatter, name.as_str(), &parts.join(", "))
}

fn write_output(formatter: &mut impl fmt::Write, name: &str, output: &OutputReport) -> fmt::Result {
    let name = format!("output {name}");
    if output.owed.alerts > 0 || output.trouble.is_some() {
        let trouble = output.trouble.as_deref().unwrap_or("it was not reached");
        let Waiting { alerts, oldest } = &output.owed;
        let oldest = oldest.as_ref().map_or_else(String::new, |oldest| format!(" (the oldest was found at {oldest})"));
        write_item(formatter, &name, &format!("{} kept for the next run: {trouble}{oldest}", count(*alerts, "alert")))?;
    }
    if output.refused > 0 {
        let (refused, reason) = (count(output.refused, "alert"), output.refusal.as_deref().unwrap_or("no reason given"));
        let text = format!("{refused} will never be taken, kept in `<statusfile>.dead`: {reason}");
        write_item(formatter, &name, &text)?;
    }
    output.notes.iter().try_for_each(|note| write_item(formatter, &name, note))
}

/// Names and messages come from rules and from AWS: no line of the summary can be forged or coloured by them.
fn write_item(formatter: &mut impl fmt::Write, name: &str, text: &str) -> fmt::Result {
    let lines: Vec<_> = text.trim_end().split('\n').map(visible).collect();
    writeln!(formatter, "  {}: {}", visible(name), lines.join("\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(fate: Fate) -> RunReport {
        let name = "iam".parse().expect("a rule name");
        let rule = RuleReport { alerts: 1, ..RuleReport::new(TimeWindow { since: 0, until: 1 }, fate) };
        RunReport { rules: BTreeMap::from([(name, rule)]), ..RunReport::default() }
    }

    #[test]
    fn the_greatest_exit_code_wins() {
        let mut report = report(Fate::Done);
        assert_eq!(report.exit(), Exit::Done);
        report.reached_fail_on = true;
        assert_eq!(report.exit(), Exit::Alerts);
        report.rejected.push("x".into());
        assert_eq!(report.exit(), Exit::RuleFailed);
        report.outputs.insert("stdout".into(), OutputReport { owed: Waiting { alerts: 1, oldest: None }, ..OutputReport::default() });
        assert_eq!(report.exit(), Exit::NotDelivered);
        report.inventory_trouble.insert("down".into());
        assert_eq!(report.exit(), Exit::Inventory);
        report.lock_trouble.push("gone".into());
        assert_eq!(report.exit(), Exit::Settings);
    }

    #[test]
    fn a_failed_rule_is_named_and_cannot_forge_a_line() {
        let text = report(Fate::Failed("boom\u{1b}[2J\ndone: 0 alerts".into())).to_string();
        assert!(text.contains("  iam: failed, nothing of it counts: boom\\u001b[2J\n    done: 0 alerts"), "{text}");
        assert!(text.starts_with("done: 1 alert from 1 rule in 0.0 s, exit code 2"), "{text}");
    }
}
