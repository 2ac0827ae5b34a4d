//! Replays the seeds of the fuzz targets, and what fuzzing has found, with an ordinary compiler.

#[path = "../fuzz/checks.rs"]
mod checks;

use std::path::Path;

use checks::{CHECKS, Check};

fn replay(target: &str, check: Check) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = directory.read_dir().expect("seeds").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(files.len() >= 5, "{target} has seeds");
    for file in files {
        let bytes = std::fs::read(&file).expect("a readable seed");
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "{}", file.display());
    }
}

#[test]
fn seeds_break_nothing() {
    for (target, check) in CHECKS {
        replay(target, check);
    }
}

/// So that the checks see more than refusals.
#[test]
fn most_seeds_of_imports_are_taken_in() {
    let seed = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/import").join(name);
    for name in ["balancers", "buckets", "groups", "images", "instances", "queues", "users", "zones"] {
        let bytes = std::fs::read(seed(name)).expect("a readable seed");
        assert!(checks::taken_in(&bytes).is_some(), "{name}");
    }
}
