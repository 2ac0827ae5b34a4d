//! The seam between the run's shared answers and where they come from: an EDDA over HTTP, or the archive.

use super::fault::{InventoryError, QueryError};
use super::patience::Asker;
use super::reading::Reading;
use super::splitter::Expected;
use super::times::{Moments, Times};
use crate::time_window::{EpochMillis, TimeWindow};

/// A question with its times: equal ones are asked once a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// The rule's path without its selector.
    pub(super) base: String,
    /// `aws.securityGroups`.
    pub(super) collection: String,
    /// At which times.
    pub(super) moments: Moments,
    /// What form the answer has.
    pub(super) expected: Expected,
}

impl Question {
    /// What EDDA is asked, behind `/api/v2/`: the rule's own arguments come first.
    pub(super) fn path(&self) -> String {
        self.base.clone() + &self.moments.edda_arguments()
    }
}

/// Where answers come from.
pub(super) trait Side: Send + Sync {
    /// What a rule's times mean here.
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError>;

    /// The newest moment up to which anything is known.
    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError>;

    /// Up to when a collection is known.
    fn known_until(&self, collection: &str, asker: Asker<'_>) -> Result<EpochMillis, QueryError>;

    /// Gives an answer to `reading`.
    fn read(&self, question: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError>;

    /// A whole answer as text, up to `limit` bytes.
    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError>;
}
