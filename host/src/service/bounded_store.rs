//! A store that is read for as long as somebody waits for it, and not longer than an answer may take.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use edda::{Record, RecordStore, Selection, StoreError};
use tokio::sync::mpsc;

use super::body::Piece;

/// See the module.
pub(super) struct BoundedStore {
    pub store: Arc<dyn RecordStore + Send + Sync>,
    pub deadline: Instant,
    /// Closed when the client has gone away.
    pub listener: mpsc::Sender<Piece>,
}

/// Why the reading ended early.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the answer took longer than is allowed")]
    TooLong,
    #[error("the client has gone away")]
    Unwanted,
}

impl BoundedStore {
    fn ended(&self) -> Option<Ended> {
        if self.listener.is_closed() {
            return Some(Ended::Unwanted);
        }
        (Instant::now() >= self.deadline).then_some(Ended::TooLong)
    }
}

impl RecordStore for BoundedStore {
    fn has_collection(&self, name: &str) -> bool {
        self.store.has_collection(name)
    }

    fn records(&self, selection: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let mut ended = None;
        self.store.records(selection, &mut |record| {
            ended = self.ended();
            if ended.is_some() { ControlFlow::Break(()) } else { visit(record) }
        })?;
        ended.map_or(Ok(()), |ended| Err(StoreError(Box::new(ended))))
    }
}
