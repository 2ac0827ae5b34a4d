//! Writes a snapshot over what the archive holds of the same collection and source: what is new begins, what changed ends and begins anew,
//! what is gone ends, and what is as it was is not touched. An end is noticed 1 ms after the moment of the snapshot, so that a span which
//! holds a change holds both of its sides.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::collections::Collection;
use super::comparison::{differs_only_in, is_same};
use super::document::PiecesDigest;
use super::entry::Entry;
use super::import_report::{CollectionReport, NamedDocument};
use super::reshape::Reshaper;
use crate::{EpochMillis, StoredText, Value};

/// Writes snapshots of one moment.
pub(super) struct RevisionWriter<'c> {
    pub connection: &'c Connection,
    pub at: EpochMillis,
    /// Whether what is not in a snapshot ends, because the snapshot is the whole.
    pub is_whole: bool,
    pub reshaper: Reshaper,
    pub skipped: Vec<NamedDocument>,
}

/// A current revision in the archive.
struct Current {
    number: i64,
    digest: Option<PiecesDigest>,
}

/// The current revisions of a collection and source, by id and variant.
#[derive(Default)]
pub(super) struct CurrentRevisions(HashMap<(String, String), Current>);

impl CurrentRevisions {
    /// Reads them.
    pub(super) fn read(connection: &Connection, source: i64) -> rusqlite::Result<Self> {
        const CURRENT: &str =
            "SELECT id, variant, number, digest FROM records INDEXED BY records_current WHERE source = ?1 AND ltime IS NULL";
        let mut statement = connection.prepare_cached(CURRENT)?;
        let rows =
            statement.query_map([source], |row| Ok(((row.get(0)?, row.get(1)?), Current { number: row.get(2)?, digest: row.get(3)? })))?;
        rows.collect::<rusqlite::Result<_>>().map(Self)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them are not in a snapshot.
    pub(super) fn gone_from(&self, documents: &[impl Entry]) -> usize {
        let kept = documents.iter().filter(|document| self.0.contains_key(&identity(*document)));
        self.0.len() - kept.count()
    }
}

fn identity(document: &impl Entry) -> (String, String) {
    (document.id().to_owned(), document.variant().to_owned())
}

/// What became of a document.
enum Fate {
    New,
    Changed,
    Unchanged,
    Skipped,
}

impl RevisionWriter<'_> {
    /// Writes a snapshot of one source.
    pub(super) fn write(
        &mut self,
        collection: &Collection,
        documents: &[impl Entry],
        source: (i64, &str),
        mut current: CurrentRevisions,
    ) -> rusqlite::Result<CollectionReport> {
        let (name, source_name) = (collection.name.to_owned(), source.1.to_owned());
        let mut report = CollectionReport { collection: name, source: source_name, ..CollectionReport::default() };
        for document in documents {
            let known = current.0.remove(&identity(document));
            match self.document(collection, source.0, document, known)? {
                Fate::New => report.new += 1,
                Fate::Changed => report.changed += 1,
                Fate::Unchanged => report.unchanged += 1,
                Fate::Skipped => {}
            }
        }
        if self.is_whole {
            report.ended = current.0.len();
            current.0.into_values().try_for_each(|gone| self.end(gone.number))?;
        }
        self.seen(source.0)?;
        Ok(report)
    }

    /// A part of a collection tells nothing of when the whole was known.
    fn seen(&self, source: i64) -> rusqlite::Result<()> {
        let known = if self.is_whole { "mtime = ?2, known_until = ?2 + 1" } else { "mtime = max(mtime, ?2)" };
        self.connection.execute(&format!("UPDATE sources SET {known} WHERE number = ?1"), params![source, self.at])?;
        Ok(())
    }

    fn document(&mut self, collection: &Collection, source: i64, document: &impl Entry, known: Option<Current>) -> rusqlite::Result<Fate> {
        let digest = document.digest(collection);
        if known.as_ref().is_some_and(|known| known.digest == Some(digest)) {
            return Ok(Fate::Unchanged);
        }
        let value = match document.value(collection, &mut self.reshaper) {
            Ok(value) => value,
            Err(odd) => {
                let (collection, id) = (collection.name.to_owned(), Some(document.id().to_owned()));
                self.skipped.push(NamedDocument { collection, id, reason: odd.to_string() });
                return Ok(Fate::Skipped);
            }
        };
        let data = StoredText::from(&value);
        match known {
            None => {
                let created = document.created(collection).unwrap_or(self.at);
                self.begin(source, document, (created, self.at), &digest, &data)?;
                Ok(Fate::New)
            }
            Some(known) => self.compare(collection, source, document, &known, (&digest, &value, &data)),
        }
    }

