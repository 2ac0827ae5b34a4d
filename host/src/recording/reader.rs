//! Reads a recording: every line is checked at once, and answers are read again when a rule asks, so that the file may be larger than the
//! memory.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::line::{AnswerLine, Header, Line, RecordedRule, VERSION};
use super::replay::{Places, RuleReplay};
use crate::rule_name::RuleName;
use crate::time_window::EpochMillis;

/// What a recording holds.
#[derive(Debug)]
pub struct Recording {
    /// What is said about the run.
    pub header: Header,
    /// The rules that ran, by name.
    pub rules: BTreeMap<RuleName, RuleReplay>,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The system refuses it.
    #[error("cannot read the recording `{}`; it must be a file that `reddalert --record` wrote", file.display())]
    Unreadable {
        /// The recording.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("the recording `{}` is damaged at line {line}; record again, or restore it from a copy", file.display())]
    Damaged {
        /// The recording.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A line is not where it should be.
    #[error("the recording `{}` is damaged at line {line}: {what}; record again, or restore it from a copy", file.display())]
    Misplaced {
        /// The recording.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// The last lines are missing.
    #[error("the recording `{}` is cut off after line {lines}: its last line, {{\"end\":{{}}}}, is missing; record again", file.display())]
    CutOff {
        /// The recording.
        file: PathBuf,
        /// How many there are.
        lines: usize,
    },
    /// It cannot be put in its place.
    #[error("cannot write the recording `{}`; its directory must exist and be writable, and the disk must have room", file.display())]
    Unwritable {
        /// The recording.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Recording {
    /// Reads and checks all of it.
    ///
    /// # Errors
    /// It cannot be read, or is no complete recording: which line is wrong.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let unreadable = |source| RecordingError::Unreadable { file: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut reader = BufReader::new(file.try_clone().map_err(unreadable)?);
        let mut reading = Reading { path, number: 0, at: 0, header: None, rules: BTreeMap::new(), ended: HashMap::new(), is_over: false };
        let mut line = String::new();
        while reader.read_line(&mut line).map_err(unreadable)? > 0 {
            reading.take(&line)?;
            line.clear();
        }
        reading.finish(&Arc::new(file))
    }

    /// What one rule was given and told.
    pub fn rule(&self, name: &RuleName) -> Option<&RuleReplay> {
        self.rules.get(name)
    }
}

/// A recording that has been read up to some line.
struct Reading<'a> {
    path: &'a Path,
    number: usize,
    /// Where the next line begins, in bytes.
    at: u64,
    header: Option<Header>,
    rules: BTreeMap<RuleName, (RecordedRule, Places)>,
    ended: HashMap<RuleName, EpochMillis>,
    is_over: bool,
}

impl Reading<'_> {
    fn take(&mut self, text: &str) -> Result<(), RecordingError> {
        self.number += 1;
        let (start, length) = (self.at, text.len());
        self.at += length as u64;
        if self.is_over {
            return Err(self.misplaced("something follows the last line"));
        }
        if self.header.is_none() {
            return self.take_header(text);
        }
        match serde_json::from_str(text).map_err(|error| self.damaged(error))? {
            Line::Rule(rule) => {
                let name = rule.name.clone();
                if self.rules.insert(name.clone(), (rule, Places::default())).is_some() {
                    return Err(self.misplaced(&format!("rule {name} starts a second time")));
                }
            }
            Line::Answer(AnswerLine { rule, to, is }) => match self.rules.get_mut(&rule) {
                Some((_, places)) if is.answers(&to) => places.add(to, start, length),
                Some(_) => return Err(self.misplaced(&format!("this is no answer to {}", to.function()))),
                None => return Err(self.misplaced(&format!("rule {rule} is told something before it starts"))),
            },
            Line::Ended { rule, at } => drop(self.ended.insert(rule, at)),
            Line::End {} => self.is_over = true,
        }
        Ok(())
    }

    fn take_header(&mut self, text: &str) -> Result<(), RecordingError> {
        let header: Header = serde_json::from_str(text).map_err(|error| self.damaged(error))?;
        if header.version != VERSION {
            let version = header.version;
            return Err(self.misplaced(&format!("it has version {version}, and this program reads version {VERSION}")));
        }
        self.header = Some(header);
        Ok(())
    }

    fn finish(self, file: &Arc<File>) -> Result<Recording, RecordingError> {
        let Some(header) = self.header.filter(|_| self.is_over) else {
            return Err(RecordingError::CutOff { file: self.path.to_owned(), lines: self.number });
        };
        let mut ended = self.ended;
        let replay = |(name, (rule, places)): (RuleName, (RecordedRule, Places))| {
            let ended_at = ended.remove(&name).unwrap_or(header.now);
            (name, RuleReplay::new(self.path, file, rule, places, ended_at))
        };
        Ok(Recording { rules: self.rules.into_iter().map(replay).collect(), header })
    }

    fn damaged(&self, source: serde_json::Error) -> RecordingError {
        RecordingError::Damaged { file: self.path.to_owned(), line: self.number, source }
    }

    fn misplaced(&self, what: &str) -> RecordingError {
        RecordingError::Misplaced { file: self.path.to_owned(), line: self.number, what: what.to_owned() }
    }
}
