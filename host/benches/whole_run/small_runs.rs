//! Runs with nothing to look at: what it costs to start, to load twelve rules, and to write the status.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Map, Value, json};

use crate::child::program;
use crate::loopback::Loopback;

const RULES: [&str; 6] = ["ami", "elbs", "iam", "missingtag", "newtag", "secgroups"];
/// So many times as many runs as of the large ones.
const TIMES: usize = 6;
/// Compiling takes long.
const COLD_RUNS: usize = 3;

/// Wall times.
pub(crate) struct SmallRuns {
    /// Twelve rules that were compiled before.
    pub(crate) cached: Vec<Duration>,
    /// The same, compiling them first.
    pub(crate) cold: Vec<Duration>,
    /// `reddalert --version`: the process alone.
    pub(crate) process: Vec<Duration>,
}

/// Each of the six rules twice, over an EDDA that answers `[]`.
pub(crate) fn measure(cache: &Path, runs: usize) -> Result<SmallRuns> {
    let directory = tempfile::tempdir()?;
    let config = directory.path().join("config.json");
    let twice = RULES.map(|rule| (format!("plugin.{rule}-again"), json!({"$rule": rule})));
    fs::write(&config, Value::Object(Map::from_iter(twice)).to_string())?;
    let edda = Loopback::start(|_| (200, b"[]".to_vec()))?;
    let run = |cache: &Path| {
        let status = directory.path().join("status.json");
        let _ = fs::remove_file(&status);
        let mut command = program(cache);
        // By name: a run of all would also load the shipped rules that the config says nothing about.
        command.args(RULES).args(RULES.map(|rule| format!("{rule}-again")));
        command.arg("-c").arg(&config).arg("-f").arg(&status).args(["-e", &edda.address, "-o", "jsonl"]);
        timed(command.stdout(Stdio::null()))
    };
    let mut cold = Vec::new();
    for _ in 0..runs.min(COLD_RUNS) {
        cold.push(run(tempfile::tempdir()?.path())?);
    }
    run(cache)?;
    let cached = (0..runs * TIMES).map(|_| run(cache)).collect::<Result<_>>()?;
    let process = (0..runs * TIMES).map(|_| timed(program(cache).arg("--version").stdout(Stdio::null()))).collect::<Result<_>>()?;
    Ok(SmallRuns { cached, cold, process })
}

fn timed(command: &mut std::process::Command) -> Result<Duration> {
    let start = Instant::now();
    let status = command.status()?;
    let elapsed = start.elapsed();
    ensure!(status.success(), "{status}");
    Ok(elapsed)
}
