//! Whole calls of a rule, to servers on the loopback that do what a test says. A loopback address is special, so each grant here names it.

mod decision;
mod hosts;
mod limits;
mod probes;
mod redirects;
mod server;
mod tls;
mod web;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::resolver::Resolver;
use super::{Access, Network, NetworkError, Patience, Request, Response, Rights, asks};
use crate::credentials::{Credential, RuleCredentials};
use crate::failure_kind::FailureKind;
use crate::inventory::Inventory;
use crate::plugin::manifest::Manifest;
use crate::rule_name::RuleName;
use crate::settings::{InventoryAddress, Settings};
use crate::time_window::TimeWindow;

/// A rule called `web`, and what surrounds it.
struct Case {
    grants: Value,
    asks: Option<Value>,
    settings: Value,
    edda: String,
    resolver: Resolver,
    credentials: RuleCredentials,
}

impl Case {
    /// A rule without a manifest. Every name leads to 127.0.0.1.
    fn granting(grants: Value) -> Self {
        let resolver = Resolver::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) }));
        let (edda, credentials) = ("http://127.0.0.1:9/edda".into(), RuleCredentials::default());
        Self { grants, asks: None, settings: json!({}), edda, resolver, credentials }
    }

    fn rights(&self) -> Rights {
        let name: RuleName = "web".parse().expect("a rule name");
        let grants = settings(&json!({"grants.web": self.grants, "credentials.own": bearer_settings()})).grants(&name);
        let manifest: Option<Manifest> =
            self.asks.as_ref().map(|asks| serde_json::from_value(json!({"title": "Web", "grants": asks})).expect("a manifest"));
        let asked = manifest.as_ref().map(|manifest| asks(manifest).expect("asks"));
        Rights::new(&name, &grants, asked.as_deref(), &self.settings.to_string(), self.credentials.clone())
    }

    fn access(self) -> Access {
        let rights = self.rights();
        let network = Network::with_resolver(self.resolver).expect("threads");
        let address = InventoryAddress::Http(self.edda.parse().expect("an address"));
        let inventory = Inventory::open(&address, 2000).expect("an inventory");
        Access::new(Arc::new(network), rights, Arc::new(inventory), TimeWindow { since: 0, until: 2000 })
    }
}

fn settings(config: &Value) -> Settings {
    Settings::parse(&config.to_string(), Path::new("c.json")).unwrap_or_else(|error| panic!("{error}"))
}

/// The credential `own`: its secret is `canary`.
fn bearer() -> Credential {
    Credential::new(&settings(&json!({"credentials.own": bearer_settings()})).credentials["own"]).expect("a credential")
}

fn bearer_settings() -> Value {
    json!({"kind": "bearer", "token": "canary"})
}

/// All that these tests need, at any host: http and https at any port, to loopback addresses.
fn everything_on_loopback() -> Value {
    let methods = ["GET", "HEAD", "POST", "PUT"];
    json!({"schemes": ["http", "https", "tcp"], "hosts": ["127.0.0.0/8", "*.example", "[::1]"], "ports": "1-65535", "methods": methods, "private": "127.0.0.0/8"})
}

fn patience() -> Patience {
    Patience { deadline: Instant::now() + Duration::from_mins(1), stop: Arc::default() }
}

fn get(url: &str) -> Request {
    Request { method: "GET".into(), url: url.into(), max_body: 1 << 20, redirects: 5, ..Request::default() }
}

fn send(access: &Access, request: Request) -> Result<Response, NetworkError> {
    access.send(vec![request], &patience()).remove(0)
}

fn refusal(access: &Access, request: Request) -> (FailureKind, String) {
    let error = send(access, request).expect_err("no answer");
    (error.kind, error.message)
}
