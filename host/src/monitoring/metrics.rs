//! The file with metrics that Prometheus's node exporter reads. It is written after each run, also after one that failed. What a failed run
//! does not know, such as when a rule last went well, is taken over from the file before.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use prometheus::{Gauge, GaugeVec, Opts, Registry, TextEncoder};

use super::EndedRun;
use super::previous::Previous;
use crate::run_report::{Fate, RuleReport};
use crate::time_window::EpochMillis;

const LAST_SUCCESS: &str = "reddalert_last_success_timestamp_seconds";
const RULE_LAST_SUCCESS: &str = "reddalert_rule_last_success_timestamp_seconds";
const OUTPUT_LAST_SUCCESS: &str = "reddalert_output_last_success_timestamp_seconds";

/// How a rule can fare.
const FATES: [&str; 4] = ["ok", "incomplete", "failed", "idle"];

/// Writes the file: whole, or not at all.
pub(super) fn write(file: &Path, run: &EndedRun<'_>) -> anyhow::Result<()> {
    let text = text(run, &Previous::read(file))?;
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Called so that the exporter does not read it before it is whole.
    let mut written = tempfile::Builder::new().prefix(".reddalert-").permissions(Permissions::from_mode(0o644)).tempfile_in(directory)?;
    written.write_all(text.as_bytes())?;
    written.as_file().sync_all()?;
    // Whatever the umask made of it: another user reads it.
    written.as_file().set_permissions(Permissions::from_mode(0o644))?;
    written.persist(file).context("it cannot be put into its place")?;
    Ok(())
}

fn text(run: &EndedRun<'_>, previous: &Previous) -> prometheus::Result<String> {
    let metrics = Metrics { registry: Registry::new(), run, previous };
    metrics.of_the_run()?;
    metrics.of_the_rules()?;
    metrics.of_the_outputs()?;
    metrics.of_the_inventory()?;
    TextEncoder::new().encode_to_string(&metrics.registry.gather())
}

struct Metrics<'a> {
    registry: Registry,
    run: &'a EndedRun<'a>,
    previous: &'a Previous,
}

