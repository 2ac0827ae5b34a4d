//! How long a rule's thread waits for the network: until the moment that its budget allows, or until the run is stopped.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::time::{timeout, timeout_at};

/// How soon a stop is noticed.
const LOOK_UP: Duration = Duration::from_millis(100);

/// One who waits, on behalf of a rule.
#[derive(Clone, Debug)]
pub struct Patience {
    /// When the rule's time is over.
    pub deadline: Instant,
    /// True when the run is to end.
    pub stop: Arc<AtomicBool>,
}

impl Patience {
    /// The outcome of `work`. None: the run is to end.
    pub(super) async fn until_stopped<F: Future>(&self, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        loop {
            if let Ok(outcome) = timeout(LOOK_UP, work.as_mut()).await {
                return Some(outcome);
            }
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
        }
    }

    /// The outcome of `work`. None: it took longer than `limit`, or the rule's time is over.
    pub(super) async fn within<F: Future>(&self, limit: Duration, work: F) -> Option<F::Output> {
        let end = Instant::now().checked_add(limit).map_or(self.deadline, |end| end.min(self.deadline));
        timeout_at(end.into(), work).await.ok()
    }

    /// True when the rule's time is over.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }
}
