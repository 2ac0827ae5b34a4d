//! What happened in an archive, newest first: what is new, what changed and how, what is gone. A document that came back is new again, as in
//! EDDA: it has another `ftime`.

use std::fmt::Write;
use std::ops::ControlFlow;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::error::ArchiveError;
use super::store::{Archive, number_of};
use crate::parse::ParseError;
use crate::query::unified_diff::hunks;
use crate::{EpochMillis, Value};

/// What is asked of the history.
#[derive(Clone, Debug, Default)]
pub struct HistoryRequest {
    /// The collection's name with dots.
    pub collection: String,
    /// Only this document; all without.
    pub id: Option<String>,
    /// Only what happened at this moment or later.
    pub since: Option<EpochMillis>,
    /// Only what happened before this moment.
    pub until: Option<EpochMillis>,
    /// How many events at most; all without.
    pub limit: Option<u64>,
    /// How many unchanged lines are shown around each change; all without.
    pub context: Option<u32>,
    /// Show the whole document where it is new or gone.
    pub whole: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was noticed.
    pub moment: EpochMillis,
    /// The account and region.
    pub source: String,
    /// The document's id.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// Lines of a unified difference, each ended by a line feed; empty where there are none to be shown.
    pub difference: String,
}

/// What can happen to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It was seen for the first time, or again.
    New,
    /// It became another.
    Changed,
    /// It became another, and the revision before is no longer kept.
    ChangedFromUnknown,
    /// It was no longer seen.
    Gone,
}

/// Why the history cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The archive has no such collection.
    #[error("the archive has no collection `{}`; `reddalert archive stats` lists those that it has", .0.escape_debug())]
    UnknownCollection(String),
    /// A revision is no document.
    #[error("a revision of `{}` is damaged", id.escape_debug())]
    Damaged {
        /// The document's id.
        id: String,
        /// What is wrong with it.
        source: ParseError,
    },
}

impl Archive {
    /// Hands over what happened, newest first, until `visit` breaks. All of it is of one state of the archive.
    pub fn history(&self, request: &HistoryRequest, visit: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<(), HistoryError> {
        self.query(|connection| {
            // Never committed: it only keeps the state that is read.
            let _state = connection.unchecked_transaction()?;
            match number_of(connection, &request.collection)? {
                Some(collection) => visit_events(connection, collection, request, visit),
                None => Ok(Err(HistoryError::UnknownCollection(request.collection.clone()))),
            }
        })?
    }
}

/// Beginnings and ends. A revision that another one of the same life follows has no end of its own. The index by start holds the ends, too, so
/// that only the rows of what ended in time are looked at.
fn events_of(request: &HistoryRequest) -> String {
    let (index, id) = match request.id {
        Some(_) => ("records_by_id", "r.id = ?2"),
        None => ("records_by_start", "?2 IS NULL"),
    };
    let from = format!("FROM records AS r INDEXED BY {index} WHERE r.collection = ?1 AND {id}");
    format!(
        "SELECT r.number, r.stime AS moment, TRUE AS begins, r.id {from} AND r.stime >= ?3 AND r.stime < ?4 \
         UNION ALL SELECT r.number, r.ltime, FALSE, r.id {from} AND r.ltime >= ?3 AND r.ltime < ?4 AND NOT EXISTS (SELECT 1 \
         FROM records AS later WHERE later.source = r.source AND later.id = r.id AND later.variant = r.variant \
         AND later.stime > r.stime AND later.ftime = r.ftime) ORDER BY moment DESC, r.id, begins, r.number LIMIT ?5"
    )
}

fn visit_events(
    connection: &Connection,
    collection: i64,
    request: &HistoryRequest,
    visit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> rusqlite::Result<Result<(), HistoryError>> {
    let mut statement = connection.prepare(&events_of(request))?;
    let limit = request.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
    let (since, until) = (request.since.unwrap_or(EpochMillis::MIN), request.until.unwrap_or(EpochMillis::MAX));
    let mut events = statement.query(params![collection, request.id, since, until, limit])?;
    let mut revisions = Revisions::prepare(connection)?;
    while let Some(event) = events.next()? {
        let (moment, begins) = (event.get(1)?, event.get(2)?);
        let (newer, older) = revisions.pair(event.get(0)?, begins)?;
        match tell(moment, begins, newer, older, request).map(&mut *visit) {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(())) => break,
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(()))
}

/// A revision as far as the history needs it.
struct Revision {
    source: String,
    id: String,
    ftime: EpochMillis,
    stime: EpochMillis,
    data: String,
}

impl Revision {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { source: row.get(0)?, id: row.get(1)?, ftime: row.get(2)?, stime: row.get(3)?, data: row.get(4)? })
    }

