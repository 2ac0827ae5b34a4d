//! Web requests as rules write them, and what is checked of them before anybody is asked.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use url::Url;

use super::body_text;
use super::error::NetworkError;
use super::target::{parse_address, parse_method, shown};
use crate::credentials::SigningOptions;
use crate::settings::suggestion::did_you_mean;

/// For a request that names no time. Also what such a request of a port gets.
pub(super) const USUAL_TIME: Duration = Duration::from_secs(30);

/// Headers that say how a message is carried or who sends it: the host's to write.
const OF_THE_HOST: [&str; 12] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// The headers of credentials begin with one of these.
const OF_CREDENTIALS: [&str; 2] = ["x-ops-", "x-amz-security-token"];

/// The names of options.
const OPTIONS: [&str; 2] = ["aws-region", "aws-service"];

/// A web request, as a rule writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Request {
    /// Any method but CONNECT, TRACE and TRACK.
    pub method: String,
    /// `http:` or `https:`, without user and password.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The content, empty for none.
    #[serde(with = "body_text")]
    pub body: Vec<u8>,
    /// Milliseconds for the whole of it, redirects included. 0: 30 seconds.
    pub timeout_ms: u32,
    /// How many redirects are followed.
    pub redirects: u8,
    /// The body of the answer is cut after so many bytes.
    pub max_body: u32,
    /// `aws-region`, `aws-service`.
    pub options: Vec<(String, String)>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Response {
    /// The address that answered.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// Names and values; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The content, unpacked.
    #[serde(with = "body_text")]
    pub body: Vec<u8>,
    /// Whether the content went on.
    pub cut: bool,
}

/// A request that is well formed.
#[derive(Clone, Debug)]
pub(super) struct CheckedRequest {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) time: Duration,
    pub(super) redirects: u8,
    pub(super) max_body: usize,
    /// How the rule wants it to be signed, where it is signed.
    pub(super) signing: SigningOptions,
}

impl CheckedRequest {
    pub(super) fn new(request: Request) -> Result<Self, NetworkError> {
        Ok(Self {
            method: parse_method(&request.method)?,
            url: parse_address(&request.url)?,
            headers: headers(&request.headers)?,
            signing: signing(request.options)?,
            body: request.body,
            time: time(request.timeout_ms),
            redirects: request.redirects,
            max_body: usize::try_from(request.max_body).unwrap_or(usize::MAX),
        })
    }
}

/// 0 milliseconds stand for the usual time.
pub(super) fn time(milliseconds: u32) -> Duration {
    if milliseconds == 0 { USUAL_TIME } else { Duration::from_millis(milliseconds.into()) }
}

fn headers(written: &[(String, String)]) -> Result<HeaderMap, NetworkError> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let header = HeaderName::from_bytes(name.as_bytes());
        let header = header.map_err(|_| NetworkError::bad_request(format!("`{}` cannot be the name of a header", shown(name))))?;
        if OF_THE_HOST.contains(&header.as_str()) || OF_CREDENTIALS.iter().any(|own| header.as_str().starts_with(own)) {
            let advice = "reddalert writes it; a secret is a credential of the grant";
            return Err(NetworkError::bad_request(format!("the header `{header}` cannot be set: {advice}")));
        }
        let value = HeaderValue::from_str(value).map_err(|_| {
            NetworkError::bad_request(format!("the value of the header `{header}` holds a control character, or is no ASCII"))
        })?;
        headers.try_append(header, value).map_err(|_| NetworkError::bad_request("too many headers"))?;
    }
    Ok(headers)
}

fn signing(options: Vec<(String, String)>) -> Result<SigningOptions, NetworkError> {
    let mut wishes = SigningOptions::default();
    for (name, value) in options {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(NetworkError::bad_request(format!("`{}` cannot be the value of the option `{}`", shown(&value), shown(&name))));
        }
        match name.as_str() {
            "aws-region" => wishes.aws_region = Some(value),
            "aws-service" => wishes.aws_service = Some(value),
            _ => {
                let suggestion = did_you_mean(&name, OPTIONS);
                let known = OPTIONS.join(", ");
                return Err(NetworkError::bad_request(format!("there is no option `{}`{suggestion} (options: {known})", shown(&name))));
            }
        }
    }
    Ok(wishes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure_kind::FailureKind;

    fn refusal(request: Request) -> String {
        let error = CheckedRequest::new(request).expect_err("malformed");
        assert_eq!(error.kind, FailureKind::BadRequest);
        error.message
    }

    fn get() -> Request {
        Request { method: "get".into(), url: "https://a/#fragment".into(), ..Request::default() }
    }

    fn with_header(name: &str, value: &str) -> Request {
        Request { headers: vec![(name.into(), value.into())], ..get() }
    }

    #[test]
    fn a_plain_request_gets_what_it_does_not_say() {
        let request = CheckedRequest::new(get()).expect("a request");
        assert_eq!((request.method.as_str(), request.url.as_str(), request.time), ("GET", "https://a/", USUAL_TIME));
        assert!(CheckedRequest::new(with_header("X-Api", "a\tb")).is_ok());
    }

    #[test]
    fn headers_cannot_end_early_or_speak_for_the_host() {
        for (name, value) in [("x\r\nhost", "a"), ("x:", "a"), ("", "a"), ("x y", "a"), ("x", "a\r\nhost: b"), ("x", "a\0"), ("x", "a\n")] {
            refusal(with_header(name, value));
        }
        for name in ["Host", "AUTHORIZATION", "Content-Length", "transfer-encoding", "Connection", "Proxy-Authorization", "X-Ops-Userid"] {
            assert!(refusal(with_header(name, "x")).contains("cannot be set"), "{name}");
        }
    }

    #[test]
    fn an_option_nobody_knows_is_refused() {
        let with = |name: &str, value: &str| Request { options: vec![(name.into(), value.into())], ..get() };
        assert_eq!(
            refusal(with("aws-regoin", "x")),
            "there is no option `aws-regoin`: did you mean `aws-region`? (options: aws-region, aws-service)"
        );
        assert_eq!(refusal(with("aws-region", "a/b")), "`a/b` cannot be the value of the option `aws-region`");
        let checked = CheckedRequest::new(with("aws-region", "eu-west-1")).expect("a request");
        assert_eq!(checked.signing.aws_region.as_deref(), Some("eu-west-1"));
    }
}
