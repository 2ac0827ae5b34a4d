//! One short request at the end of a run. It is tried twice, and never holds the end up for long.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Request};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::visible_text::visible;

/// For one request and its answer.
const WHOLE: Duration = Duration::from_secs(10);
/// How often a request is tried.
const TRIES: usize = 2;

/// A client for one server.
pub(super) struct ShortRequests {
    client: Client,
    runtime: Runtime,
}

impl ShortRequests {
    /// A client for requests to `url`.
    pub(super) fn new(url: &Url) -> Result<Self, String> {
        let mut builder = Client::builder().timeout(WHOLE).redirect(Policy::limited(3)).referer(false);
        builder = builder.user_agent(concat!("reddalert/", env!("CARGO_PKG_VERSION")));
        if url.scheme() != "https" {
            // The system's certificates would be read for nothing.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(cause)?;
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| error.to_string())?;
        Ok(Self { client, runtime })
    }

    /// The client to make requests with.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends the request until an answer says that all is well. Neither the address nor the answer is repeated: both may hold a secret.
    pub(super) fn send(&self, request: &Request) -> Result<(), String> {
        let mut outcome = Ok(());
        for _ in 0..TRIES {
            let Some(request) = request.try_clone() else { break };
            outcome = match self.runtime.block_on(async { self.client.execute(request).await }) {
                Ok(response) if response.status().is_success() => return Ok(()),
                Ok(response) => Err(format!("the server answers {}", response.status())),
                Err(error) if error.is_timeout() => Err("no answer in time".to_owned()),
                Err(error) => Err(cause(error)),
            };
        }
        outcome
    }
}

/// What the operating system or the other side said.
fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    visible(&cause.to_string()).into_owned()
}
