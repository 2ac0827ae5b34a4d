//! Answers one rule from a recording. A question that was not recorded is refused, with the one that is nearest to it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::answer::{Answer, RecordedError};
use super::line::{AnswerLine, Header, Line, RecordedRule, Written};
use super::question::Question;
use crate::failure_kind::FailureKind;
use crate::inventory::{self, Documents, QueryError, Times};
use crate::network::{NetworkError, Port, Request, Response};
use crate::time_window::EpochMillis;

/// Where the answers to each question are.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<Question, Answers>);

/// The answers to one question, in the order in which they were given.
#[derive(Debug, Default)]
struct Answers {
    /// Where each line begins, and its length; bytes.
    lines: Vec<(u64, usize)>,
    given: AtomicUsize,
}

impl Places {
    pub(super) fn add(&mut self, question: Question, start: u64, length: usize) {
        self.0.entry(question).or_default().lines.push((start, length));
    }
}

/// What one rule was given and told in a recorded run.
#[derive(Debug)]
pub struct RuleReplay {
    /// What it was given.
    pub rule: RecordedRule,
    /// When its alerts were taken in.
    pub ended_at: EpochMillis,
    path: PathBuf,
    file: Arc<File>,
    places: Places,
}

impl RuleReplay {
    pub(super) fn new(path: &Path, file: &Arc<File>, rule: RecordedRule, places: Places, ended_at: EpochMillis) -> Self {
        Self { rule, ended_at, path: path.to_owned(), file: Arc::clone(file), places }
    }

    /// Goes back to the beginning: a question that has several answers gets the first one again.
    pub fn rewind(&self) {
        self.places.0.values().for_each(|answers| answers.given.store(0, Ordering::Relaxed));
    }

    /// Writes a recording of this rule alone.
    ///
    /// # Errors
    /// The recording cannot be read again, or `out` does not take it.
    pub fn write_alone(&self, header: &Header, out: &mut dyn Write) -> io::Result<()> {
        let mut write = |line: &str| writeln!(out, "{}", line.trim_end());
        let text = |line: &Written<'_>| serde_json::to_string(line).map_err(io::Error::from);
        write(&serde_json::to_string(header).map_err(io::Error::from)?)?;
        write(&text(&Written::Rule(&self.rule))?)?;
        let mut places: Vec<(u64, usize)> = self.places.0.values().flat_map(|answers| answers.lines.iter().copied()).collect();
        places.sort_unstable();
        for (start, length) in places {
            write(&String::from_utf8_lossy(&self.line(start, length)?))?;
        }
        write(&text(&Written::Ended { rule: &self.rule.name, at: self.ended_at })?)?;
        write(&text(&Written::End {})?)
    }

    fn line(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut line = vec![0; length];
        self.file.read_exact_at(&mut line, start).map(|()| line)
    }

    pub(super) fn documents(&self, path: &str, times: Times) -> Result<inventory::Answer, QueryError> {
        let collection = inventory::collection_of(path)?;
        self.answer(&Question::documents(path, times), |answer| match answer {
            Answer::Documents(texts) => Some(texts.iter().map(|text| text.get()).collect::<Documents>()),
            _ => None,
        })
        .map(|documents| inventory::Answer { documents: Arc::new(documents), collection })
    }

    pub(super) fn text(&self, path: &str, times: Times) -> Result<String, QueryError> {
        self.answer(&Question::text(path, times), |answer| if let Answer::Text(text) = answer { Some(text) } else { None })
    }

    pub(super) fn known_until(&self, collection: &str) -> Result<EpochMillis, QueryError> {
        let question = Question::KnownUntil { collection: collection.to_owned() };
        self.answer(&question, |answer| if let Answer::KnownUntil(moment) = answer { Some(moment) } else { None })
    }

    pub(super) fn send(&self, request: Request) -> Result<Response, NetworkError> {
        self.answer(&Question::Send(request), |answer| if let Answer::Response(response) = answer { Some(response) } else { None })
    }

    pub(super) fn probe(&self, port: &Port, timeout_ms: u32) -> Result<bool, NetworkError> {
        self.answer(&Question::probe(port, timeout_ms), |answer| if let Answer::Open(open) = answer { Some(open) } else { None })
    }

    /// The next answer to a question; when there are no more, the last one again.
    fn answer<T, E: From<RecordedError>>(&self, question: &Question, take: impl FnOnce(Answer<'_>) -> Option<T>) -> Result<T, E> {
        let Some(answers) = self.places.0.get(question) else { return Err(self.not_recorded(question).into()) };
        let next = answers.given.fetch_add(1, Ordering::Relaxed).min(answers.lines.len().saturating_sub(1));
        let (start, length) = answers.lines[next];
        // It was read and checked when the recording was opened.
        let changed = || refused(format!("the recording `{}` was changed while it was being read", self.path.display()));
        let line = self.line(start, length).map_err(|_| changed())?;
        match serde_json::from_slice(&line) {
            Ok(Line::Answer(AnswerLine { is: Answer::Error(error), .. })) => Err(error.into()),
            Ok(Line::Answer(AnswerLine { is, .. })) => take(is).ok_or_else(|| changed().into()),
            _ => Err(changed().into()),
        }
    }

    fn not_recorded(&self, question: &Question) -> RecordedError {
        let nearest = match question.nearest(self.places.0.keys()) {
            Some(nearest) => format!("the nearest one that it has is `{nearest}`"),
            None => "it has no answer for this rule at all".to_owned(),
        };
        let (file, name) = (self.path.display(), &self.rule.name);
        refused(format!("the recording `{file}` has no answer for rule {name} to `{question}`; {nearest}; record again to have one"))
    }
}

fn refused(message: String) -> RecordedError {
    RecordedError { kind: FailureKind::Unavailable, status: None, message }
}
