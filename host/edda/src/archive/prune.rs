//! Giving up old revisions. What is current stays, however old it is, and so does the moment up to which the archive is known.

use rusqlite::{TransactionBehavior, params};

use super::error::ArchiveError;
use super::statistics::count_in;
use super::store::Archive;
use crate::EpochMillis;

/// How many revisions go in one transaction: few enough that an import which waits for its turn hardly notices.
const AT_ONCE: usize = 10_000;

impl Archive {
    /// How many revisions ended before a moment.
    pub fn count_ended_before(&self, moment: EpochMillis) -> Result<u64, ArchiveError> {
        const COUNT: &str = "SELECT count(*) FROM records INDEXED BY records_by_start WHERE ltime < ?1";
        self.query(|connection| connection.query_row(COUNT, [moment], |row| count_in(row, 0)))
    }

    /// Deletes the revisions that ended before a moment and says how many. It goes on in steps: when it is killed, a part of them is gone. The
    /// file keeps its size, and what is free in it is filled by later imports: see [`Self::shrink`].
    pub fn prune(&mut self, moment: EpochMillis) -> Result<u64, ArchiveError> {
        // Through an index that holds all it asks for, so that no document is read.
        const FIND: &str = "SELECT number FROM records INDEXED BY records_by_start WHERE ltime < ?1";
        const DELETE: &str = "DELETE FROM records WHERE number = ?1 AND ltime < ?2";
        let path = self.path().to_owned();
        let explain = |source| ArchiveError::of(&path, source);
        let old: Vec<i64> =
            self.query(|connection| connection.prepare(FIND)?.query_map([moment], |row| row.get(0))?.collect::<rusqlite::Result<_>>())?;
        let connection = self.writer()?;
        let mut deleted = 0;
        for numbers in old.chunks(AT_ONCE) {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
            {
                let mut delete = transaction.prepare_cached(DELETE).map_err(explain)?;
                for number in numbers {
                    deleted += delete.execute(params![number, moment]).map_err(explain)?;
                }
            }
            transaction.commit().map_err(explain)?;
        }
        Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
    }

    /// Writes the file anew without what is free in it. Needs as much room on the disk once more while it lasts; readers go on, imports wait.
    pub fn shrink(&mut self) -> Result<(), ArchiveError> {
        let path = self.path().to_owned();
        let connection = self.writer()?;
        // The checkpoint brings the new, shorter content into the file itself. A reader that is still at work may keep it from that; then the
        // next writer does it.
        connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").map_err(|source| ArchiveError::of(&path, source))
    }
}
