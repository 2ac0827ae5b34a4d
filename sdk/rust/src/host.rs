//! What a rule may ask of the program that runs it. The component's host calls the program; the mock answers in native tests.
//! The trait has the plain calls; the methods on `dyn Host` are the ones to write rules with.

#[cfg(not(target_arch = "wasm32"))]
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(not(target_arch = "wasm32"))]
use crate::network::{Request, Response, Target};
use crate::{CallError, Documents, Error};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type EpochMillis = u64;

/// The window of a run: `since` is part of it, `until` is not. The same for the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first moment of the window; 0 for a rule that looks for the first time.
    pub since: EpochMillis,
    /// The end of the window, and the moment that counts as now.
    pub until: EpochMillis,
}

impl Window {
    /// Whether the moment lies in the window.
    pub fn contains(&self, moment: EpochMillis) -> bool {
        (self.since..self.until).contains(&moment)
    }
}

/// Which revisions of the documents are asked for. The moments themselves are the host's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The state at the end of the window (where the inventory keeps no history: the current state).
    Now,
    /// As `Now`, for what only decorates a finding: how far this collection is known does not hold the rule's progress back.
    Context,
    /// Every revision that was valid at some moment of the window, newest first.
    Window,
    /// Every revision that began in the window, newest first.
    Updated,
    /// The state at a moment, not after the end of the window.
    At(EpochMillis),
}

/// A part of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// One JSON text for each document (or id).
    pub documents: Vec<String>,
    /// The name of the next page; none after the last one.
    pub next: Option<String>,
}

/// How loud a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For the author of the rule.
    Debug,
    /// For a curious operator.
    Info,
    /// Something that the operator may want to mend.
    Warn,
    /// Something that the operator has to mend.
    Error,
}

/// The program that runs the rule.
pub trait Host {
    /// The window of this run.
    fn window(&self) -> Window;

    /// The first page of what the inventory answers to a path, such as `view/instances;_expand:(instanceId,tags)`.
    /// [`documents`](#method.documents) reads all pages.
    fn first_page(&self, path: &str, times: Times) -> Result<Page, CallError>;

    /// The page that [`Page::next`] names.
    fn next_page(&self, next: &str) -> Result<Page, CallError>;

    /// Whole answers as text (`_diff` is no JSON), asked side by side, answered in the order of the paths.
    fn texts(&self, paths: &[String], times: Times) -> Vec<Result<String, CallError>>;

    /// What was remembered under a key, as JSON text.
    fn remembered_text(&self, key: &str) -> Option<String>;

    /// Remembers a JSON text under a key. Kept only if the rule's `run` returns ok.
    fn remember_text(&self, key: &str, json: &str) -> Result<(), CallError>;

    /// Forgets what was remembered under a key.
    fn forget(&self, key: &str) -> Result<(), CallError>;

    /// The keys under which something is remembered.
    fn remembered_keys(&self) -> Vec<String>;

    /// A line for the log, under the rule's name.
    fn log(&self, level: Level, message: &str);

    /// One thing was odd and left out; the run counts as complete. Shown and counted in the summary.
    fn skipped(&self, what: &str, reason: &str);

    /// A part could not be looked at. The alerts returned go out, and the same window is looked at again by the next run.
    fn incomplete(&self, reason: &str);

    /// What [`send`](#method.send) answers natively. (A component does not go through this trait there, so that its imports tell what it
    /// uses.) Nothing is granted unless a host says otherwise.
    #[cfg(not(target_arch = "wasm32"))]
    fn answer_requests(&self, requests: &[Request]) -> Vec<Result<Response, CallError>> {
        requests.iter().map(|request| Err(CallError::denied(&request.url))).collect()
    }

    /// What [`probe`](#method.probe) answers natively. Nothing is granted unless a host says otherwise.
    #[cfg(not(target_arch = "wasm32"))]
    fn answer_probes(&self, targets: &[Target], _timeout: Duration) -> Vec<Result<bool, CallError>> {
        targets.iter().map(|target| Err(CallError::denied(&format!("{}:{}", target.host, target.port)))).collect()
    }
}

impl dyn Host + '_ {
    /// All documents of an answer, read one by one as `T`; pages are turned as needed. If `T` is a struct, only its fields are asked
    /// for. A document that is no `T` is reported as skipped, under the struct's first field, and the reading goes on.
    pub fn documents<T: DeserializeOwned>(&self, path: &str, times: Times) -> Documents<'_, T> {
        Documents::new(self, path, times)
    }

    /// What was remembered under a key; none if nothing was.
    ///
    /// # Errors
    /// What was remembered is no `T`.
    pub fn remembered<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let Some(json) = self.remembered_text(key) else { return Ok(None) };
        match serde_json::from_str(&json) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(Error::new(format!("what the status file holds under `{key}` cannot be read: {error}"))),
        }
    }

    /// Remembers a value for the next run. Kept only if the rule's `run` returns ok.
    ///
    /// # Errors
    /// The value cannot be written as JSON, or the host refused (in `init`, or over a limit).
    pub fn remember(&self, key: &str, value: &impl Serialize) -> Result<(), Error> {
        Ok(self.remember_text(key, &serde_json::to_string(value)?)?)
    }

    /// A warning in the log: something that the operator may want to mend.
    pub fn warn(&self, message: &str) {
        self.log(Level::Warn, message);
    }
}
