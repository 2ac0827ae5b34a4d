//! `reddalert check`: all that a run needs, tried without running a rule: settings, rules and their own settings, status, inventory, outputs.
//! It also fills the cache of compiled rules.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::compiled_rules::rule_sandbox;
use super::locked_rules::LockFile;
use super::outbox_limit::why_full;
use super::print;
use super::rule_preparation::prepare;
use super::rule_set::RuleSet;
use super::send_test::{send_test, test_alert};
use super::set_up::{is_set_up, not_set_up};
use crate::command_line::CheckOptions;
use crate::credentials::RuleCredentials;
use crate::exit_code::{Exit, OrExit as _, Refusal, chain};
use crate::inventory::Inventory;
use crate::log::Terminal;
use crate::network::Network;
use crate::outputs::{self, Patience};
use crate::recording::Outside;
use crate::sandbox::{Assignment, Chance, LoadedRule, Sandbox};
use crate::settings::{ConfiguredRule, OutputSettings, OutputTarget, Settings};
use crate::status::{StatusFile, StatusFiles};
use crate::time_window::{EpochMillis, TimeWindow};
use crate::visible_text::visible_paragraph;

/// Asked for, to see whether the inventory answers.
const ANY_COLLECTION: &str = "aws.securityGroups";

/// Tries everything, and says what is wrong. The exit code is the one that a run would have.
pub(super) fn check(options: &CheckOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let now = super::now();
    let mut settings = Settings::read(options.configfile.as_deref()).or_exit(Exit::Settings)?;
    if let Some(address) = &options.edda {
        settings.edda = address.clone();
    }
    let outputs = settings.outputs(options.output.as_deref()).or_exit(Exit::CommandLine)?;
    let set = RuleSet::find(&settings, &options.plugins)?;
    let lock = LockFile::find(&settings)?;
    let sandbox = rule_sandbox(&settings, &options.statusfile)?;
    let network = Arc::new(Network::new().or_exit(Exit::Internal)?);
    let files = StatusFiles::new(&options.statusfile);
    let status = StatusFile::load(&files).or_exit(Exit::Status)?;

    let mut findings = Findings::default();
    findings.warnings.extend(set.warnings.iter().map(ToString::to_string));
    findings.warnings.extend(sandbox.cache_trouble().map(|trouble| format!("each start compiles all rules: {trouble}")));
    for rejected in &set.rejected {
        findings.wrong(Exit::RuleFailed, format!("not a rule: {rejected}"));
    }
    for line in lock.iter().flat_map(|lock| lock.missing(&set)) {
        findings.wrong(Exit::Settings, line);
    }
    let rules = prepared_rules(&settings, &set, (&sandbox, lock.as_ref()), &mut findings);
    check_outbox(&files, settings.outbox_limit, &mut findings);
    for output in &outputs {
        check_output(output, &mut findings);
    }
    if options.send_test {
        send_tests(&outputs, now, terminal, &mut findings)?;
    }
    match Inventory::open(&settings.edda, now) {
        Ok(inventory) => {
            let inventory = Arc::new(inventory);
            let answers = inventory.newest_known_until().and_then(|_| inventory.known_until(ANY_COLLECTION));
            answers.map_or_else(|error| findings.wrong(Exit::Inventory, chain(error)), drop);
            let progress = terminal.progress("checking rules", set.rules.len());
            for rule in rules {
                check_rule(rule, (&sandbox, &inventory, &network, &status), now, &mut findings);
                progress.step();
            }
        }
        Err(error) => findings.wrong(Exit::Inventory, chain(error)),
    }
    Ok(findings.tell(terminal, set.rules.len(), outputs.len()))
}

/// A rule that is loaded, and whose settings fit its manifest.
struct PreparedRule {
    rule: ConfiguredRule,
    loaded: LoadedRule,
    credentials: RuleCredentials,
}

