//! An import that is killed at any moment: the archive opens, each import is whole or absent, and what was asked meanwhile was one state.
//!
//! The moments are random; their seed is printed, and `EDDA_KILL_SEED` repeats it. `EDDA_KILL_ROUNDS` kills more often.

#![allow(clippy::print_stdout, reason = "the seed of a failure is to be seen")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use edda::archive::{Archive, ArchiveError, ImportOptions, Input, import};
use edda::{EpochMillis, Record, RecordStore, Selection, TimeConditions};

/// Tells the importing process where the archive is.
const ARCHIVE: &str = "EDDA_KILL_ARCHIVE";
/// How many documents a collection has.
const DOCUMENTS: usize = 300;
/// The longest time until a process is killed.
const LONGEST: u64 = 120_000;

#[test]
fn an_archive_outlives_the_death_of_its_imports() {
    let mut random = Random::seeded();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("edda.archive");
    import_at(&path, 1);
    for round in 0..rounds() {
        let delay = Duration::from_micros(random.below(LONGEST));
        kill_after(&path, delay, true);
        assert_whole(&path, &format!("round {round}, killed after {delay:?}"));
    }
    let last = last_import(&path);
    assert!(last > 1, "some imports were made before their process was killed");
    import_at(&path, last + 1);
    assert_whole(&path, "an import after all that");
}

#[test]
fn an_archive_outlives_the_death_of_its_first_import() {
    let mut random = Random::seeded();
    for round in 0..rounds() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("edda.archive");
        let delay = Duration::from_micros(random.below(LONGEST / 3));
        kill_after(&path, delay, false);
        let last = last_import(&path);
        if last > 0 {
            assert_whole(&path, &format!("round {round}, killed after {delay:?}"));
        }
        import_at(&path, last + 1);
        assert_whole(&path, &format!("an import after round {round}, killed after {delay:?}"));
    }
}

fn rounds() -> u64 {
    number_in("EDDA_KILL_ROUNDS").unwrap_or(40)
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Starts a process that imports without end, asks the archive meanwhile, and kills the process.
fn kill_after(path: &Path, delay: Duration, ask: bool) {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["imports_until_it_is_killed", "--exact", "--ignored", "--test-threads=1"])
        .env(ARCHIVE, path)
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while ask && !over.load(Ordering::Relaxed) {
                assert_one_state(path);
            }
        });
        std::thread::sleep(delay);
        child.kill().expect("a process that can be killed");
        over.store(true, Ordering::Relaxed);
    });
    let status = child.wait().expect("an end");
    assert_eq!(status.code(), None, "it only ends by being killed");
}

/// The process that is killed.
#[test]
#[ignore = "imports until it is killed"]
fn imports_until_it_is_killed() {
    let Some(path) = std::env::var_os(ARCHIVE) else { return };
    let path = Path::new(&path);
    for at in last_import(path) + 1.. {
        import_at(path, at);
    }
}

