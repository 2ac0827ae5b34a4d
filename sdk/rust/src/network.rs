//! Web requests and port probes. Each needs a grant of the operator; what is not granted is answered with [`ErrorKind::Denied`] and the line
//! to add to the config.
//!
//! A component that never calls [`send`](../trait.Host.html#method.send) does not import the web, nor one that never calls
//! [`probe`](../trait.Host.html#method.probe) the ports: what a rule imports tells what it can do.

use std::borrow::Cow;
use std::time::Duration;

#[cfg(doc)]
use crate::ErrorKind;
use crate::{CallError, Host};

/// How long an answer may take, unless the request says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How many bytes of a body are read, unless the request says otherwise.
const MAX_BODY: u32 = 1024 * 1024;

/// A web request, built step by step: `Request::get(url).header("accept", "text/html").redirects(5)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, `POST`, ...
    pub method: String,
    /// `http:` or `https:`, without user and password.
    pub url: String,
    /// Names and values. The host sets `host`, `content-length` and `authorization` itself.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// How long the whole answer may take.
    pub timeout: Duration,
    /// How many redirects are followed. Each needs a grant as well.
    pub redirects: u8,
    /// How many bytes of the answer's body are read; the rest is cut off.
    pub max_body: u32,
    /// What the host needs to know to sign the request: `aws-region`, `aws-service`.
    pub options: Vec<(String, String)>,
}

impl Request {
    /// A `GET` that takes at most 30 s, follows no redirect and reads at most 1 MiB.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url.into(), Vec::new())
    }

    /// A `POST` of a body, with the limits of [`get`](Self::get).
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", url.into(), body.into())
    }

    fn new(method: &str, url: String, body: Vec<u8>) -> Self {
        let (headers, options) = Default::default();
        Self { method: method.to_owned(), url, headers, body, timeout: TIMEOUT, redirects: 0, max_body: MAX_BODY, options }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// How long the whole answer may take, at least a millisecond.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many redirects are followed.
    #[must_use]
    pub fn redirects(mut self, number: u8) -> Self {
        self.redirects = number;
        self
    }

    /// How many bytes of the answer's body are read.
    #[must_use]
    pub fn max_body(mut self, bytes: u32) -> Self {
        self.max_body = bytes;
        self
    }

    /// Tells the host something that it needs to sign the request.
    #[must_use]
    pub fn option(mut self, name: &str, value: &str) -> Self {
        self.options.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What a server answered. Any status is an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Where the last redirect led.
    pub url: String,
    /// The status of the answer: 200, 404, ...
    pub status: u16,
    /// Names and values, as they came.
    pub headers: Vec<(String, String)>,
    /// The body, up to [`Request::max_body`] bytes.
    pub body: Vec<u8>,
    /// Whether the body had more bytes.
    pub cut: bool,
}

impl Response {
    /// The value of the first header of this name, in whatever case it was written.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text; what is no UTF-8 becomes U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// A TCP port of a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// A host name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl dyn Host + '_ {
    /// Sends web requests side by side. The answers are in the order of the requests, each with its own failure.
    pub fn send(&self, requests: &[Request]) -> Vec<Result<Response, CallError>> {
        #[cfg(target_arch = "wasm32")]
        return crate::component::send(requests);
        #[cfg(not(target_arch = "wasm32"))]
        return self.answer_requests(requests);
    }

    /// Whether ports take a connection, tried side by side. Nothing is sent. The answers are in the order of the targets; a machine that does
    /// not answer within `timeout` is false.
    pub fn probe(&self, targets: &[Target], timeout: Duration) -> Vec<Result<bool, CallError>> {
        #[cfg(target_arch = "wasm32")]
        return crate::component::probe(targets, timeout);
        #[cfg(not(target_arch = "wasm32"))]
        return self.answer_probes(targets, timeout);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_however_it_is_written() {
        let headers = vec![("X-Frame-Options".to_owned(), "DENY".to_owned()), ("x-frame-options".to_owned(), String::new())];
        let response = Response { headers, ..Response::default() };
        assert_eq!(response.header("x-frame-options"), Some("DENY"));
        assert_eq!(response.header("location"), None);
    }

    #[test]
    fn a_request_is_built_step_by_step() {
        let request = Request::post("https://s3.example/", "x").header("a", "b").redirects(3).max_body(7).option("aws-region", "eu-west-1");
        assert_eq!((&*request.method, request.body.as_slice(), request.redirects, request.max_body), ("POST", &b"x"[..], 3, 7));
        assert_eq!(request.options, [("aws-region".to_owned(), "eu-west-1".to_owned())]);
        assert_eq!(Request::get("http://a/").timeout(Duration::from_secs(3)).timeout, Duration::from_secs(3));
    }
}
