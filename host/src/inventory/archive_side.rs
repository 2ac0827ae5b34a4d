//! The archive as a side of the inventory. It knows every state that it ever had, so a rule's times are told from the records.

use std::error::Error;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use edda::RecordStore;
use edda::archive::{Archive, known_collections};
use edda::query::{Refusal, Request, answer, documents};

use super::fault::{InventoryError, QueryError};
use super::http::over_text_limit;
use super::patience::Asker;
use super::reading::Reading;
use super::side::{Question, Side};
use super::statistics::Counters;
use super::times::{Moments, Times};
use crate::failure_kind::FailureKind;
use crate::time_window::{EpochMillis, TimeWindow};

/// See the module.
#[derive(Debug)]
pub(super) struct ArchiveSide {
    archive: Archive,
    counters: Arc<Counters>,
}

impl ArchiveSide {
    pub(super) fn open(path: &Path, counters: Arc<Counters>) -> Result<Self, InventoryError> {
        Ok(Self { archive: Archive::open(path)?, counters })
    }

    /// The question as the archive understands it, about a collection that it has.
    fn request(&self, question: &Question) -> Result<Request, QueryError> {
        self.known(&question.collection)?;
        let request = Request::parse(&question.base).map_err(|refusal| refused(&refusal))?;
        let query = request.resolve(&|name| self.archive.has_collection(name)).map_err(|refusal| refused(&refusal))?;
        if query.collection() != question.collection {
            let (read, meant) = (query.collection().escape_debug(), question.collection.escape_debug());
            return Err(QueryError::bad_request(format!("the path can be read as one about `{meant}` and as one about `{read}`")));
        }
        Ok(match question.moments {
            Moments::Current | Moments::At(_) => request,
            Moments::Before { until } => request.with_state_before(until),
            Moments::Valid(span) => request.with_window(span.since, TimeWindow::from(span).last_moment(), false),
            Moments::Begun(span) => request.with_window(span.since, TimeWindow::from(span).last_moment(), true),
        })
    }

    fn known(&self, collection: &str) -> Result<EpochMillis, QueryError> {
        let known = self.archive.known_until(collection).map_err(|error| unreadable(&error))?;
        known.ok_or_else(|| QueryError { status: Some(404), ..never_taken_in(collection, self.archive.path()) })
    }

    /// As [`Side::read`], of revisions of which much has been read before. False: the answer is not made of whole documents.
    fn read_revisions(&self, request: &Request, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<bool, QueryError> {
        if !reading.keeps_revisions() {
            return Ok(false);
        }
        let (start, mut bytes, mut stopped) = (Instant::now(), 0, None);
        let answered = self.archive.revisions(request, &mut |number, load| {
            let load = || {
                let document = load().map_err(|error| unreadable(&error))?;
                bytes += document.len() as u64;
                Ok(document)
            };
            match asker.check().and_then(|()| reading.revision(number, load)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    stopped = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        self.account(bytes, start.elapsed());
        stopped.map_or(Ok(()), Err)?;
        answered.map_err(|refusal| refused(&refusal))
    }

    fn account(&self, bytes: u64, reading: Duration) {
        self.counters.add(|statistics| {
            statistics.requests += 1;
            statistics.bytes += bytes;
            statistics.downloading += reading;
        });
    }
}

impl Side for ArchiveSide {
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError> {
        Moments::over_archive(times, window)
    }

    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        let newest = self.archive.newest_known_until()?;
        newest.ok_or_else(|| InventoryError::NeverImported { path: self.archive.path().to_owned() })
    }

    fn known_until(&self, collection: &str, _: Asker<'_>) -> Result<EpochMillis, QueryError> {
        self.known(collection)
    }

    fn read(&self, question: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError> {
        let request = self.request(question)?;
        if self.read_revisions(&request, asker, reading)? {
            return Ok(());
        }
        let (start, mut bytes, mut reducing, mut stopped) = (Instant::now(), 0, Duration::ZERO, None);
        let answered = documents(&request, &self.archive, &mut |document| {
            let begun = Instant::now();
            bytes += document.len() as u64;
            let outcome = asker.check().and_then(|()| reading.document(document));
            reducing += begun.elapsed();
            match outcome {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    stopped = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        self.account(bytes, start.elapsed().saturating_sub(reducing));
        stopped.map_or(Ok(()), Err)?;
        answered.map_err(|refusal| refused(&refusal))
    }

    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError> {
        let request = self.request(question)?;
        let start = Instant::now();
        let mut text = BoundedText { bytes: Vec::new(), limit, asker, stopped: None };
        let answered = answer(&request, &self.archive, &mut text);
        self.account(text.bytes.len() as u64, start.elapsed());
        text.stopped.map_or(Ok(()), Err)?;
        answered.map_err(|refusal| refused(&refusal))?;
        String::from_utf8(text.bytes).map_err(|error| unreadable(&error))
    }
}

/// Takes a text as long as it is not too long and somebody waits for it.
struct BoundedText<'run> {
    bytes: Vec<u8>,
    limit: usize,
    asker: Asker<'run>,
    stopped: Option<QueryError>,
}

impl io::Write for BoundedText<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let fits = self.bytes.len() + piece.len() <= self.limit;
        let outcome = if fits { self.asker.check() } else { Err(over_text_limit(self.limit)) };
        match outcome {
            Ok(()) => self.bytes.extend_from_slice(piece),
            Err(error) => {
                self.stopped = Some(error);
                return Err(io::ErrorKind::Other.into());
            }
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive refuses in EDDA's words.
fn refused(refusal: &Refusal) -> QueryError {
    match refusal {
        Refusal::Store(_) | Refusal::Damaged { .. } | Refusal::Write(_) => unreadable(refusal),
        _ => QueryError::refused(refusal.status(), refusal.message()),
    }
}

/// The archive itself failed, with all causes.
fn unreadable(error: &dyn Error) -> QueryError {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    QueryError::new(FailureKind::Unavailable, message)
}

/// What a rule and the operator are told about a collection that the archive does not have.
fn never_taken_in(collection: &str, path: &Path) -> QueryError {
    let (name, path) = (collection.escape_debug(), path.display());
    let message = if known_collections().any(|known| known == collection) {
        format!("collection `{name}` was never taken into the archive {path}: run `reddalert archive import --archive {path} FILE...`")
    } else {
        let known: Vec<&str> = known_collections().collect();
        format!("no archive has a collection `{name}`; `reddalert archive import` takes in {}", known.join(", "))
    };
    QueryError::new(FailureKind::NotFound, message)
}
