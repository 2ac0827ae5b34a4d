//! What the rule remembers, readable always, writable in `run`.

use super::super::bindings::status::Host;
use super::super::bindings::types::{Error, ErrorKind};
use super::super::remembered::NotRemembered;
use super::super::store::RuleState;
use super::error;

impl Host for RuleState {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<String>> {
        self.budget.count_calls(1)?;
        Ok(self.remembered.get(&key))
    }

    fn set(&mut self, key: String, value: String) -> wasmtime::Result<Result<(), Error>> {
        self.budget.count_calls(1)?;
        Ok(self.only_in_run("writing to the status").and_then(|()| self.remembered.set(key, &value).map_err(Error::from)))
    }

    fn remove(&mut self, key: String) -> wasmtime::Result<Result<(), Error>> {
        self.budget.count_calls(1)?;
        Ok(self.only_in_run("writing to the status").map(|()| self.remembered.remove(&key)))
    }

    fn keys(&mut self) -> wasmtime::Result<Vec<String>> {
        self.budget.count_calls(1)?;
        Ok(self.remembered.keys())
    }
}

impl From<NotRemembered> for Error {
    fn from(refusal: NotRemembered) -> Self {
        let kind = match refusal {
            NotRemembered::NoJson { .. } => ErrorKind::BadRequest,
            NotRemembered::TooLarge { .. } => ErrorKind::OverLimit,
        };
        error(kind, refusal.to_string())
    }
}
