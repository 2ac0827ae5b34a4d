//! Rules in Python and JavaScript, as components that their SDKs made: what arrives outside. `make test-python` and `make test-javascript`
//! build them; a test that finds one missing says so and is counted as skipped.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::grants::greeter;
use crate::support::{Place, Ran, project, ran, skipped};

const LANGUAGES: [&str; 2] = ["python", "javascript"];

/// One run at a time: whoever comes second finds the component compiled, which takes seconds.
static RUNNING: Mutex<()> = Mutex::new(());

/// A place with the recorded account of the demo as its archive.
fn place_with_archive() -> Place {
    let place = Place::new();
    for (moment, dump) in [("2025-11-23T09:00:00Z", "etc/demo/t0"), ("2025-11-24T09:00:00Z", "etc/demo/t1")] {
        let mut import = place.command();
        import.args(["archive", "import", "--at", moment, "--archive"]).arg(place.path("archive.db")).arg(project().join(dump));
        ran(&mut import).exits(0);
    }
    place
}

/// The rule directory with the components of a language; none when they were not built, which is then said.
fn components(test: &str, kind: &str, language: &str) -> Option<PathBuf> {
    let directory = project().join("target").join(kind).join(language);
    if !directory.exists() {
        skipped(test, &format!("{} is missing; `make test-{language}` builds it", directory.display()));
        return None;
    }
    Some(directory)
}

fn run(place: &Place, directory: &Path, rule: &str) -> Ran {
    let mut command = place.command();
    command.args(["-o", "jsonl", "--since", "0", "--edda"]).arg(format!("archive:{}", place.path("archive.db").display()));
    let _running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    ran(command.arg("--plugins").arg(directory).arg(rule))
}

/// Runs the rule that does what its setting says.
fn troubled(place: &Place, directory: &Path, settings: &Value) -> Ran {
    place.config(&json!({"stale-after": "never", "plugin.troubled": settings}));
    run(place, directory, "troubled")
}

#[test]
fn the_example_finds_the_same_in_each_language() {
    let place = place_with_archive();
    let mut found = Vec::new();
    for language in LANGUAGES {
        let Some(directory) = components("the_example_finds_the_same_in_each_language", "examples", language) else { return };
        place.config(&json!({"stale-after": "never"}));
        let imports = place.run(["rules", "--plugins", &directory.to_string_lossy(), "public_without_owner"]).exits(0).stdout;
        assert!(imports.contains("can ask  edda, status, report\n"), "{imports}");
        assert!(imports.contains("runtime  nothing\n"), "{imports}");
        let mut alerts = run(&place, &directory, "public_without_owner").exits(0).alerts();
        for alert in &mut alerts {
            alert["detected_at"] = Value::Null;
        }
        found.push(alerts);
        std::fs::remove_file(place.path("etc/statusfile.json")).expect("a status");
    }
    let ids: Vec<&Value> = found[0].iter().map(|alert| &alert["id"]).collect();
    assert_eq!(ids, ["i-1e7ac2fc7da1d8d9f", "i-2c9bb0d112f28048b"]);
    assert_eq!(found[0], found[1]);
}

#[test]
fn every_call_of_the_contract_arrives() {
    for language in LANGUAGES {
        let Some(directory) = components("every_call_of_the_contract_arrives", "test-rules", language) else { return };
        let place = place_with_archive();
        let ran = troubled(&place, &directory, &json!({"mode": "all"})).exits(0);
        let [counts, bare] = &ran.alerts()[..] else { panic!("{}", ran.stdout) };
        let not_found = if language == "python" { "NOT_FOUND" } else { "not-found" };
        let fields =
            json!({"now": 7, "earlier": 5, "texts": ["text", not_found], "keys": ["text"], "text": "grüße 🚨", "now is the end": true});
        assert_eq!(counts["details"], json!([fields, "words"]));
        assert_eq!((&counts["severity"], &counts["url"]), (&json!("critical"), &json!("https://a.example/")));
        assert_eq!(counts["labels"], json!({"account": "1"}));
        assert_eq!((&bare["severity"], &bare["title"]), (&json!("medium"), &json!("troubled: bare")));
        // Incomplete: the window stays open, what was remembered is kept.
        let status = place.status();
        assert_eq!((&status["reddalert"]["progress"]["troubled"], &status["plugin.troubled"]), (&json!(0), &json!({"text": "grüße 🚨"})));
    }
}

#[test]
fn a_mistake_in_a_rule_is_told_with_its_place() {
    for language in LANGUAGES {
        let Some(directory) = components("a_mistake_in_a_rule_is_told_with_its_place", "test-rules", language) else { return };
        let place = place_with_archive();
        let told = |mode: &str, words: &[&str]| {
            let ran = troubled(&place, &directory, &json!({"mode": mode})).exits(2);
            assert_eq!(ran.stdout, "");
            ran.says(words);
        };
        let (mistake, recursion, no_alert) = match language {
            "python" => (["KeyError: 'absent'", "at troubled.py:"], "RecursionError", "Troubled.run is to return alerts, but returned str"),
            _ => (["can't access property \"absent\"", "troubled.js:"], "too much recursion", "an alert is to be an object, but is a text"),
        };
        told("mistake", &mistake);
        told("recursion", &[recursion]);
        told("wrong alert", &["TypeError: title of an alert is to be"]);
        told("no alert", &[no_alert]);
        told("not caught", &["counts: no archive has a collection `aws.nonsense`"]);
        told("refused settings", &["in `init`: the mode makes no sense"]);
        told("closed in init", &["in `init`: the inventory is there in `run` only"]);
        if language == "python" {
            told("late import", &["`zoneinfo` was not loaded when the component was built: import it at the top"]);
        }
        let ran = troubled(&place, &directory, &json!({"moed": "all"})).exits(2);
        ran.says(&["settings: unknown key `moed`, expected one of: mode, url"]);
    }
}

#[test]
fn half_a_character_is_replaced() {
    for language in LANGUAGES {
        let Some(directory) = components("half_a_character_is_replaced", "test-rules", language) else { return };
        let alerts = troubled(&place_with_archive(), &directory, &json!({"mode": "half a character"})).exits(0).alerts();
        assert_eq!((&alerts[0]["details"], &alerts[0]["labels"]), (&json!(["\u{fffd}"]), &json!({"\u{fffd}": "\u{fffd}"})));
    }
}

#[test]
fn the_network_answers_once_it_is_granted() {
    for language in LANGUAGES {
        let Some(directory) = components("the_network_answers_once_it_is_granted", "test-rules", language) else { return };
        let (place, port) = (place_with_archive(), greeter());
        let settings = json!({"mode": "network", "url": format!("http://127.0.0.1:{port}/")});
        let details = |ran: &Ran| ran.alerts()[0]["details"].clone();
        let refused = details(&troubled(&place, &directory, &settings).exits(0));
        for refusal in refused.as_array().expect("details") {
            assert!(refusal.as_str().is_some_and(|text| text.contains("add to the config: \"grants.troubled\"")), "{refusal}");
        }
        let grant = |scheme: &str| json!({"schemes": scheme, "hosts": "127.0.0.1", "ports": port, "private": "127.0.0.1"});
        let grants = json!([grant("http"), grant("tcp")]);
        place.config(&json!({"stale-after": "never", "plugin.troubled": settings, "grants.troubled": grants}));
        let expected = json!([format!("200 hello true, 5 at http://127.0.0.1:{port}/"), "open: true"]);
        assert_eq!(details(&run(&place, &directory, "troubled").exits(0)), expected);
    }
}
