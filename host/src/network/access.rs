//! The network as one rule has it: plain requests in, plain answers out, many at once.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _};
use tracing::info;

use super::Network;
use super::error::NetworkError;
use super::exchange::Allowance;
use super::named_hosts::NamedByInventory;
use super::patience::Patience;
use super::probe::{Port, probe};
use super::request::{Request, Response, time};
use super::rights::Rights;
use super::stand_in;
use super::web::WebCall;
use crate::failure_kind::FailureKind;
use crate::inventory::Inventory;
use crate::time_window::TimeWindow;

/// How many requests of one call are under way at once.
const AT_ONCE: usize = 64;

/// How many refusals of one call are logged.
const REFUSALS_IN_LOG: usize = 10;

/// The network as one rule has it, for one run.
pub struct Access {
    pub(super) network: Arc<Network>,
    pub(super) rights: Rights,
    inventory: Arc<Inventory>,
    window: TimeWindow,
    named: Mutex<NamedByInventory>,
}

impl Access {
    /// `inventory` and `window` say what hosts that are named by the inventory stand for.
    pub fn new(network: Arc<Network>, rights: Rights, inventory: Arc<Inventory>, window: TimeWindow) -> Self {
        Self { network, rights, inventory, window, named: Mutex::default() }
    }

    /// Sends web requests side by side. The answers come in the order of the requests.
    pub fn send(&self, requests: Vec<Request>, patience: &Patience) -> Vec<Result<Response, NetworkError>> {
        if let Some(web) = &self.network.stand_in {
            return stand_in::send(web, &requests);
        }
        let inventory = self.named_by_inventory(patience);
        let call = WebCall { access: self, inventory: &inventory, patience, allowance: Allowance::new() };
        self.side_by_side(patience, requests, async |request| call.send(request).await)
    }

    /// Tries ports side by side, each for `timeout_ms` (0: 30 seconds). The answers come in the order of the ports.
    pub fn probe(&self, ports: Vec<Port>, timeout_ms: u32, patience: &Patience) -> Vec<Result<bool, NetworkError>> {
        if let Some(web) = &self.network.stand_in {
            return stand_in::probe(web, &ports);
        }
        let inventory = self.named_by_inventory(patience);
        let time = time(timeout_ms);
        self.side_by_side(patience, ports, async |port| probe(self, &inventory, patience, &port, time).await)
    }

    /// What the inventory names, as far as grants refer to it. Read here because nothing may block among the requests; not read for calls
    /// that are refused whatever it names.
    fn named_by_inventory(&self, patience: &Patience) -> NamedByInventory {
        if self.rights.grant_nothing() {
            return NamedByInventory::default();
        }
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.read(self.rights.patterns(), &self.inventory, self.window, patience.deadline);
        named.clone()
    }

    /// A rule may keep a refusal to itself; whoever looks at the log is to know.
    fn log_refusals<'a>(&self, errors: impl Iterator<Item = &'a NetworkError>) {
        for refusal in errors.filter(|error| error.kind == FailureKind::Denied).take(REFUSALS_IN_LOG) {
            info!(rule = %self.rights.rule, "{refusal}");
        }
    }

    fn side_by_side<Q, A, F: Future<Output = Result<A, NetworkError>>>(
        &self,
        patience: &Patience,
        questions: Vec<Q>,
        ask: impl Fn(Q) -> F,
    ) -> Vec<Result<A, NetworkError>> {
        let count = questions.len();
        let numbered = questions.into_iter().enumerate().map(|(number, question)| {
            let answer = ask(question);
            async move { (number, answer.await) }
        });
        let all = stream::iter(numbered).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
        let Some(mut answers) = self.network.wait(patience.until_stopped(all)) else {
            let stopped = || Err(NetworkError::new(FailureKind::Other, "the run was stopped"));
            return (0..count).map(|_| stopped()).collect();
        };
        answers.sort_by_key(|(number, _)| *number);
        let answers: Vec<_> = answers.into_iter().map(|(_, answer)| answer).collect();
        self.log_refusals(answers.iter().filter_map(|answer| answer.as_ref().err()));
        answers
    }
}
