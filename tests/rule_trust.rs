//! Whose rules are run: not those that others can write, not those that are changed since they were locked, not those that nobody has signed.

use std::fs::{Permissions, read, set_permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::support::{EddaServer, Place, open_balancers, skipped, system_program};

/// A place that everybody may go through, with a rule `mine` in `rules`, and an inventory that deserves an alert of it.
fn place() -> (Place, PathBuf, EddaServer) {
    let place = Place::new();
    let rules = place.rules(&["elbs"]);
    std::fs::rename(rules.join("elbs.wasm"), rules.join("mine.wasm")).expect("renamed");
    for (path, mode) in [(place.path(""), 0o755), (rules.clone(), 0o755), (rules.join("mine.wasm"), 0o644)] {
        set_mode(&path, mode);
    }
    (place, rules, open_balancers(1))
}

fn set_mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
}

/// Runs `mine` and the shipped rule that is like it, whose alert is there whatever becomes of `mine`.
fn run(place: &Place, edda: &EddaServer) -> super::support::Ran {
    place.run(["-e", &edda.url, "-o", "jsonl", "--plugins", "rules", "--since", "0", "--store-until=false", "elbs", "mine"])
}

/// The names of the rules that delivered an alert.
fn delivered(ran: &super::support::Ran) -> Vec<String> {
    ran.alerts().iter().map(|alert| alert["plugin_name"].as_str().expect("a name").to_owned()).collect()
}

fn component(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("WebAssembly text")
}

/// The rule that does nothing, with a custom section in its module.
fn quiet_rule(manifest: Option<&Value>) -> Vec<u8> {
    let source = |name: &str| std::fs::read_to_string(super::support::project().join("tests/hostile").join(name)).expect("a fixture");
    let section = manifest.map(|manifest| format!("(@custom \"reddalert:manifest\" {:?})", manifest.to_string())).unwrap_or_default();
    let module = source("empty.wat").replace("(core module $rule", &format!("(core module $rule {section}"));
    component(&source("frame.wat").replace(";; RULE", &module))
}

#[test]
fn a_rule_file_that_others_can_write_is_refused_and_the_others_run() {
    let (place, rules, edda) = place();
    assert_eq!(delivered(&run(&place, &edda).exits(0)), ["elbs", "mine"]);
    let file = rules.join("mine.wasm");
    set_mode(&file, 0o664);
    let advice = format!("`chmod go-w {}`", file.canonicalize().expect("a path").display());
    let ran = run(&place, &edda).exits(2).says(&["not a rule: rules/mine.wasm", "can be written by others (mode 664)", &advice]);
    assert_eq!(delivered(&ran), ["elbs"]);
    let listed = place.run(["rules", "--plugins", "rules"]).exits(2).stdout;
    assert!(listed.contains(&advice), "{listed}");
    place.run(["check", "-e", &edda.url, "--plugins", "rules"]).exits(2).says(&[&advice]);
    // What the config says of it is no mistake.
    place.config(&json!({"plugin.mine": {"allowed_ports": [1]}}));
    run(&place, &edda).exits(2).says(&[&advice]);
    place.config(&json!({"trust-writable-rules": true}));
    assert_eq!(delivered(&run(&place, &edda).exits(0)), ["elbs", "mine"]);
}

#[test]
fn a_rule_directory_that_others_can_write_ends_the_run() {
    let (place, rules, edda) = place();
    for (path, mode) in [(&rules, 0o775), (&rules, 0o1777), (&place.path(""), 0o757)] {
        set_mode(path, mode);
        let advice = format!("`chmod go-w {}`", path.canonicalize().expect("a path").display());
        run(&place, &edda).exits(78).says(&["the rule directory rules is not used", &advice, "trust-writable-rules"]);
        set_mode(path, 0o755);
    }
    run(&place, &edda).exits(0);
}

#[test]
fn a_rule_of_another_user_is_refused() {
    let (place, rules, edda) = place();
    if chown(rules.join("mine.wasm"), Some(65_534), None).is_err() {
        return skipped("a_rule_of_another_user_is_refused", "only root can give a file away");
    }
    run(&place, &edda).exits(2).says(&["mine.wasm belongs to the user with number 65534, neither to root nor to you", "`chown"]);
}

