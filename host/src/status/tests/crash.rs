//! A crash between any two steps on the disk, also in the middle of a write: the next runs lose no alert and repeat none but with its id.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tempfile::TempDir;

use super::super::durable_file::Step;
use super::super::{EndedRule, FinishedRule, Ledger, LedgerError, RuleEnd, RunTerms, StatusFile};
use super::disk::observed;
use super::{alert, directory_in_memory, files_in, open, rule, terms};
use crate::settings::Subscriber;
use crate::time_window::EpochMillis;

/// When something happened that a rule reports.
const EVENTS: [(&str, EpochMillis); 6] = [("ami", 10), ("iam", 20), ("ami", 95), ("ami", 110), ("iam", 150), ("ami", 210)];
/// The end of each run.
const RUNS: [EpochMillis; 3] = [100, 200, 300];
/// How far a crawl lags behind.
const LAG: EpochMillis = 10;

/// What the outputs got: (output, thing, alert id).
pub(super) type Delivered = Rc<RefCell<Vec<(String, String, String)>>>;

fn find(status: &StatusFile, terms: &RunTerms, name: &str) -> FinishedRule {
    let window = terms.window_of(status, &rule(name));
    let happened = EVENTS.iter().filter(|(by, when)| *by == name && (window.since..window.until).contains(when));
    let alerts = happened.map(|(_, when)| alert(name, &format!("event-{when}"), window)).collect();
    let remembered = super::remembered(&window.until.to_string());
    let ended = EndedRule { alerts, remembered, incomplete: false, known_until: Some(terms.until - LAG) };
    FinishedRule { name: rule(name), window, end: RuleEnd::Ended(ended) }
}

fn deliver(ledger: &mut Ledger, output: &str, delivered: &Delivered) -> Result<(), LedgerError> {
    let owed: Vec<_> = ledger.pending().filter(|owed| owed.owed.iter().any(|name| name == output)).map(|owed| owed.alert.clone()).collect();
    for alert in &owed {
        delivered.borrow_mut().push((output.to_owned(), alert.id.clone(), alert.alert_id.clone()));
    }
    ledger.acknowledge(output, owed.iter().map(|alert| alert.alert_id.as_str()))
}

/// A whole run. `mail` is down in the first one, so that something is pending in the second.
pub(super) fn run(directory: &Path, until: EpochMillis, delivered: &Delivered) -> Result<(), LedgerError> {
    let terms = RunTerms { outputs: ["jsonl", "mail"].map(Subscriber::to_everything).to_vec(), ..terms(until) };
    let mut ledger = open(&files_in(directory))?;
    let early = find(ledger.status(), &terms, "ami");
    ledger.commit(&terms, vec![early])?;
    let late = find(ledger.status(), &terms, "iam");
    ledger.conclude(&terms, vec![late])?;
    deliver(&mut ledger, "jsonl", delivered)?;
    if until > RUNS[0] {
        deliver(&mut ledger, "mail", delivered)?;
    }
    ledger.close()
}

/// What must be true after the last run.
pub(super) fn assert_nothing_lost(directory: &Path, delivered: &Delivered, context: &str) {
    let mut ids: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (output, thing, id) in delivered.borrow().iter() {
        ids.entry((output.clone(), thing.clone())).or_default().insert(id.clone());
    }
    for output in ["jsonl", "mail"] {
        for (_, when) in EVENTS {
            let of_one = ids.get(&(output.to_owned(), format!("event-{when}"))).map_or(0, BTreeSet::len);
            assert_eq!(of_one, 1, "{context}: {output} got event-{when} with {of_one} ids: {:?}", delivered.borrow());
        }
    }
    let ledger = open(&files_in(directory)).expect("readable");
    assert_eq!(ledger.pending().count(), 0, "{context}");
    assert_eq!(fs::metadata(files_in(directory).outbox()).expect("an outbox").len(), 0, "{context}");
}

fn copy(from: &Path) -> TempDir {
    let to = directory_in_memory();
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), to.path().join(entry.file_name())).expect("copied");
    }
    to
}

/// The files as a crash leaves them, and what had been delivered by then.
struct Wreck {
    step: Step,
    file: PathBuf,
    directory: TempDir,
    delivered: Delivered,
}

