//! What everything is compared with: the shipped rules compiled natively, one after the other in one thread, each reading whole documents that
//! lie ready in memory, and no program around them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use reddalert::failure_kind::FailureKind;
use reddalert::inventory::{Inventory, QueryError, Times as HostTimes};
use reddalert::settings::InventoryAddress;
use reddalert::time_window::TimeWindow;
use reddalert_sdk::{CallError, Error, ErrorKind, Host, Level, Page, Rule, Times, Window};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(10);

/// What the rules cost natively: the sum of each one's shortest time.
#[derive(Debug, Default)]
pub(crate) struct Native {
    pub(crate) cpu: Duration,
    pub(crate) alerts: BTreeMap<&'static str, usize>,
}

/// What the rules are run with.
pub(crate) struct Terms<'a> {
    pub(crate) archive: &'a Path,
    pub(crate) window: TimeWindow,
    pub(crate) config: &'a Value,
    /// The status before the run.
    pub(crate) status: &'a Value,
    pub(crate) runs: usize,
}

impl Native {
    /// Runs all six.
    pub(crate) fn measure(terms: &Terms<'_>) -> Result<Self> {
        let mut native = Self::default();
        native.add::<ami::Ami>("ami", terms)?;
        native.add::<elbs::Elbs>("elbs", terms)?;
        native.add::<iam::Iam>("iam", terms)?;
        native.add::<missingtag::Missingtag>("missingtag", terms)?;
        native.add::<newtag::Newtag>("newtag", terms)?;
        native.add::<secgroups::Secgroups>("secgroups", terms)?;
        Ok(native)
    }

    fn add<R: Rule>(&mut self, name: &'static str, terms: &Terms<'_>) -> Result<()> {
        let section = |root: &Value| root.get(format!("plugin.{name}")).and_then(Value::as_object).cloned().unwrap_or_default();
        let settings = Value::Object(section(terms.config)).to_string();
        let host = NativeHost::new(terms)?;
        let mut shortest = Duration::MAX;
        // The first time only shows what is asked.
        for run in 0..=terms.runs {
            host.prepare(&section(terms.status))?;
            let before = thread_time();
            let rule = serde_json::from_str(&settings).map_err(Error::from).and_then(|settings| R::init(settings, &host));
            let alerts = rule.and_then(|rule| rule.run(&host)).map_err(|error| anyhow!("{name}: {error}"))?;
            let spent = thread_time().saturating_sub(before);
            self.alerts.insert(name, alerts.len());
            shortest = if run == 0 { shortest } else { shortest.min(spent) };
        }
        self.cpu += shortest;
        Ok(())
    }
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or_default(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// Hands out what lies ready, and remembers what did not.
struct NativeHost {
    inventory: Inventory,
    window: TimeWindow,
    asked: RefCell<Vec<(String, Times)>>,
    ready: RefCell<Vec<Answer>>,
    texts: RefCell<BTreeMap<String, Result<String, CallError>>>,
    remembered: RefCell<BTreeMap<String, String>>,
}

/// The pages of an answer from the last to the first, under the question's name.
struct Answer {
    question: String,
    pages: Vec<Page>,
}

impl NativeHost {
    fn new(terms: &Terms<'_>) -> Result<Self> {
        let (asked, ready, texts, remembered) = Default::default();
        let inventory = Inventory::open(&InventoryAddress::Archive(terms.archive.to_owned()), terms.window.until)?;
        Ok(Self { inventory, window: terms.window, asked, ready, texts, remembered })
    }

    /// Lays out all that was asked the last time.
    fn prepare(&self, remembered: &Map<String, Value>) -> Result<(), CallError> {
        *self.remembered.borrow_mut() = remembered.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
        let answers: Result<Vec<Answer>, CallError> = self.asked.borrow().iter().map(|(path, times)| self.answer(path, *times)).collect();
        *self.ready.borrow_mut() = answers?;
        Ok(())
    }

    /// Whole documents: the fields that the rule names are not looked at.
    fn answer(&self, path: &str, times: Times) -> Result<Answer, CallError> {
        let whole = path.split(":(").next().unwrap_or(path);
        let answer = self.inventory.documents(whole, &host_times(times), self.window, Instant::now() + PATIENCE).map_err(call_error)?;
        let mut pages = Vec::new();
        let mut from = Some(0);
        while let Some(start) = from {
            let page = answer.documents.page(start);
            from = page.next;
            pages.push(Page { documents: page.documents, next: from.map(|_| question(path, times)) });
        }
        pages.reverse();
        Ok(Answer { question: question(path, times), pages })
    }

    fn take(&self, question: &str) -> Option<Page> {
        self.ready.borrow_mut().iter_mut().find(|answer| answer.question == question).and_then(|answer| answer.pages.pop())
    }
}

fn question(path: &str, times: Times) -> String {
    format!("{times:?} {path}")
}

impl Host for NativeHost {
    fn window(&self) -> Window {
        Window { since: u64::try_from(self.window.since).unwrap_or_default(), until: u64::try_from(self.window.until).unwrap_or_default() }
    }

    fn first_page(&self, path: &str, times: Times) -> Result<Page, CallError> {
        if let Some(page) = self.take(&question(path, times)) {
            return Ok(page);
        }
        let answer = self.answer(path, times)?;
        self.asked.borrow_mut().push((path.to_owned(), times));
        self.ready.borrow_mut().push(answer);
        Ok(self.take(&question(path, times)).unwrap_or_default())
    }

    fn next_page(&self, next: &str) -> Result<Page, CallError> {
        Ok(self.take(next).unwrap_or_default())
    }

    fn texts(&self, paths: &[String], times: Times) -> Vec<Result<String, CallError>> {
        let mut texts = self.texts.borrow_mut();
        let mut ask = |path: &String| {
            let asked = || self.inventory.texts(std::slice::from_ref(path), &host_times(times), self.window, Instant::now() + PATIENCE);
            let answer = texts.entry(path.clone()).or_insert_with(|| asked().swap_remove(0).map_err(call_error));
            answer.clone()
        };
        paths.iter().map(&mut ask).collect()
    }

    fn remembered_text(&self, key: &str) -> Option<String> {
        self.remembered.borrow().get(key).cloned()
    }

    fn remember_text(&self, key: &str, json: &str) -> Result<(), CallError> {
        self.remembered.borrow_mut().insert(key.to_owned(), json.to_owned());
        Ok(())
    }

    fn forget(&self, key: &str) -> Result<(), CallError> {
        self.remembered.borrow_mut().remove(key);
        Ok(())
    }

    fn remembered_keys(&self) -> Vec<String> {
        self.remembered.borrow().keys().cloned().collect()
    }

    fn log(&self, _: Level, _: &str) {}

    fn skipped(&self, _: &str, _: &str) {}

    fn incomplete(&self, _: &str) {}
}

fn host_times(times: Times) -> HostTimes {
    match times {
        Times::Now => HostTimes::Now,
        Times::Context => HostTimes::Context,
        Times::Window => HostTimes::Window,
        Times::Updated => HostTimes::Updated,
        Times::At(moment) => HostTimes::At(i64::try_from(moment).unwrap_or(i64::MAX)),
    }
}

/// The rules look at two kinds.
fn call_error(error: QueryError) -> CallError {
    let kind = match error.kind {
        FailureKind::BadRequest => ErrorKind::BadRequest,
        FailureKind::NotFound => ErrorKind::NotFound,
        _ => ErrorKind::Other,
    };
    CallError { kind, status: error.status, message: error.message }
}
