//! One request to checked addresses and its answer, with everything that a server says bounded.

use std::error::Error;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use rustls::ClientConfig;

use super::error::NetworkError;
use super::redirect::Hop;
use super::resolver::Checked;
use super::target::{Target, shown};
use crate::failure_kind::FailureKind;

/// How large the answers of one call may be together, bodies and headers, in bytes.
pub(super) const BYTES_AT_ONCE: u64 = 64 << 20;
/// How large the headers of one answer may be, bytes.
const HEADER_BYTES: usize = 64 << 10;

/// What the answers of one call may still bring, in bytes.
pub(super) struct Allowance(AtomicU64);

impl Allowance {
    pub(super) fn new() -> Self {
        Self(AtomicU64::new(BYTES_AT_ONCE))
    }

    fn take(&self, bytes: usize) -> Result<(), NetworkError> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        left.map(drop).map_err(|_| {
            let message = format!(
                "the answers of one call are together larger than {} MiB: ask for fewer at once, or set a smaller `max-body`",
                BYTES_AT_ONCE >> 20
            );
            NetworkError::new(FailureKind::OverLimit, message)
        })
    }

    fn give_back(&self, bytes: usize) {
        self.0.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
    }
}

/// A client for one connection to one host: no name is resolved again, no connection is shared with a request that was allowed otherwise, no
/// redirect is followed, no proxy, cookie or referrer is used.
pub(super) fn client(addresses: Vec<IpAddr>, tls: Option<ClientConfig>) -> Result<Client, NetworkError> {
    let builder = Client::builder()
        .dns_resolver(Checked(addresses))
        .pool_max_idle_per_host(0)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .user_agent(concat!("reddalert/", env!("CARGO_PKG_VERSION")));
    let builder = match tls {
        Some(configuration) => builder.tls_backend_preconfigured(configuration),
        // Otherwise the system's certificates would be read for nothing.
        None => builder.tls_certs_only([]),
    };
    builder
        .build()
        .map_err(|error| NetworkError::new(FailureKind::Other, format!("no HTTP client can be made: {}", shown(&root_cause(&error)))))
}

/// The hop as the client takes it.
pub(super) fn request(hop: &Hop) -> Result<reqwest::Request, NetworkError> {
    let method = Method::from_bytes(hop.method.as_bytes()).map_err(|_| NetworkError::bad_request("this method cannot be sent"))?;
    let mut request = reqwest::Request::new(method, hop.url.clone());
    request.headers_mut().clone_from(&hop.headers);
    if !hop.body.is_empty() {
        *request.body_mut() = Some(hop.body.clone().into());
    }
    Ok(request)
}

/// Sends a request and waits for the head of the answer.
pub(super) async fn send(client: &Client, request: reqwest::Request, target: &Target) -> Result<Response, NetworkError> {
    let response = client.execute(request).await.map_err(|error| transport_trouble(&error, target))?;
    let size: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > HEADER_BYTES {
        let message = format!("{target} answers with headers of more than {} KiB", HEADER_BYTES >> 10);
        return Err(NetworkError::new(FailureKind::OverLimit, message));
    }
    Ok(response)
}

/// Reads the body, unpacked, up to `most` bytes. True: there was more.
pub(super) async fn body(
    response: &mut Response,
    most: usize,
    allowance: &Allowance,
    target: &Target,
) -> Result<(Vec<u8>, bool), NetworkError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| transport_trouble(&error, target))? {
        let taken = piece.len().min(most - body.len());
        // An answer that is given up makes room for the others.
        allowance.take(taken).inspect_err(|_| allowance.give_back(body.len()))?;
        body.extend_from_slice(&piece[..taken]);
        if taken < piece.len() {
            return Ok((body, true));
        }
    }
    Ok((body, false))
}

/// The headers as rules get them.
pub(super) fn headers(headers: &HeaderMap, allowance: &Allowance) -> Result<Vec<(String, String)>, NetworkError> {
    let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let headers: Vec<_> = headers.iter().map(text).collect();
    allowance.take(headers.iter().map(|(name, value)| name.len() + value.len()).sum())?;
    Ok(headers)
}

fn transport_trouble(error: &reqwest::Error, target: &Target) -> NetworkError {
    if is_too_large(error) {
        return NetworkError::new(FailureKind::OverLimit, format!("{target} answers with headers that are too large or too many"));
    }
    let what = if error.is_connect() { "cannot be connected to" } else { "does not answer as it should" };
    let message = format!("{target} {what}: {}", shown(&root_cause(error)));
    NetworkError::new(FailureKind::Unavailable, message)
}

fn is_too_large(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large))
}

/// What happened at the bottom; reqwest's own texts repeat the address.
fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}
