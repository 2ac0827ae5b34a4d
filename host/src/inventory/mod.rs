//! What rules see of an AWS account: one seam in front of an EDDA over HTTP, of the archive, or of records in memory. In a run each question is asked once and
//! shared by all rules; each rule gets the fields that it selected and nothing else.
//!
//! A question goes this way: `query` checks the path, `times` says what moments it means, `answers` asks for it if nobody has yet,
//! `http` or the archive answers, `reading` cuts the answer into documents (`splitter`), reduces them (`reducer`) and keeps the raw bytes
//! (`spool`), and `documents` hands them out in pages.

mod answers;
mod archive_side;
mod documents;
mod fault;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod http;
mod http_address;
mod http_side;
mod http_trouble;
mod memory_side;
mod past_side;
mod patience;
mod query;
mod reading;
mod record_answers;
mod reducer;
mod revision_cache;
mod side;
mod single_flight;
mod splitter;
mod spool;
mod statistics;
mod texts;
mod times;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use edda::MemoryStore;

use self::answers::Answers;
use self::archive_side::ArchiveSide;
use self::http::HttpLimits;
use self::http_side::HttpSide;
use self::memory_side::MemorySide;
use self::past_side::PastSide;
use self::patience::Asker;
use self::query::RulePath;
use self::reducer::FieldSet;
use self::revision_cache::RevisionCache;
use self::side::{Question, Side};
use self::single_flight::SingleFlight;
use self::splitter::Expected;
use self::statistics::Counters;
use self::texts::{Texts, side_by_side};
use crate::settings::InventoryAddress;
use crate::time_window::{EpochMillis, TimeWindow};

pub use self::documents::{Documents, Page};
pub use self::fault::{InventoryError, QueryError};
pub use self::statistics::InventoryStatistics;
pub use self::times::Times;

/// For a question that no rule waits for.
const OWN_PATIENCE: Duration = Duration::from_mins(1);

/// One inventory for all rules of a run.
pub struct Inventory {
    side: Box<dyn Side>,
    answers: Answers,
    texts: Texts,
    known: SingleFlight<String, EpochMillis>,
    /// For the past: what was made of revisions at one moment serves the next one.
    revisions: Arc<RevisionCache>,
    counters: Arc<Counters>,
    stopped: AtomicBool,
}

/// The documents that a rule asked for.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Each reduced to the fields of the rule's selector.
    pub documents: Arc<Documents>,
    /// The collection they are from: `aws.securityGroups`.
    pub collection: String,
}

/// The collection that a path of a rule speaks of: `aws.securityGroups`.
///
/// # Errors
/// It is no path that a rule may ask.
pub fn collection_of(path: &str) -> Result<String, QueryError> {
    RulePath::parse(path).map(|path| path.collection)
}

impl Inventory {
    /// Gets ready to ask; `now` is the moment at which the run began. Nothing is sent yet; an archive is opened.
    pub fn open(address: &InventoryAddress, now: EpochMillis) -> Result<Self, InventoryError> {
        Self::open_within(address, now, HttpLimits::default())
    }

    fn open_within(address: &InventoryAddress, now: EpochMillis, limits: HttpLimits) -> Result<Self, InventoryError> {
        let counters = Arc::new(Counters::default());
        let side: Box<dyn Side> = match address {
            InventoryAddress::Http(url) => Box::new(HttpSide::open(url, now, limits, Arc::clone(&counters))?),
            InventoryAddress::Archive(path) => Box::new(ArchiveSide::open(path, Arc::clone(&counters))?),
        };
        Ok(Self::before(side, counters))
    }

    /// Answers from records in memory, all of which are known up to `known_until`.
    pub fn of_records(store: Arc<MemoryStore>, known_until: EpochMillis) -> Self {
        let counters = Arc::new(Counters::default());
        Self::before(Box::new(MemorySide { store, known_until, counters: Arc::clone(&counters) }), counters)
    }

    fn before(side: Box<dyn Side>, counters: Arc<Counters>) -> Self {
        let answers = Answers::new(Arc::clone(&counters));
        let stopped = AtomicBool::new(false);
        Self { side, answers, texts: Texts::new(), known: SingleFlight::new(), revisions: Arc::default(), counters, stopped }
    }

