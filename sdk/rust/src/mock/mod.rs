//! A host for native tests: it answers with the documents a test gives it and writes down what the rule did. It projects documents to the
//! fields that were asked for and pages them, as the real host does, so a field that a rule forgot to name is missing here too.

mod source;
mod web;

pub use source::Source;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::{Alert, CallError, Error, ErrorKind, Host, Level, Page, Request, Response, Rule, Target, Times, Window, settings};

/// A host made by hand.
#[derive(Debug)]
pub struct MockHost {
    window: Window,
    page_size: usize,
    answers: Vec<Answer>,
    texts: BTreeMap<String, Result<String, CallError>>,
    web: web::Web,
    source: Option<Box<dyn Source>>,
    in_init: Cell<bool>,
    seen: RefCell<Seen>,
}

#[derive(Debug)]
struct Answer {
    path: String,
    /// None: whatever the times.
    times: Option<Times>,
    documents: Result<Vec<Value>, CallError>,
}

#[derive(Debug, Default)]
struct Seen {
    remembered: BTreeMap<String, String>,
    asked: Vec<(String, Times)>,
    pages: BTreeMap<String, Page>,
    log: Vec<(Level, String)>,
    skipped: Vec<(String, String)>,
    incomplete: Vec<String>,
}

/// Runs a rule as the host does: its settings are read strictly, then `init`, then `run`.
///
/// # Errors
/// Those of the settings, of `init` and of `run`.
pub fn run<R: Rule>(settings: &Value, host: &MockHost) -> Result<Vec<Alert>, Error> {
    host.in_init.set(true);
    let rule = settings::read(&settings.to_string()).and_then(|settings| R::init(settings, host));
    host.in_init.set(false);
    rule?.run(host)
}

impl MockHost {
    /// A host whose inventory holds nothing: every question is answered `not found`.
    pub fn new(window: Window) -> Self {
        let (answers, texts, web, source, in_init, seen) = Default::default();
        Self { window, page_size: 64, answers, texts, web, source, in_init, seen }
    }

    /// Asks `source` for everything that the test gives no answer to itself.
    #[must_use]
    pub fn with_source(mut self, source: impl Source + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// How many documents a page holds.
    #[must_use]
    pub fn with_page_size(mut self, documents: usize) -> Self {
        self.page_size = documents.max(1);
        self
    }

    /// Answers a path (without selector) with these documents, whatever the times.
    #[must_use]
    pub fn with_documents(self, path: &str, documents: impl IntoIterator<Item = Value>) -> Self {
        self.with_answer(path, None, Ok(documents.into_iter().collect()))
    }

    /// Answers a path (without selector) with these documents when it is asked for these times. Goes before an answer for all times.
    #[must_use]
    pub fn with_documents_at(self, path: &str, times: Times, documents: impl IntoIterator<Item = Value>) -> Self {
        self.with_answer(path, Some(times), Ok(documents.into_iter().collect()))
    }

    /// Answers a path (without selector) with an error.
    #[must_use]
    pub fn with_failure(self, path: &str, error: CallError) -> Self {
        self.with_answer(path, None, Err(error))
    }

    /// Answers a path that is asked as text.
    #[must_use]
    pub fn with_text(mut self, path: &str, answer: Result<String, CallError>) -> Self {
        self.texts.insert(path.to_owned(), answer);
        self
    }

    /// What the rule remembers from earlier runs.
    #[must_use]
    pub fn with_remembered(self, key: &str, value: &Value) -> Self {
        self.seen.borrow_mut().remembered.insert(key.to_owned(), value.to_string());
        self
    }

    /// What the rule remembers now. (The real host forgets what a failed run wrote; this one does not.)
    pub fn remembered_values(&self) -> Map<String, Value> {
        let seen = self.seen.borrow();
        seen.remembered.iter().map(|(key, json)| (key.clone(), serde_json::from_str(json).unwrap_or_default())).collect()
    }

    /// What was asked for as documents, with selectors, in order.
    pub fn asked(&self) -> Vec<(String, Times)> {
        self.seen.borrow().asked.clone()
    }

    /// What was logged.
    pub fn log_lines(&self) -> Vec<(Level, String)> {
        self.seen.borrow().log.clone()
    }

    /// What was reported as skipped: what, and why.
    pub fn skipped_things(&self) -> Vec<(String, String)> {
        self.seen.borrow().skipped.clone()
    }

    /// What was reported as incomplete.
    pub fn incomplete_parts(&self) -> Vec<String> {
        self.seen.borrow().incomplete.clone()
    }

    fn with_answer(mut self, path: &str, times: Option<Times>, documents: Result<Vec<Value>, CallError>) -> Self {
        self.answers.push(Answer { path: path.to_owned(), times, documents });
        self
    }

    fn answer(&self, path: &str, times: Times) -> Result<Cow<'_, [Value]>, CallError> {
        let for_path = || self.answers.iter().filter(|answer| answer.path == path);
        let answer = for_path().find(|answer| answer.times == Some(times)).or_else(|| for_path().find(|answer| answer.times.is_none()));
        match (answer, &self.source) {
            (Some(answer), _) => answer.documents.as_deref().map(Cow::Borrowed).map_err(Clone::clone),
            (None, Some(source)) => source.documents(path, times).map(Cow::Owned),
            (None, None) => Err(refusal(ErrorKind::NotFound, &format!("the test has no answer for {path} ({times:?})"))),
        }
    }

