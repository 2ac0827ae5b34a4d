//! From a host to its addresses. Asked once for each connection: what comes out is checked and connected to, and nobody asks again.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Host;

use super::error::NetworkError;
use crate::failure_kind::FailureKind;
use crate::visible_text::visible;

/// The addresses of a name, as they arrive.
pub(super) type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds addresses: the system's way in the program, what a test says in a test.
pub(super) struct Resolver(Box<dyn Fn(String) -> Lookup + Send + Sync>);

/// What resolvers of different systems say when they could not ask, as against an answer that there is no such name.
const TRY_LATER: [&str; 3] = ["Temporary failure", "Try again", "System error"];

impl Resolver {
    /// As every program of this machine resolves names: its hosts file, its name servers.
    pub(super) fn of_system() -> Self {
        Self::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) }))
    }

    pub(super) fn new(lookup: impl Fn(String) -> Lookup + Send + Sync + 'static) -> Self {
        Self(Box::new(lookup))
    }

    /// All addresses of a host, at least one.
    pub(super) async fn addresses(&self, host: &Host<String>) -> Result<Vec<IpAddr>, NetworkError> {
        let name = match host {
            Host::Ipv4(address) => return Ok(vec![IpAddr::V4(*address)]),
            Host::Ipv6(address) => return Ok(vec![IpAddr::V6(*address)]),
            Host::Domain(name) => name,
        };
        match (self.0)(name.clone()).await {
            Ok(addresses) if addresses.is_empty() => Err(unknown(name)),
            Ok(addresses) => Ok(addresses),
            Err(error) => {
                let said = error.to_string();
                if TRY_LATER.iter().any(|words| said.contains(words)) {
                    return Err(NetworkError::new(
                        FailureKind::Unavailable,
                        format!("`{name}` cannot be resolved now: {}", visible(&said)),
                    ));
                }
                Err(unknown(name))
            }
        }
    }
}

fn unknown(name: &str) -> NetworkError {
    NetworkError::new(FailureKind::NotFound, format!("there is no host `{}`", visible(name)))
}

/// The addresses of one connection, checked, for the client: whatever name it asks for, it gets these.
pub(super) struct Checked(pub(super) Vec<IpAddr>);

impl Resolve for Checked {
    fn resolve(&self, _: Name) -> Resolving {
        // The client replaces port 0 by the one of the address.
        let addresses: Vec<SocketAddr> = self.0.iter().map(|address| SocketAddr::new(*address, 0)).collect();
        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as Addrs) })
    }
}
