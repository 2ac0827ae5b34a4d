//! Answers questions from records with their times, wherever these are kept.

use std::error::Error;
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use edda::RecordStore;
use edda::query::{Refusal, Request, answer, documents};

use super::fault::QueryError;
use super::http::over_text_limit;
use super::patience::Asker;
use super::reading::Reading;
use super::side::Question;
use super::statistics::Counters;
use super::times::Moments;
use crate::failure_kind::FailureKind;
use crate::time_window::TimeWindow;

/// The question as a store of records understands it.
pub(super) fn request_of(question: &Question, store: &dyn RecordStore) -> Result<Request, QueryError> {
    let request = Request::parse(&question.base).map_err(|refusal| refused(&refusal))?;
    let query = request.resolve(&|name| store.has_collection(name)).map_err(|refusal| refused(&refusal))?;
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

/// Gives the documents of an answer to `reading`.
pub(super) fn read(
    request: &Request,
    store: &dyn RecordStore,
    asker: Asker<'_>,
    reading: &mut Reading<'_>,
    counters: &Counters,
) -> Result<(), QueryError> {
    let (start, mut bytes, mut reducing, mut stopped) = (Instant::now(), 0, Duration::ZERO, None);
    let answered = documents(request, store, &mut |document| {
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
    account(counters, bytes, start.elapsed().saturating_sub(reducing));
    stopped.map_or(Ok(()), Err)?;
    answered.map_err(|refusal| refused(&refusal))
}

/// A whole answer as text, up to `limit` bytes.
pub(super) fn text(
    request: &Request,
    store: &dyn RecordStore,
    asker: Asker<'_>,
    limit: usize,
    counters: &Counters,
) -> Result<String, QueryError> {
    let start = Instant::now();
    let mut text = BoundedText { bytes: Vec::new(), limit, asker, stopped: None };
    let answered = answer(request, store, &mut text);
    account(counters, text.bytes.len() as u64, start.elapsed());
    text.stopped.map_or(Ok(()), Err)?;
    answered.map_err(|refusal| refused(&refusal))?;
    String::from_utf8(text.bytes).map_err(|error| unreadable(&error))
}

/// One more question was answered.
pub(super) fn account(counters: &Counters, bytes: u64, reading: Duration) {
    counters.add(|statistics| {
        statistics.requests += 1;
        statistics.bytes += bytes;
        statistics.downloading += reading;
    });
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

/// Records are refused in EDDA's words.
pub(super) fn refused(refusal: &Refusal) -> QueryError {
    match refusal {
        Refusal::Store(_) | Refusal::Damaged { .. } | Refusal::Write(_) => unreadable(refusal),
        _ => QueryError::refused(refusal.status(), refusal.message()),
    }
}

/// The store itself failed, with all causes.
pub(super) fn unreadable(error: &dyn Error) -> QueryError {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    QueryError::new(FailureKind::Unavailable, message)
}
