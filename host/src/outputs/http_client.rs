//! One request, one answer, for the outputs that speak HTTP. Redirects are not followed: they would carry alerts and secrets to somewhere that
//! the operator did not name. What a server says is bounded, and made visible before anybody reads it.

use std::time::{Duration, SystemTime};

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Request, StatusCode};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::{Again, OutputError, Patience, Trouble};
use crate::settings::TrustedCertificates;
use crate::visible_text::visible;

/// For a connection to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// Between two bytes.
const SILENCE: Duration = Duration::from_secs(30);
/// For the whole request and its answer.
const WHOLE: Duration = Duration::from_mins(2);
/// Of an answer, unpacked.
const ANSWER_BYTES: usize = 16 << 20;
/// Of what a server says, so many characters are repeated in a message.
const QUOTED: usize = 300;

/// The client of one output.
#[derive(Debug)]
pub(super) struct HttpClient {
    client: Client,
    /// None only while it is dropped.
    threads: Option<Runtime>,
    clock: fn() -> SystemTime,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its body, as text.
    pub(super) text: String,
    /// How long the server wants to be left alone.
    pub(super) retry_after: Option<Duration>,
}

impl HttpClient {
    /// A client for requests to `url` that trusts `certificates`, or without them what the system trusts.
    pub(super) fn new(url: &Url, certificates: Option<&TrustedCertificates>, clock: fn() -> SystemTime) -> Result<Self, OutputError> {
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .redirect(Policy::none())
            .user_agent(concat!("reddalert/", env!("CARGO_PKG_VERSION")));
        if let Some(certificates) = certificates {
            builder = builder.tls_certs_only(Certificate::from_pem_bundle(&certificates.pem).map_err(OutputError::Client)?);
        } else if url.scheme() != "https" {
            // The system's certificates are neither read, which takes longer than a small run, nor missed where there are none.
            builder = builder.tls_certs_only([]);
        }
        let threads = Builder::new_current_thread().enable_io().enable_time().build().map_err(OutputError::Threads)?;
        Ok(Self { client: builder.build().map_err(OutputError::Client)?, threads: Some(threads), clock })
    }

    /// A request to be completed and handed to [`Self::send`].
    pub(super) fn post(&self, url: &Url) -> reqwest::RequestBuilder {
        self.client.post(url.clone())
    }

    /// Sends a request to the server that `place` names in messages. The request's own address is never shown.
    pub(super) fn send(&self, request: reqwest::RequestBuilder, place: &str, patience: &Patience) -> Result<Answer, Trouble> {
        let unusable = |error: reqwest::Error| Trouble::lasting(format!("a request to {place} cannot be made: {}", root_cause(error)));
        let request = request.build().map_err(unusable)?;
        let threads = self.threads.as_ref().expect("proof: there until this is dropped");
        let answer = threads.block_on(patience.wait_for(self.exchange(request)));
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(transport_trouble(error, place)),
            Err(reason) => Err(Trouble::lasting(reason)),
        }
    }

    async fn exchange(&self, request: Request) -> reqwest::Result<Answer> {
        let mut response = self.client.execute(request).await?;
        let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|text| retry_after(text, (self.clock)()));
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > ANSWER_BYTES {
                break;
            }
        }
        Ok(Answer { status: response.status(), text: String::from_utf8_lossy(&bytes).into_owned(), retry_after })
    }
}

impl Drop for HttpClient {
    fn drop(&mut self) {
        // A look-up of a name that hangs must not hold the end of the program.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Answer {
    /// The server is overloaded, starting or being restarted: not now, but perhaps in a moment.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self.status.as_u16(), 408 | 425 | 429) || self.status.is_server_error()
    }

    /// It is not this request that the server does not want now, but any.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.status.as_u16(), 429 | 502 | 503 | 504)
    }

    /// When trying again makes sense.
    pub(super) fn again(&self) -> Again {
        match self.retry_after {
            _ if !self.may_pass() => Again::NextRun,
            Some(wanted) => Again::After(wanted),
            None => Again::Soon,
        }
    }

    /// The trouble that this answer is, with some advice.
    pub(super) fn trouble(&self, place: &str, advice: &str) -> Trouble {
        Trouble { reason: self.words(place, advice), again: self.again() }
    }

    /// `https://host answers 403 Forbidden: "..."`, and some advice.
    pub(super) fn words(&self, place: &str, advice: &str) -> String {
        let said = quoted(&self.text);
        let said = if said.is_empty() { said } else { format!(": `{said}`") };
        let advice = if advice.is_empty() { String::new() } else { format!("; {advice}") };
        format!("{place} answers {}{said}{advice}", self.status)
    }
}

/// The beginning of what a server said, on one line.
pub(super) fn quoted(text: &str) -> String {
    let line: String = text.trim().chars().take(QUOTED).collect();
    visible(&line).into_owned()
}

/// Seconds, or a date.
fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

fn transport_trouble(error: reqwest::Error, place: &str) -> Trouble {
    let (is_connect, is_timeout) = (error.is_connect(), error.is_timeout());
    let cause = if is_timeout { "no answer in time".to_owned() } else { root_cause(error) };
    let what = if is_connect { "cannot be reached" } else { "broke off" };
    Trouble::passing(format!("{place} {what}: {cause}"))
}

/// The innermost cause: what the operating system or the other side said.
fn root_cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    quoted(&cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_in_seconds_or_with_a_date_how_long_to_wait() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 30);
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now + Duration::from_hours(1)), Some(Duration::ZERO));
        assert_eq!((retry_after("soon", now), retry_after("-1", now), retry_after("", now)), (None, None, None));
    }

    #[test]
    fn an_answer_says_whether_trying_again_makes_sense() {
        let answer = |status: u16, retry_after: Option<u64>| Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            text: "a\u{1b}[31m\nb".into(),
            retry_after: retry_after.map(Duration::from_secs),
        };
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(answer(status, None).again(), Again::Soon, "{status}");
        }
        for status in [301, 400, 401, 403, 404, 410, 413, 422] {
            assert_eq!(answer(status, Some(1)).again(), Again::NextRun, "{status}");
        }
        assert_eq!(answer(429, Some(3)).again(), Again::After(Duration::from_secs(3)));
        assert_eq!(answer(503, None).words("https://x", "wait"), "https://x answers 503 Service Unavailable: `a\\u001b[31m\\u000ab`; wait");
    }
}
