//! Where requests go: `outputs.<name>` of the kinds `webhook` and `slack`. Their addresses are secrets: whoever knows one can write there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::certificates::TrustedCertificates;
use super::login::is_this_machine;
use super::section::OutputSection;
use crate::settings::mistake::Mistake;
use crate::settings::secret::Secret;

/// How many bytes a key that signs may have (Standard Webhooks).
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A webhook output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Where requests go.
    pub address: HookAddress,
    /// The key that signs them. None: they are not signed.
    pub key: Option<SigningKey>,
    /// Trusted instead of the system's certificates.
    pub certificates: Option<TrustedCertificates>,
}

/// A Slack output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlackSettings {
    /// Where messages go.
    pub address: HookAddress,
    /// Trusted instead of the system's certificates.
    pub certificates: Option<TrustedCertificates>,
}

/// The address of a hook. Shown without its path and its query.
#[derive(Clone, PartialEq, Eq)]
pub struct HookAddress(Url);

impl HookAddress {
    /// The address itself: never for a message or a log.
    pub fn expose(&self) -> &Url {
        &self.0
    }

    /// The part that may be shown: scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl std::fmt::Debug for HookAddress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

/// A key that signs requests. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Reads `whsec_` and base64; none when it is something else, or too short or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix("whsec_")?).ok()?;
        KEY_BYTES.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The bytes of the key.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

impl WebhookSettings {
    /// Reads a section; none when something of it is wrong, which has been collected then.
    pub(super) fn read(section: &mut OutputSection<'_, '_>) -> Option<Self> {
        let address = address(section);
        let secret = section.take("secret", Secret::read);
        let key = secret.as_ref().and_then(|secret| SigningKey::parse(secret.expose()));
        section.refuse(
            "secret",
            secret.is_some() && key.is_none(),
            "expected `whsec_` and the base64 of 24 to 64 random bytes: make one with `echo whsec_$(openssl rand -base64 32)`",
        );
        Some(Self { certificates: section.take("ca", TrustedCertificates::read), key, address: address? })
    }
}

impl SlackSettings {
    /// Reads a section; none when something of it is wrong, which has been collected then.
    pub(super) fn read(section: &mut OutputSection<'_, '_>) -> Option<Self> {
        let address = address(section);
        let in_the_clear = address.as_ref().is_some_and(|address| {
            let url = address.expose();
            url.scheme() == "http" && !is_this_machine(url.host_str().unwrap_or_default())
        });
        section.refuse("url", in_the_clear, "anybody on the way could read this address: expected `https://`");
        Some(Self { certificates: section.take("ca", TrustedCertificates::read), address: address? })
    }
}

fn address(section: &mut OutputSection<'_, '_>) -> Option<HookAddress> {
    if !section.has("url") {
        section.wrong("url", "expected the key `url`: where requests go, best as `{\"$file\": \"PATH\"}`");
    }
    section.take("url", |entry, directory| {
        let secret = Secret::read(entry, directory)?;
        let wrong = || -> Mistake { entry.wrong_value("expected an address that begins with `https://` or `http://`") };
        let url = Url::parse(secret.expose().trim()).map_err(|_| wrong())?;
        if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() { Ok(HookAddress(url)) } else { Err(wrong()) }
    })
}
