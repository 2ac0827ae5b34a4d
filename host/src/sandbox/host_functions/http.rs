//! Web requests: the rule's network decides and sends, many at once.

use std::sync::Arc;

use super::super::bindings::http::{Host, Request as WitRequest, Response as WitResponse};
use super::super::bindings::types::Error;
use super::super::store::RuleState;
use crate::network::{Patience, Request, Response};

impl Host for RuleState {
    fn send(&mut self, requests: Vec<WitRequest>) -> wasmtime::Result<Vec<Result<WitResponse, Error>>> {
        self.budget.count_calls(requests.len().max(1))?;
        if let Err(error) = self.only_in_run("the network") {
            return Ok(vec![Err(error); requests.len()]);
        }
        let (reach, stop) = (Arc::clone(&self.reach), self.budget.stop_flag());
        let requests = requests.into_iter().map(Request::from).collect();
        let answers = self.budget.wait(|deadline| reach.send(requests, &Patience { deadline, stop }))?;
        Ok(answers.into_iter().map(|answer| answer.map(WitResponse::from).map_err(Error::from)).collect())
    }
}

impl From<WitRequest> for Request {
    fn from(request: WitRequest) -> Self {
        let WitRequest { method, url, headers, body, timeout_ms, redirects, max_body, options } = request;
        Self { method, url, headers, body, timeout_ms, redirects, max_body, options }
    }
}

impl From<Response> for WitResponse {
    fn from(response: Response) -> Self {
        let Response { url, status, headers, body, cut } = response;
        Self { url, status, headers, body, cut }
    }
}
