//! An archive's file, opened. Reading never waits for an import that goes on: each answer is of the state that was committed when it began.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params_from_iter};

use super::collections::known_collections;
use super::error::ArchiveError;
use super::schema;
use super::selection::Query;
use crate::{EpochMillis, Record, RecordStore, Selection, StoreError, StoredText};

/// How long a statement waits for another process that writes.
const PATIENCE: Duration = Duration::from_secs(30);

/// An archive. It may be asked from several threads at once.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    /// Connections that nobody uses at the moment; one is opened when there is none.
    idle: Mutex<Vec<Connection>>,
}

impl Archive {
    /// Opens an archive to be read. Never makes a file.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        must_be_file(path)?;
        let archive = Self { path: path.to_owned(), idle: Mutex::default() };
        archive.with_connection(|connection| schema::check(connection, path))?;
        Ok(archive)
    }

    /// Opens an archive to be written, and makes it if there is none.
    pub fn open_or_create(path: &Path) -> Result<Self, ArchiveError> {
        match must_be_file(path) {
            Ok(()) | Err(ArchiveError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        schema::prepare(&mut connection, path)?;
        Ok(Self { path: path.to_owned(), idle: Mutex::new(vec![connection]) })
    }

    /// The archive's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the collections that were taken in at least once, in order.
    pub fn collections(&self) -> Result<Vec<String>, ArchiveError> {
        self.query(|connection| {
            let mut statement = connection.prepare("SELECT name FROM collections ORDER BY name")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Up to when a collection is known: 1 ms after the moment of its last complete import; with several sources the smallest counts. None
    /// for a collection that was never taken in.
    pub fn known_until(&self, collection: &str) -> Result<Option<EpochMillis>, ArchiveError> {
        const SMALLEST: &str =
            "SELECT min(s.known_until) FROM sources AS s JOIN collections AS c ON c.number = s.collection WHERE c.name = ?1";
        self.query(|connection| connection.query_row(SMALLEST, [collection], |row| row.get(0)))
    }

    /// The newest of what [`Self::known_until`] says of the collections. None before the first import.
    pub fn newest_known_until(&self) -> Result<Option<EpochMillis>, ArchiveError> {
        const NEWEST: &str = "SELECT max(known_until) FROM (SELECT min(known_until) AS known_until FROM sources GROUP BY collection)";
        self.query(|connection| connection.query_row(NEWEST, [], |row| row.get(0)))
    }

    /// The connection that an import writes through.
    pub(super) fn writer(&mut self) -> Result<&mut Connection, ArchiveError> {
        let idle = self.idle.get_mut().unwrap_or_else(PoisonError::into_inner);
        if idle.is_empty() {
            idle.push(connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?);
        }
        idle.truncate(1);
        let connection = &mut idle[0];
        schema::prepare(connection, &self.path)?;
        Ok(connection)
    }

    /// Reads through a connection that nobody else uses.
    pub(super) fn query<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, ArchiveError> {
        self.with_connection(|connection| ask(connection).map_err(|source| ArchiveError::of(&self.path, source)))
    }

    fn with_connection<T>(&self, ask: impl FnOnce(&Connection) -> Result<T, ArchiveError>) -> Result<T, ArchiveError> {
        let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match waiting {
            Some(connection) => connection,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?,
        };
        let answer = ask(&connection);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }
}

impl RecordStore for Archive {
    /// True for what an import can fill, too, even if none has yet.
    fn has_collection(&self, name: &str) -> bool {
        known_collections().any(|known| known == name)
            || self.query(|connection| number_of(connection, name)).is_ok_and(|found| found.is_some())
    }

    fn records(&self, selection: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.query(|connection| visit_records(connection, selection, visit)).map_err(|error| StoreError(Box::new(error)))
    }
}

fn visit_records(connection: &Connection, selection: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> rusqlite::Result<()> {
    let Some(collection) = number_of(connection, &selection.collection)? else { return Ok(()) };
    let query = Query::of(selection, collection);
    let mut statement = connection.prepare_cached(&query.sql)?;
    let mut rows = statement.query(params_from_iter(query.parameters))?;
    let mut source: Arc<str> = Arc::from("");
    while let Some(row) = rows.next()? {
        if visit(record_of(row, &mut source)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// Most records have the source of the one before, so its name is shared.
pub(super) fn record_of(row: &Row<'_>, source: &mut Arc<str>) -> rusqlite::Result<Record> {
    let name = row.get_ref(1)?.as_str()?;
    if source.as_ref() != name {
        *source = Arc::from(name);
    }
    Ok(Record {
        id: row.get(0)?,
        source: Arc::clone(source),
        ftime: row.get(2)?,
        ctime: row.get(3)?,
        stime: row.get(4)?,
        ltime: row.get(5)?,
        mtime: row.get(6)?,
        tags: StoredText::from_store(row.get(7)?),
        data: StoredText::from_store(row.get(8)?),
    })
}

pub(super) fn number_of(connection: &Connection, collection: &str) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT number FROM collections WHERE name = ?1", [collection], |row| row.get(0)).optional()
}

fn must_be_file(path: &Path) -> Result<(), ArchiveError> {
    let path = path.to_owned();
    match std::fs::metadata(&path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(ArchiveError::NotAFile { path }),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Err(ArchiveError::Missing { path }),
        Err(source) => Err(ArchiveError::Unreadable { path, source }),
    }
}

/// A file that may not be written is opened for reading only, by `SQLite` itself.
fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, ArchiveError> {
    let connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|source| ArchiveError::of(path, source))?;
    connection.busy_timeout(PATIENCE).map_err(|source| ArchiveError::of(path, source))?;
    Ok(connection)
}
