//! Whether a port that a group opens takes a connection, asked of the first machine in the group. Probing is off until the operator grants
//! it; then as without an answer: not known.
//!
//! | | `port_open` |
//! |---|---|
//! | no machine, no address, no such port | false, without asking |
//! | more than 20 ports apart | not known, without asking |
//! | a port takes a connection | true |
//! | none does | false |
//! | one could not be asked, and no other takes one | not known |

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use reddalert_sdk::fields::Integer;
use reddalert_sdk::{CallError, ErrorKind, Host, Target};

use crate::group::Permission;

/// How far the ends of a range may be apart for its ports to be asked.
const WIDEST_RANGE: u16 = 20;

/// How long a machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The answers, none where a port could not be asked.
#[derive(Debug, Default)]
pub(crate) struct PortProbe(BTreeMap<Target, Option<bool>>);

impl PortProbe {
    /// Asks about all permissions at once, each with the address of the first machine it holds for.
    pub(crate) fn ask<'a>(host: &dyn Host, permissions: impl Iterator<Item = (&'a Permission, Option<&'a str>)>) -> Self {
        let targets: BTreeSet<Target> = permissions
            .filter_map(|(permission, address)| Question::new(permission, address))
            .flat_map(|question| question.targets())
            .collect();
        if targets.is_empty() {
            return Self::default();
        }
        let targets: Vec<Target> = targets.into_iter().collect();
        let answers = host.probe(&targets, PATIENCE);
        Self(targets.into_iter().zip(answers.into_iter().map(answered)).collect())
    }

    /// Whether one of the ports is open on the machine of this address; none if that is not known.
    pub(crate) fn port_open(&self, permission: &Permission, address: Option<&str>) -> Option<bool> {
        let Some(question) = Question::new(permission, address) else { return Some(false) };
        if question.is_too_wide() {
            return None;
        }
        let mut open = Some(false);
        for target in question.targets() {
            match self.0.get(&target).copied().flatten() {
                Some(true) => return Some(true),
                Some(false) => {}
                None => open = None,
            }
        }
        open
    }
}

/// A machine that does not answer in time is closed, as one that refuses.
fn answered(answer: Result<bool, CallError>) -> Option<bool> {
    match answer {
        Ok(open) => Some(open),
        Err(error) => (error.kind == ErrorKind::TimedOut).then_some(false),
    }
}

/// What could be asked about a permission.
struct Question<'a> {
    address: &'a str,
    ports: RangeInclusive<u16>,
}

impl<'a> Question<'a> {
    /// None where nothing could answer.
    fn new(permission: &Permission, address: Option<&'a str>) -> Option<Self> {
        let address = address.filter(|address| !address.is_empty())?;
        let ports = port(permission.from_port.as_ref())?..=port(permission.to_port.as_ref())?;
        Some(Self { address, ports })
    }

    fn is_too_wide(&self) -> bool {
        self.ports.end().saturating_sub(*self.ports.start()) > WIDEST_RANGE
    }

    /// None of a range that is too wide.
    fn targets(&self) -> impl Iterator<Item = Target> + use<'a> {
        let address = self.address;
        let ports = if self.is_too_wide() { None } else { Some(self.ports.clone()) };
        ports.into_iter().flatten().map(move |port| Target { host: address.to_owned(), port })
    }
}

/// The original asked no port that came as text, and none below 1.
fn port(port: Option<&Integer>) -> Option<u16> {
    let port = port.filter(|port| !port.is_text())?;
    u16::try_from(port.value()).ok().filter(|port| *port > 0)
}
