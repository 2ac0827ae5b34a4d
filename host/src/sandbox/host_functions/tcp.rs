//! Port probes: the rule's network decides and connects, many at once.

use std::sync::Arc;

use super::super::bindings::tcp::{Host, Target};
use super::super::bindings::types::Error;
use super::super::store::RuleState;
use crate::network::{Patience, Port};

impl Host for RuleState {
    fn probe(&mut self, targets: Vec<Target>, timeout_ms: u32) -> wasmtime::Result<Vec<Result<bool, Error>>> {
        self.budget.count_calls(targets.len().max(1))?;
        if let Err(error) = self.only_in_run("the network") {
            return Ok(vec![Err(error); targets.len()]);
        }
        let (reach, stop) = (Arc::clone(&self.reach), self.budget.stop_flag());
        let ports = targets.into_iter().map(|Target { host, port }| Port { host, port }).collect();
        let answers = self.budget.wait(|deadline| reach.probe(ports, timeout_ms, &Patience { deadline, stop }))?;
        Ok(answers.into_iter().map(|answer| answer.map_err(Error::from)).collect())
    }
}
