//! Whole rules in the sandbox. The rules are the fixtures of `tests/hostile`, in WebAssembly text.

mod compiled_rules;
mod contract;
mod inventory_server;
mod limits;
mod load_errors;
mod manifests;
mod network;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use serde_json::Map;
use tempfile::TempDir;
use url::Url;

use super::{Assignment, Chance, LoadedRule, Outcome, Sandbox};
use crate::credentials::RuleCredentials;
use crate::inventory::Inventory;
use crate::network::Network;
use crate::recording::Outside;
use crate::settings::grants::Grants;
use crate::settings::{InventoryAddress, Limits};
use crate::time_window::TimeWindow;

/// One for all tests, as in the program. Without a cache.
static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| Sandbox::new(None).expect("a sandbox"));

fn fixture_text(name: &str) -> String {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/hostile")).join(name).with_extension("wat");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The component whose module is in `tests/hostile/<name>.wat`.
fn fixture(name: &str) -> Vec<u8> {
    framed(name, &fixture_text(name))
}

/// The component whose module is `text`.
fn framed(name: &str, text: &str) -> Vec<u8> {
    let text = fixture_text("frame").replace(";; RULE", text);
    wat::parse_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A directory with a file `rule.wasm` in it.
fn rule_file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("rule.wasm");
    fs::write(&file, bytes).expect("a file");
    (directory, file)
}

/// The component with one more custom section.
fn with_manifest(mut component: Vec<u8>, manifest: &[u8]) -> Vec<u8> {
    let name = b"reddalert:manifest";
    let content = [&[u8::try_from(name.len()).expect("a short name")], &name[..], manifest].concat();
    let mut size = content.len();
    component.push(0);
    // LEB128: seven bits a byte, the lowest first.
    while size > 0x7f {
        component.push(u8::try_from(size & 0x7f).expect("seven bits") | 0x80);
        size >>= 7;
    }
    component.push(u8::try_from(size).expect("seven bits"));
    component.extend(content);
    component
}

fn load(name: &str) -> LoadedRule {
    let (_directory, file) = rule_file(&fixture(name));
    SANDBOX.load(&file).unwrap_or_else(|error| panic!("{name}: {:?}", error.problem))
}

/// An assignment whose inventory is not there.
fn assignment(limits: Limits) -> Assignment {
    with_inventory(limits, "http://127.0.0.1:9/edda")
}

fn with_inventory(limits: Limits, url: &str) -> Assignment {
    let until = 1_763_974_800_000;
    let address = InventoryAddress::Http(Url::parse(url).expect("a URL"));
    Assignment {
        name: "hostile".parse().expect("a rule name"),
        settings: "{}".into(),
        credentials: RuleCredentials::default(),
        remembered: Map::new(),
        limits,
        window: TimeWindow { since: 0, until },
        chance: Chance::Real,
        grants: Grants::default(),
        outside: Outside::live(
            &Arc::new(Inventory::open(&address, until).expect("an inventory")),
            &Arc::new(Network::new().expect("threads")),
        ),
        stop: Arc::default(),
        ends_at: None,
    }
}

fn run(name: &str, assignment: Assignment) -> Outcome {
    SANDBOX.run(&load(name), assignment)
}
