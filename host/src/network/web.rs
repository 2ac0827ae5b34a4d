//! Web requests of one rule: each hop is decided on, resolved, checked, connected to, and only then sent.

use std::time::SystemTime;

use super::access::Access;
use super::decision::{CredentialName, decide};
use super::error::NetworkError;
use super::exchange::{self, Allowance};
use super::named_hosts::NamedByInventory;
use super::patience::Patience;
use super::redirect::Hop;
use super::request::{CheckedRequest, Request, Response};
use super::target::{Target, shown};
use crate::credentials::SigningOptions;
use crate::exit_code::chain;
use crate::failure_kind::FailureKind;
use crate::settings::grants::Scheme;

/// What one call of a rule shares among its requests.
pub(super) struct WebCall<'a> {
    pub(super) access: &'a Access,
    pub(super) inventory: &'a NamedByInventory,
    pub(super) patience: &'a Patience,
    pub(super) allowance: Allowance,
}

impl WebCall<'_> {
    /// One request, with its redirects.
    pub(super) async fn send(&self, request: Request) -> Result<Response, NetworkError> {
        let asked = CheckedRequest::new(request)?;
        // Told before anything is waited for, and told as what it is when time is short.
        let target = Target::of_request(&asked.method, &asked.url)?;
        let time = asked.time;
        let sent = self.patience.within(time, self.follow(asked)).await;
        sent.unwrap_or_else(|| Err(NetworkError::new(FailureKind::TimedOut, format!("no complete answer from {target} in time"))))
    }

    async fn follow(&self, asked: CheckedRequest) -> Result<Response, NetworkError> {
        let CheckedRequest { method, url, headers, body, redirects: mut left, max_body, signing, .. } = asked;
        let mut hop = Hop { method, url, headers, body, at_home: true };
        loop {
            let target = Target::of_request(&hop.method, &hop.url)?;
            let mut response = self.exchange(&hop, &target, &signing).await?;
            let status = response.status();
            let next = if left > 0 { hop.next(status, response.headers())? } else { None };
            if let Some(next) = next {
                hop = hop.redirected(status, next);
                left -= 1;
                continue;
            }
            let headers = exchange::headers(response.headers(), &self.allowance)?;
            let (body, cut) = exchange::body(&mut response, max_body, &self.allowance, &target).await?;
            return Ok(Response { url: hop.url.into(), status: status.as_u16(), headers, body, cut });
        }
    }

    async fn exchange(&self, hop: &Hop, target: &Target, signing: &SigningOptions) -> Result<reqwest::Response, NetworkError> {
        let (rights, network) = (&self.access.rights, &self.access.network);
        let permit = decide(rights, self.inventory, target)?;
        let addresses = network.resolver.addresses(&target.host).await?;
        permit.check_addresses(rights, target, &addresses)?;
        let secure = target.scheme == Scheme::Https;
        let tls = if secure { Some(network.tls.get(permit.authorities.as_ref())?) } else { None };
        let mut request = exchange::request(hop)?;
        if let Some(name) = permit.credential.filter(|_| hop.at_home) {
            self.sign(&name, &mut request, signing)?;
        }
        exchange::send(&exchange::client(addresses, tls)?, request, target).await
    }

    /// With the real clock, just before the request leaves. Without a secret, where the settings of the rule hold none.
    fn sign(&self, name: &CredentialName, request: &mut reqwest::Request, options: &SigningOptions) -> Result<(), NetworkError> {
        let credentials = &self.access.rights.credentials;
        let credential = match name {
            CredentialName::Configured(name) => credentials.granted.get(name),
            CredentialName::Declared(name) => credentials.own.get(name),
        };
        let Some(credential) = credential else { return Ok(()) };
        credential.sign(request, options, SystemTime::now()).map_err(|error| NetworkError::bad_request(shown(&chain(error))))
    }
}
