//! What a rule may reach outside: `grants.<rule>`, one grant or a list. A grant is an object, or for short an address such as
//! `"https://www.example.com"` (GET and HEAD) or `"tcp://db.example.com:5432"`. What a rule's manifest asks for is a grant too, of the
//! rule's author; a call needs both.

mod certificates;
mod coverage;
mod host_pattern;
mod reading;
#[cfg(test)]
mod tests;
mod writing;

use std::fmt;

use ipnet::IpNet;

use crate::port_range::PortRange;

pub use self::certificates::Certificates;
pub use self::host_pattern::{HostPattern, InvalidHost, InventoryField, host_name, is_below};
pub(super) use self::reading::{AS_ASKED, GRANT_KEYS, Surroundings};
pub(crate) use self::reading::{method, path};

/// How something is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Web requests that anybody on the way can read and change.
    Http,
    /// Web requests to a server that has shown its certificate.
    Https,
    /// Whether a port takes a connection; nothing is sent.
    Tcp,
}

/// All schemes, in the order in which they are shown.
pub const SCHEMES: [Scheme; 3] = [Scheme::Https, Scheme::Http, Scheme::Tcp];

impl Scheme {
    /// As the config and addresses spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Tcp => "tcp",
        }
    }

    /// The scheme of that name.
    pub fn named(name: &str) -> Option<Self> {
        SCHEMES.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The port that is meant when none is named; `tcp` has none.
    pub fn own_port(self) -> Option<u16> {
        match self {
            Self::Http => Some(80),
            Self::Https => Some(443),
            Self::Tcp => None,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One permission. A call is covered by it when its scheme, host, port, method and path all are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// At least one.
    pub schemes: Vec<Scheme>,
    /// At least one.
    pub hosts: Vec<HostPattern>,
    /// None: the scheme's own port.
    pub ports: Option<Vec<PortRange>>,
    /// In capital letters; of no meaning for `tcp`.
    pub methods: Vec<String>,
    /// What the path of an address begins with: all of it, or up to a `/`. None: any path.
    pub path: Option<String>,
    /// Special addresses that may be connected to, as networks that lie in a special range.
    pub private: Vec<IpNet>,
    /// Which credential the host adds to requests.
    pub credential: Option<String>,
    /// The only certificates that servers may have, or be signed by. None: those of the system.
    pub authorities: Option<Certificates>,
}

impl Default for Grant {
    /// GET and HEAD by `https`, to no host.
    fn default() -> Self {
        Self {
            schemes: vec![Scheme::Https],
            hosts: Vec::new(),
            ports: None,
            methods: vec!["GET".to_owned(), "HEAD".to_owned()],
            path: None,
            private: Vec::new(),
            credential: None,
            authorities: None,
        }
    }
}

/// All that the operator grants to a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// In the order of the config.
    pub list: Vec<Grant>,
    /// Whether everything that the rule's manifest asks for is granted as well.
    pub as_asked: bool,
}

impl Grants {
    /// True when nothing is granted.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && !self.as_asked
    }
}
