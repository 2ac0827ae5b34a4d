//! One pass over an answer: cut into documents, reduced for everybody who waits for it, and kept raw for those who come later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::fault::{EddaRefusal, QueryError};
use super::http::{Body, BodyError};
use super::reducer::{FieldSet, NotJson, Products, Reducer};
use super::revision_cache::RevisionCache;
use super::splitter::{Expected, SplitError, Splitter, quote};
use super::spool::{Spool, SpoolRoom};
use super::statistics::Counters;
use crate::failure_kind::FailureKind;

/// Takes an answer as bytes or as documents.
pub(super) struct Reading<'run> {
    /// Who waits is looked up when the answer begins: by then most rules have asked.
    waiting: &'run dyn Fn() -> Vec<FieldSet>,
    expected: Expected,
    spent: Spent<'run>,
    splitter: Splitter,
    reducer: Reducer,
    /// None: the answer cannot be kept, or need not be.
    spool: Option<Spool>,
    room: Option<Arc<SpoolRoom>>,
    /// What is kept of revisions over many answers.
    revisions: Option<Arc<RevisionCache>>,
}

impl<'run> Reading<'run> {
    /// `room`: where the raw bytes are kept, if they are to be.
    pub(super) fn new(
        expected: Expected,
        waiting: &'run dyn Fn() -> Vec<FieldSet>,
        counters: &'run Counters,
        room: Option<Arc<SpoolRoom>>,
    ) -> Self {
        Self {
            waiting,
            expected,
            spent: Spent { counters, splitting: Duration::ZERO, projecting: Duration::ZERO },
            splitter: Splitter::new(expected),
            reducer: Reducer::default(),
            spool: None,
            room,
            revisions: None,
        }
    }

    /// The same, with what is made of revisions kept in `revisions`.
    pub(super) fn keeping(mut self, revisions: Option<&Arc<RevisionCache>>) -> Self {
        self.revisions = revisions.map(Arc::clone);
        self
    }

    /// Takes a document that comes alone.
    pub(super) fn document(&mut self, document: &str) -> Result<(), QueryError> {
        self.look_who_waits();
        let outcome = self.reducer.reduce(document);
        self.account(Duration::ZERO);
        outcome.map_err(QueryError::from)
    }

    /// Whether what is made of revisions is kept.
    pub(super) fn keeps_revisions(&self) -> bool {
        self.revisions.is_some()
    }

    /// Takes a document that comes alone, and belongs to a revision of which may be kept what is wanted.
    pub(super) fn revision(&mut self, number: i64, load: impl FnOnce() -> Result<String, QueryError>) -> Result<(), QueryError> {
        self.look_who_waits();
        let outcome = self.reducer.reduce_revision(number, load);
        self.account(Duration::ZERO);
        outcome
    }

    /// What was made of a complete answer, and its raw bytes.
    pub(super) fn finish(mut self) -> (Products, Option<Spool>) {
        self.look_who_waits();
        // An answer that the disk has no room for is asked again when it is wanted again.
        (self.reducer.finish(), self.spool.and_then(|spool| spool.finish().ok()))
    }

    fn look_who_waits(&mut self) {
        if self.reducer.is_idle() {
            self.reducer = Reducer::new((self.waiting)());
            if let Some(revisions) = &self.revisions {
                self.reducer = std::mem::take(&mut self.reducer).keeping(revisions);
            }
        }
    }

    fn account(&mut self, all: Duration) {
        let projecting = self.reducer.take_spent();
        self.spent.projecting += projecting;
        self.spent.splitting += all.saturating_sub(projecting);
    }
}

/// The time of one pass. All threads share the counters, so they hear of it once, however the pass ends.
struct Spent<'run> {
    counters: &'run Counters,
    splitting: Duration,
    projecting: Duration,
}

impl Drop for Spent<'_> {
    fn drop(&mut self) {
        self.counters.add(|statistics| {
            statistics.splitting += self.splitting;
            statistics.projecting += self.projecting;
        });
    }
}

impl Body for Reading<'_> {
    fn begin(&mut self) {
        self.splitter = Splitter::new(self.expected);
        self.reducer.begin_again();
        self.spool = self.room.as_ref().map(Spool::new);
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        self.look_who_waits();
        let start = Instant::now();
        let reducer = &mut self.reducer;
        let outcome = self.splitter.feed(piece, &mut |document: &str| Ok::<(), Nonsense>(reducer.reduce(document)?));
        self.account(start.elapsed());
        outcome.map_err(Nonsense::into_body_error)?;
        if self.spool.as_mut().is_some_and(|spool| spool.push(piece).is_err()) {
            self.spool = None;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), BodyError> {
        self.splitter.finish().map_err(|error| Nonsense::from(error).into_body_error())
    }
}

impl BodyError {
    /// For one who does not try again.
    pub(super) fn into_query_error(self) -> QueryError {
        match self {
            Self::CutOff(error) | Self::Bad(error) => error,
        }
    }
}

/// Why an answer is of no use.
enum Nonsense {
    Split(SplitError),
    Document(NotJson),
}

impl From<NotJson> for QueryError {
    fn from(error: NotJson) -> Self {
        Nonsense::from(error).into_body_error().into_query_error()
    }
}

impl From<NotJson> for Nonsense {
    fn from(error: NotJson) -> Self {
        Self::Document(error)
    }
}

impl From<SplitError> for Nonsense {
    fn from(error: SplitError) -> Self {
        Self::Split(error)
    }
}

impl Nonsense {
    fn into_body_error(self) -> BodyError {
        let unavailable = |message: String| QueryError { status: Some(200), ..QueryError::new(FailureKind::Unavailable, message) };
        match self {
            Self::Split(SplitError::CutOff) => BodyError::CutOff(unavailable("EDDA's answer is cut off".to_owned())),
            Self::Split(SplitError::NotAList(object)) => BodyError::Bad(match EddaRefusal::parse(&object) {
                Some(refusal) => QueryError::refused(refusal.code, refusal.message),
                None => unavailable(format!("EDDA gave one object where a list was asked for; it begins with `{}`", quote(&object))),
            }),
            Self::Split(SplitError::NotJson(start)) => {
                let advice = "check `edda` in the settings";
                BodyError::Bad(unavailable(format!("EDDA's answer is no JSON list; it begins with `{}`; {advice}", quote(&start))))
            }
            Self::Split(error) => BodyError::Bad(unavailable(format!("EDDA's answer makes no sense: {error}"))),
            Self::Document(NotJson { number, error }) => {
                BodyError::Bad(unavailable(format!("EDDA's answer makes no sense: document {number} is not JSON: {error}")))
            }
        }
    }
}
