//! The built program as a child, and what it cost. The numbers are the kernel's: the CPU time of a process that has ended and was not yet
//! waited for, and the most memory that it had a moment before.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use serde_json::Value;

/// The kernel counts a process's time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);
/// How often a child is looked at.
const GLANCE: Duration = Duration::from_millis(3);

/// What one run cost and what it said about itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system, all threads.
    pub(crate) cpu: Duration,
    /// Bytes.
    pub(crate) peak_memory: u64,
    /// The alerts it printed, lines of JSON.
    pub(crate) printed: usize,
    /// What the log line about the inventory holds.
    pub(crate) inventory: Inventory,
    /// Each rule's alerts, and its time from start to end in ms.
    pub(crate) rules: Vec<(String, usize, u64)>,
}

/// The inventory's part in a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
    pub(crate) downloading: Duration,
    pub(crate) splitting: Duration,
    pub(crate) projecting: Duration,
}

/// The program, with the cache of compiled rules that all its runs share.
pub(crate) fn program(cache: &Path) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_reddalert")));
    command.env("XDG_CACHE_HOME", cache).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs it to its end; anything but success is an error.
pub(crate) fn measured(command: &mut Command) -> Result<Cost> {
    let start = Instant::now();
    let mut child = command.args(["--log-format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("stdout is a pipe")?;
    let mut stderr = child.stderr.take().context("stderr is a pipe")?;
    let printed = thread::spawn(move || BufReader::with_capacity(1 << 20, stdout).split(b'\n').count());
    let said = thread::spawn(move || {
        let mut said = String::new();
        stderr.read_to_string(&mut said).map(|_| said)
    });
    let mut cost = watched(&child, start)?;
    let status = child.wait()?;
    cost.printed = printed.join().ok().context("reading stdout does not panic")?;
    let said = said.join().ok().context("reading stderr does not panic")??;
    ensure!(status.success(), "{status}:\n{said}");
    cost.inventory = inventory_of(&said).with_context(|| said.clone())?;
    cost.rules = said.lines().filter_map(rule_of).collect();
    Ok(cost)
}

fn watched(child: &Child, start: Instant) -> Result<Cost> {
    let pid = Pid::from_raw(i32::try_from(child.id())?).context("a child has a number")?;
    let directory = PathBuf::from(format!("/proc/{}", child.id()));
    let mut peak_memory = 0;
    while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG)?.is_none() {
        // None when it has just ended.
        peak_memory = peak_memory_of(&directory).unwrap_or(peak_memory);
        thread::sleep(GLANCE);
    }
    let wall = start.elapsed();
    let cpu = cpu_of(&directory).context("a process that nobody has waited for still has its numbers")?;
    Ok(Cost { wall, cpu, peak_memory, ..Cost::default() })
}

fn peak_memory_of(directory: &Path) -> Option<u64> {
    let status = fs::read_to_string(directory.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn cpu_of(directory: &Path) -> Option<Duration> {
    let stat = fs::read_to_string(directory.join("stat")).ok()?;
    let behind_name = stat.rsplit_once(')')?.1;
    let ticks: u32 = behind_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
    Some(TICK * ticks)
}

fn inventory_of(said: &str) -> Option<Inventory> {
    let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.map(|line| line["fields"].clone()).find(|fields| fields["message"] == "asked the inventory")?;
    let time = |name: &str| Some(Duration::from_secs_f64(line[name].as_f64()? / 1000.0));
    Some(Inventory {
        requests: line["requests"].as_u64()?,
        bytes: line["bytes"].as_u64()?,
        downloading: time("downloading_ms")?,
        splitting: time("splitting_ms")?,
        projecting: time("projecting_ms")?,
    })
}

/// A line of the summary: `  ami: 12 alerts in 34 ms`.
fn rule_of(line: &str) -> Option<(String, usize, u64)> {
    let (name, rest) = line.strip_prefix("  ")?.split_once(": ")?;
    let words: Vec<&str> = rest.split([' ', ',']).collect();
    let [alerts, "alert" | "alerts", "in", time, "ms", ..] = words[..] else { return None };
    Some((name.to_owned(), alerts.parse().ok()?, time.parse().ok()?))
}
