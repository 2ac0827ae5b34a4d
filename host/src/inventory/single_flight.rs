//! Asks each question once, however many threads want its answer: the first one asks, the others wait for it, later ones are told what
//! it heard.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Condvar, Mutex};

use super::fault::QueryError;
use super::patience::Asker;
use super::statistics::locked;

/// Answers by question, those that say why there is none included.
#[derive(Debug)]
pub(super) struct SingleFlight<K, V> {
    slots: Mutex<HashMap<K, Arc<Slot<V>>>>,
}

type Answer<V> = Result<V, QueryError>;

#[derive(Debug)]
struct Slot<V> {
    state: Mutex<State<V>>,
    changed: Condvar,
}

#[derive(Debug)]
enum State<V> {
    Free,
    Asking,
    Answered(Answer<V>),
}

impl<K: Hash + Eq + Clone, V: Clone> SingleFlight<K, V> {
    pub(super) fn new() -> Self {
        Self { slots: Mutex::new(HashMap::new()) }
    }

    /// The answer to `question`; `ask` gets it if nobody has yet. When an asker gave up, the next one asks again.
    pub(super) fn get(&self, question: &K, asker: Asker<'_>, ask: impl FnOnce() -> Answer<V>) -> Answer<V> {
        let free = || Arc::new(Slot { state: Mutex::new(State::Free), changed: Condvar::new() });
        let slot = Arc::clone(locked(&self.slots).entry(question.clone()).or_insert_with(free));
        let mut state = locked(&slot.state);
        loop {
            match &*state {
                State::Answered(answer) => return answer.clone(),
                State::Asking => state = asker.wait(&slot.changed, state)?,
                State::Free => break,
            }
        }
        *state = State::Asking;
        drop(state);
        let _turn = Turn(&slot);
        let answer = ask();
        if answer.is_ok() || !asker.gave_up() {
            *locked(&slot.state) = State::Answered(answer.clone());
        }
        answer
    }

    /// Drops an answer; the next one who wants it asks again.
    pub(super) fn forget(&self, question: &K) {
        locked(&self.slots).remove(question);
    }
}

/// The asker's turn. However it ends, by a panic too, the others go on.
struct Turn<'slot, V>(&'slot Slot<V>);

impl<V> Drop for Turn<'_, V> {
    fn drop(&mut self) {
        let mut state = locked(&self.0.state);
        if matches!(*state, State::Asking) {
            *state = State::Free;
        }
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::failure_kind::FailureKind;

    static RUNNING: AtomicBool = AtomicBool::new(false);

    fn asker(patience: Duration) -> Asker<'static> {
        Asker { stopped: &RUNNING, deadline: Instant::now() + patience, asked: "aws/x" }
    }

    fn patient() -> Asker<'static> {
        asker(Duration::from_mins(1))
    }

    fn no() -> QueryError {
        QueryError::refused(500, "no")
    }

    #[test]
    fn eight_threads_ask_once() {
        let flight = SingleFlight::new();
        let (asked, start) = (AtomicUsize::new(0), Barrier::new(8));
        let get = || {
            start.wait();
            flight.get(&"question", patient(), || Ok(asked.fetch_add(1, Ordering::SeqCst)))
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(get)).collect();
            assert!(threads.into_iter().all(|thread| thread.join().expect("no panic") == Ok(0)));
        });
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failure_is_remembered_until_it_is_forgotten() {
        let flight = SingleFlight::new();
        assert_eq!(flight.get(&(), patient(), || Err(no())), Err(no()));
        assert_eq!(flight.get(&(), patient(), || Ok(1)), Err(no()));
        flight.forget(&());
        assert_eq!(flight.get(&(), patient(), || Ok(2)), Ok(2));
    }

    #[test]
    fn a_failure_of_an_asker_without_time_is_its_own() {
        let flight = SingleFlight::new();
        assert_eq!(flight.get(&(), asker(Duration::ZERO), || Err(no())), Err(no()));
        assert_eq!(flight.get(&(), patient(), || Ok(1)), Ok(1));
    }

    #[test]
    fn a_panic_of_the_asker_lets_the_next_one_ask() {
        let flight: SingleFlight<(), i32> = SingleFlight::new();
        std::thread::scope(|scope| {
            let panicking = scope.spawn(|| flight.get(&(), patient(), || panic!("a bug")));
            assert!(panicking.join().is_err());
        });
        assert_eq!(flight.get(&(), patient(), || Ok(1)), Ok(1));
    }

    #[test]
    fn who_waits_does_so_until_its_own_deadline() {
        let flight: SingleFlight<(), i32> = SingleFlight::new();
        let waits = || flight.get(&(), asker(Duration::from_millis(5)), || Ok(2));
        let waited = flight.get(&(), patient(), || std::thread::scope(|scope| scope.spawn(waits).join().expect("no panic")));
        assert_eq!(waited.expect_err("the second one had no time").kind, FailureKind::TimedOut);
    }
}