    fn refuse_in_init(&self) -> Result<(), CallError> {
        if self.in_init.get() {
            return Err(refusal(ErrorKind::Denied, "not before `run`"));
        }
        Ok(())
    }
}

impl Host for MockHost {
    fn window(&self) -> Window {
        self.window
    }

    fn first_page(&self, path: &str, times: Times) -> Result<Page, CallError> {
        self.refuse_in_init()?;
        let mut seen = self.seen.borrow_mut();
        seen.asked.push((path.to_owned(), times));
        let (path, fields) = split_selector(path);
        let documents = self.answer(path, times)?;
        let documents: Vec<String> = documents
            .iter()
            .map(|document| fields.as_ref().map_or_else(|| document.to_string(), |fields| fields.of(document).to_string()))
            .collect();
        let mut pages: Vec<Page> = documents.chunks(self.page_size).map(|page| Page { documents: page.to_vec(), next: None }).collect();
        // From the last page to the first, so that each knows the name of the next.
        while pages.len() > 1 {
            let name = format!("page {}", seen.pages.len());
            seen.pages.extend(pages.pop().map(|page| (name.clone(), page)));
            pages.last_mut().into_iter().for_each(|page| page.next = Some(name.clone()));
        }
        Ok(pages.pop().unwrap_or_default())
    }

    fn next_page(&self, next: &str) -> Result<Page, CallError> {
        let page = self.seen.borrow().pages.get(next).cloned();
        page.ok_or_else(|| refusal(ErrorKind::BadRequest, &format!("no such page: {next}")))
    }

    fn texts(&self, paths: &[String], times: Times) -> Vec<Result<String, CallError>> {
        let answer = |path: &String| {
            self.refuse_in_init()?;
            match (self.texts.get(path), &self.source) {
                (Some(text), _) => text.clone(),
                (None, Some(source)) => source.text(path, times),
                (None, None) => Err(refusal(ErrorKind::NotFound, &format!("the test has no text for {path}"))),
            }
        };
        paths.iter().map(answer).collect()
    }

    fn remembered_text(&self, key: &str) -> Option<String> {
        self.seen.borrow().remembered.get(key).cloned()
    }

    fn remember_text(&self, key: &str, json: &str) -> Result<(), CallError> {
        self.refuse_in_init()?;
        self.seen.borrow_mut().remembered.insert(key.to_owned(), json.to_owned());
        Ok(())
    }

    fn forget(&self, key: &str) -> Result<(), CallError> {
        self.refuse_in_init()?;
        self.seen.borrow_mut().remembered.remove(key);
        Ok(())
    }

    fn remembered_keys(&self) -> Vec<String> {
        self.seen.borrow().remembered.keys().cloned().collect()
    }

    fn log(&self, level: Level, message: &str) {
        self.seen.borrow_mut().log.push((level, message.to_owned()));
    }

    fn skipped(&self, what: &str, reason: &str) {
        self.seen.borrow_mut().skipped.push((what.to_owned(), reason.to_owned()));
    }

    fn incomplete(&self, reason: &str) {
        self.seen.borrow_mut().incomplete.push(reason.to_owned());
    }

    fn answer_requests(&self, requests: &[Request]) -> Vec<Result<Response, CallError>> {
        match self.refuse_in_init() {
            Ok(()) => self.web.send(requests, self.source.as_deref()),
            Err(refusal) => requests.iter().map(|_| Err(refusal.clone())).collect(),
        }
    }

