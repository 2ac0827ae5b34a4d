//! An inventory as it was known at a moment of the past, in front of the one that is there now.

use std::sync::Arc;

use super::Inventory;
use super::fault::{InventoryError, QueryError};
use super::patience::Asker;
use super::reading::Reading;
use super::side::{Question, Side};
use super::times::{Moments, Times};
use crate::time_window::{EpochMillis, TimeWindow};

/// See the module.
pub(super) struct PastSide {
    present: Arc<Inventory>,
    /// The moment: what began then or later is not there yet.
    until: EpochMillis,
}

impl PastSide {
    pub(super) fn new(present: &Arc<Inventory>, until: EpochMillis) -> Self {
        Self { present: Arc::clone(present), until }
    }
}

impl Side for PastSide {
    /// Over HTTP the current state is asked for as that of the last moment before.
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError> {
        Ok(match self.present.side.moments(times, window)? {
            Moments::Current => Moments::At(self.until - 1),
            moments => moments,
        })
    }

    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        self.present.side.newest_known_until().map(|known| known.min(self.until))
    }

    /// The present one is asked once, whatever the number of moments.
    fn known_until(&self, collection: &str, asker: Asker<'_>) -> Result<EpochMillis, QueryError> {
        self.present.ask_known_until(collection, asker).map(|known| known.min(self.until))
    }

    fn read(&self, question: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError> {
        self.present.side.read(question, asker, reading)
    }

    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError> {
        self.present.side.text(question, asker, limit)
    }
}
