//! What rules reach outside. A rule hands over plain requests; the host decides, resolves, checks, connects and sends, and the rule never sees
//! a socket or a secret.
//!
//! A request goes this way: `request` checks its form, `target` puts it into one spelling, `decision` compares that with the rule's `rights`
//! (and what `named_hosts` says that the inventory names), `resolver` finds addresses, the decision's permit checks each, `exchange` connects to
//! exactly these, and `redirect` makes the next request of an answer that sends elsewhere, which begins anew. `probe` is the short form for ports.

mod access;
mod body_text;
mod decision;
mod error;
mod exchange;
mod named_hosts;
mod patience;
mod probe;
mod redirect;
mod request;
mod resolver;
mod rights;
mod stand_in;
mod target;
#[cfg(test)]
mod tests;
mod tls;
mod web;

use std::future::Future;
use std::io;

use cases::Web;
use tokio::runtime::{Builder, Runtime};

use self::resolver::Resolver;
use self::tls::TlsConfigurations;

pub use self::access::Access;
pub use self::error::NetworkError;
pub use self::patience::Patience;
pub use self::probe::Port;
pub use self::request::{Request, Response};
pub use self::rights::{Ask, InvalidAsk, Rights, asks, how_to_grant, lacking, unused};

/// What all rules share: the threads, the resolver, the system's certificates.
pub struct Network {
    /// None only while it is dropped.
    threads: Option<Runtime>,
    resolver: Resolver,
    tls: TlsConfigurations,
    /// Who answers in place of the world, where a rule is only tried.
    stand_in: Option<Web>,
}

impl Network {
    /// Nothing is connected to yet.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn new() -> io::Result<Self> {
        Self::with_resolver(Resolver::of_system())
    }

    /// Answers from `web`; nothing is ever connected to.
    ///
    /// # Errors
    /// As those of [`Network::new`].
    pub fn standing_in(web: Web) -> io::Result<Self> {
        let mut network = Self::new()?;
        network.stand_in = Some(web);
        Ok(network)
    }

    fn with_resolver(resolver: Resolver) -> io::Result<Self> {
        let threads = Builder::new_multi_thread().worker_threads(1).thread_name("network").enable_io().enable_time().build()?;
        Ok(Self { threads: Some(threads), resolver, tls: TlsConfigurations::default(), stand_in: None })
    }

    fn wait<F: Future>(&self, work: F) -> F::Output {
        self.threads.as_ref().expect("proof: there until this is dropped").block_on(work)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // A look-up of a name that hangs must not hold the end of the program.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}
