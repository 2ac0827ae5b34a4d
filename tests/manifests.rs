//! What a rule says about itself, before the whole program.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Account, Place, Ran, shipped_rule};

/// Every secret of the configs below holds it.
const CANARY: &str = "c4n4ry-hunter2";

/// The shipped rule `elbs` without its manifest, whose section gets a name that means nothing.
fn elbs_without_manifest() -> Vec<u8> {
    let mut bytes = std::fs::read(shipped_rule("elbs")).expect("a shipped rule; `make rules` builds them");
    let (name, other) = (b"reddalert:manifest", b"reddalert:replaced");
    let place = bytes.windows(name.len()).position(|window| window == name).expect("a manifest");
    bytes[place..place + name.len()].copy_from_slice(other);
    bytes
}

/// A directory with that rule as `balancers` that has the manifest, and as `bare` without any.
fn rule_with(place: &Place, manifest: &Value) -> PathBuf {
    let mut bytes = elbs_without_manifest();
    place.write("own/bare.wasm", &bytes);
    bytes.extend(custom_section("reddalert:manifest", manifest.to_string().as_bytes()));
    place.write("own/balancers.wasm", bytes).parent().expect("a directory").to_owned()
}

/// A custom section of WebAssembly: 0, the size of the rest, the name after its length, the data.
fn custom_section(name: &str, data: &[u8]) -> Vec<u8> {
    let name_length = u8::try_from(name.len()).expect("a short name");
    let content = [&[name_length], name.as_bytes(), data].concat();
    let mut section = vec![0];
    let mut size = content.len();
    while size > 0x7f {
        section.push(u8::try_from(size & 0x7f).expect("seven bits") | 0x80);
        size >>= 7;
    }
    section.push(u8::try_from(size).expect("seven bits"));
    section.extend(content);
    section
}

fn manifest() -> Value {
    json!({
        "title": "Open balancers",
        "collections": ["aws.loadBalancers"],
        "settings": {
            "type": "object",
            "properties": { "allowed_ports": { "type": "array", "items": { "type": "integer" } } },
            "additionalProperties": false,
        },
        "credentials": { "token": { "kind": "bearer", "settings": { "token": "api_token" } } },
    })
}

fn run(place: &Place, command: &[&str], rules: &Path) -> Ran {
    let edda = Account::empty().serve();
    let mut words: Vec<&str> = command.to_vec();
    let rules = rules.to_string_lossy();
    words.extend(["--plugins", &rules]);
    if command[0] != "rules" {
        words.extend(["-e", &edda.url]);
    }
    place.run(words)
}

#[test]
fn settings_that_do_not_fit_are_refused_before_anything_runs() {
    let place = Place::new();
    let rules = rule_with(&place, &manifest());
    place.write(
        "etc/configfile.json",
        "{\n  \"plugin.balancers\": {\n    \"alowed_ports\": [80],\n    \"allowed_ports\": [\"443\"]\n  }\n}",
    );
    let mistakes = [
        "configfile.json:3:5: `plugin.balancers.alowed_ports`: the rule knows no such key: did you mean `allowed_ports`?",
        "configfile.json:4:23: `plugin.balancers.allowed_ports[0]`: expected a whole number, found a text",
    ];
    for command in [&["run"][..], &["check"], &["run", "balancers"], &["rules"]] {
        let ran = run(&place, command, &rules).exits(78);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(mistakes.iter().all(|mistake| said.contains(mistake)), "{said}");
    }
    assert!(!place.path("etc/statusfile.json").exists(), "nothing ran");
    run(&place, &["run", "ami"], &rules).exits(0);
}

#[test]
fn a_collection_that_is_not_listed_is_not_read() {
    let place = Place::new();
    let mut manifest = manifest();
    manifest["collections"] = json!(["aws.instances"]);
    let rules = rule_with(&place, &manifest);
    run(&place, &["run", "balancers"], &rules).exits(2).says(&[
        "may not read `aws.loadBalancers`, which its manifest does not list",
        "add `aws.loadBalancers` to `collections` of the manifest",
    ]);
}

