//! Outputs: where alerts are delivered. What an output has not taken stays in the outbox for it alone; that bookkeeping is not done here.

mod format;
mod stream;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub use format::Format;
pub use stream::{Stream, Target};

use crate::alert::Alert;

/// How far a delivery came.
#[derive(Debug)]
pub struct Delivery {
    /// The first so many alerts were taken.
    pub delivered: usize,
    /// Why the others were not.
    pub trouble: Option<OutputError>,
}

/// Something that takes alerts.
pub trait Output {
    /// Hands over `alerts`, in order, and says how many were taken.
    fn deliver(&mut self, alerts: &[Arc<Alert>]) -> Delivery;
}

/// Why an output did not take an alert.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Standard output is closed, full or broken.
    #[error("standard output cannot be written")]
    StandardOutput {
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be opened or written.
    #[error("the file `{}` cannot be written", .path.display())]
    File {
        /// The file of the output's settings.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
