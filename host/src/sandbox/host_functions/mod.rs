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
use crate::failure_kind::FailureKind;
use crate::inventory::QueryError;
use crate::network::NetworkError;

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

impl From<FailureKind> for ErrorKind {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Denied => Self::Denied,
            FailureKind::BadRequest => Self::BadRequest,
            FailureKind::NotFound => Self::NotFound,
            FailureKind::Unavailable => Self::Unavailable,
            FailureKind::TimedOut => Self::TimedOut,
            FailureKind::OverLimit => Self::OverLimit,
            FailureKind::Other => Self::Other,
        }
    }
}

impl From<QueryError> for Error {
    fn from(query: QueryError) -> Self {
        Self { kind: query.kind.into(), status: query.status, message: query.message }
    }
}

impl From<NetworkError> for Error {
    fn from(network: NetworkError) -> Self {
        error(network.kind.into(), network.message)
    }
}
