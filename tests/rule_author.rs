//! `reddalert rule new`, `package` and `inspect`, before the whole program.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Place, Ran, project, ran, shipped_rule, skipped};

/// What a compiler makes of a rule that finds nothing.
const MODULE: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "reddalert:rule/lifecycle@1.0.0#init") (param i32 i32) (result i32) (i32.const 0))
    (func (export "reddalert:rule/lifecycle@1.0.0#run") (result i32) (i32.const 0)))"#;

fn place_with_module() -> Place {
    let place = Place::new();
    place.write("core.module", wat::parse_str(MODULE).expect("WebAssembly text"));
    place.write("manifest.json", json!({"title": "Nothing", "collections": ["view.instances"]}).to_string());
    place
}

fn package(place: &Place, more: &[&str]) -> Ran {
    place.run(["rule", "package"].iter().chain(more))
}

fn inspected(place: &Place, file: &Path) -> Value {
    let ran = place.run(["rule", "inspect", "--json", &file.to_string_lossy()]).exits(0);
    serde_json::from_str(&ran.stdout).expect("one JSON object")
}

#[test]
fn a_core_module_becomes_a_rule_that_is_the_same_each_time() {
    let place = place_with_module();
    let words = ["core.module", "--manifest", "manifest.json", "-o", "nothing.wasm"];
    let first = package(&place, &words).exits(0).stdout;
    let rule = std::fs::read(place.path("nothing.wasm")).expect("a rule");
    assert_eq!(package(&place, &words).exits(0).stdout, first);
    assert_eq!(std::fs::read(place.path("nothing.wasm")).expect("a rule"), rule);
    let description = inspected(&place, &place.path("nothing.wasm"));
    assert_eq!((&description["world"], &description["manifest"]["title"]), (&json!("rule"), &json!("Nothing")));
    assert_eq!(
        first,
        format!("nothing: {} bytes, sha-256 {}, written to nothing.wasm\n", rule.len(), description["digest"].as_str().expect("text"))
    );
    place.run(["rules", "--plugins", ".", "nothing"]).exits(0);
}

#[test]
fn a_rule_is_packaged_in_its_place_and_keeps_its_manifest() {
    let place = Place::new();
    let rule = place.rules(&["elbs"]).join("elbs.wasm");
    let before = inspected(&place, &rule);
    package(&place, &[&rule.to_string_lossy()]).exits(0);
    let after = inspected(&place, &rule);
    assert_eq!((&after["manifest"], &after["imports"]), (&before["manifest"], &before["imports"]));
    assert!(after["size"].as_u64() < before["size"].as_u64());
}