impl Metrics<'_> {
    fn of_the_run(&self) -> prometheus::Result<()> {
        let Self { run, previous, .. } = self;
        self.single("reddalert_last_run_timestamp_seconds", "When the last run was over.", seconds(run.ended))?;
        let success = if run.is_good() { seconds(run.ended) } else { previous.get(LAST_SUCCESS).unwrap_or(0.0) };
        self.single(LAST_SUCCESS, "When the last run was over that did all that it had to do; 0: there was none.", success)?;
        self.single("reddalert_last_run_duration_seconds", "How long the last run took.", seconds(run.ended - run.began))?;
        self.single("reddalert_last_run_exit_code", "The exit code of the last run.", f64::from(run.exit as u8))?;
        let build = self.by("reddalert_build_info", "Which program it was; always 1.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1.0);
        Ok(())
    }

    fn of_the_rules(&self) -> prometheus::Result<()> {
        let success = self.by(RULE_LAST_SUCCESS, "When a rule last looked at all that it had to look at; 0: never.", &["rule"])?;
        let fate =
            self.by("reddalert_rule_status", "1 for how the rule fared in the last run, 0 for the other ways.", &["rule", "status"])?;
        let duration = self.by("reddalert_rule_duration_seconds", "How long the rule took in the last run.", &["rule"])?;
        let alerts = self.by("reddalert_rule_alerts", "Alerts of the rule in the last run.", &["rule"])?;
        let skipped = self.by("reddalert_rule_skipped", "Odd things that the rule left out in the last run.", &["rule"])?;
        let rules = self.run.report.map(|report| &report.rules);
        let before = self.previous.by_label(RULE_LAST_SUCCESS, "rule");
        let names = rules.into_iter().flatten().map(|(name, _)| name.as_str());
        self.take_over(&success, &before, names);
        for (name, rule) in rules.into_iter().flatten() {
            let name = name.as_str();
            if matches!(rule.fate, Fate::Done | Fate::NothingToDo) {
                success.with_label_values(&[name]).set(seconds(self.run.ended));
            }
            for status in FATES {
                fate.with_label_values(&[name, status]).set(f64::from(u8::from(status == status_of(rule))));
            }
            duration.with_label_values(&[name]).set(rule.elapsed.as_secs_f64());
            alerts.with_label_values(&[name]).set(number(rule.alerts));
            skipped.with_label_values(&[name]).set(float(rule.skipped.0));
        }
        Ok(())
    }

    fn of_the_outputs(&self) -> prometheus::Result<()> {
        let success = self.by(OUTPUT_LAST_SUCCESS, "When nothing was owed to the output at the end of a run; 0: never.", &["output"])?;
        let pending = self.by("reddalert_output_pending", "Alerts that are owed to the output.", &["output"])?;
        let oldest = self.by(
            "reddalert_output_oldest_pending_timestamp_seconds",
            "When the oldest alert that is owed to the output was found.",
            &["output"],
        )?;
        let delivered = self.by("reddalert_output_delivered", "Alerts that the output took in the last run.", &["output"])?;
        let dead = self.by("reddalert_output_dead_letter", "Alerts that the output refused for good in the last run.", &["output"])?;
        let outputs = self.run.report.map(|report| &report.outputs);
        let before = self.previous.by_label(OUTPUT_LAST_SUCCESS, "output");
        self.take_over(&success, &before, outputs.into_iter().flatten().map(|(name, _)| name.as_str()));
        for (name, output) in outputs.into_iter().flatten() {
            if output.owed.alerts == 0 && output.trouble.is_none() {
                success.with_label_values(&[name]).set(seconds(self.run.ended));
            }
            delivered.with_label_values(&[name]).set(number(output.delivered));
            dead.with_label_values(&[name]).set(number(output.refused));
        }
        let owed = outputs.into_iter().flatten().map(|(name, output)| (name, &output.owed));
        for (name, waiting) in owed.chain(self.run.report.iter().flat_map(|report| &report.orphaned)) {
            pending.with_label_values(&[name]).set(number(waiting.alerts));
            if let Some(moment) = waiting.oldest.as_ref().and_then(|text| text.parse::<Timestamp>().ok()) {
                oldest.with_label_values(&[name]).set(seconds(moment.as_millisecond()));
            }
        }
        let Some(report) = self.run.report else { return Ok(()) };
        self.single("reddalert_outbox_bytes", "How large the outbox was at the end of the last run.", float(report.outbox_bytes))?;
        let full = f64::from(u8::from(report.outbox_full.is_some()));
        self.single("reddalert_outbox_full", "1: the last run ran no rule, because the outbox was too large; 0: it did.", full)
    }

    fn of_the_inventory(&self) -> prometheus::Result<()> {
        let Some(report) = self.run.report else { return Ok(()) };
        let name = "reddalert_inventory_known_timestamp_seconds";
        let known = self.by(name, "Up to when a collection is known. When it stands still, nothing new can be found.", &["collection"])?;
        for (collection, until) in &report.known_until {
            known.with_label_values(&[collection]).set(seconds(*until));
        }
        let troubles = number(report.inventory_trouble.len());
        self.single("reddalert_inventory_troubles", "Things that were wrong with the inventory in the last run.", troubles)
    }

    /// What was known of the things in this run; of all, if the run did not look at all of them.
    fn take_over<'n>(&self, metric: &GaugeVec, before: &BTreeMap<String, f64>, names: impl Iterator<Item = &'n str>) {
        if self.run.narrowed || self.run.report.is_none() {
            for (name, value) in before {
                metric.with_label_values(&[name]).set(*value);
            }
        }
        for name in names {
            metric.with_label_values(&[name]).set(before.get(name).copied().unwrap_or(0.0));
        }
    }

    fn single(&self, name: &str, help: &str, value: f64) -> prometheus::Result<()> {
        let gauge = Gauge::with_opts(Opts::new(name, help))?;
        gauge.set(value);
        self.registry.register(Box::new(gauge))
    }

    fn by(&self, name: &str, help: &str, labels: &[&str]) -> prometheus::Result<GaugeVec> {
        let gauges = GaugeVec::new(Opts::new(name, help), labels)?;
        self.registry.register(Box::new(gauges.clone()))?;
        Ok(gauges)
    }
}

