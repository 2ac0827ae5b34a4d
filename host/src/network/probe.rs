//! Whether ports take connections. Nothing is sent; the connection is closed at once.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::access::Access;
use super::decision::decide;
use super::error::NetworkError;
use super::named_hosts::NamedByInventory;
use super::patience::Patience;
use super::target::Target;
use crate::failure_kind::FailureKind;

/// What a rule wants to know of one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// A name or an address.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
}

/// True when one of the host's addresses takes a connection within `time`.
pub(super) async fn probe(
    access: &Access,
    inventory: &NamedByInventory,
    patience: &Patience,
    port: &Port,
    time: Duration,
) -> Result<bool, NetworkError> {
    let target = Target::of_probe(&port.host, port.port)?;
    let permit = decide(&access.rights, inventory, &target)?;
    let late = || NetworkError::new(FailureKind::TimedOut, format!("no time was left for {target}"));
    let addresses = patience.within(time, access.network.resolver.addresses(&target.host)).await.ok_or_else(late)??;
    permit.check_addresses(&access.rights, &target, &addresses)?;
    for address in addresses {
        let connection = patience.within(time, TcpStream::connect(SocketAddr::new(address, target.port))).await;
        // Otherwise it is refused, unreachable, or silent for as long as the rule wants to wait.
        match connection {
            Some(Ok(_)) => return Ok(true),
            None if patience.is_over() => return Err(late()),
            _ => {}
        }
    }
    Ok(false)
}
