//! The run's shared answers: each question is asked once, whoever asks, and its documents are kept once for each set of fields.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, Weak};

use super::documents::Documents;
use super::fault::QueryError;
use super::http::{Body, BodyError};
use super::patience::Asker;
use super::reading::Reading;
use super::reducer::{FieldSet, Products};
use super::revision_cache::RevisionCache;
use super::side::{Question, Side};
use super::spool::{Spool, SpoolRoom};
use super::statistics::{Counters, locked};

/// What is kept of documents that no rule is reading. Bytes.
const KEPT_BYTES: usize = 256 * 1024 * 1024;

/// All answers of a run.
#[derive(Debug)]
pub(super) struct Answers {
    entries: Mutex<HashMap<Question, Arc<Entry>>>,
    kept: Mutex<Kept>,
    room: Arc<SpoolRoom>,
    counters: Arc<Counters>,
    /// What is kept of revisions over many moments of the past; nothing in a run.
    revisions: Option<Arc<RevisionCache>>,
}

/// One question.
#[derive(Debug, Default)]
struct Entry {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// True while one of the askers is getting documents for all.
    busy: bool,
    /// Field sets that somebody waits for.
    wanted: Vec<FieldSet>,
    products: HashMap<FieldSet, Weak<Documents>>,
    /// The raw answer, once there is one.
    raw: Option<Arc<Spool>>,
    /// A question that failed stays so for the run.
    failed: Option<QueryError>,
}

impl Answers {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        Self { entries: Mutex::default(), kept: Mutex::new(Kept::up_to(KEPT_BYTES)), room: SpoolRoom::new(), counters, revisions: None }
    }

    /// The same, with what is made of revisions kept in `revisions`.
    pub(super) fn keeping(self, revisions: Arc<RevisionCache>) -> Self {
        Self { revisions: Some(revisions), ..self }
    }

    /// The documents of an answer with these fields: the first asker gets them for all that wait, the others wait until then.
    pub(super) fn documents(
        &self,
        side: &dyn Side,
        question: &Question,
        fields: &FieldSet,
        asker: Asker<'_>,
    ) -> Result<Arc<Documents>, QueryError> {
        let entry = Arc::clone(locked(&self.entries).entry(question.clone()).or_default());
        let mut state = locked(&entry.state);
        loop {
            if let Some(documents) = state.products.get(fields).and_then(Weak::upgrade) {
                return Ok(documents);
            }
            if let Some(error) = &state.failed {
                return Err(error.clone());
            }
            if !state.wanted.contains(fields) {
                state.wanted.push(fields.clone());
            }
            if !state.busy {
                break;
            }
            state = asker.wait(&entry.changed, state)?;
        }
        state.busy = true;
        let raw = state.raw.clone();
        drop(state);
        let _turn = Turn(&entry);
        match self.read(side, question, &entry, raw, asker) {
            Ok((products, raw)) => Ok(self.keep(&entry, fields, products, raw)),
            Err(error) => {
                // Whoever gave up speaks for itself alone; the next asker tries again.
                if !asker.gave_up() {
                    locked(&entry.state).failed = Some(error.clone());
                }
                Err(error)
            }
        }
    }

    /// One pass over the answer: from the raw bytes where there are any, else from the inventory.
    fn read(
        &self,
        side: &dyn Side,
        question: &Question,
        entry: &Entry,
        raw: Option<Arc<Spool>>,
        asker: Asker<'_>,
    ) -> Result<(Products, Option<Arc<Spool>>), QueryError> {
        let waiting = || locked(&entry.state).wanted.clone();
        if let Some(raw) = raw {
            let mut reading = Reading::new(question.expected, &waiting, &self.counters, None);
            if replay(&raw, &mut reading, asker)? {
                return Ok((reading.finish().0, Some(raw)));
            }
        }
        let mut reading =
            Reading::new(question.expected, &waiting, &self.counters, Some(Arc::clone(&self.room))).keeping(self.revisions.as_ref());
        side.read(question, asker, &mut reading)?;
        let (products, spool) = reading.finish();
        Ok((products, spool.map(Arc::new)))
    }

    /// Keeps the products for all, and gives the asker its own.
    fn keep(&self, entry: &Entry, own: &FieldSet, products: Products, raw: Option<Arc<Spool>>) -> Arc<Documents> {
        let mut state = locked(&entry.state);
        let mut kept = locked(&self.kept);
        let mut mine = None;
        for (fields, documents) in products {
            let documents = Arc::new(documents);
            if fields == *own {
                mine = Some(Arc::clone(&documents));
            }
            kept.add(&documents);
            state.wanted.retain(|wanted| *wanted != fields);
            state.products.insert(fields, Arc::downgrade(&documents));
        }
        state.raw = raw;
        mine.expect("the asker's own fields were among those wanted before its pass began")
    }
}

/// Reads an answer again. False: the disk does not give it back.
fn replay(raw: &Spool, reading: &mut Reading<'_>, asker: Asker<'_>) -> Result<bool, QueryError> {
    /// Why reading again stopped.
    enum Stop {
        Disk,
        Query(QueryError),
    }
    impl From<std::io::Error> for Stop {
        fn from(_: std::io::Error) -> Self {
            Self::Disk
        }
    }
    let query = |error: BodyError| Stop::Query(error.into_query_error());
    reading.begin();
    let outcome = raw.replay(|piece| {
        asker.check().map_err(Stop::Query)?;
        reading.take(piece).map_err(query)
    });
    match outcome.and_then(|()| reading.end().map_err(query)) {
        Ok(()) => Ok(true),
        Err(Stop::Disk) => Ok(false),
        Err(Stop::Query(error)) => Err(error),
    }
}

/// The asker's turn. However it ends, by a panic too, the others go on.
struct Turn<'entry>(&'entry Entry);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        locked(&self.0.state).busy = false;
        self.0.changed.notify_all();
    }
}

/// The newest documents, up to so many bytes. What falls out lives on while a rule reads it, and can be made again from the raw answer.
#[derive(Debug)]
struct Kept {
    limit: usize,
    bytes: usize,
    documents: VecDeque<Arc<Documents>>,
}

impl Kept {
    fn up_to(limit: usize) -> Self {
        Self { limit, bytes: 0, documents: VecDeque::new() }
    }

    fn add(&mut self, documents: &Arc<Documents>) {
        self.bytes += documents.size();
        self.documents.push_back(Arc::clone(documents));
        while self.bytes > self.limit
            && let Some(oldest) = self.documents.pop_front()
        {
            self.bytes -= oldest.size();
        }
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
