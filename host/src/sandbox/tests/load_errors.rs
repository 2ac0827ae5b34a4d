//! Files that are no rules: each is refused with words for what it is.

use std::error::Error as _;
use std::fs::{self, File};

use super::{SANDBOX, fixture, rule_file};
use crate::exit_code::chain;
use crate::sandbox::{LoadError, LoadProblem};

fn refusal(bytes: &[u8]) -> LoadError {
    let (_directory, file) = rule_file(bytes);
    SANDBOX.load(&file).err().expect("it is no rule")
}

fn component(text: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {text})")).expect("WebAssembly text")
}

fn words(error: &LoadError) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn the_file_is_named() {
    let (directory, file) = rule_file(b"");
    let error = SANDBOX.load(&file).err().expect("it is empty");
    assert_eq!(error.to_string(), format!("cannot load the rule file {}", file.display()));
    assert!(matches!(SANDBOX.load(&directory.path().join("absent.wasm")), Err(LoadError { problem: LoadProblem::Unreadable(_), .. })));
    assert!(matches!(SANDBOX.load(directory.path()), Err(LoadError { problem: LoadProblem::NoFile, .. })));
}

#[test]
fn what_is_no_component_is_refused() {
    assert!(words(&refusal(b"")).starts_with("it is empty"));
    assert!(words(&refusal(b"(component)")).starts_with("it is text"));
    assert!(words(&refusal(&wat::parse_str("(module)").expect("a module"))).starts_with("it is a core module"));
    let whole = fixture("empty");
    assert_eq!(
        words(&refusal(&whole[..whole.len() - 1])),
        format!("it ends in the middle, at byte {}; copy or build it again", whole.len() - 1)
    );
}

#[test]
fn a_component_that_is_not_valid_is_refused() {
    let mut bytes = fixture("empty");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8].fill(0xff);
    assert!(matches!(refusal(&bytes).problem, LoadProblem::Invalid(_) | LoadProblem::Truncated { .. }));
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let (_directory, file) = rule_file(b"");
    File::create(&file).and_then(|file| file.set_len(1 << 40)).expect("a sparse file");
    let error = SANDBOX.load(&file).err().expect("too large");
    assert_eq!(words(&error), "it has more than 64 MiB, which is too large for a rule");
}

#[test]
fn a_precompiled_component_is_never_taken_from_a_rule_directory() {
    let (directory, file) = rule_file(&fixture("empty"));
    let cache = directory.path().join("cache");
    let sandbox = crate::sandbox::Sandbox::new(Some(&cache)).expect("a sandbox");
    sandbox.load(&file).expect("a rule");
    let compiled = fs::read_dir(&cache).expect("a directory").flatten().next().expect("a compiled rule").path();
    let error = refusal(&fs::read(compiled).expect("a file"));
    assert!(matches!(error.problem, LoadProblem::Precompiled), "{error:?}");
}

#[test]
fn another_world_is_named_by_what_it_exports() {
    let error = refusal(&component(r#"(instance $i) (export "wasi:cli/run@0.2.6" (instance $i))"#));
    assert!(words(&error).starts_with("it is a component of another world: it exports wasi:cli/run@0.2.6,"), "{error:?}");
    assert!(words(&refusal(&component(""))).contains("it exports nothing"));
}

#[test]
fn imports_that_nobody_offers_are_named() {
    let rule = r#"(instance $i) (export "reddalert:rule/lifecycle@1.0.0" (instance $i))"#;
    let importing = |import: &str| words(&refusal(&component(&format!("(import \"{import}\" (instance)) {rule}"))));
    assert!(importing("acme:secrets/vault@1.0.0").starts_with("it imports `acme:secrets/vault@1.0.0`, which reddalert does not offer"));
    assert!(importing("wasi:sockets/tcp@0.2.6").starts_with("it imports `wasi:sockets/tcp@0.2.6`, which no rule gets"));
    assert!(importing("reddalert:rule/edda@2.0.0").contains("(`reddalert:rule/edda@2.0.0`), this reddalert speaks 1.0.0"));
}

#[test]
fn a_function_that_this_version_does_not_have_is_named() {
    let import = r#"(import "reddalert:rule/edda@1.1.0" (instance (export "forget" (func))))"#;
    let rule = r#"(instance $i) (export "reddalert:rule/lifecycle@1.0.0" (instance $i))"#;
    let error = refusal(&component(&format!("{import} {rule}")));
    let said = words(&error);
    assert!(said.starts_with("it needs a reddalert that speaks 1.1.0 of the rule contract"), "{said}");
    assert!(chain(error).contains("forget"));
}

#[test]
fn a_lifecycle_of_another_type_is_refused() {
    let error = refusal(&component(r#"(instance $i) (export "reddalert:rule/lifecycle@1.0.0" (instance $i))"#));
    assert!(matches!(error.problem, LoadProblem::Exports(_)), "{error:?}");
}