    fn answer_probes(&self, targets: &[Target], _timeout: Duration) -> Vec<Result<bool, CallError>> {
        match self.refuse_in_init() {
            Ok(()) => self.web.probe(targets, self.source.as_deref()),
            Err(refusal) => targets.iter().map(|_| Err(refusal.clone())).collect(),
        }
    }
}

fn refusal(kind: ErrorKind, message: &str) -> CallError {
    CallError { kind, status: None, message: message.to_owned() }
}

fn split_selector(path: &str) -> (&str, Option<Fields<'_>>) {
    match path.split_once(":(") {
        Some((path, mut fields)) => (path, Some(Fields::read(&mut fields))),
        None => (path, None),
    }
}

/// The fields of a selector, and of each those of the objects in it; none: all of it.
struct Fields<'a>(Vec<(&'a str, Option<Fields<'a>>)>);

impl<'a> Fields<'a> {
    /// What stands between the opening parenthesis, which was read already, and the closing one.
    fn read(text: &mut &'a str) -> Self {
        let mut fields = Vec::new();
        loop {
            let (name, rest) = text.split_at(text.find([',', ':', ')']).unwrap_or(text.len()));
            *text = rest;
            let inside = text.strip_prefix(":(").map(|rest| {
                *text = rest;
                Self::read(text)
            });
            fields.push((name, inside));
            let Some(rest) = text.strip_prefix(',') else {
                *text = text.strip_prefix(')').unwrap_or_default();
                return Self(fields);
            };
            *text = rest;
        }
    }

    fn of(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let field = |(name, inside): &(&str, Option<Fields<'_>>)| {
                    let value = object.get(*name)?;
                    Some(((*name).to_owned(), inside.as_ref().map_or_else(|| value.clone(), |inside| inside.of(value))))
                };
                Value::Object(self.0.iter().filter_map(field).collect())
            }
            Value::Array(list) => list.iter().map(|element| self.of(element)).collect(),
            // Nothing can be selected from it.
            _ => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::NoSettings;

    struct Curious;

    impl Rule for Curious {
        type Settings = NoSettings;

        fn init(NoSettings {}: NoSettings, host: &dyn Host) -> Result<Self, Error> {
            host.first_page("aws/iamUsers", Times::Now)?;
            Ok(Self)
        }

        fn run(self, _host: &dyn Host) -> Result<Vec<Alert>, Error> {
            Ok(Vec::new())
        }
    }

    fn host() -> MockHost {
        MockHost::new(Window { since: 0, until: 1 })
    }

    #[test]
    fn the_inventory_is_closed_in_init() {
        let host = host().with_documents("aws/iamUsers", []);
        assert_eq!(run::<Curious>(&json!({}), &host).expect_err("denied").to_string(), "not before `run`");
    }

    #[test]
    fn an_answer_for_certain_times_goes_first() {
        let host = host().with_documents("x", [json!(1)]).with_documents_at("x", Times::Updated, [json!(2)]);
        assert_eq!(host.first_page("x", Times::Updated).expect("an answer").documents, ["2"]);
        assert_eq!(host.first_page("x", Times::Now).expect("an answer").documents, ["1"]);
    }

    #[test]
    fn documents_have_the_fields_that_were_asked_for_and_are_never_left_out() {
        let list = [json!({"a": {"b": 1, "c": 2}, "d": 3, "e": [{"f": 1, "g": 2}, null]}), json!({"a": null}), json!("text")];
        let answer = host().with_documents("x", list).first_page("x:(a:(b),e:(f),h)", Times::Now).expect("an answer");
        assert_eq!(answer.documents, [r#"{"a":{"b":1},"e":[{"f":1},null]}"#, r#"{"a":null}"#, r#""text""#]);
    }

    #[test]
    fn a_value_is_remembered_and_forgotten() {
        let host = host().with_remembered("a", &json!(1));
        let rule_side: &dyn Host = &host;
        rule_side.remember("b", &[1, 2]).expect("remembered");
        assert_eq!(rule_side.remembered::<Vec<u8>>("b").expect("a list"), Some(vec![1, 2]));
        assert!(rule_side.remembered::<Vec<u8>>("a").expect_err("no list").to_string().contains("`a`"));
        rule_side.forget("a").expect("forgotten");
        assert_eq!(rule_side.remembered_keys(), ["b"]);
    }
}