#[test]
fn what_is_no_rule_is_refused_and_nothing_is_written() {
    let place = place_with_module();
    place.write("text.wasm", "package main");
    place.write("bad.json", r#"{"title": "x", "titel": "y"}"#);
    place.write("start.module", wat::parse_str(r#"(module (func (export "_start")))"#).expect("WebAssembly text"));
    place.write("asks.json", r#"{"title": "x", "grants": [{"reason": "r", "hosts": ["a b"]}]}"#);
    for (words, expected) in [
        (vec!["text.wasm", "--manifest", "manifest.json"], "cannot package text.wasm: it is text"),
        (vec!["absent.wasm"], "cannot package absent.wasm: it cannot be read"),
        (vec!["core.module", "--manifest", "bad.json", "-o", "out.wasm"], "`titel`: there is no such key: did you mean `title`?"),
        (vec!["core.module", "--manifest", "absent.json", "-o", "out.wasm"], "cannot read the manifest absent.json"),
        (vec!["core.module", "-o", "out.wasm"], "it has no manifest; name a file with `--manifest`"),
        (vec!["core.module", "--manifest", "asks.json", "-o", "out.wasm"], "a b"),
        (vec!["start.module", "--manifest", "manifest.json", "-o", "out.wasm"], "it is a core module of another world: it exports _start"),
    ] {
        package(&place, &words).exits(2).says(&[expected]);
    }
    package(&place, &["core.module", "--manifest", "manifest.json"]).exits(64).says(&["core.module", "`-o`"]);
    package(&place, &["core.module", "--manifest", "manifest.json", "-o", "Nothing.wasm"]).exits(64).says(&["`Nothing`"]);
    assert!(!place.path("out.wasm").exists());
    let left: Vec<_> = std::fs::read_dir(place.path("")).expect("a directory").map(|entry| entry.expect("an entry").file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".reddalert")), "{left:?}");
}

#[test]
fn a_rule_is_inspected_without_being_run() {
    let place = Place::new();
    let told = place.run(["rule", "inspect", &shipped_rule("route53changed").to_string_lossy()]).exits(0).stdout;
    assert!(told.starts_with("world        network-rule\n") && told.contains("\nasks for     "), "{told}");
    place.write("text.wasm", "hello");
    place.run(["rule", "inspect", "text.wasm"]).exits(2).says(&["cannot look into text.wasm: it is text"]);
    let control = json!({"title": "x", "description": "\u{1b}[31mred"});
    place.write("m.json", control.to_string());
    place.write("core.module", wat::parse_str(MODULE).expect("WebAssembly text"));
    package(&place, &["core.module", "--manifest", "m.json", "-o", "red.wasm"]).exits(0);
    let told = place.run(["rule", "inspect", "red.wasm"]).exits(0).stdout;
    assert!(told.contains("\\u001b[31mred") && !told.contains('\u{1b}'), "{told}");
}

#[test]
fn a_new_rule_never_overwrites() {
    let place = Place::new();
    place.write("mine/notes.txt", "precious");
    place.run(["rule", "new", "--language", "c", "mine"]).exits(64).says(&["mine is there already, and not empty"]);
    place.run(["rule", "new", "--language", "c", "odd-name"]).exits(64).says(&["`odd-name` cannot be the name of a new rule"]);
    place.run(["rule", "new", "--language", "cobol", "x"]).exits(64).says(&["cobol", "python"]);
    place
        .run(["rule", "new", "--language", "go", "x", "--directory", "mine/notes.txt"])
        .exits(64)
        .says(&["cannot begin a rule in mine/notes.txt"]);
    for language in ["c", "go", "javascript", "python", "rust"] {
        let told = place.run(["rule", "new", "--language", language, "fresh", "--directory", language]).exits(0).stdout;
        assert!(told.contains(&format!("cd {language}\n")), "{told}");
        for file in ["Makefile", "README.md", "manifest.json", "cases/first/case.json", "wit/world.wit"] {
            assert!(place.path(language).join(file).exists(), "{language}: {file}");
        }
    }
}

/// Builds as its author does, but for the directory of what is built: what the SDK needs has been compiled there before.
#[test]
fn a_new_rule_in_rust_builds() {
    let place = Place::new();
    place.run(["rule", "new", "--language", "rust", "unnamed"]).exits(0);
    if Command::new("cargo").arg("--version").output().is_err() {
        return skipped("a_new_rule_in_rust_builds", "cargo is missing");
    }
    std::fs::copy(project().join("Cargo.lock"), place.path("unnamed/Cargo.lock")).expect("a lock file");
    let target = project().join("target/new-rule");
    let mut build = Command::new("cargo");
    build
        .args(["build", "--release", "--offline", "--target", "wasm32-wasip2"])
        .current_dir(place.path("unnamed"))
        .env("CARGO_TARGET_DIR", &target);
    ran(&mut build).exits(0);
    let component = target.join("wasm32-wasip2/release/unnamed.wasm");
    let mut package = place.command();
    ran(package.args(["rule", "package", "-o"]).arg(place.path("unnamed.wasm")).arg(component)).exits(0);
    assert_eq!(inspected(&place, &place.path("unnamed.wasm"))["manifest"]["title"], "Machine without a name");
}
