//! The archive as a side of the inventory. It knows every state that it ever had, so a rule's times are told from the records.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use edda::archive::{Archive, known_collections};
use edda::query::Request;

use super::fault::{InventoryError, QueryError};
use super::patience::Asker;
use super::reading::Reading;
use super::record_answers::{account, read, refused, request_of, text, unreadable};
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
        request_of(question, &self.archive)
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
        account(&self.counters, bytes, start.elapsed());
        stopped.map_or(Ok(()), Err)?;
        answered.map_err(|refusal| refused(&refusal))
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
        read(&request, &self.archive, asker, reading, &self.counters)
    }

    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError> {
        text(&self.request(question)?, &self.archive, asker, limit, &self.counters)
    }
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
