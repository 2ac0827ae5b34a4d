//! Writes a recording while the rules run: into a temporary file beside its place, which it takes when the run is over. Nothing is kept in
//! memory. A disk that is full spoils the recording and not the run.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tempfile::NamedTempFile;

use super::answer::Told;
use super::line::{Header, RecordedRule, Written};
use super::question::Question;
use super::reader::RecordingError;
use crate::rule_name::RuleName;
use crate::time_window::EpochMillis;

/// A recording in the making.
pub struct Recorder {
    place: PathBuf,
    /// An error once something could not be written.
    file: Mutex<io::Result<BufWriter<NamedTempFile>>>,
}

impl Recorder {
    /// Begins a recording that will be at `place`, readable for its owner alone.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn create(place: &Path, header: &Header) -> Result<Arc<Self>, RecordingError> {
        let directory = match place.parent() {
            Some(directory) if directory != Path::new("") => directory,
            _ => Path::new("."),
        };
        let unwritable = |source| RecordingError::Unwritable { file: place.to_owned(), source };
        let file = NamedTempFile::new_in(directory).map_err(unwritable)?;
        let recorder = Self { place: place.to_owned(), file: Mutex::new(Ok(BufWriter::new(file))) };
        recorder.write(header);
        Ok(Arc::new(recorder))
    }

    /// Notes what a rule starts with; what is returned records its answers.
    pub fn rule(self: &Arc<Self>, rule: &RecordedRule) -> RuleRecorder {
        self.write(&Written::Rule(rule));
        RuleRecorder { recorder: Arc::clone(self), rule: rule.name.clone() }
    }

    /// Notes when the alerts of a rule were taken in.
    pub fn ended(&self, rule: &RuleName, at: EpochMillis) {
        self.write(&Written::Ended { rule, at });
    }

    /// Puts the recording in its place. Rules that are still at work are not recorded any more.
    ///
    /// # Errors
    /// What could not be written, now or before.
    pub fn finish(&self) -> Result<(), RecordingError> {
        self.write(&Written::End {});
        let over = Err(io::Error::other("the recording is finished"));
        let file = std::mem::replace(&mut *self.file.lock().unwrap_or_else(PoisonError::into_inner), over);
        let finish = |file: BufWriter<NamedTempFile>| {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&self.place).map_err(|error| error.error).map(drop)
        };
        file.and_then(finish).map_err(|source| RecordingError::Unwritable { file: self.place.clone(), source })
    }

    fn write(&self, line: &impl Serialize) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(writer) = &mut *file {
            let written = serde_json::to_writer(&mut *writer, line).map_err(io::Error::from).and_then(|()| writer.write_all(b"\n"));
            if let Err(error) = written {
                *file = Err(error);
            }
        }
    }
}

/// Records the answers that one rule gets.
#[derive(Clone)]
pub struct RuleRecorder {
    recorder: Arc<Recorder>,
    rule: RuleName,
}

impl RuleRecorder {
    pub(super) fn answer(&self, to: &Question, is: Told<'_>) {
        self.recorder.write(&Written::Answer { rule: &self.rule, to, is });
    }
}
