//! The process dies, the disk is full, somebody stops it: at every system call that counts, and at random moments. Then it runs as usual, and
//! nothing is missing at any output. `make crash-test` does all of it; the ordinary tests take a sample, whose seed they print and
//! `REDDALERT_CRASH_SEED` repeats.

#![allow(clippy::print_stderr, reason = "the seed of a failure and the counts are to be seen")]

mod scene;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fastrand::Rng;

use self::scene::{Scene, Wreck, was_killed};

/// What changes files. Which file is told by its path, so that each call of these is hit once, whichever thread makes it.
const WRITES: [&str; 8] = ["write", "rename", "fsync", "fdatasync", "ftruncate", "unlink", "pwrite64", "openat"];
/// What reaches other machines, and wakes other threads.
const SENDS: [&str; 4] = ["sendto", "sendmsg", "writev", "write"];
/// More calls of a kind than a run here makes.
const MOST_CALLS: usize = 500;

/// A run, and the calls at which it is killed one after the other.
struct Attack {
    name: &'static str,
    arguments: fn(&Wreck<'_>) -> Vec<String>,
    paths: fn(&Wreck<'_>) -> Vec<PathBuf>,
    calls: &'static [&'static str],
}

/// With strace each thread counts its calls for itself. So a run that sends to one output alone is killed at its sends, and what concerns
/// the status, which one thread writes, is told by its path.
const ATTACKS: [Attack; 6] = [
    Attack { name: "run-status", arguments: |wreck| wreck.run(), paths: |wreck| wreck.status_files(), calls: &WRITES },
    Attack { name: "run-file", arguments: |wreck| wreck.run(), paths: |wreck| vec![wreck.place.path("keep.jsonl")], calls: &WRITES },
    Attack { name: "run-all", arguments: |wreck| wreck.run(), paths: |_| Vec::new(), calls: &SENDS },
    Attack { name: "retry-status", arguments: |wreck| wreck.retry("mail"), paths: |wreck| wreck.status_files(), calls: &WRITES },
    Attack { name: "retry-mail", arguments: |wreck| wreck.retry("mail"), paths: |_| Vec::new(), calls: &SENDS },
    Attack { name: "retry-search", arguments: |wreck| wreck.retry("search"), paths: |_| Vec::new(), calls: &SENDS },
];

/// What has been done, and what it has cost.
#[derive(Default)]
struct Tally {
    names: Vec<String>,
    kills: usize,
    repeated: usize,
}

impl Tally {
    fn take(&mut self, wreck: &Wreck<'_>) {
        wreck.finish();
        self.repeated += wreck.check();
        self.names.push(wreck.name().to_owned());
    }

