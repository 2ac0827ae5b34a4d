//! EDDA over HTTP: one question, one answer, with time limits, and with new tries where a new try can help. What a server says is never
//! trusted: its size, its redirects and its words are bounded.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Response};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::fault::{InventoryError, QueryError};
use super::http_address::{encoded, root_of, shown};
use super::http_trouble::Trouble;
use super::patience::Asker;
use super::splitter::quote;
use super::statistics::Counters;
use crate::failure_kind::FailureKind;

/// A page that explains a failure is read up to this size.
const LARGEST_EXPLANATION: usize = 64 * 1024;

/// What is allowed to an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct HttpLimits {
    /// For a connection to come about.
    pub(super) connect: Duration,
    /// Between two bytes. EDDA itself gives up a query after 60 seconds, twice.
    pub(super) silence: Duration,
    /// Of one answer, unpacked.
    pub(super) answer_bytes: u64,
    /// How often a question is asked when a new try can help.
    pub(super) tries: u32,
    /// Before the second try; four times as long before the third.
    pub(super) pause: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        let (connect, silence) = (Duration::from_secs(10), Duration::from_secs(150));
        Self { connect, silence, answer_bytes: 4 << 30, tries: 3, pause: Duration::from_millis(250) }
    }
}

/// Takes the bytes of an answer as they arrive.
pub(super) trait Body {
    /// A try begins: what an earlier one brought does not count.
    fn begin(&mut self);
    /// The next bytes.
    fn take(&mut self, piece: &[u8]) -> Result<(), BodyError>;
    /// The answer is complete, as far as HTTP can tell.
    fn end(&mut self) -> Result<(), BodyError>;
}

/// Why an answer with a good status is none.
#[derive(Debug)]
pub(super) enum BodyError {
    /// It ends too early: a new try can help.
    CutOff(QueryError),
    /// It is nonsense, or more than allowed.
    Bad(QueryError),
}

/// An EDDA, and the client that talks to it.
#[derive(Debug)]
pub(super) struct EddaServer {
    client: Client,
    /// None only while it is dropped.
    threads: Option<Runtime>,
    /// What a path is put behind: `http://edda:8080/edda/api/v2/`.
    root: String,
    shown: String,
    limits: HttpLimits,
    counters: Arc<Counters>,
}

impl EddaServer {
    pub(super) fn open(address: &Url, limits: HttpLimits, counters: Arc<Counters>) -> Result<Self, InventoryError> {
        let root = root_of(address)?;
        let client = client(address, limits).map_err(InventoryError::Client)?;
        let threads = Builder::new_multi_thread().worker_threads(1).thread_name("edda").enable_io().enable_time().build();
        let threads = Some(threads.map_err(InventoryError::Threads)?);
        Ok(Self { client, threads, root, shown: shown(address), limits, counters })
    }

    /// Asks for what follows `/api/v2/`.
    pub(super) fn ask(&self, path: &str, asker: Asker<'_>, body: &mut dyn Body) -> Result<(), QueryError> {
        let address = self.root.clone() + &encoded(path);
        let (mut tried, mut pause) = (1, self.limits.pause);
        loop {
            let Err(trouble) = self.wait(self.attempt(&address, asker, body)) else { return Ok(()) };
            let wait = trouble.wait.unwrap_or(pause);
            let in_time = Instant::now().checked_add(wait).is_some_and(|end| end < asker.deadline);
            if !trouble.again || tried >= self.limits.tries || !in_time {
                return Err(trouble.after(tried));
            }
            self.wait(asker.wait_for(async { tokio::time::sleep(wait).await }))?;
            tried += 1;
            pause *= 4;
        }
    }

    fn wait<F: Future>(&self, work: F) -> F::Output {
        self.threads.as_ref().expect("there until this is dropped").block_on(work)
    }

