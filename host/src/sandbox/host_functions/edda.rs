//! The inventory as a rule reads it: questions go to the run's shared inventory, answers come back in pages.

use std::sync::Arc;

use super::super::bindings::edda::{Host, Page, Span, Times as WitTimes};
use super::super::bindings::types::{Error, ErrorKind};
use super::super::reported::shortened;
use super::super::store::RuleState;
use super::{denied, error};
use crate::failure_kind::FailureKind;
use crate::inventory::{QueryError, Times, collection_of};
use crate::visible_text::visible;

/// How many texts are asked for side by side.
const TEXTS_AT_ONCE: usize = 64;
/// How large the answers of one call of `texts` may be together, in bytes.
const TEXTS_BYTES: usize = 64 << 20;
/// What a rule without a manifest may not read: it holds the user data of machines, and with that often secrets.
const SENSITIVE: &str = "aws.launchConfigurations";

impl Host for RuleState {
    fn window(&mut self) -> wasmtime::Result<Span> {
        self.budget.count_calls(1)?;
        let moment = |millis| u64::try_from(millis).unwrap_or(0);
        Ok(Span { since: moment(self.window.since), until: moment(self.window.until) })
    }

    fn documents(&mut self, path: String, times: WitTimes) -> wasmtime::Result<Result<Page, Error>> {
        self.budget.count_calls(1)?;
        let times = match self.question(times).and_then(|times| self.may_read(&path).map(|()| times)) {
            Ok(times) => times,
            Err(error) => return Ok(Err(error)),
        };
        let reach = Arc::clone(&self.reach);
        let answer = self.budget.wait(|deadline| reach.documents(&path, times, deadline))?;
        self.note_collection(&path, &times, answer.as_ref().err());
        match answer {
            Ok(answer) => {
                let place = self.answers.hold(answer.documents, self.budget.limits().memory)?;
                self.page(place, 0).map(Ok)
            }
            Err(error) => Ok(Err(error.into())),
        }
    }

    fn more(&mut self, next: String) -> wasmtime::Result<Result<Page, Error>> {
        self.budget.count_calls(1)?;
        match self.page_named(&next) {
            Some((answer, from)) => self.page(answer, from).map(Ok),
            None => Ok(Err(error(ErrorKind::BadRequest, "no page of this rule has that name".into()))),
        }
    }

    fn texts(&mut self, paths: Vec<String>, times: WitTimes) -> wasmtime::Result<Vec<Result<String, Error>>> {
        self.budget.count_calls(paths.len().max(1))?;
        let times = match self.question(times) {
            Ok(times) => times,
            Err(error) => return Ok(vec![Err(error); paths.len()]),
        };
        let mut answers = Vec::with_capacity(paths.len());
        let mut bytes = 0;
        for some in paths.chunks(TEXTS_AT_ONCE) {
            if bytes > TEXTS_BYTES {
                answers.extend(some.iter().map(|_| Err(too_many_texts())));
                continue;
            }
            let some = self.some_texts(some, &times)?;
            bytes += some.iter().flatten().map(String::len).sum::<usize>();
            answers.extend(some);
        }
        Ok(answers)
    }
}

impl RuleState {
    /// The times of a question that the rule may ask now.
    fn question(&self, times: WitTimes) -> Result<Times, Error> {
        self.only_in_run("the inventory")?;
        Ok(match times {
            WitTimes::Now => Times::Now,
            WitTimes::Context => Times::Context,
            WitTimes::Window => Times::Window,
            WitTimes::Updated => Times::Updated,
            // The inventory refuses moments after the window, this one among them.
            WitTimes::At(moment) => Times::At(i64::try_from(moment).unwrap_or(i64::MAX)),
        })
    }

    /// What cannot be read as a path is left to the inventory, which says what is wrong with it.
    fn may_read(&self, path: &str) -> Result<(), Error> {
        let Ok(collection) = collection_of(path) else { return Ok(()) };
        // Behind the name of an account it is the same collection.
        let sensitive = |collection: &str| collection == SENSITIVE || collection.ends_with(&format!(".{SENSITIVE}"));
        match self.manifest.as_ref().and_then(|manifest| manifest.lists(&collection)) {
            Some(false) => {
                let shown = visible(&shortened(&collection)).into_owned();
                let what = format!("rule {} may not read `{shown}`, which its manifest does not list", self.name);
                Err(denied(format!("{what}: the author of the rule has to add `{shown}` to `collections` of the manifest")))
            }
            None if sensitive(&collection) => {
                let what = format!("rule {} may not read `{SENSITIVE}`, which holds the user data of machines", self.name);
                Err(denied(format!("{what}: only a rule whose manifest lists it in `collections` may")))
            }
            Some(true) | None => Ok(()),
        }
    }

    fn some_texts(&mut self, paths: &[String], times: &Times) -> wasmtime::Result<Vec<Result<String, Error>>> {
        let reach = Arc::clone(&self.reach);
        if let Some(error) = paths.iter().find_map(|path| self.may_read(path).err()) {
            return Ok(paths.iter().map(|_| Err(error.clone())).collect());
        }
        let answers = self.budget.wait(|deadline| reach.texts(paths, *times, deadline))?;
        for (path, answer) in paths.iter().zip(&answers) {
            self.note_collection(path, times, answer.as_ref().err());
        }
        let bytes: usize = answers.iter().flatten().map(String::len).sum();
        self.budget.count_inventory_bytes(u64::try_from(bytes).unwrap_or(u64::MAX))?;
        Ok(answers.into_iter().map(|answer| answer.map_err(Error::from)).collect())
    }

    /// The rule's progress depends on how far this collection is known, unless it was asked for to decorate, or is not there to be asked.
    fn note_collection(&mut self, path: &str, times: &Times, error: Option<&QueryError>) {
        let refused = |error: &QueryError| matches!(error.kind, FailureKind::Denied | FailureKind::BadRequest | FailureKind::NotFound);
        if matches!(times, Times::Context) || error.is_some_and(refused) {
            return;
        }
        if let Some(trouble) = error.filter(|error| error.is_trouble()) {
            // A rule that goes on without the answer has not looked at everything, whether or not it says so.
            self.reported.incomplete(&trouble.message);
        }
        if let Ok(collection) = collection_of(path) {
            self.collections.insert(collection);
        }
    }

    fn page(&mut self, answer: usize, from: usize) -> wasmtime::Result<Page> {
        let page = self.answers.get(answer).map(|documents| documents.page(from)).unwrap_or_default();
        self.budget.count_inventory_bytes(page.bytes)?;
        let next = page.next.map(|next| format!("{answer}:{next}"));
        Ok(Page { documents: page.documents, next })
    }

    /// The answer and the document that a page begins with. None for a name that this rule was not given.
    fn page_named(&self, name: &str) -> Option<(usize, usize)> {
        let (answer, from) = name.split_once(':')?;
        let (answer, from): (usize, usize) = (answer.parse().ok()?, from.parse().ok()?);
        let documents = self.answers.get(answer)?;
        (from < documents.len()).then_some((answer, from))
    }
}

fn too_many_texts() -> Error {
    error(
        ErrorKind::OverLimit,
        format!("the answers of one call are together larger than {} MiB: ask for fewer at once", TEXTS_BYTES >> 20),
    )
}
