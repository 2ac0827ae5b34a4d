//! What a rule can call, one file an interface of `wit/`. Each function does four things in this order: is it granted, is it within the
//! budget, hand it on, convert the answer.

mod edda;
mod http;
mod report;
mod status;
mod tcp;

use super::bindings::alerts;
use super::bindings::types::{self, Error, ErrorKind};
use super::store::{Phase, RuleState};
use crate::inventory::{QueryError, QueryErrorKind};
use crate::network::{NetworkError, NetworkErrorKind};

impl types::Host for RuleState {}

impl alerts::Host for RuleState {}

impl RuleState {
    /// Refuses `what` before `run`: what a rule does then must depend on its settings alone.
    fn only_in_run(&self, what: &str) -> Result<(), Error> {
        match self.phase {
            Phase::Run => Ok(()),
            Phase::Start | Phase::Init => Err(denied(format!("{what} is there in `run` only"))),
        }
    }
}

fn error(kind: ErrorKind, message: String) -> Error {
    Error { kind, status: None, message }
}

fn denied(message: String) -> Error {
    error(ErrorKind::Denied, message)
}

impl From<QueryError> for Error {
    fn from(query: QueryError) -> Self {
        let kind = match query.kind {
            QueryErrorKind::Denied => ErrorKind::Denied,
            QueryErrorKind::BadRequest => ErrorKind::BadRequest,
            QueryErrorKind::NotFound => ErrorKind::NotFound,
            QueryErrorKind::Unavailable => ErrorKind::Unavailable,
            QueryErrorKind::TimedOut => ErrorKind::TimedOut,
            QueryErrorKind::OverLimit => ErrorKind::OverLimit,
            QueryErrorKind::Other => ErrorKind::Other,
        };
        Self { kind, status: query.status, message: query.message }
    }
}

impl From<NetworkError> for Error {
    fn from(network: NetworkError) -> Self {
        let kind = match network.kind {
            NetworkErrorKind::Denied => ErrorKind::Denied,
            NetworkErrorKind::BadRequest => ErrorKind::BadRequest,
            NetworkErrorKind::NotFound => ErrorKind::NotFound,
            NetworkErrorKind::Unavailable => ErrorKind::Unavailable,
            NetworkErrorKind::TimedOut => ErrorKind::TimedOut,
            NetworkErrorKind::OverLimit => ErrorKind::OverLimit,
            NetworkErrorKind::Other => ErrorKind::Other,
        };
        error(kind, network.message)
    }
}