/// Two collections in one import. Every document changes each time, and one of ten is not there.
fn import_at(path: &Path, at: EpochMillis) {
    let mut archive = Archive::open_or_create(path).expect("an archive");
    let answer = |key: &str, id: &str| {
        let items: Vec<String> = present(at).map(|number| format!(r#"{{"{id}":"x-{number}","State":"{at}"}}"#)).collect();
        format!(r#"{{"{key}":[{}]}}"#, items.join(",")).into_bytes()
    };
    let inputs = [
        Input { name: "ec2.describe-subnets.json".into(), bytes: answer("Subnets", "SubnetId") },
        Input { name: "ec2.describe-vpcs.json".into(), bytes: answer("Vpcs", "VpcId") },
    ];
    let options = ImportOptions { at, now: at, source: Some("here".into()), force: false };
    import(&mut archive, &inputs, &options).expect("an import");
}

/// The documents that an import shows.
fn present(at: EpochMillis) -> impl Iterator<Item = usize> {
    let absent = usize::try_from(at % 10).expect("a digit");
    (0..DOCUMENTS).filter(move |number| number % 10 != absent)
}

/// 0 before the first.
fn last_import(path: &Path) -> EpochMillis {
    match Archive::open(path) {
        Ok(archive) => archive.newest_known_until().expect("readable").map_or(0, |known| known - 1),
        // The file may be there, but empty.
        Err(ArchiveError::Missing { .. }) => 0,
        Err(error) => panic!("the archive opens: {error:?}"),
    }
}

const COLLECTIONS: [&str; 2] = ["aws.subnets", "aws.vpcs"];

/// Everything in the file is what whole imports make of it.
fn assert_whole(path: &Path, when: &str) {
    let archive = Archive::open(path).expect("the archive opens");
    let last = last_import(path);
    for collection in COLLECTIONS {
        assert_eq!(archive.known_until(collection).expect("readable"), Some(last + 1), "{when}: {collection}");
        let mut found: BTreeMap<EpochMillis, Vec<Record>> = BTreeMap::new();
        for record in records(&archive, collection, TimeConditions::all()) {
            found.entry(record.stime).or_default().push(record);
        }
        let starts: Vec<EpochMillis> = found.keys().copied().collect();
        assert_eq!(starts, (1..=last).collect::<Vec<_>>(), "{when}: {collection} has all imports up to the last");
        for (at, records) in found {
            assert_eq!(records.len(), present(at).count(), "{when}: {collection} at {at}");
            let end = (at < last).then_some(at + 2);
            assert!(records.iter().all(|record| record.ltime == end && is_of(record, at)), "{when}: {collection} at {at}");
        }
    }
    let connection = rusqlite::Connection::open(path).expect("a database");
    let verdict: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).expect("a check");
    assert_eq!(verdict, "ok", "{when}");
}

/// What an answer shows is one import, whole.
fn assert_one_state(path: &Path) {
    let archive = Archive::open(path).expect("the archive opens while others write");
    for collection in COLLECTIONS {
        let records = records(&archive, collection, TimeConditions::current());
        let at = records.first().expect("there is always something").stime;
        assert_eq!(records.len(), present(at).count(), "{collection} at {at}");
        assert!(records.iter().all(|record| record.stime == at && is_of(record, at)), "{collection} at {at}");
    }
}

fn is_of(record: &Record, at: EpochMillis) -> bool {
    record.data.as_str().contains(&format!(r#""state":"{at}""#))
}

fn records(archive: &Archive, collection: &str, times: TimeConditions) -> Vec<Record> {
    let mut records = Vec::new();
    let selection = Selection { collection: collection.into(), ids: None, times };
    let mut visit = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    archive.records(&selection, &mut visit).expect("an answer");
    records
}

/// Were it to wait for the writer, the reader would wait for ever: both are this one thread.
#[test]
fn a_reader_never_waits_for_a_writer() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("edda.archive");
    import_at(&path, 1);
    let mut writer = rusqlite::Connection::open(&path).expect("a database");
    let half = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("a transaction");
    half.execute("DELETE FROM records WHERE stime = 1", []).expect("something written");
    assert_one_state(&path);
    half.rollback().expect("the end of it");
    assert_whole(&path, "nothing was committed");
}

/// Nor does the writer wait, and an answer that began before an import is of the state before it.
#[test]
fn an_import_in_the_middle_of_an_answer_is_not_seen() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("edda.archive");
    import_at(&path, 1);
    let archive = Archive::open(&path).expect("the archive");
    let selection = Selection { collection: "aws.vpcs".into(), ids: None, times: TimeConditions::current() };
    let mut seen = 0;
    let mut visit = |record: Record| {
        if seen == 0 {
            import_at(&path, 2);
        }
        seen += 1;
        assert!(is_of(&record, 1));
        ControlFlow::Continue(())
    };
    archive.records(&selection, &mut visit).expect("an answer");
    assert_eq!(seen, present(1).count());
    assert_whole(&path, "after the answer");
}

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    /// From the environment, or else from the clock; printed.
    fn seeded() -> Self {
        let from_clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.subsec_nanos().into());
        let seed = number_in("EDDA_KILL_SEED").unwrap_or_else(from_clock);
        println!("EDDA_KILL_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
