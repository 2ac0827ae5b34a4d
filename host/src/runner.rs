//! All rules side by side, each on a thread of a bounded pool. A failure of one never touches the others: what comes out is one ending for each
//! rule, in the order in which they end.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::recording::Outside;
use crate::rule_name::RuleName;
use crate::sandbox::{Assignment, LoadedRule, Outcome, Sandbox};
use crate::time_window::{EpochMillis, TimeWindow};

/// A rule that is ready to run.
pub struct Job {
    /// Compiled and checked.
    pub rule: LoadedRule,
    /// What it is to do.
    pub assignment: Assignment,
}

/// A rule that has ended.
pub struct Ending {
    /// Which.
    pub name: RuleName,
    /// What it looked at.
    pub window: TimeWindow,
    /// What came of it.
    pub outcome: Outcome,
    /// Up to when everything that it asked for is known. None: it asked for nothing. An error: the inventory does not say.
    pub known_until: Result<Option<EpochMillis>, String>,
    /// From its start to its end.
    pub elapsed: Duration,
}

/// Starts all `jobs`, at most `threads` at once. The threads end by themselves when no job is left; nobody has to wait for one that hangs.
///
/// # Errors
/// The operating system gives no thread at all.
pub fn start(jobs: Vec<Job>, threads: usize, sandbox: &Arc<Sandbox>) -> std::io::Result<Receiver<Ending>> {
    let (sender, receiver) = channel();
    let threads = threads.clamp(1, jobs.len().max(1));
    let queue = Arc::new(Mutex::new(VecDeque::from(jobs)));
    for number in 0..threads {
        let (queue, sender) = (Arc::clone(&queue), sender.clone());
        let sandbox = Arc::clone(sandbox);
        let started = thread::Builder::new().name(format!("rules-{number}")).spawn(move || {
            while let Some(job) = next(&queue) {
                if sender.send(run(job, &sandbox)).is_err() {
                    // The run is over; nobody wants to know.
                    return;
                }
            }
        });
        match started {
            Err(error) if number == 0 => return Err(error),
            // Fewer threads do the same work.
            Err(_) => break,
            Ok(_) => {}
        }
    }
    Ok(receiver)
}

fn next(queue: &Mutex<VecDeque<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

fn run(job: Job, sandbox: &Sandbox) -> Ending {
    let started = Instant::now();
    let (name, window, outside) = (job.assignment.name.clone(), job.assignment.window, job.assignment.outside.clone());
    let outcome = sandbox.run(&job.rule, job.assignment);
    let known_until = smallest_known(&outside, &outcome);
    Ending { name, window, outcome, known_until, elapsed: started.elapsed() }
}

/// A rule has looked as far as the collection that is known least far.
fn smallest_known(outside: &Outside, outcome: &Outcome) -> Result<Option<EpochMillis>, String> {
    if outcome.result.is_err() {
        return Ok(None);
    }
    let known = outcome.collections.iter().map(|collection| outside.known_until(collection));
    known.reduce(|one, other| Ok(one?.min(other?))).transpose()
}
