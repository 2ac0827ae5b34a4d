//! Web requests. Nothing can be granted yet, so each is denied.

use super::super::bindings::http::{Host, Request, Response};
use super::super::bindings::types::Error;
use super::super::store::RuleState;
use super::denied;

impl Host for RuleState {
    fn send(&mut self, requests: Vec<Request>) -> wasmtime::Result<Vec<Result<Response, Error>>> {
        self.budget.count_calls(requests.len().max(1))?;
        let refuse = |request: Request| {
            Err(denied(format!("`{} {}` is not granted: this version grants no web requests", request.method, request.url)))
        };
        Ok(requests.into_iter().map(refuse).collect())
    }
}
