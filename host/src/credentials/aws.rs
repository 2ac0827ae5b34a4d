//! AWS Signature Version 4, made by AWS's own library.

use std::borrow::Cow;
use std::env;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use reqwest::header::{HeaderName, HeaderValue};

use super::SigningOptions;
use super::aws_place::AwsPlace;
use super::error::{CredentialError, SigningError};
use super::profile;
use crate::settings::{AwsSettings, Secret};

/// Who made the keys, in the library's own words about them.
const PROVIDER: &str = "reddalert";
/// Headers that whoever stands between may change.
const UNSIGNED_HEADERS: [&str; 3] = ["accept-encoding", "user-agent", "x-amzn-trace-id"];

/// A key of AWS. `Debug` shows nothing of it.
#[derive(Clone, Debug)]
pub struct AwsKeys {
    pub(super) access_key: Secret,
    pub(super) secret_key: Secret,
    pub(super) session_token: Option<Secret>,
}

impl AwsKeys {
    /// The keys, wherever they are.
    pub(super) fn new(settings: &AwsSettings) -> Result<Self, CredentialError> {
        match settings {
            AwsSettings::Keys { access_key, secret_key, session_token } => {
                Ok(Self { access_key: access_key.clone(), secret_key: secret_key.clone(), session_token: session_token.clone() })
            }
            AwsSettings::Profile { profile, file } => profile::read(file, profile),
            AwsSettings::Environment => Self::of_environment(|name| env::var(name).ok()),
        }
        .and_then(Self::sendable)
    }

    /// The keys that `variable` gives by the names that AWS's own tools use.
    pub(super) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, CredentialError> {
        let secret = |name| variable(name).filter(|value| !value.is_empty()).map(Secret::new);
        let required = |name| secret(name).ok_or(CredentialError::NoVariable(name));
        Ok(Self {
            access_key: required("AWS_ACCESS_KEY_ID")?,
            secret_key: required("AWS_SECRET_ACCESS_KEY")?,
            session_token: secret("AWS_SESSION_TOKEN"),
        })
    }

    fn sendable(self) -> Result<Self, CredentialError> {
        let can_be_sent = |secret: &Secret| secret.expose().bytes().all(|byte| byte.is_ascii_graphic());
        if !can_be_sent(&self.access_key) {
            return Err(CredentialError::Unsendable("access-key"));
        }
        if !self.session_token.as_ref().is_none_or(can_be_sent) {
            return Err(CredentialError::Unsendable("session-token"));
        }
        Ok(self)
    }

    /// Adds `authorization`, `x-amz-date`, and what belongs to them.
    pub(super) fn sign(&self, request: &mut reqwest::Request, options: &SigningOptions, now: SystemTime) -> Result<(), SigningError> {
        let place = place(request, options)?;
        let headers = {
            let session_token = self.session_token.as_ref().map(|token| token.expose().to_owned());
            let identity = Credentials::new(self.access_key.expose(), self.secret_key.expose(), session_token, None, PROVIDER).into();
            let parameters = SigningParams::builder()
                .identity(&identity)
                .region(&place.region)
                .name(&place.service)
                .time(now)
                .settings(signing_settings(&place.service))
                .build()
                .expect("proof: everything that it needs is set above");
            let signed = sign(signable(request)?, &parameters.into()).map_err(SigningError::Aws)?;
            signed.into_parts().0.into_parts().0
        };
        for header in headers {
            let mut value = HeaderValue::from_str(header.value()).map_err(|_| SigningError::Header)?;
            value.set_sensitive(header.sensitive());
            request.headers_mut().insert(HeaderName::from_static(header.name()), value);
        }
        Ok(())
    }
}

/// What the request says wins over what its host's name tells.
fn place(request: &reqwest::Request, options: &SigningOptions) -> Result<AwsPlace, SigningError> {
    let host = request.url().host_str().unwrap_or_default();
    let told = AwsPlace::of_host(host);
    let service = option("aws-service", "s3", options.aws_service.as_ref())?.or(told.as_ref().map(|place| place.service.clone()));
    let region = option("aws-region", "eu-west-1", options.aws_region.as_ref())?.or(told.map(|place| place.region));
    match service {
        Some(service) => Ok(AwsPlace { service, region: region.unwrap_or_else(|| "us-east-1".to_owned()) }),
        None => Err(SigningError::UnknownService(host.to_owned())),
    }
}

fn option(name: &'static str, example: &'static str, value: Option<&String>) -> Result<Option<String>, SigningError> {
    let allowed = |value: &&String| {
        (1..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match value {
        Some(value) if !allowed(&value) => Err(SigningError::BadOption { name, example }),
        value => Ok(value.cloned()),
    }
}

/// S3 takes paths as they are and wants the digest of the body in a header; all others want the path encoded once more.
fn signing_settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.excluded_headers.get_or_insert_default().extend(UNSIGNED_HEADERS.map(Cow::Borrowed));
    if service.starts_with("s3") {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

fn signable(request: &reqwest::Request) -> Result<SignableRequest<'_>, SigningError> {
    let body = match request.body() {
        None => &[][..],
        Some(body) => body.as_bytes().ok_or(SigningError::UnreadableBody)?,
    };
    let mut headers = Vec::new();
    for (name, value) in request.headers() {
        headers.push((name.as_str(), value.to_str().map_err(|_| SigningError::Header)?));
    }
    SignableRequest::new(request.method().as_str(), request.url().as_str(), headers.into_iter(), SignableBody::Bytes(body))
        .map_err(SigningError::Aws)
}
