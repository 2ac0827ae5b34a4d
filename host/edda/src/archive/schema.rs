//! The tables of an archive, and the versions they have had.
//!
//! | table | one row is |
//! |---|---|
//! | `collections` | a collection that was taken in at least once |
//! | `sources` | an account and region in one collection, with the moment up to which it is known |
//! | `records` | a revision of a document |

use std::path::Path;

use rusqlite::Connection;

use super::error::ArchiveError;

/// Marks the file as ours in `SQLite`'s header: "rdal".
const APPLICATION_ID: i64 = 0x7264_616C;

/// What leads from each version to the next; version 0 is an empty file.
const MIGRATIONS: &[&str] = &[FIRST];

/// The documents stand last in their rows, so that what is only about times never reads them. `mtime` is null while a revision is current:
/// then it is that of the source. `digest` is over the answers that the document was made of.
const FIRST: &str = "
CREATE TABLE collections (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE sources (
    number INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections,
    name TEXT NOT NULL,
    mtime INTEGER NOT NULL,
    known_until INTEGER NOT NULL,
    UNIQUE (collection, name)
) STRICT;
CREATE TABLE records (
    number INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections,
    source INTEGER NOT NULL REFERENCES sources,
    id TEXT NOT NULL,
    variant TEXT NOT NULL,
    stime INTEGER NOT NULL,
    ltime INTEGER,
    ftime INTEGER NOT NULL,
    ctime INTEGER NOT NULL,
    mtime INTEGER,
    digest BLOB,
    tags TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_revision ON records (source, id, variant, stime);
CREATE UNIQUE INDEX records_current ON records (source, id, variant) WHERE ltime IS NULL;
CREATE INDEX records_current_by_start ON records (collection, stime DESC, id) WHERE ltime IS NULL;
CREATE INDEX records_by_start ON records (collection, stime DESC, id, ltime);
CREATE INDEX records_by_id ON records (collection, id);
";

/// The version that this release writes.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("a handful of migrations")
}

/// Sees that the file is an archive of a version that we read.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), ArchiveError> {
    let pragma =
        |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(|source| ArchiveError::of(path, source));
    match pragma("application_id")? {
        APPLICATION_ID => {}
        // A first import that was killed at its very beginning leaves an empty file.
        0 if is_empty(connection, path)? => return Err(ArchiveError::Missing { path: path.to_owned() }),
        _ => return Err(ArchiveError::NotAnArchive { path: path.to_owned() }),
    }
    let (found, known) = (pragma("user_version")?, newest());
    if found > known { Err(ArchiveError::Newer { path: path.to_owned(), found, known }) } else { Ok(()) }
}

/// Makes the tables in an empty file, and brings an older archive to the newest version.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), ArchiveError> {
    let explain = |source| ArchiveError::of(path, source);
    if !is_empty(connection, path)? {
        check(connection, path)?;
    }
    // Bytes; it holds for files that are made now. A machine's document has about 4 KB: of the default, 4096, most would need two pages.
    connection.pragma_update(None, "page_size", 16_384).map_err(explain)?;
    connection.pragma_update(None, "journal_mode", "wal").map_err(explain)?;
    connection.pragma_update(None, "synchronous", "full").map_err(explain)?;
    // In KiB, negative by SQLite's convention: the indexes of a large import fit, so that their pages are written once.
    connection.pragma_update(None, "cache_size", -65_536).map_err(explain)?;
    migrate(connection).map_err(explain)
}

fn is_empty(connection: &Connection, path: &Path) -> Result<bool, ArchiveError> {
    let count = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    count.map(|count| count == 0).map_err(|source| ArchiveError::of(path, source))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Read inside the transaction: another process may just have done the same.
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    if version < newest() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", newest())?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_size(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "page_size", |row| row.get(0)).expect("a number")
    }

    #[test]
    fn new_archives_have_large_pages_and_older_ones_are_used_as_they_are() {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, before, expected) in [("new", None, 16_384), ("old", Some(4096), 4096)] {
            let path = directory.path().join(name);
            let mut connection = Connection::open(&path).expect("a file");
            if let Some(size) = before {
                connection.pragma_update(None, "page_size", size).expect("set");
                migrate(&mut connection).expect("tables");
            }
            prepare(&mut connection, &path).expect("an archive");
            assert_eq!(page_size(&connection), expected, "{name}");
            check(&connection, &path).expect("an archive");
        }
    }
}