#[test]
fn a_manifest_that_cannot_be_used_makes_the_rule_unusable() {
    let place = Place::new();
    let rules = rule_with(&place, &json!({ "titel": "x\u{1b}[31m" }));
    for command in [&["run", "balancers"][..], &["check"]] {
        run(&place, command, &rules).exits(2).says(&["balancers.wasm", "`titel`: there is no such key: did you mean `title`?"]);
    }
    let listed = run(&place, &["rules"], &rules).exits(2);
    assert!(listed.stdout.contains("`titel`: there is no such key"), "{}", listed.stdout);
}

#[test]
fn a_rule_without_one_is_refused_when_the_operator_wants_that() {
    let place = Place::new();
    let rules = rule_with(&place, &manifest());
    place.config(&json!({ "require-manifest": true }));
    run(&place, &["run", "bare"], &rules).exits(2).says(&["it has no manifest", "require-manifest"]);
    run(&place, &["run", "balancers"], &rules).exits(0);
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let place = Place::new();
    let rules = rule_with(&place, &manifest());
    place.write("token", format!("{CANARY}\n"));
    let good = json!({
        "plugin.balancers": { "api_token": CANARY, "allowed_ports": [80] },
        "credentials": {
            "keys": { "kind": "aws", "access-key": CANARY, "secret-key": CANARY, "session-token": { "$file": "../token" } },
            "bearer": { "kind": "bearer", "token": { "$env": "TOKEN" } },
            "basic": { "kind": "basic", "user": CANARY, "password": CANARY },
        },
    });
    // What goes wrong with a secret, or beside one.
    let wrong = [
        ("/plugin.balancers/api_token", json!([CANARY])),
        ("/plugin.balancers/api_token", json!({ "$flie": CANARY })),
        ("/plugin.balancers/api_token", json!(format!("{CANARY}\n{CANARY}"))),
        ("/plugin.balancers", json!({ "api_tokne": CANARY })),
        ("/plugin.balancers", json!({ "allowed_ports": CANARY })),
        ("/credentials/keys", json!({ "kind": "chef", "user": "u", "key": CANARY })),
        ("/credentials/keys", json!({ "kind": "aws", "profile": "x", "file": "../token" })),
        ("/credentials/basic/user", json!(format!("{CANARY}:"))),
        ("/credentials/basic", json!({ "kind": "basic", "user": "u", "pasword": CANARY })),
        ("/credentials/basic", json!(CANARY)),
    ];
    let configs = wrong.into_iter().map(|(pointer, value)| {
        let mut config = good.clone();
        *config.pointer_mut(pointer).expect("it is there") = value;
        (config, 78)
    });
    for (config, code) in configs.chain([(good.clone(), 0)]) {
        place.config(&config);
        for command in [&["check"][..], &["rules"], &["run", "--log-format", "json"], &["run", "--log-format", "human", "--dry-run"]] {
            let edda = Account::empty().serve();
            let mut program = place.command();
            program.args(command).arg("--plugins").arg(&rules).env("TOKEN", CANARY);
            if command[0] != "rules" {
                program.args(["-e", &edda.url]);
            }
            let ran = crate::support::ran(&mut program).exits(code);
            let printed = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!printed.contains(CANARY), "{command:?} with {config}:\n{printed}");
        }
    }
    let status = std::fs::read_to_string(place.path("etc/statusfile.json")).expect("a status");
    assert!(!status.contains(CANARY), "{status}");
}

#[test]
fn a_missing_credential_is_a_warning() {
    let place = Place::new();
    let rules = rule_with(&place, &manifest());
    place.config(&json!({ "plugin.balancers": {} }));
    run(&place, &["check"], &rules).exits(0).says(&["without `api_token` the rule runs without its credential `token`"]);
    run(&place, &["run"], &rules).exits(0);
}
