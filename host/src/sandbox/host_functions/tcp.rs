//! Port probes. Nothing can be granted yet, so each is denied.

use super::super::bindings::tcp::{Host, Target};
use super::super::bindings::types::Error;
use super::super::store::RuleState;
use super::denied;

impl Host for RuleState {
    fn probe(&mut self, targets: Vec<Target>, _timeout_ms: u32) -> wasmtime::Result<Vec<Result<bool, Error>>> {
        self.budget.count_calls(targets.len().max(1))?;
        let refuse = |target: Target| {
            Err(denied(format!("port {} of `{}` is not granted: this version grants no probes", target.port, target.host)))
        };
        Ok(targets.into_iter().map(refuse).collect())
    }
}
