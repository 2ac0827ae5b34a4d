//! Whole answers as text, asked side by side and shared by all rules.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Builder};

use super::fault::QueryError;
use super::patience::Asker;
use super::side::{Question, Side};
use super::single_flight::SingleFlight;
use super::statistics::locked;

/// How many questions are under way at once.
const SIDE_BY_SIDE: usize = 16;
/// A larger text is refused. Bytes.
pub(super) const LARGEST_TEXT: usize = 8 * 1024 * 1024;
/// What is kept for rules that ask the same later. Bytes.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// All texts of a run.
#[derive(Debug)]
pub(super) struct Texts {
    flight: SingleFlight<Question, Arc<str>>,
    kept: Mutex<(VecDeque<(Question, usize)>, usize)>,
}

impl Texts {
    pub(super) fn new() -> Self {
        Self { flight: SingleFlight::new(), kept: Mutex::default() }
    }

    /// One text.
    pub(super) fn text(&self, side: &dyn Side, question: &Question, asker: Asker<'_>) -> Result<String, QueryError> {
        let ask = || {
            let text: Arc<str> = side.text(question, asker, LARGEST_TEXT)?.into();
            self.keep(question, text.len());
            Ok(text)
        };
        self.flight.get(question, asker, ask).map(|text| text.to_string())
    }

    /// The oldest texts make room for new ones.
    fn keep(&self, question: &Question, size: usize) {
        let mut kept = locked(&self.kept);
        let (order, bytes) = &mut *kept;
        order.push_back((question.clone(), size));
        *bytes += size;
        while *bytes > KEPT_BYTES
            && let Some((oldest, size)) = order.pop_front()
        {
            *bytes -= size;
            self.flight.forget(&oldest);
        }
    }
}

/// Does `work` for each number below `count`, several at once, and gives the outcomes in order.
pub(super) fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take_turns = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(number)));
        }
    };
    let mut done = thread::scope(|scope| {
        // A thread that the system does not give is done without.
        let more: Vec<_> = (1..count.min(SIDE_BY_SIDE)).map_while(|_| Builder::new().spawn_scoped(scope, take_turns).ok()).collect();
        let mut done = take_turns();
        for thread in more {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn sixteen_are_under_way_at_once_and_come_out_in_order() {
        let all_here = Barrier::new(SIDE_BY_SIDE);
        let outcomes = side_by_side(SIDE_BY_SIDE * 2, |number| {
            all_here.wait();
            number
        });
        assert!(outcomes.into_iter().eq(0..SIDE_BY_SIDE * 2));
        assert!(side_by_side(0, |number| number).is_empty());
    }
}