    /// The inventory as it was known at `until`, before which all that it answers began. It shares what is known of the present one.
    pub fn as_of(present: &Arc<Self>, until: EpochMillis) -> Self {
        let counters = Arc::clone(&present.counters);
        let answers = Answers::new(Arc::clone(&counters)).keeping(Arc::clone(&present.revisions));
        let revisions = Arc::clone(&present.revisions);
        let (side, stopped) = (Box::new(PastSide::new(present, until)), AtomicBool::new(false));
        Self { side, answers, texts: Texts::new(), known: SingleFlight::new(), revisions, counters, stopped }
    }

    /// The newest moment up to which anything is known: over HTTP 5 minutes ago; in the archive the newest of its collections, an error when
    /// nothing was ever taken in.
    pub fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        self.side.newest_known_until()
    }

    /// Up to when a collection is known. Asked once a run; what a rule has asked for was asked for this before.
    pub fn known_until(&self, collection: &str) -> Result<EpochMillis, InventoryError> {
        let asker = self.asker(Instant::now() + OWN_PATIENCE, collection);
        self.ask_known_until(collection, asker)
            .map_err(|source| InventoryError::KnownUntil { collection: collection.escape_debug().to_string(), source })
    }

    /// The documents of a path as in `wit/edda.wit`. Waits until `deadline` at most.
    pub fn documents(&self, path: &str, times: &Times, window: TimeWindow, deadline: Instant) -> Result<Answer, QueryError> {
        let asker = self.asker(deadline, path);
        let (question, fields) = self.question(path, times, window)?;
        self.ask_first_how_far_it_is_known(&question, times, asker)?;
        let documents = self.answers.documents(&*self.side, &question, &fields, asker);
        let documents = documents.inspect_err(|error| self.counters.note(error))?;
        Ok(Answer { documents, collection: question.collection })
    }

    /// Whole answers as text, asked side by side, in the order of the paths. One over 8 MiB is over the limit.
    pub fn texts(&self, paths: &[String], times: &Times, window: TimeWindow, deadline: Instant) -> Vec<Result<String, QueryError>> {
        side_by_side(paths.len(), |number| self.text(&paths[number], times, window, deadline))
    }

    fn text(&self, path: &str, times: &Times, window: TimeWindow, deadline: Instant) -> Result<String, QueryError> {
        let asker = self.asker(deadline, path);
        let (question, fields) = self.question(path, times, window)?;
        if fields.is_some() {
            return Err(QueryError::bad_request("a text is a whole answer: a selector has no place in its path"));
        }
        self.ask_first_how_far_it_is_known(&question, times, asker)?;
        self.texts.text(&*self.side, &question, asker).inspect_err(|error| self.counters.note(error))
    }

    /// What was done so far.
    pub fn statistics(&self) -> InventoryStatistics {
        self.counters.snapshot()
    }

    /// Ends all waiting, now and later: the run was told to stop.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn asker<'run>(&'run self, deadline: Instant, asked: &'run str) -> Asker<'run> {
        Asker { stopped: &self.stopped, deadline, asked }
    }

    fn question(&self, path: &str, times: &Times, window: TimeWindow) -> Result<(Question, FieldSet), QueryError> {
        let path = RulePath::parse(path)?;
        let moments = self.side.moments(times, window)?;
        let expected = if path.has_id { Expected::ListOrDocument } else { Expected::List };
        Ok((Question { base: path.base, collection: path.collection, moments, expected }, path.fields))
    }

    /// What arrives between an answer and the question how far it reaches would count as seen. So that question comes first.
    fn ask_first_how_far_it_is_known(&self, question: &Question, times: &Times, asker: Asker<'_>) -> Result<(), QueryError> {
        match times {
            Times::Context => Ok(()),
            _ => self.ask_known_until(&question.collection, asker).map(drop),
        }
    }

    fn ask_known_until(&self, collection: &str, asker: Asker<'_>) -> Result<EpochMillis, QueryError> {
        let ask = || {
            let known_until = self.side.known_until(collection, asker)?;
            self.counters.add(|statistics| {
                statistics.collections.insert(collection.to_owned(), known_until);
            });
            Ok(known_until)
        };
        self.known.get(&collection.to_owned(), asker, ask).inspect_err(|error| self.counters.note(error))
    }
}
