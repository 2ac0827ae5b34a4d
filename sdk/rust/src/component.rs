//! A rule as a component: the host behind the contract's imports, and what [`crate::export!`] needs. Not for use by rules.

use std::cell::RefCell;
use std::thread::LocalKey;
use std::time::Duration;

use bindings::reddalert::rule::{alerts, edda, http, report, status, tcp, types};

use crate::network::{Request, Response, Target};
use crate::{Alert, CallError, Detail, Error, ErrorKind, Host, Level, Page, Rule, Severity, Times, Window, settings};

#[allow(missing_docs, unsafe_code, clippy::all, clippy::pedantic, reason = "generated from the contract, which has the documentation")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "network-rule",
        pub_export_macro: true,
        default_bindings_module: "reddalert_sdk::component::bindings",
    });
}

pub use bindings::exports::reddalert::rule::lifecycle::{Alert as WitAlert, Guest};

/// Where the exported functions keep the rule between `init` and `run`.
pub type Slot<R> = RefCell<Option<R>>;

/// The exported `init`.
pub fn init<R: Rule>(slot: &'static LocalKey<Slot<R>>, settings: &str) -> Result<(), String> {
    let rule = settings::read(settings).and_then(|settings| R::init(settings, &ComponentHost)).map_err(|error| error.to_string())?;
    slot.set(Some(rule));
    Ok(())
}

/// The exported `run`.
pub fn run<R: Rule>(slot: &'static LocalKey<Slot<R>>) -> Result<Vec<WitAlert>, String> {
    let rule = slot.take().ok_or("`run` was called without a successful `init` before it")?;
    let alerts: Result<Vec<Alert>, Error> = rule.run(&ComponentHost);
    Ok(alerts.map_err(|error| error.to_string())?.into_iter().map(WitAlert::from).collect())
}

/// Not part of [`Host`]: through its table every component would import the web.
pub(crate) fn send(requests: &[Request]) -> Vec<Result<Response, CallError>> {
    let requests: Vec<http::Request> = requests.iter().cloned().map(http::Request::from).collect();
    http::send(&requests).into_iter().map(|answer| Ok(answer?.into())).collect()
}

/// As [`send`].
pub(crate) fn probe(targets: &[Target], timeout: Duration) -> Vec<Result<bool, CallError>> {
    let targets: Vec<tcp::Target> = targets.iter().cloned().map(|Target { host, port }| tcp::Target { host, port }).collect();
    tcp::probe(&targets, milliseconds(timeout)).into_iter().map(|answer| Ok(answer?)).collect()
}

fn milliseconds(timeout: Duration) -> u32 {
    u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX)
}

struct ComponentHost;

impl Host for ComponentHost {
    fn window(&self) -> Window {
        let edda::Span { since, until } = edda::window();
        Window { since, until }
    }

    fn first_page(&self, path: &str, times: Times) -> Result<Page, CallError> {
        Ok(edda::documents(path, times.into())?.into())
    }

    fn next_page(&self, next: &str) -> Result<Page, CallError> {
        Ok(edda::more(next)?.into())
    }

    fn texts(&self, paths: &[String], times: Times) -> Vec<Result<String, CallError>> {
        edda::texts(paths, times.into()).into_iter().map(|answer| answer.map_err(CallError::from)).collect()
    }

    fn remembered_text(&self, key: &str) -> Option<String> {
        status::get(key)
    }

    fn remember_text(&self, key: &str, json: &str) -> Result<(), CallError> {
        Ok(status::set(key, json)?)
    }

    fn forget(&self, key: &str) -> Result<(), CallError> {
        Ok(status::remove(key)?)
    }

    fn remembered_keys(&self) -> Vec<String> {
        status::keys()
    }

    fn log(&self, level: Level, message: &str) {
        let level = match level {
            Level::Debug => report::Level::Debug,
            Level::Info => report::Level::Info,
            Level::Warn => report::Level::Warn,
            Level::Error => report::Level::Error,
        };
        report::log(level, message);
    }

    fn skipped(&self, what: &str, reason: &str) {
        report::skipped(what, reason);
    }

    fn incomplete(&self, reason: &str) {
        report::incomplete(reason);
    }
}

impl From<Times> for edda::Times {
    fn from(times: Times) -> Self {
        match times {
            Times::Now => Self::Now,
            Times::Context => Self::Context,
            Times::Window => Self::Window,
            Times::Updated => Self::Updated,
            Times::At(moment) => Self::At(moment),
        }
    }
}

impl From<edda::Page> for Page {
    fn from(edda::Page { documents, next }: edda::Page) -> Self {
        Self { documents, next }
    }
}

impl From<Request> for http::Request {
    fn from(request: Request) -> Self {
        let Request { method, url, headers, body, timeout, redirects, max_body, options } = request;
        Self { method, url, headers, body, timeout_ms: milliseconds(timeout), redirects, max_body, options }
    }
}

impl From<http::Response> for Response {
    fn from(http::Response { url, status, headers, body, cut }: http::Response) -> Self {
        Self { url, status, headers, body, cut }
    }
}

impl From<types::Error> for CallError {
    fn from(error: types::Error) -> Self {
        let kind = match error.kind {
            types::ErrorKind::Denied => ErrorKind::Denied,
            types::ErrorKind::BadRequest => ErrorKind::BadRequest,
            types::ErrorKind::NotFound => ErrorKind::NotFound,
            types::ErrorKind::Unavailable => ErrorKind::Unavailable,
            types::ErrorKind::TimedOut => ErrorKind::TimedOut,
            types::ErrorKind::OverLimit => ErrorKind::OverLimit,
            types::ErrorKind::Other => ErrorKind::Other,
        };
        Self { kind, status: error.status, message: error.message }
    }
}

impl From<Alert> for WitAlert {
    fn from(alert: Alert) -> Self {
        let Alert { id, title, details, severity, url, labels } = alert;
        let details = details.into_iter().map(alerts::Detail::from).collect();
        Self { id, title, details, severity: severity.map(alerts::Severity::from), url, labels }
    }
}

impl From<Detail> for alerts::Detail {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Text(text) => Self::Text(text),
            Detail::Fields(json) => Self::Fields(json),
        }
    }
}

impl From<Severity> for alerts::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
            Severity::Critical => Self::Critical,
        }
    }
}