    fn text(&self) -> Result<String, HistoryError> {
        let value = Value::parse_stored(&self.data).map_err(|source| HistoryError::Damaged { id: self.id.clone(), source })?;
        Ok(value.to_pretty())
    }
}

struct Revisions<'c> {
    one: CachedStatement<'c>,
    before: CachedStatement<'c>,
}

impl<'c> Revisions<'c> {
    fn prepare(connection: &'c Connection) -> rusqlite::Result<Self> {
        const ONE: &str = "SELECT s.name, r.id, r.ftime, r.stime, r.data FROM records AS r JOIN sources AS s ON s.number = r.source \
            WHERE r.number = ?1";
        const BEFORE: &str = "SELECT s.name, o.id, o.ftime, o.stime, o.data FROM records AS r JOIN sources AS s ON s.number = r.source \
            JOIN records AS o ON o.source = r.source AND o.id = r.id AND o.variant = r.variant AND o.stime < r.stime \
            WHERE r.number = ?1 ORDER BY o.stime DESC LIMIT 1";
        Ok(Self { one: connection.prepare_cached(ONE)?, before: connection.prepare_cached(BEFORE)? })
    }

    /// The revision of that number and, when it is about a beginning, the one before.
    fn pair(&mut self, number: i64, begins: bool) -> rusqlite::Result<(Revision, Option<Revision>)> {
        let revision = self.one.query_row([number], Revision::read)?;
        let before = if begins { self.before.query_row([number], Revision::read).optional()? } else { None };
        Ok((revision, before))
    }
}

fn tell(
    moment: EpochMillis,
    begins: bool,
    revision: Revision,
    before: Option<Revision>,
    request: &HistoryRequest,
) -> Result<Event, HistoryError> {
    let before = before.filter(|before| before.ftime == revision.ftime);
    let (kind, difference) = match before {
        _ if !begins => (EventKind::Gone, whole(&revision, '-', request)?),
        Some(before) => (EventKind::Changed, hunks(&before.text()?, &revision.text()?, request.context.map(i64::from))),
        None if revision.ftime < revision.stime => (EventKind::ChangedFromUnknown, whole(&revision, '+', request)?),
        None => (EventKind::New, whole(&revision, '+', request)?),
    };
    Ok(Event { moment, source: revision.source, id: revision.id, kind, difference })
}

fn whole(revision: &Revision, mark: char, request: &HistoryRequest) -> Result<String, HistoryError> {
    let mut lines = String::new();
    if request.whole {
        for line in revision.text()?.split('\n') {
            writeln!(lines, "{mark}{line}").expect("writing to a String cannot fail");
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::archive::schema;

    fn plan(id: Option<&str>) -> String {
        let mut connection = Connection::open_in_memory().expect("a database");
        schema::prepare(&mut connection, Path::new("memory")).expect("an archive");
        let request = HistoryRequest { id: id.map(ToOwned::to_owned), ..HistoryRequest::default() };
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", events_of(&request))).expect("a statement");
        let steps = statement.query_map(params![1, request.id, 0, 9, -1], |row| row.get::<_, String>(3)).expect("a plan");
        steps.collect::<rusqlite::Result<Vec<_>>>().expect("steps").join("; ")
    }

    #[test]
    fn one_document_is_looked_up() {
        let plan = plan(Some("a"));
        assert_eq!(plan.matches("records_by_id (collection=? AND id=?)").count(), 2, "{plan}");
    }

    #[test]
    fn a_collection_is_read_through_an_index_that_holds_its_times() {
        let plan = plan(None);
        assert_eq!(plan.matches("records_by_start (collection=?").count(), 2, "{plan}");
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