    async fn attempt(&self, address: &str, asker: Asker<'_>, body: &mut dyn Body) -> Result<(), Trouble> {
        self.counters.add(|statistics| statistics.requests += 1);
        body.begin();
        let sent = self.timed(asker, self.client.get(address).send()).await?;
        let mut response = sent.map_err(|error| Trouble::of_transport(&self.shown, error))?;
        if !response.status().is_success() {
            return Err(self.explain(response, asker).await);
        }
        let mut received = 0;
        while let Some(piece) = self.piece(&mut response, asker).await? {
            // Bytes that come without a pause are never waited for.
            asker.check()?;
            let piece = piece.as_ref();
            received += piece.len() as u64;
            if received > self.limits.answer_bytes {
                return Err(self.too_large().into());
            }
            body.take(piece)?;
        }
        Ok(body.end()?)
    }

    async fn piece(&self, response: &mut Response, asker: Asker<'_>) -> Result<Option<impl AsRef<[u8]> + use<>>, Trouble> {
        let piece = self.timed(asker, response.chunk()).await?.map_err(|error| Trouble::of_transport(&self.shown, error))?;
        self.counters.add(|statistics| statistics.bytes += piece.as_ref().map_or(0, |piece| piece.len() as u64));
        Ok(piece)
    }

    /// Waits for bytes, and counts the time.
    async fn timed<F: Future>(&self, asker: Asker<'_>, work: F) -> Result<F::Output, QueryError> {
        let start = Instant::now();
        let outcome = asker.wait_for(work).await;
        self.counters.add(|statistics| statistics.downloading += start.elapsed());
        outcome
    }

    /// What a bad status means.
    async fn explain(&self, mut response: Response, asker: Asker<'_>) -> Trouble {
        let mut page = Vec::new();
        while let Ok(Some(piece)) = self.piece(&mut response, asker).await {
            page.extend_from_slice(piece.as_ref());
            if page.len() > LARGEST_EXPLANATION {
                break;
            }
        }
        Trouble::of_status(&self.shown, response.status(), response.headers(), &page)
    }

    fn too_large(&self) -> QueryError {
        let limit = self.limits.answer_bytes;
        let advice = "ask for less, with select arguments or for a shorter window";
        QueryError::new(FailureKind::OverLimit, format!("EDDA's answer is larger than {limit} bytes; {advice}"))
    }
}

impl Drop for EddaServer {
    fn drop(&mut self) {
        // A look-up of a name that hangs must not hold the end of the program.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

fn client(address: &Url, limits: HttpLimits) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .connect_timeout(limits.connect)
        .read_timeout(limits.silence)
        .redirect(Policy::custom(follow))
        .no_proxy()
        .user_agent(concat!("reddalert/", env!("CARGO_PKG_VERSION")));
    // Without `https` the system's certificates are neither read, which takes longer than a small run, nor missed where there are none.
    if address.scheme() == "https" { builder.build() } else { builder.tls_certs_only([]).build() }
}

/// Redirects stay with the host, the port and the scheme that the operator named.
fn follow(attempt: Attempt<'_>) -> Action {
    let (next, first) = (attempt.url(), attempt.previous().first());
    let is_ours = first.is_some_and(|first| first.origin() == next.origin());
    if is_ours && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
}

/// A whole answer as text, up to a size.
#[derive(Debug)]
pub(super) struct WholeText {
    bytes: Vec<u8>,
    limit: usize,
}

impl WholeText {
    pub(super) fn up_to(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }

    /// The text of a complete answer.
    pub(super) fn text(self) -> Result<String, QueryError> {
        String::from_utf8(self.bytes).map_err(|error| {
            let start = quote(error.as_bytes());
            QueryError::new(FailureKind::Unavailable, format!("EDDA's answer is not UTF-8; it begins with `{start}`"))
        })
    }
}

impl Body for WholeText {
    fn begin(&mut self) {
        self.bytes.clear();
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        self.bytes.extend_from_slice(piece);
        if self.bytes.len() > self.limit { Err(BodyError::Bad(over_text_limit(self.limit))) } else { Ok(()) }
    }

    fn end(&mut self) -> Result<(), BodyError> {
        Ok(())
    }
}

/// For a text that is larger than `limit` bytes.
pub(super) fn over_text_limit(limit: usize) -> QueryError {
    let advice = "ask with `_limit`, with fewer lines of context, or for a shorter window";
    QueryError::new(FailureKind::OverLimit, format!("the text is larger than {limit} bytes; {advice}"))
}