fn status_of(rule: &RuleReport) -> &'static str {
    match rule.fate {
        Fate::Done => "ok",
        Fate::Incomplete(_) => "incomplete",
        Fate::Failed(_) => "failed",
        Fate::NothingToDo => "idle",
    }
}

/// Moments and spans of time.
#[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
fn seconds(millis: EpochMillis) -> f64 {
    millis as f64 / 1000.0
}

fn number(count: usize) -> f64 {
    float(u64::try_from(count).unwrap_or(u64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts the alerts beyond 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ended, report};
    use super::*;
    use crate::exit_code::Exit;
    use crate::run_report::RunReport;

    fn written(run: &EndedRun<'_>, before: &str) -> String {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("reddalert.prom");
        std::fs::write(&file, before).expect("a file");
        write(&file, run).expect("written");
        assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o644);
        assert_eq!(directory.path().read_dir().expect("a directory").count(), 1);
        std::fs::read_to_string(file).expect("a text")
    }

    fn has(text: &str, samples: &[&str]) {
        for sample in samples {
            assert!(text.lines().any(|line| line == *sample), "no `{sample}` in\n{text}");
        }
    }

    #[test]
    fn a_good_run_is_a_success_of_everything() {
        let report = report(Fate::Done);
        has(
            &written(&ended(Exit::Done, Some(&report)), ""),
            &[
                "reddalert_last_run_timestamp_seconds 1700000002.5",
                "reddalert_last_success_timestamp_seconds 1700000002.5",
                "reddalert_last_run_duration_seconds 2.5",
                "reddalert_last_run_exit_code 0",
                "reddalert_rule_last_success_timestamp_seconds{rule=\"iam\"} 1700000002.5",
                "reddalert_rule_status{rule=\"iam\",status=\"ok\"} 1",
                "reddalert_rule_status{rule=\"iam\",status=\"failed\"} 0",
                "reddalert_rule_alerts{rule=\"iam\"} 3",
                "reddalert_output_pending{output=\"mail\"} 0",
                "reddalert_inventory_known_timestamp_seconds{collection=\"aws.iamUsers\"} 1700000000",
            ],
        );
    }

    #[test]
    fn a_failed_rule_keeps_the_moment_of_its_last_success() {
        let report = report(Fate::Failed("x".into()));
        let before = "reddalert_last_success_timestamp_seconds 5\nreddalert_rule_last_success_timestamp_seconds{rule=\"iam\"} 6\n\
                      reddalert_rule_last_success_timestamp_seconds{rule=\"gone\"} 7\n";
        let text = written(&ended(Exit::RuleFailed, Some(&report)), before);
        has(
            &text,
            &[
                "reddalert_last_success_timestamp_seconds 5",
                "reddalert_rule_last_success_timestamp_seconds{rule=\"iam\"} 6",
                "reddalert_rule_status{rule=\"iam\",status=\"failed\"} 1",
            ],
        );
        assert!(!text.contains("gone"));
    }

    #[test]
    fn a_run_that_knows_less_forgets_nothing() {
        let before = "reddalert_rule_last_success_timestamp_seconds{rule=\"ami\"} 7\n";
        let (report, nothing) = (report(Fate::Done), RunReport::default());
        let narrowed = EndedRun { narrowed: true, ..ended(Exit::Done, Some(&report)) };
        for run in [narrowed, ended(Exit::Status, None)] {
            has(&written(&run, before), &["reddalert_rule_last_success_timestamp_seconds{rule=\"ami\"} 7"]);
        }
        assert!(!written(&ended(Exit::Done, Some(&nothing)), before).contains("ami"));
    }
}
