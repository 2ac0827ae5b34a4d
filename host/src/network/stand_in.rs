//! The network of a case: answers from a table, and nothing is connected to. No grant is needed, since nothing is reached.

use cases::{Failure, FailureKind as Kind, Web};

use super::error::NetworkError;
use super::probe::Port;
use super::request::{Request, Response};
use crate::failure_kind::FailureKind;

/// What the requests are answered.
pub(super) fn send(web: &Web, requests: &[Request]) -> Vec<Result<Response, NetworkError>> {
    let answer = |request: &Request| {
        let answer = web.send(&request.method, &request.url, request.max_body)?;
        let cases::Answer { url, status, headers, body, cut } = answer;
        Ok(Response { url, status, headers, body, cut })
    };
    requests.iter().map(answer).collect()
}

/// Whether the ports take connections.
pub(super) fn probe(web: &Web, ports: &[Port]) -> Vec<Result<bool, NetworkError>> {
    ports.iter().map(|port| Ok(web.probe(&port.host, port.port)?)).collect()
}

impl From<Failure> for NetworkError {
    fn from(Failure { kind, message }: Failure) -> Self {
        Self::new(kind.into(), message)
    }
}

impl From<Kind> for FailureKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Denied => Self::Denied,
            Kind::BadRequest => Self::BadRequest,
            Kind::NotFound => Self::NotFound,
            Kind::Unavailable => Self::Unavailable,
            Kind::TimedOut => Self::TimedOut,
            Kind::OverLimit => Self::OverLimit,
            Kind::Other => Self::Other,
        }
    }
}
