//! How much memory a program has needed.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Ran;

/// Runs a program to its end. Returns also the most memory that it had at once, in MiB, as Linux counts it.
pub(crate) fn ran_with_peak(command: &mut Command) -> (Ran, u64) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let ended = std::thread::spawn(move || collected(child));
    let mut peak = 0;
    while !ended.is_finished() {
        // The system keeps the greatest value itself, so that only what happens in the last moment is missed.
        peak = std::fs::read_to_string(&status).ok().and_then(|text| greatest(&text)).unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    (ended.join().expect("it was waited for"), peak)
}

fn collected(child: Child) -> Ran {
    Ran::from(child.wait_with_output().expect("it ends"))
}

fn greatest(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib / 1024)
}