/// Loads each rule that is set up and applies its manifest. Those for which that fails are found to be wrong.
fn prepared_rules(
    settings: &Settings,
    set: &RuleSet,
    (sandbox, lock): (&Sandbox, Option<&LockFile>),
    findings: &mut Findings,
) -> Vec<PreparedRule> {
    let (mut rules, mut left_out) = (Vec::new(), BTreeSet::new());
    for mut rule in set.rules.iter().cloned() {
        let loaded = match sandbox.load(&set.files[&rule.file]) {
            Ok(loaded) => loaded,
            Err(error) => {
                findings.wrong(Exit::RuleFailed, format!("rule {}: {}", rule.name, chain(error)));
                continue;
            }
        };
        if let Some(refusal) = lock.and_then(|lock| lock.refusal(&rule.file, &loaded)) {
            findings.wrong(Exit::Settings, format!("rule {}: {refusal}", rule.name));
            continue;
        }
        if !is_set_up(&rule, loaded.manifest().map(AsRef::as_ref)) {
            left_out.insert(rule.name);
            continue;
        }
        match prepare(settings, [(&mut rule, loaded.manifest().map(AsRef::as_ref))]) {
            Ok(mut prepared) => {
                findings.warnings.extend(prepared.warnings.iter().map(ToString::to_string));
                let credentials = prepared.credentials.remove(&rule.name).unwrap_or_default();
                rules.push(PreparedRule { rule, loaded, credentials });
            }
            Err(error) => findings.wrong(Exit::Settings, chain(error)),
        }
    }
    findings.warnings.extend(not_set_up(&left_out));
    rules
}

/// Lets a rule read its settings.
fn check_rule(
    PreparedRule { rule, loaded, credentials }: PreparedRule,
    (sandbox, inventory, network, status): (&Sandbox, &Arc<Inventory>, &Arc<Network>, &StatusFile),
    now: EpochMillis,
    findings: &mut Findings,
) {
    let assignment = Assignment {
        name: rule.name.clone(),
        settings: rule.settings.to_string(),
        credentials,
        remembered: status.section(&rule.name),
        limits: rule.limits,
        grants: rule.grants,
        window: TimeWindow { since: status.progress_of(&rule.name), until: now },
        chance: Chance::Real,
        outside: Outside::live(inventory, network),
        stop: Arc::default(),
        ends_at: None::<Instant>,
    };
    if let Err(failure) = sandbox.initialize(&loaded, assignment) {
        findings.wrong(Exit::RuleFailed, format!("rule {}: {failure}", rule.name));
    }
}

/// An absent outbox is an empty one; what else is wrong with it a run says, which reads it under its lock.
fn check_outbox(files: &StatusFiles, limit: u64, findings: &mut Findings) {
    let bytes = std::fs::metadata(files.outbox()).map_or(0, |metadata| metadata.len());
    if let Some(full) = why_full(bytes, limit) {
        findings.wrong(Exit::NotDelivered, format!("outbox: {full}"));
    }
}

fn check_output(output: &OutputSettings, findings: &mut Findings) {
    if let Err(error) = outputs::open(output, SystemTime::now) {
        findings.wrong(Exit::NotDelivered, format!("output {}: {}", output.name(), chain(error)));
    }
    let OutputTarget::Stream { file: Some(file), .. } = &output.target else { return };
    if let Err(error) = std::fs::OpenOptions::new().create(true).append(true).open(file) {
        findings.wrong(Exit::NotDelivered, format!("output {}: the file `{}` cannot be written: {error}", output.name(), file.display()));
    }
}

/// Standard output belongs to the test alerts of outputs that write there, so the results are said on stderr.
fn send_tests(outputs: &[OutputSettings], now: EpochMillis, terminal: &Terminal, findings: &mut Findings) -> Result<(), Refusal> {
    let alert = test_alert(now)?;
    let patience = Patience::new(Arc::default(), None);
    for output in outputs {
        match send_test(output, &alert, &patience) {
            Ok(()) => terminal.say(&format!("output {}: the test alert was taken\n", output.name())),
            Err(wrong) => findings.wrong(Exit::NotDelivered, format!("output {}: the test alert did not arrive: {wrong}", output.name())),
        }
    }
    Ok(())
}

#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    warnings: Vec<String>,
    exit: Option<Exit>,
}

impl Findings {
    fn wrong(&mut self, exit: Exit, what: String) {
        // What is wrong for all rules is said once.
        if !self.wrong.contains(&what) {
            self.wrong.push(what);
        }
        self.exit = self.exit.max(Some(exit));
    }

    fn tell(self, terminal: &Terminal, rules: usize, outputs: usize) -> Exit {
        for warning in &self.warnings {
            terminal.say(&format!("warning: {warning}\n"));
        }
        for wrong in &self.wrong {
            terminal.say(&format!("wrong: {}\n", visible_paragraph(wrong)));
        }
        if self.wrong.is_empty() {
            print(&format!("all is there for a run: {rules} rules, {outputs} outputs, settings, status, inventory\n"));
        }
        self.exit.unwrap_or(Exit::Done)
    }
}
