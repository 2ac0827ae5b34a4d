//! Records in memory as a side of the inventory: what a case holds. Everything is known up to the end of the window.

use std::sync::Arc;

use edda::{MemoryStore, RecordStore as _};

use super::fault::{InventoryError, QueryError};
use super::patience::Asker;
use super::reading::Reading;
use super::record_answers::{read, request_of, text};
use super::side::{Question, Side};
use super::statistics::Counters;
use super::times::{Moments, Times};
use crate::time_window::{EpochMillis, TimeWindow};

/// See the module.
#[derive(Debug)]
pub(super) struct MemorySide {
    pub(super) store: Arc<MemoryStore>,
    pub(super) known_until: EpochMillis,
    pub(super) counters: Arc<Counters>,
}

impl Side for MemorySide {
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError> {
        Moments::over_archive(times, window)
    }

    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        Ok(self.known_until)
    }

    fn known_until(&self, collection: &str, _: Asker<'_>) -> Result<EpochMillis, QueryError> {
        if self.store.has_collection(collection) {
            return Ok(self.known_until);
        }
        Err(QueryError::refused(404, format!("there is no collection `{}`", collection.escape_debug())))
    }

    fn read(&self, question: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError> {
        read(&request_of(question, &*self.store)?, &*self.store, asker, reading, &self.counters)
    }

    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError> {
        text(&request_of(question, &*self.store)?, &*self.store, asker, limit, &self.counters)
    }
}
