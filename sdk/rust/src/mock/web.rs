//! The network of the mock host: answers by address, ports by `host:port`. What a test does not name is denied, as by the real host.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{MockHost, Source};
use crate::{CallError, Request, Response, Target};

#[derive(Debug, Default)]
pub(super) struct Web {
    answers: BTreeMap<String, Result<Response, CallError>>,
    ports: BTreeMap<String, Result<bool, CallError>>,
    requests: RefCell<Vec<Request>>,
    targets: RefCell<Vec<Target>>,
}

impl MockHost {
    /// Answers a request of this address with a status and a body.
    #[must_use]
    pub fn with_page(self, url: &str, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.with_response(url, Ok(Response { url: url.to_owned(), status, body: body.into(), ..Response::default() }))
    }

    /// Answers a request of this address. A body is cut to what the request allows.
    #[must_use]
    pub fn with_response(mut self, url: &str, answer: Result<Response, CallError>) -> Self {
        self.web.answers.insert(url.to_owned(), answer);
        self
    }

    /// Whether this port (`192.0.2.1:22`) takes a connection.
    #[must_use]
    pub fn with_port(mut self, target: &str, answer: Result<bool, CallError>) -> Self {
        self.web.ports.insert(target.to_owned(), answer);
        self
    }

    /// The web requests that were sent, in order.
    pub fn sent_requests(&self) -> Vec<Request> {
        self.web.requests.borrow().clone()
    }

    /// The ports that were probed, as `host:port`, in order.
    pub fn probed_ports(&self) -> Vec<String> {
        self.web.targets.borrow().iter().map(name).collect()
    }
}

impl Web {
    pub(super) fn send(&self, requests: &[Request], source: Option<&dyn Source>) -> Vec<Result<Response, CallError>> {
        self.requests.borrow_mut().extend_from_slice(requests);
        requests.iter().map(|request| self.answer(request, source)).collect()
    }

    pub(super) fn probe(&self, targets: &[Target], source: Option<&dyn Source>) -> Vec<Result<bool, CallError>> {
        self.targets.borrow_mut().extend_from_slice(targets);
        let answer = |target| match (self.ports.get(&name(target)), source) {
            (Some(answer), _) => answer.clone(),
            (None, Some(source)) => source.probe(target),
            (None, None) => Err(CallError::denied(&name(target))),
        };
        targets.iter().map(answer).collect()
    }

    fn answer(&self, request: &Request, source: Option<&dyn Source>) -> Result<Response, CallError> {
        let mut response = match (self.answers.get(&request.url), source) {
            (Some(answer), _) => answer.clone(),
            (None, Some(source)) => source.send(request),
            (None, None) => Err(CallError::denied(&request.url)),
        }?;
        let limit = usize::try_from(request.max_body).unwrap_or(usize::MAX);
        response.cut |= response.body.len() > limit;
        response.body.truncate(limit);
        Ok(response)
    }
}

fn name(target: &Target) -> String {
    format!("{}:{}", target.host, target.port)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{ErrorKind, Host, Window};

    #[test]
    fn requests_are_answered_by_address_and_cut() {
        let host = MockHost::new(Window { since: 0, until: 1 }).with_page("http://a/", 404, "no such page");
        let requests = [Request::get("http://a/").max_body(7), Request::get("http://b/")];
        let answers = (&host as &dyn Host).send(&requests);
        let answer = answers[0].as_ref().expect("an answer");
        assert_eq!((answer.status, answer.text().as_ref(), answer.cut), (404, "no such", true));
        assert_eq!(answers[1].as_ref().expect_err("denied").kind, ErrorKind::Denied);
        assert_eq!(host.sent_requests(), requests);
    }

    #[test]
    fn ports_are_answered_by_host_and_port() {
        let host = MockHost::new(Window { since: 0, until: 1 }).with_port("192.0.2.1:22", Ok(true));
        let target = |port| Target { host: "192.0.2.1".to_owned(), port };
        let answers = (&host as &dyn Host).probe(&[target(22), target(23)], Duration::from_secs(3));
        assert_eq!(answers[0], Ok(true));
        assert!(answers[1].is_err());
        assert_eq!(host.probed_ports(), ["192.0.2.1:22", "192.0.2.1:23"]);
    }
}