    fn compare(
        &self,
        collection: &Collection,
        source: i64,
        document: &impl Entry,
        known: &Current,
        (digest, value, data): (&PiecesDigest, &Value, &StoredText),
    ) -> rusqlite::Result<Fate> {
        const READ: &str = "SELECT data, ctime, ftime FROM records WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(READ)?;
        let (old, times) = statement.query_row([known.number], |row| {
            Ok((StoredText::from_store(row.get(0)?), (row.get::<_, EpochMillis>(1)?, row.get::<_, EpochMillis>(2)?)))
        })?;
        if is_same(&old, value, data) {
            self.connection.prepare_cached("UPDATE records SET digest = ?2 WHERE number = ?1")?.execute(params![known.number, digest])?;
            return Ok(Fate::Unchanged);
        }
        if collection.volatile.as_ref().is_some_and(|volatile| differs_only_in(volatile, &old, value)) {
            let mut in_place = self.connection.prepare_cached("UPDATE records SET digest = ?2, data = ?3 WHERE number = ?1")?;
            in_place.execute(params![known.number, digest, data.as_str()])?;
            return Ok(Fate::Unchanged);
        }
        self.end(known.number)?;
        self.begin(source, document, times, digest, data)?;
        Ok(Fate::Changed)
    }

    fn begin(
        &self,
        source: i64,
        document: &impl Entry,
        (ctime, ftime): (EpochMillis, EpochMillis),
        digest: &PiecesDigest,
        data: &StoredText,
    ) -> rusqlite::Result<()> {
        const INSERT: &str = "INSERT INTO records (collection, source, id, variant, stime, ftime, ctime, digest, tags, data) \
            SELECT collection, number, ?2, ?3, ?4, ?5, ?6, ?7, '{}', ?8 FROM sources WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(INSERT)?;
        statement.execute(params![source, document.id(), document.variant(), self.at, ftime, ctime, digest, data.as_str()])?;
        Ok(())
    }

    fn end(&self, number: i64) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached("UPDATE records SET ltime = ?2, mtime = ?2 WHERE number = ?1")?;
        statement.execute(params![number, self.at + 1])?;
        Ok(())
    }
}

/// The number of a source, which is made if the archive does not have it yet.
pub(super) fn source_number(connection: &Connection, collection: &str, source: &str) -> rusqlite::Result<i64> {
    const ADD_COLLECTION: &str = "INSERT INTO collections (name) VALUES (?1) ON CONFLICT DO NOTHING";
    const ADD_SOURCE: &str = "INSERT INTO sources (collection, name, mtime, known_until) \
        SELECT number, ?2, 0, 0 FROM collections WHERE name = ?1 ON CONFLICT DO NOTHING";
    connection.execute(ADD_COLLECTION, [collection])?;
    connection.execute(ADD_SOURCE, [collection, source])?;
    known_source(connection, collection, source)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// The number of a source that the archive has.
pub(super) fn known_source(connection: &Connection, collection: &str, source: &str) -> rusqlite::Result<Option<i64>> {
    const NUMBER: &str =
        "SELECT s.number FROM sources AS s JOIN collections AS c ON c.number = s.collection WHERE c.name = ?1 AND s.name = ?2";
    connection.query_row(NUMBER, [collection, source], |row| row.get(0)).optional()
}

/// The moment of the last import of a source, be it of the whole or of a part.
pub(super) fn last_import(connection: &Connection, collection: &str, source: &str) -> rusqlite::Result<Option<EpochMillis>> {
    const LAST: &str = "SELECT max(s.known_until - 1, s.mtime) FROM sources AS s JOIN collections AS c ON c.number = s.collection WHERE c.name = ?1 AND s.name = ?2";
    connection.query_row(LAST, [collection, source], |row| row.get(0)).optional()
}

/// The sources that the archive has of a collection, in order.
pub(super) fn sources_of(connection: &Connection, collection: &str) -> rusqlite::Result<Vec<String>> {
    const SOURCES: &str =
        "SELECT s.name FROM sources AS s JOIN collections AS c ON c.number = s.collection WHERE c.name = ?1 ORDER BY s.name";
    connection.prepare(SOURCES)?.query_map([collection], |row| row.get(0))?.collect()
}
