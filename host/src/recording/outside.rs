//! What a rule reaches outside of its sandbox: the inventory and the network, or a recording of both or of the network alone.

use std::sync::Arc;
use std::time::Instant;

use super::answer::Told;
use super::question::Question;
use super::recorder::RuleRecorder;
use super::replay::RuleReplay;
use crate::exit_code::chain;
use crate::inventory::{Answer, Inventory, QueryError, Times};
use crate::network::{Access, Network, NetworkError, Patience, Port, Request, Response, Rights};
use crate::time_window::{EpochMillis, TimeWindow};

/// Where the questions and requests of a rule go.
#[derive(Clone)]
pub enum Outside {
    /// To the inventory and into the network.
    Live {
        /// Where its questions go.
        inventory: Arc<Inventory>,
        /// Where its requests go.
        network: Arc<Network>,
        /// Who keeps what it is told, if anybody does.
        recorder: Option<RuleRecorder>,
    },
    /// To the inventory, and for the network into a recording.
    NetworkRecorded {
        /// Where its questions go.
        inventory: Arc<Inventory>,
        /// What answers its requests.
        network: Arc<RuleReplay>,
    },
    /// Into a recording. Nothing else is reachable.
    Recorded(Arc<RuleReplay>),
}

impl Outside {
    /// The real inventory and the real network.
    pub fn live(inventory: &Arc<Inventory>, network: &Arc<Network>) -> Self {
        Self::Live { inventory: Arc::clone(inventory), network: Arc::clone(network), recorder: None }
    }

    /// The same, with everything that the rule is told kept by `recorder`.
    #[must_use]
    pub fn recorded_by(mut self, by: Option<RuleRecorder>) -> Self {
        if let Self::Live { recorder, .. } = &mut self {
            *recorder = by;
        }
        self
    }

    /// Up to when a collection is known that the rule has asked for.
    ///
    /// # Errors
    /// Why nobody knows, with all causes.
    pub fn known_until(&self, collection: &str) -> Result<EpochMillis, String> {
        match self {
            Self::Live { inventory, recorder, .. } => {
                let answer = inventory.known_until(collection).map_err(chain);
                if let Some(recorder) = recorder {
                    let question = Question::KnownUntil { collection: collection.to_owned() };
                    recorder.answer(&question, Told::known_until(&answer));
                }
                answer
            }
            Self::NetworkRecorded { inventory, .. } => inventory.known_until(collection).map_err(chain),
            Self::Recorded(replay) => replay.known_until(collection).map_err(|error| error.message),
        }
    }
}

/// The outside as one rule has it for one run, with its rights and its window.
pub struct Reach(Way);

enum Way {
    Live(Box<LiveReach>),
    NetworkRecorded { inventory: Arc<Inventory>, window: TimeWindow, network: Arc<RuleReplay> },
    Recorded(Arc<RuleReplay>),
}

impl Reach {
    /// `rights`: what the rule may reach in the network. Those of a recorded run are in its answers.
    pub fn new(outside: Outside, rights: Rights, window: TimeWindow) -> Self {
        Self(match outside {
            Outside::Live { inventory, network, recorder } => {
                let access = Access::new(network, rights, Arc::clone(&inventory), window);
                Way::Live(Box::new(LiveReach { inventory, access, window, recorder }))
            }
            Outside::NetworkRecorded { inventory, network } => Way::NetworkRecorded { inventory, window, network },
            Outside::Recorded(replay) => Way::Recorded(replay),
        })
    }

    /// As [`Inventory::documents`].
    pub fn documents(&self, path: &str, times: Times, deadline: Instant) -> Result<Answer, QueryError> {
        match &self.0 {
            Way::Live(live) => live.documents(path, times, deadline),
            Way::NetworkRecorded { inventory, window, .. } => inventory.documents(path, &times, *window, deadline),
            Way::Recorded(replay) => replay.documents(path, times),
        }
    }

    /// As [`Inventory::texts`].
    pub fn texts(&self, paths: &[String], times: Times, deadline: Instant) -> Vec<Result<String, QueryError>> {
        match &self.0 {
            Way::Live(live) => live.texts(paths, times, deadline),
            Way::NetworkRecorded { inventory, window, .. } => inventory.texts(paths, &times, *window, deadline),
            Way::Recorded(replay) => paths.iter().map(|path| replay.text(path, times)).collect(),
        }
    }

    /// As [`Access::send`].
    pub fn send(&self, requests: Vec<Request>, patience: &Patience) -> Vec<Result<Response, NetworkError>> {
        match &self.0 {
            Way::Live(live) => live.send(requests, patience),
            Way::NetworkRecorded { network: replay, .. } | Way::Recorded(replay) => {
                requests.into_iter().map(|request| replay.send(request)).collect()
            }
        }
    }

    /// As [`Access::probe`].
    pub fn probe(&self, ports: Vec<Port>, timeout_ms: u32, patience: &Patience) -> Vec<Result<bool, NetworkError>> {
        match &self.0 {
            Way::Live(live) => live.probe(ports, timeout_ms, patience),
            Way::NetworkRecorded { network: replay, .. } | Way::Recorded(replay) => {
                ports.iter().map(|port| replay.probe(port, timeout_ms)).collect()
            }
        }
    }
}

/// The real inventory and network; somebody may keep what they answer.
struct LiveReach {
    inventory: Arc<Inventory>,
    access: Access,
    window: TimeWindow,
    recorder: Option<RuleRecorder>,
}

impl LiveReach {
    fn documents(&self, path: &str, times: Times, deadline: Instant) -> Result<Answer, QueryError> {
        let answer = self.inventory.documents(path, &times, self.window, deadline);
        if let Some(recorder) = &self.recorder {
            recorder.answer(&Question::documents(path, times), Told::documents(&answer));
        }
        answer
    }

    fn texts(&self, paths: &[String], times: Times, deadline: Instant) -> Vec<Result<String, QueryError>> {
        let answers = self.inventory.texts(paths, &times, self.window, deadline);
        if let Some(recorder) = &self.recorder {
            let told = paths.iter().zip(&answers);
            told.for_each(|(path, answer)| recorder.answer(&Question::text(path, times), Told::text(answer)));
        }
        answers
    }

    fn send(&self, requests: Vec<Request>, patience: &Patience) -> Vec<Result<Response, NetworkError>> {
        let Some(recorder) = &self.recorder else { return self.access.send(requests, patience) };
        let answers = self.access.send(requests.clone(), patience);
        let told = requests.into_iter().zip(&answers);
        told.for_each(|(request, answer)| recorder.answer(&Question::Send(request), Told::response(answer)));
        answers
    }

    fn probe(&self, ports: Vec<Port>, timeout_ms: u32, patience: &Patience) -> Vec<Result<bool, NetworkError>> {
        let Some(recorder) = &self.recorder else { return self.access.probe(ports, timeout_ms, patience) };
        let answers = self.access.probe(ports.clone(), timeout_ms, patience);
        let told = ports.iter().zip(&answers);
        told.for_each(|(port, answer)| recorder.answer(&Question::probe(port, timeout_ms), Told::open(answer)));
        answers
    }
}
