//! The answers that a rule has begun to read. They stay until it ends, since each page may be asked for again, so they count as its memory.

use std::collections::HashMap;
use std::sync::Arc;

use super::limit_name::LimitName;
use super::stop::Stop;
use crate::inventory::Documents;

/// What an answer costs beside its documents, bytes. It keeps the number of empty ones small.
const OVERHEAD: usize = 256;

/// Answers by the order in which they were first asked for. One that is asked for again is held once.
#[derive(Default)]
pub(super) struct HeldAnswers {
    answers: Vec<Arc<Documents>>,
    places: HashMap<usize, usize>,
    bytes: usize,
}

impl HeldAnswers {
    /// Holds an answer and returns its place. `allowed` is the limit of the rule's memory, bytes.
    pub(super) fn hold(&mut self, answer: Arc<Documents>, allowed: u64) -> Result<usize, Stop> {
        // Stays the same as long as the answer is held.
        let address = Arc::as_ptr(&answer).addr();
        if let Some(place) = self.places.get(&address) {
            return Ok(*place);
        }
        self.bytes = self.bytes.saturating_add(answer.size() + OVERHEAD);
        if u64::try_from(self.bytes).unwrap_or(u64::MAX) > allowed {
            return Err(Stop::Limit(LimitName::Memory));
        }
        let place = self.answers.len();
        self.places.insert(address, place);
        self.answers.push(answer);
        Ok(place)
    }

    /// The answer at a place.
    pub(super) fn get(&self, place: usize) -> Option<&Arc<Documents>> {
        self.answers.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_held_once_and_many_are_too_much() {
        let mut held = HeldAnswers::default();
        let first = Arc::new(Documents::default());
        assert_eq!(held.hold(Arc::clone(&first), 600), Ok(0));
        assert_eq!(held.hold(first, 600), Ok(0));
        assert_eq!(held.hold(Arc::default(), 600), Ok(1));
        assert_eq!(held.hold(Arc::default(), 600), Err(Stop::Limit(LimitName::Memory)));
        assert!(held.get(1).is_some() && held.get(2).is_none());
    }
}
