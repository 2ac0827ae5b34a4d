//! What an archive holds, in numbers.

use rusqlite::Row;

use super::error::ArchiveError;
use super::store::Archive;
use crate::EpochMillis;

/// What an archive holds of one collection from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceStatistics {
    /// The collection's name with dots.
    pub collection: String,
    /// The account and region.
    pub source: String,
    /// How many revisions are current.
    pub current: u64,
    /// How many revisions there are, current and ended.
    pub revisions: u64,
    /// Up to when the source is known; None before its first complete import.
    pub known_until: Option<EpochMillis>,
    /// How long the documents of all revisions are together.
    pub bytes: u64,
}

/// How large an archive's file is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSize {
    /// The whole file.
    pub total: u64,
    /// Of it, what later imports will fill before the file grows.
    pub free: u64,
}

impl Archive {
    /// What there is of each collection and source, in the order of their names. Reads every revision's row, though not its whole document.
    pub fn statistics(&self) -> Result<Vec<SourceStatistics>, ArchiveError> {
        const COUNT: &str = "SELECT c.name, s.name, s.known_until, count(r.number), count(r.number) FILTER (WHERE r.ltime IS NULL), \
            coalesce(sum(octet_length(r.data)), 0) \
            FROM sources AS s JOIN collections AS c ON c.number = s.collection LEFT JOIN records AS r ON r.source = s.number \
            GROUP BY s.number ORDER BY c.name, s.name";
        self.query(|connection| {
            let mut statement = connection.prepare(COUNT)?;
            let rows = statement.query_map([], |row| {
                let known_until: EpochMillis = row.get(2)?;
                Ok(SourceStatistics {
                    collection: row.get(0)?,
                    source: row.get(1)?,
                    known_until: (known_until > 0).then_some(known_until),
                    revisions: count_in(row, 3)?,
                    current: count_in(row, 4)?,
                    bytes: count_in(row, 5)?,
                })
            })?;
            rows.collect()
        })
    }

    /// How large the file is.
    pub fn file_size(&self) -> Result<FileSize, ArchiveError> {
        self.query(|connection| {
            let pragma = |name| connection.pragma_query_value(None, name, |row| count_in(row, 0));
            let page = pragma("page_size")?;
            Ok(FileSize { total: pragma("page_count")? * page, free: pragma("freelist_count")? * page })
        })
    }
}

/// A number that is never negative. (`SQLite` knows signed numbers alone.)
pub(super) fn count_in(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}
