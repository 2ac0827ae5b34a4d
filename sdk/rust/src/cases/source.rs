//! Answers a rule from a case, with the query language of the real inventory.

use std::ops::ControlFlow;

use cases::{Failure, FailureKind, Inventory, Run, Web};
use edda::query::{Refusal, Request as Query, answer, documents};
use serde_json::Value;

use crate::mock::Source;
use crate::{CallError, ErrorKind, Request, Response, Target, Times};

/// A case in one of its runs.
#[derive(Debug)]
pub(super) struct CaseSource {
    inventory: Inventory,
    web: Web,
    run: Run,
}

impl CaseSource {
    pub(super) fn new(inventory: &Inventory, web: &Web, run: Run) -> Self {
        Self { inventory: inventory.clone(), web: web.clone(), run }
    }

    /// What a rule's times mean, as the archive has it.
    fn query(&self, path: &str, times: Times) -> Result<Query, CallError> {
        let Run { since, until } = self.run;
        let query = Query::parse(path).map_err(refused)?;
        Ok(match times {
            Times::Now | Times::Context => query.with_state_before(until),
            Times::Window => query.with_window(since, until - 1, false),
            Times::Updated => query.with_window(since, until - 1, true),
            Times::At(moment) => match i64::try_from(moment) {
                Ok(moment) if moment < until => query.with_state_before(moment + 1),
                _ => {
                    let message = format!("the moment {moment} is not before the end of the window, {until}: ask for an earlier one");
                    return Err(CallError { kind: ErrorKind::BadRequest, status: None, message });
                }
            },
        })
    }
}

impl Source for CaseSource {
    fn documents(&self, path: &str, times: Times) -> Result<Vec<Value>, CallError> {
        let (query, mut found) = (self.query(path, times)?, Vec::new());
        let each = &mut |text: &str| {
            found.push(serde_json::from_str(text).unwrap_or_default());
            ControlFlow::Continue(())
        };
        documents(&query, &**self.inventory.store(), each).map_err(refused)?;
        Ok(found)
    }

    fn text(&self, path: &str, times: Times) -> Result<String, CallError> {
        let (query, mut text) = (self.query(path, times)?, Vec::new());
        answer(&query, &**self.inventory.store(), &mut text).map_err(refused)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn send(&self, request: &Request) -> Result<Response, CallError> {
        let cases::Answer { url, status, headers, body, cut } = self.web.send(&request.method, &request.url, request.max_body)?;
        Ok(Response { url, status, headers, body, cut })
    }

    fn probe(&self, target: &Target) -> Result<bool, CallError> {
        Ok(self.web.probe(&target.host, target.port)?)
    }
}

/// In EDDA's words.
#[allow(clippy::needless_pass_by_value, reason = "reads better where it is used")]
fn refused(refusal: Refusal) -> CallError {
    let status = refusal.status();
    let kind = if matches!(status, 404 | 410) { ErrorKind::NotFound } else { ErrorKind::BadRequest };
    CallError { kind, status: Some(status), message: refusal.message() }
}

impl From<Failure> for CallError {
    fn from(Failure { kind, message }: Failure) -> Self {
        let kind = match kind {
            FailureKind::Denied => ErrorKind::Denied,
            FailureKind::BadRequest => ErrorKind::BadRequest,
            FailureKind::NotFound => ErrorKind::NotFound,
            FailureKind::Unavailable => ErrorKind::Unavailable,
            FailureKind::TimedOut => ErrorKind::TimedOut,
            FailureKind::OverLimit => ErrorKind::OverLimit,
            FailureKind::Other => ErrorKind::Other,
        };
        Self { kind, status: None, message }
    }
}
