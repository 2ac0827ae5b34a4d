//! Signatures against those that others made.

mod aws;
mod chef;
mod secrecy;

use std::time::SystemTime;

use reqwest::header::HeaderName;
use reqwest::{Method, Request, Url};

use crate::settings::{AwsSettings, CredentialSettings, Secret};

/// The key of all examples that AWS publishes.
const AWS_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn request(method: &str, url: &str, headers: &[(String, String)], body: &str) -> Request {
    let mut request = Request::new(method.parse::<Method>().expect("a method"), url.parse::<Url>().expect("a URL"));
    for (name, value) in headers {
        request.headers_mut().insert(name.parse::<HeaderName>().expect("a name"), value.parse().expect("a value"));
    }
    if !body.is_empty() {
        *request.body_mut() = Some(body.to_owned().into());
    }
    request
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name).map(|value| value.to_str().expect("a text"))
}

fn moment(text: &str) -> SystemTime {
    SystemTime::UNIX_EPOCH + text.parse::<jiff::Timestamp>().expect("a moment").duration_since(jiff::Timestamp::UNIX_EPOCH).unsigned_abs()
}

fn aws_keys(access_key: &str, secret_key: &str, session_token: Option<&str>) -> CredentialSettings {
    CredentialSettings::Aws(AwsSettings::Keys {
        access_key: Secret::new(access_key),
        secret_key: Secret::new(secret_key),
        session_token: session_token.map(Secret::new),
    })
}
