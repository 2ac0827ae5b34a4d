//! How long the outputs of a run may take: until it is told to stop, or its time is over.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How soon a stop is noticed.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Shared by everything that sends.
#[derive(Clone, Debug)]
pub struct Patience {
    stop: Arc<AtomicBool>,
    halted: Arc<AtomicBool>,
    ends_at: Option<Instant>,
}

impl Patience {
    /// Ends when `stop` is set, and at `ends_at`.
    pub fn new(stop: Arc<AtomicBool>, ends_at: Option<Instant>) -> Self {
        Self { stop, halted: Arc::default(), ends_at }
    }

    /// Nothing more is to be sent.
    pub fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Why nothing more is to be sent; none while it goes on.
    pub fn over(&self) -> Option<&'static str> {
        if self.stop.load(Ordering::Relaxed) {
            return Some("the run was told to stop");
        }
        if self.halted.load(Ordering::Relaxed) {
            return Some("what is sent could not be written down");
        }
        self.ends_at.is_some_and(|end| Instant::now() >= end).then_some("the time of the run is over")
    }

    /// Waits. False when there is not so much time, or no more.
    pub fn pause(&self, duration: Duration) -> bool {
        let Some(until) = Instant::now().checked_add(duration) else { return false };
        if self.ends_at.is_some_and(|end| until >= end) {
            return false;
        }
        while self.over().is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(LOOK_UP));
        }
        false
    }

    /// The outcome of `work`; why not, when patience ends first. Needs the clock of a tokio runtime.
    pub(super) async fn wait_for<F: Future>(&self, work: F) -> Result<F::Output, &'static str> {
        let mut work = pin!(work);
        loop {
            if let Ok(outcome) = tokio::time::timeout(LOOK_UP, work.as_mut()).await {
                return Ok(outcome);
            }
            if let Some(reason) = self.over() {
                return Err(reason);
            }
        }
    }
}
