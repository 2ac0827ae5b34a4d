//! Outputs: where alerts are delivered. An output tries once and says of each alert what became of it; trying again, writing down what was
//! taken and keeping what was not is done elsewhere, once for all of them.

mod attempts;
mod elasticsearch;
mod format;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod http_client;
mod mail;
mod patience;
mod slack;
mod stream;
mod verdict;
mod webhook;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

pub use attempts::{Settled, deliver_all};
pub use patience::Patience;
pub use verdict::{Again, Delivery, Trouble, Verdict};

use self::elasticsearch::Elasticsearch;
use self::mail::Mail;
use self::slack::Slack;
use self::stream::Stream;
use self::webhook::Webhook;
use crate::alert::Alert;
use crate::settings::{OutputSettings, OutputTarget};

/// Something that takes alerts.
pub trait Output: Send {
    /// How many alerts are handed over at once. What became of them is written down while the next ones are sent, so this is how many come
    /// twice after a crash.
    fn batch(&self) -> usize;

    /// Hands over `alerts`, in order, once.
    fn deliver(&mut self, alerts: &[Arc<Alert>], patience: &Patience) -> Delivery;
}

/// Why an output cannot even begin.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The client of HTTP.
    #[error("the client for HTTP cannot be made")]
    Client(#[source] reqwest::Error),
    /// The thread that waits for answers.
    #[error("the system gives no thread to wait for answers")]
    Threads(#[source] io::Error),
    /// TLS for mail.
    #[error("TLS for mail cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// The output that the settings describe. `clock` is asked when something is sent that must carry the time of sending.
pub fn open(settings: &OutputSettings, clock: fn() -> SystemTime) -> Result<Box<dyn Output>, OutputError> {
    Ok(match &settings.target {
        OutputTarget::Stream { kind, file } => Box::new(Stream::new(*kind, file.clone())),
        OutputTarget::Mail(mail) => Box::new(Mail::new(settings.name(), mail, clock)?),
        OutputTarget::Elasticsearch(elasticsearch) => Box::new(Elasticsearch::new(elasticsearch, clock)?),
        OutputTarget::Webhook(webhook) => Box::new(Webhook::new(webhook, clock)?),
        OutputTarget::Slack(slack) => Box::new(Slack::new(slack, clock)?),
    })
}