#[test]
fn what_is_locked_runs_and_what_is_changed_does_not() {
    let (place, rules, edda) = place();
    let plugins = ["--plugins", "rules"];
    let written = place.run(["lock"].iter().chain(&plugins)).exits(0).stdout;
    assert!(written.contains("new: mine\n") && written.ends_with("etc/reddalert.lock: 13 rules pinned\n"), "{written}");
    let text = std::fs::read_to_string(place.path("etc/reddalert.lock")).expect("a lock");
    let lock: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(lock["rules"]["mine"], lock["rules"]["elbs"], "it is a copy");
    assert_eq!(lock["rules"]["elbs"]["collections"], json!(["aws.loadBalancers"]));
    place.run(["lock", "--check"].iter().chain(&plugins)).exits(0);
    assert_eq!(delivered(&run(&place, &edda).exits(0)), ["elbs", "mine"]);

    // Another rule under the name: it may read what it wants, and asks for more.
    let asks = json!({"title": "x", "grants": [{"reason": "r", "hosts": ["evil.test"]}]});
    std::fs::write(rules.join("mine.wasm"), quiet_rule(Some(&asks))).expect("a rule");
    let said = [
        "mine",
        "it is not the one that etc/reddalert.lock pins",
        "it imports reddalert:rule/http@1.0.0",
        r#"it asks for "https://evil.test""#,
        "it no longer says which collections it reads",
        "its SHA-256 is",
        "`reddalert rules mine`",
    ];
    let ran = run(&place, &edda).exits(78).says(&said);
    assert_eq!(delivered(&ran), ["elbs"]);
    place.run(["check", "-e", &edda.url].iter().copied().chain(plugins)).exits(78).says(&said);
    let listed = place.run(["rules", "mine", "elbs"].iter().chain(&plugins)).exits(78).stdout;
    assert!(listed.contains("  lock     it is not the one that") && listed.contains("  lock     as pinned"), "{listed}");
    let compared = place.run(["lock", "--check"].iter().chain(&plugins)).exits(78).stdout;
    assert!(compared.starts_with("changed: mine: it imports"), "{compared}");
    assert_eq!(std::fs::read_to_string(place.path("etc/reddalert.lock")).expect("a lock"), text, "--check writes nothing");
    place.run(["lock"].iter().chain(&plugins)).exits(0);
    run(&place, &edda).exits(0);
}

#[test]
fn a_rule_that_is_new_or_gone_is_told_of() {
    let (place, rules, edda) = place();
    place.run(["lock"]).exits(0);
    run(&place, &edda).exits(78).says(&["etc/reddalert.lock does not know it", "`reddalert lock`"]);
    place.run(["lock", "--plugins", "rules"]).exits(0);
    std::fs::remove_file(rules.join("mine.wasm")).expect("removed");
    let all = ["-e", &edda.url, "-o", "jsonl", "--plugins", "rules"];
    let ran = place.run(all).exits(78).says(&["pins the rule `mine`, and there is no such rule"]);
    assert_eq!(delivered(&ran), ["elbs"], "the others run");
    let compared = place.run(["lock", "--check", "--plugins", "rules"]).exits(78).stdout;
    assert!(compared.starts_with("gone: mine\n"), "{compared}");
}

#[test]
fn a_lock_that_cannot_be_used_ends_the_run() {
    let (place, rules, edda) = place();
    place.write("etc/reddalert.lock", "{");
    run(&place, &edda).exits(78).says(&["etc/reddalert.lock cannot be understood", "`reddalert lock`"]);
    place.config(&json!({"lock": "elsewhere.lock"}));
    run(&place, &edda).exits(78).says(&["etc/elsewhere.lock is not there", "`reddalert lock`"]);
    place.run(["lock", "--plugins", "rules"]).exits(0);
    run(&place, &edda).exits(0);
    std::fs::write(rules.join("odd.wasm"), "").expect("a file");
    let refused = place.run(["lock", "--plugins", "rules"]).exits(2).stdout;
    assert!(refused.contains("odd.wasm: it is empty") && refused.contains("nothing is written"), "{refused}");
}

/// Runs minisign, without a question.
fn minisign(program: &Path, arguments: &[&str], directory: &Path) {
    let status = Command::new(program).args(arguments).current_dir(directory).stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.expect("minisign").success(), "{arguments:?}");
}

#[test]
fn only_what_is_signed_by_a_trusted_key_runs() {
    let (place, rules, edda) = place();
    let Some(program) = system_program("minisign") else {
        return skipped("only_what_is_signed_by_a_trusted_key_runs", "there is no minisign");
    };
    for name in ["good", "evil"] {
        minisign(&program, &["-G", "-W", "-p", &format!("{name}.pub"), "-s", &format!("{name}.key")], &place.path(""));
    }
    let key = |name: &str| {
        let text = std::fs::read_to_string(place.path(name)).expect("a key");
        text.lines().nth(1).expect("the second line").to_owned()
    };
    let sign = |name: &str, file: &str| minisign(&program, &["-S", "-s", &format!("{name}.key"), "-m", file], &place.path(""));
    // The shipped rules have no signatures here, so `elbs` stands beside `mine` without one.
    place.config(&json!({"signatures": {"keys": [key("good.pub")]}}));
    run(&place, &edda).exits(2).says(&[
        "mine: failed",
        "elbs: failed",
        "it has no signature, and the config wants one",
        "mine.wasm.minisig",
    ]);

    place.config(&json!({"signatures": {"keys": [key("good.pub")], "required": false}}));
    sign("good", "rules/mine.wasm");
    assert_eq!(delivered(&run(&place, &edda).exits(0)), ["elbs", "mine"]);
    sign("evil", "rules/mine.wasm");
    let ran = run(&place, &edda).exits(2).says(&["mine: failed", "is not that of this file by any of the keys"]);
    assert_eq!(delivered(&ran), ["elbs"]);
    place.config(&json!({"signatures": {"keys": [key("good.pub"), key("evil.pub")], "required": false}}));
    run(&place, &edda).exits(0);

    // Changed after it was signed: nothing of it is even looked at.
    let mut bytes = read(rules.join("mine.wasm")).expect("a rule");
    bytes.truncate(100);
    std::fs::write(rules.join("mine.wasm"), bytes).expect("a rule");
    run(&place, &edda).exits(2).says(&["mine: failed", "is not that of this file by any of the keys"]);
}