    fn conclude(self, scene: &Scene, what: &str, begin: Instant) {
        let repeated_mails = scene.check_mails(&self.names);
        let (kills, wrecks, lines) = (self.kills, self.names.len(), self.repeated);
        let seconds = begin.elapsed().as_secs();
        eprintln!(
            "{what}: {kills} in {wrecks} places, {seconds} s: 0 alerts lost, 0 status files unreadable; with the same id came again: \
             {lines} in the file, {repeated_mails} by mail"
        );
    }
}

fn seeded(test: &str) -> Rng {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
    let clock = u64::try_from(now).unwrap_or(u64::MAX);
    let seed = std::env::var("REDDALERT_CRASH_SEED").map_or(clock, |seed| seed.parse().expect("REDDALERT_CRASH_SEED is a number"));
    eprintln!("{test}: REDDALERT_CRASH_SEED={seed}");
    Rng::with_seed(seed)
}

/// Kills at every `stride`th call of each kind.
fn killed_at_calls(test: &str, stride: usize) {
    let Some(scene) = Scene::start(test) else { return };
    let (mut random, mut tally, begin) = (seeded(test), Tally::default(), Instant::now());
    for attack in &ATTACKS {
        let before = tally.kills;
        for call in attack.calls {
            for number in (random.usize(1..=stride)..MOST_CALLS).step_by(stride) {
                let wreck = scene.wreck(&format!("{}-{call}-{number}", attack.name));
                let injection = format!("{call}:signal=KILL:when={number}");
                let killed = was_killed(wreck.injected(&(attack.arguments)(&wreck), &injection, &(attack.paths)(&wreck)));
                if !killed {
                    break;
                }
                tally.kills += 1;
                tally.take(&wreck);
            }
        }
        eprintln!("{}: killed at {} calls", attack.name, tally.kills - before);
        assert!(tally.kills > before || stride > 1, "{} is never hit", attack.name);
    }
    assert!(tally.kills > 0);
    tally.conclude(&scene, "killed at system calls", begin);
}

/// Kills at random moments, also the run that would have mended it.
fn killed_at_random(test: &str, rounds: usize) {
    let Some(scene) = Scene::start(test) else { return };
    let (mut random, mut tally, begin) = (seeded(test), Tally::default(), Instant::now());
    let longest = duration_of_run(&scene);
    for round in 0..rounds {
        let wreck = scene.wreck(&format!("random-{round}"));
        for _ in 0..random.usize(1..=3) {
            tally.kills += usize::from(ends_by("KILL", &wreck, longest.mul_f64(random.f64())) == Some(9));
            wreck.read_status();
        }
        tally.take(&wreck);
    }
    assert!(tally.kills > 0);
    tally.conclude(&scene, "killed at random moments", begin);
}

/// Stops at random moments, as an operator or systemd does.
fn stopped_at_random(test: &str, rounds: usize) {
    let Some(scene) = Scene::start(test) else { return };
    let (mut random, mut tally, begin) = (seeded(test), Tally::default(), Instant::now());
    let longest = duration_of_run(&scene);
    for round in 0..rounds {
        let wreck = scene.wreck(&format!("stopped-{round}"));
        ends_by("TERM", &wreck, longest.mul_f64(random.f64()));
        tally.kills += 1;
        tally.take(&wreck);
    }
    tally.conclude(&scene, "stopped at random moments", begin);
}

fn duration_of_run(scene: &Scene) -> Duration {
    let (wreck, begin) = (scene.wreck("duration"), Instant::now());
    wreck.place.run(wreck.run()).exits(0);
    begin.elapsed()
}

fn start(wreck: &Wreck<'_>) -> Child {
    wreck.place.command().args(wreck.run()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

/// Returns the signal that the run died of, if it did.
fn ends_by(signal: &str, wreck: &Wreck<'_>, delay: Duration) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt as _;
    let mut child = start(wreck);
    std::thread::sleep(delay);
    // It may have ended by itself; it is a process until it is waited for.
    Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("kill runs");
    child.wait().expect("it ends").signal()
}

/// From its `number`th call of a kind on, the system refuses all of them. Later it does not.
fn refused_by_the_disk(test: &str, stride: usize) {
    let Some(scene) = Scene::start(test) else { return };
    let (mut random, mut tally, begin) = (seeded(test), Tally::default(), Instant::now());
    let faults =
        [("write", "ENOSPC"), ("fsync", "EIO"), ("fdatasync", "EIO"), ("rename", "EROFS"), ("openat", "EROFS"), ("ftruncate", "EIO")];
    for (call, error) in faults {
        for number in (random.usize(1..=stride)..MOST_CALLS).step_by(stride) {
            let wreck = scene.wreck(&format!("disk-{call}-{number}"));
            let status = wreck.injected(&wreck.run(), &format!("{call}:error={error}:when={number}+"), &wreck.status_files());
            if status.code() == Some(0) {
                assert!(number > 1, "{call} is never refused");
                break;
            }
            assert_eq!(status.code(), Some(74), "{call} {number}: a status that cannot be kept is said");
            tally.kills += 1;
            tally.take(&wreck);
        }
    }
    tally.conclude(&scene, "refused by the disk", begin);
}

#[test]
fn a_sample_of_kills_at_system_calls_loses_nothing() {
    killed_at_calls("crash::a_sample_of_kills_at_system_calls_loses_nothing", 5);
}

#[test]
fn a_sample_of_kills_at_random_moments_loses_nothing() {
    killed_at_random("crash::a_sample_of_kills_at_random_moments_loses_nothing", 20);
}

#[test]
fn a_run_that_is_stopped_at_any_moment_loses_nothing() {
    stopped_at_random("crash::a_run_that_is_stopped_at_any_moment_loses_nothing", 8);
}

#[test]
fn a_disk_that_refuses_is_said_and_loses_nothing() {
    refused_by_the_disk("crash::a_disk_that_refuses_is_said_and_loses_nothing", 3);
}

#[test]
fn of_runs_that_start_at_once_one_runs() {
    let test = "crash::of_runs_that_start_at_once_one_runs";
    let Some(scene) = Scene::start(test) else { return };
    let wreck = scene.wreck("at-once");
    let children: Vec<Child> = (0..6).map(|_| start(&wreck)).collect();
    let codes: Vec<_> = children.into_iter().map(|mut child| child.wait().expect("it ends").code().expect("an exit code")).collect();
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 75].contains(code)), "{codes:?}");
    wreck.finish();
    assert_eq!((wreck.check(), scene.check_mails(&[wreck.name().to_owned()])), (0, 0), "nothing came twice: {codes:?}");
}

#[test]
#[ignore = "takes some minutes: `make crash-test`"]
fn kills_at_every_system_call_lose_nothing() {
    killed_at_calls("crash::kills_at_every_system_call_lose_nothing", 1);
}

#[test]
#[ignore = "takes some minutes: `make crash-test`"]
fn five_hundred_kills_at_random_moments_lose_nothing() {
    killed_at_random("crash::five_hundred_kills_at_random_moments_lose_nothing", 500);
}

#[test]
#[ignore = "takes some minutes: `make crash-test`"]
fn a_hundred_stops_at_random_moments_lose_nothing() {
    stopped_at_random("crash::a_hundred_stops_at_random_moments_lose_nothing", 100);
}

#[test]
#[ignore = "takes some minutes: `make crash-test`"]
fn a_disk_that_refuses_at_any_call_is_said_and_loses_nothing() {
    refused_by_the_disk("crash::a_disk_that_refuses_at_any_call_is_said_and_loses_nothing", 1);
}
