//! What a rule says about itself restricts it, and a rule whose manifest cannot be used is no rule.

use super::{SANDBOX, assignment, fixture, rule_file, with_manifest};
use crate::exit_code::chain;
use crate::sandbox::{FailureKind, LoadProblem, LoadedRule, Outcome, Sandbox};
use crate::settings::Limits;

fn failure(outcome: &Outcome) -> (FailureKind, &str) {
    let failure = outcome.result.as_ref().expect_err("it fails");
    (failure.kind, &failure.message)
}

fn load(name: &str, manifest: &str) -> Result<LoadedRule, LoadProblem> {
    let (_directory, file) = rule_file(&with_manifest(fixture(name), manifest.as_bytes()));
    SANDBOX.load(&file).map_err(|error| error.problem)
}

/// A run of a rule that asks for `aws.launchConfigurations`.
fn asks_secrets(manifest: &str) -> Outcome {
    SANDBOX.run(&load("asks_secrets", manifest).expect("a rule"), assignment(Limits::default()))
}

#[test]
fn it_is_there_without_running_the_rule() {
    let rule = load("endless", r#"{"title": "Endless", "severity": "low"}"#).expect("a rule");
    assert_eq!(rule.manifest().map(|manifest| manifest.title.as_str()), Some("Endless"));
}

#[test]
fn a_rule_whose_manifest_cannot_be_used_is_refused_and_never_taken_as_one_without() {
    let nested = format!(r#"{{"title": "x", "settings": {}1{}}}"#, r#"{"not":"#.repeat(100), "}".repeat(100));
    let recursive = r##"{"title": "x", "settings": {"$ref": "#"}}"##;
    for manifest in ["", "hello", "{}", "[]", r#"{"title": "x"}{"title": "x"}"#, r#"{"title": "x", "colections": []}"#, &nested, recursive]
    {
        let problem = load("empty", manifest).err().expect("no rule");
        assert!(matches!(problem, LoadProblem::Manifest(_)), "{manifest}: {problem:?}");
    }
    let misspelt = load("empty", r#"{"title": "x", "colections": []}"#).err().expect("no rule");
    assert!(chain(misspelt).starts_with("its manifest is wrong: `colections`: there is no such key: did you mean `collections`?"));
    let (_directory, file) = rule_file(&with_manifest(with_manifest(fixture("empty"), br#"{"title": "x"}"#), br#"{"title": "y"}"#));
    let twice = chain(SANDBOX.load(&file).err().expect("no rule"));
    assert!(twice.contains(&*file.to_string_lossy()) && twice.contains("it has more than one manifest"), "{twice}");
    let (_directory, file) = rule_file(&with_manifest(fixture("empty"), &vec![b' '; (256 << 10) + 1]));
    assert!(chain(SANDBOX.load(&file).err().expect("no rule")).contains("its manifest has 262145 bytes; at most 256 KiB are read"));
}

#[test]
fn a_collection_that_it_does_not_list_is_denied() {
    let outcome = asks_secrets(r#"{"title": "x", "collections": ["aws.instances"]}"#);
    let denial = "rule hostile may not read `aws.launchConfigurations`, which its manifest does not list: \
                  the author of the rule has to add `aws.launchConfigurations` to `collections` of the manifest";
    assert_eq!(failure(&outcome), (FailureKind::Error, denial));
    assert!(outcome.collections.is_empty(), "what was not asked for holds no progress back");
}

#[test]
fn a_collection_that_it_lists_is_asked_for_the_sensitive_one_too() {
    for listed in ["aws.launchConfigurations", "aws/launchConfigurations"] {
        let outcome = asks_secrets(&format!(r#"{{"title": "x", "collections": ["{listed}"]}}"#));
        // The inventory is not there, which is another error.
        assert!(!failure(&outcome).1.contains("may not read"), "{:?}", outcome.result);
        assert_eq!(outcome.collections.len(), 1);
    }
}

#[test]
fn without_a_list_it_is_as_without_a_manifest() {
    assert!(failure(&asks_secrets(r#"{"title": "x"}"#)).1.contains("which holds the user data of machines"));
}

#[test]
fn a_rule_without_one_is_refused_where_one_is_required() {
    let sandbox = Sandbox::new(None).expect("a sandbox").requiring_manifest(true);
    let (_directory, file) = rule_file(&fixture("empty"));
    let problem = sandbox.load(&file).err().expect("no rule").problem;
    assert!(problem.to_string().starts_with("it has no manifest, and the config says `\"require-manifest\": true`"), "{problem}");
    let (_directory, file) = rule_file(&with_manifest(fixture("empty"), br#"{"title": "x"}"#));
    assert!(sandbox.load(&file).is_ok());
}