/// Runs up to `RUNS[number]` and takes a copy before each step of that run.
fn wrecks(number: usize) -> Vec<Wreck> {
    let directory = directory_in_memory();
    let delivered = Delivered::default();
    for until in &RUNS[..number] {
        run(directory.path(), *until, &delivered).expect("an undisturbed run");
    }
    let wrecks = Rc::new(RefCell::new(Vec::new()));
    let observer = {
        let (wrecks, delivered, directory) = (Rc::clone(&wrecks), Rc::clone(&delivered), directory.path().to_path_buf());
        move |step, file: &Path| {
            let delivered = Rc::new(RefCell::new(delivered.borrow().clone()));
            wrecks.borrow_mut().push(Wreck { step, file: file.to_path_buf(), directory: copy(&directory), delivered });
            Ok(())
        }
    };
    observed(observer, || run(directory.path(), RUNS[number], &delivered)).expect("a run that is watched");
    wrecks.take()
}

fn go_on(wreck: &Wreck, directory: &Path, number: usize, context: &str) {
    let delivered = Rc::new(RefCell::new(wreck.delivered.borrow().clone()));
    for until in &RUNS[number..] {
        run(directory, *until, &delivered).unwrap_or_else(|error| panic!("{context}: {error}"));
    }
    assert_nothing_lost(directory, &delivered, context);
}

#[test]
fn undisturbed_runs_deliver_everything_exactly_once() {
    let directory = directory_in_memory();
    let delivered = Delivered::default();
    for until in RUNS {
        run(directory.path(), until, &delivered).expect("a run");
    }
    assert_nothing_lost(directory.path(), &delivered, "undisturbed");
    assert_eq!(delivered.borrow().len(), 2 * EVENTS.len());
}

#[test]
fn a_crash_before_any_step_loses_nothing() {
    for number in 0..RUNS.len() {
        let wrecks = wrecks(number);
        assert!(wrecks.len() >= 15, "run {number} has {} steps", wrecks.len());
        for (index, wreck) in wrecks.iter().enumerate() {
            // The run is started again at the same moment, and, as cron does, later.
            for from in number..RUNS.len() {
                let context = format!("run {number}, before step {index} ({:?}), going on with run {from}", wreck.step);
                go_on(wreck, copy(wreck.directory.path()).path(), from, &context);
            }
        }
    }
}

#[test]
fn a_write_that_is_cut_off_anywhere_loses_nothing() {
    for number in 0..RUNS.len() {
        let wrecks = wrecks(number);
        for pair in wrecks.windows(2).filter(|pair| pair[0].step == Step::Append || pair[0].step == Step::WriteNew) {
            let (before, after) = (&pair[0], &pair[1]);
            assert_eq!(before.file, after.file);
            let name = before.file.file_name().expect("a file");
            let length = |wreck: &Wreck| fs::metadata(wreck.directory.path().join(name)).map_or(0, |metadata| metadata.len());
            let (start, end) = (length(before), length(after));
            for cut in [start, start + 1, start.midpoint(end), end - 1] {
                let torn = copy(after.directory.path());
                fs::OpenOptions::new().write(true).open(torn.path().join(name)).expect("opened").set_len(cut).expect("cut");
                go_on(after, torn.path(), number, &format!("run {number}, {name:?} cut off at {cut}"));
            }
        }
    }
}

#[test]
fn everything_is_on_the_disk_before_something_counts_on_it() {
    use Step::{Append, Cut, Rename, SyncAppended, SyncDirectory, SyncNew, WriteNew};
    let directory = directory_in_memory();
    let steps: Rc<RefCell<Vec<(Step, String)>>> = Rc::default();
    let delivered = Delivered::default();
    run(directory.path(), RUNS[0], &delivered).expect("a run that creates the files");
    let observer = {
        let steps = Rc::clone(&steps);
        move |step, file: &Path| -> io::Result<()> {
            let name = file.to_string_lossy().into_owned();
            steps.borrow_mut().push((step, name.rsplit('.').next().unwrap_or_default().to_owned()));
            Ok(())
        }
    };
    observed(observer, || run(directory.path(), RUNS[1], &delivered)).expect("a run that is watched");
    let replaced = [(WriteNew, "tmp"), (SyncNew, "tmp"), (Rename, "json"), (SyncDirectory, "json")];
    let committed = [&[(Append, "outbox"), (SyncAppended, "outbox")][..], &replaced].concat();
    let acknowledged = [(Append, "sent"), (SyncAppended, "sent")];
    let emptied = [(Cut, "outbox"), (Cut, "sent")];
    let expected = [&committed[..], &committed, &acknowledged, &acknowledged, &replaced, &emptied].concat();
    let seen = steps.borrow();
    assert_eq!(seen.iter().map(|(step, name)| (*step, name.as_str())).collect::<Vec<_>>(), expected);
}
