//! What a rule can ask, as a recording names it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::inventory::Times;
use crate::network::{Port, Request};

/// One question: equal ones of one rule have the same answer, unless they have several in a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Question {
    /// The documents of a path.
    #[serde(rename = "edda.documents")]
    Documents { path: String, times: Times },
    /// A whole answer as text.
    #[serde(rename = "edda.texts")]
    Text { path: String, times: Times },
    /// Up to when a collection is known. The host asks this, about what the rule has asked for.
    #[serde(rename = "edda.known-until")]
    KnownUntil { collection: String },
    /// A web request, before anything is signed.
    #[serde(rename = "http.send")]
    Send(Request),
    /// Whether a port takes connections.
    #[serde(rename = "tcp.probe")]
    Probe {
        host: String,
        port: u16,
        #[serde(rename = "timeout-ms")]
        timeout_ms: u32,
    },
}

impl Question {
    pub(super) fn documents(path: &str, times: Times) -> Self {
        Self::Documents { path: path.to_owned(), times }
    }

    pub(super) fn text(path: &str, times: Times) -> Self {
        Self::Text { path: path.to_owned(), times }
    }

    pub(super) fn probe(port: &Port, timeout_ms: u32) -> Self {
        Self::Probe { host: port.host.clone(), port: port.port, timeout_ms }
    }

    /// The function of the contract.
    pub(super) fn function(&self) -> &'static str {
        match self {
            Self::Documents { .. } => "edda.documents",
            Self::Text { .. } => "edda.texts",
            Self::KnownUntil { .. } => "edda.known-until",
            Self::Send(_) => "http.send",
            Self::Probe { .. } => "tcp.probe",
        }
    }

    /// The one among `others` that is spelled most alike; of the same function where there is one.
    pub(super) fn nearest<'a>(&self, others: impl Iterator<Item = &'a Self>) -> Option<&'a Self> {
        /// More is not compared: the time that it takes grows with the square. Characters.
        const COMPARED: usize = 500;
        let spelled = |question: &Self| question.to_string().chars().take(COMPARED).collect::<String>();
        let own = spelled(self);
        others.min_by_key(|other| (other.function() != self.function(), strsim::levenshtein(&own, &spelled(other))))
    }
}

/// In one line, with nothing in it that a terminal could obey.
impl fmt::Display for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let function = self.function();
        match self {
            Self::Documents { path, times } | Self::Text { path, times } => {
                write!(formatter, "{function} {} ({times})", path.escape_debug())
            }
            Self::KnownUntil { collection } => write!(formatter, "{function} {}", collection.escape_debug()),
            Self::Send(request) => {
                write!(formatter, "{function} {} {}", request.method.escape_debug(), request.url.escape_debug())?;
                let headers = request.headers.iter().map(|(name, value)| format!(" {}: {}", name.escape_debug(), value.escape_debug()));
                headers.take(8).try_for_each(|header| formatter.write_str(&header))?;
                if request.body.is_empty() { Ok(()) } else { write!(formatter, " with a body of {} bytes", request.body.len()) }
            }
            Self::Probe { host, port, .. } => write!(formatter, "{function} {}:{port}", host.escape_debug()),
        }
    }
}
