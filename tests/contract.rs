//! The contract is frozen: what was released stays as it is, and rules that were built against it go on running.

use std::path::{Path, PathBuf};

use serde_json::json;
use wit_component::semver_check;
use wit_parser::{Resolve, UnresolvedPackageGroup};

use crate::support::{Account, Place, project, ran};

const WORLDS: [&str; 2] = ["rule", "network-rule"];

/// The released versions, a directory each.
fn released() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join("tests/contract")).expect("the released contracts");
    entries.map(|entry| entry.expect("a directory").path()).collect()
}

/// All files of a contract as one text.
fn contract(directory: &Path) -> String {
    let entries = std::fs::read_dir(directory).expect("a directory with a contract");
    let mut files: Vec<_> =
        entries.map(|entry| entry.expect("a file").path()).filter(|path| path.extension() == Some("wit".as_ref())).collect();
    files.sort();
    let text: Vec<_> = files.iter().map(|file| std::fs::read_to_string(file).expect("a WIT file")).collect();
    // One file has one `package`.
    let (package, _) = text[0].split_once('\n').expect("a first line");
    package.to_owned() + "\n" + &text.concat().replace(&format!("{package}\n"), "")
}

/// Without comments and layout.
fn bare(contract: &str) -> String {
    contract.lines().filter_map(|line| line.split("//").next()).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// Whether everything that fits the old contract fits the new one.
fn is_compatible(old: &str, new: &str) -> Result<(), String> {
    // Two packages of one name cannot lie side by side.
    let old = old.replacen(';', "-released;", 1);
    WORLDS.iter().try_for_each(|world| {
        let mut resolve = Resolve::default();
        let mut find = |text: &str| {
            let package = resolve.push_group(UnresolvedPackageGroup::parse("contract.wit", text).expect("a contract")).expect("a contract");
            resolve.select_world(&[package], Some(world)).expect("the world")
        };
        let (old, new) = (find(&old), find(new));
        semver_check(resolve, old, new).map_err(|error| format!("{error:#}"))
    })
}

#[test]
fn the_contract_fits_every_released_one() {
    let now = contract(&project().join("wit"));
    assert!(!released().is_empty());
    for directory in released() {
        let version = directory.file_name().expect("a version").to_string_lossy().into_owned();
        let old = contract(&directory);
        assert!(old.starts_with(&format!("package reddalert:rule@{version};")), "{version}");
        is_compatible(&old, &now).unwrap_or_else(|why| panic!("rules built against {version} do not fit any more: {why}"));
        if now.starts_with(&format!("package reddalert:rule@{version};")) {
            assert_eq!(bare(&now), bare(&old), "{version} is released: a change needs a new version (see wit/VERSIONING.md)");
        }
    }
}

#[test]
fn what_may_change_and_what_may_not() {
    let old = contract(&project().join("tests/contract/1.0.0"));
    let change = |from: &str, to: &str| {
        let new = old.replacen("1.0.0", "1.1.0", 1).replace(from, to);
        assert!(new.contains(to), "{from}");
        is_compatible(&old, &new)
    };
    assert_eq!(change("window: func() -> span;", "window: func() -> span;\n  account: func() -> string;"), Ok(()));
    for (from, to) in [
        (
            "record span { since: epoch-millis, until: epoch-millis }",
            "record span { since: epoch-millis, until: epoch-millis, now: epoch-millis }",
        ),
        ("enum severity { info, low, medium, high, critical }", "enum severity { info, low, medium, high, critical, fatal }"),
        ("window: func() -> span;", "windows: func() -> span;"),
        ("more: func(next: string)", "more: func(next: string, most: u32)"),
        ("export lifecycle;", "export lifecycle;\n  export report;"),
    ] {
        assert!(change(from, to).is_err(), "{to}");
    }
}

#[test]
fn rules_built_against_released_contracts_run() {
    let open = json!({"loadBalancerName": "open", "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]});
    let machine = json!({"instanceId": "i-1", "launchTime": 1, "publicIpAddress": "198.51.100.7", "tags": []});
    let edda = Account::empty()
        .with("aws/loadBalancers", json!([open]))
        .with("aws/hostedRecords", json!([]))
        .with("view/instances", json!([machine]))
        .serve();
    for rules in released().iter().map(|directory| directory.join("rules")) {
        let names: Vec<String> = std::fs::read_dir(&rules)
            .expect("rules that are kept")
            .map(|entry| entry.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        let place = Place::new();
        let with_rules = |more: &[String]| {
            let mut command = place.command();
            command.arg("--plugins").arg(&rules).args(["-e", &edda.url, "-o", "jsonl"]).args(more);
            ran(&mut command).exits(0)
        };
        let alerts = with_rules(&names).alerts();
        let mut found: Vec<(&str, &str)> =
            alerts.iter().filter_map(|alert| alert["plugin_name"].as_str().zip(alert["id"].as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, [("elbs_rust", "open"), ("public_c", "i-1")]);
    }
}
