//! `reddalert rule test`: the shipped rules on their cases, and what becomes of a case that is not met or not well formed.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{Place, project, shipped_rule, skipped};

/// What each shipped rule has a case for.
const NEEDED: [&str; 4] = ["finding", "near_miss", "empty_inventory", "odd_documents"];

fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}

/// A place with the rule `elbs` and one case, of which this is expected.
fn place_with(expected: Option<&str>) -> Place {
    let place = Place::new();
    fs::copy(shipped_rule("elbs"), place.path("elbs.wasm")).expect("a shipped rule; `make rules` builds them");
    place.write("cases/open/case.json", r#"{"about": "one is open", "runs": [{"since": 10, "until": 20}]}"#);
    let listener = r#"[{"listener": {"loadBalancerPort": 22, "protocol": "\u001b[31m"}}]"#;
    let balancer = format!(r#"{{"stime": 15, "data": {{"loadBalancerName": "web", "listenerDescriptions": {listener}}}}}"#);
    place.write("cases/open/inventory.json", format!(r#"{{"aws.loadBalancers": [{balancer}]}}"#));
    expected.inspect(|expected| drop(place.write("cases/open/expected.json", expected)));
    place
}

#[test]
fn every_shipped_rule_meets_its_cases_as_a_component() {
    for rule in names_in(&project().join("plugins")) {
        let directory = project().join("plugins").join(&rule);
        let cases = names_in(&directory.join("cases"));
        for needed in NEEDED {
            assert!(cases.iter().any(|case| case.starts_with(needed)), "{rule} has no case `{needed}`, see docs/cases.md");
        }
        let place = Place::new();
        let file = shipped_rule(&rule);
        let ran = place.run(["rule".as_ref(), "test".as_ref(), directory.as_os_str(), "--rule".as_ref(), file.as_os_str()]).exits(0);
        assert!(ran.stdout.ends_with(&format!("{0} cases: {0} passed\n", cases.len())), "{}", ran.stdout);
    }
}

/// The example rule in every language, as `make examples` builds it.
#[test]
fn the_example_meets_the_same_cases_in_every_language() {
    for language in ["rust", "go", "c", "javascript", "python"] {
        let file = project().join("target/examples").join(language).join("public_without_owner.wasm");
        if !file.exists() {
            skipped(
                "the_example_meets_the_same_cases_in_every_language",
                &format!("{} is missing; `make examples` builds it", file.display()),
            );
            continue;
        }
        let cases = project().join("sdk/cases/public_without_owner");
        let place = Place::new();
        let ran = place.run(["rule".as_ref(), "test".as_ref(), cases.as_os_str(), "--rule".as_ref(), file.as_os_str()]).exits(0);
        assert!(ran.stdout.ends_with("17 cases: 17 passed\n"), "{language}: {}", ran.stdout);
    }
}

#[test]
fn what_is_missing_and_what_is_too_much_fails_a_case() {
    let missing = r#"{"runs": [{"alerts": [{"id": "other", "title": "x", "severity": "low"}]}]}"#;
    let ran = place_with(Some(missing)).run(["rule", "test", "."]).exits(1);
    let has = |sign: &str, text: &str| ran.stdout.lines().any(|line| line.trim_start().starts_with(sign) && line.contains(text));
    assert!(has("-", r#""id": "other""#) && has("+", r#""id": "web""#), "{}", ran.stdout);
    assert!(ran.stdout.contains("FAILED    open: one is open"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("1 case: 0 passed, 1 failed\n"), "{}", ran.stdout);
    let coloured = place_with(Some(r#"{"runs": [{}]}"#)).run(["rule", "test", ".", "--color", "always"]).exits(1).stdout;
    assert!(coloured.contains("\u{1b}[32m    +") && !coloured.contains("\u{1b}[31m\""), "what a rule says cannot colour: {coloured}");
}

#[test]
fn what_came_is_accepted_and_passes_from_then_on() {
    let place = place_with(None);
    let first = place.run(["rule", "test", "."]).exits(1);
    assert!(first.stdout.contains("it has no `expected.json`; --accept writes one"), "{}", first.stdout);
    let accepted = place.run(["rule", "test", ".", "--accept"]).exits(0);
    assert!(accepted.stdout.contains("1 case: 0 passed, 1 accepted"), "{}", accepted.stdout);
    let text = fs::read_to_string(place.path("cases/open/expected.json")).expect("it was written");
    let passed = place.run(["rule", "test", ".", "open", "--accept"]).exits(0);
    assert_eq!(passed.stdout, "passed    open\n1 case: 1 passed\n");
    assert_eq!(fs::read_to_string(place.path("cases/open/expected.json")).expect("it is there"), text, "a case that passes stays as it is");
    // One case by itself.
    place.run(["rule", "test", "cases/open", "--rule", "elbs.wasm"]).exits(0);
}

#[test]
fn settings_are_checked_as_in_a_run() {
    let place = place_with(Some(r#"{"runs": [{"error": "allowed_port"}]}"#));
    place.write("cases/open/case.json", r#"{"about": "x", "settings": {"allowed_port": [22]}, "runs": [{"since": 10, "until": 20}]}"#);
    place.run(["rule", "test", "."]).exits(0);
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let place = place_with(Some(r#"{"runs": []}"#));
    place.run(["rule", "test", ".", "closed"]).exits(78).says(&["there is no case `closed`", "there are: open"]);
    place.run(["rule", "test", "cases"]).exits(64).says(&["there is no rule in `cases`", "--rule FILE.wasm"]);
    place.write("other.wasm", "");
    place.run(["rule", "test", "."]).exits(64).says(&["there are 2 rules in `.`", "--rule FILE.wasm"]);
    place.run(["rule", "test", ".", "--rule", "other.wasm"]).exits(2).says(&["other.wasm"]);
    place.run(["rule", "test", ".", "--rule", "No Name.wasm"]).exits(64).says(&["<rule name>.wasm"]);
    place.run(["rule", "test", "etc", "--rule", "elbs.wasm"]).exits(78).says(&["there is no case in `etc`"]);
    place.write("cases/open/expected.json", "{\"runs\": [\n{\"alert\": []}]}");
    let told = place.run(["rule", "test", ".", "--rule", "elbs.wasm"]).exits(78);
    told.says(&["expected.json` is not as docs/cases.md has it", "unknown field `alert`", "line 2 column 8"]);
}

#[test]
fn chance_is_the_same_in_every_run() {
    const SERVER: &str = "https://s3.us-east-1.amazonaws.com";
    const OPEN: &str = "<AccessControlPolicy><AccessControlList><Grant><Grantee><ID>stranger</ID></Grantee>\
        <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>";
    let place = Place::new();
    let page = |path: &str, body: &str| json!({"url": format!("{SERVER}/{path}"), "status": 200, "body": body});
    let names: Vec<String> = (0..50).map(|number| format!("bucket-{number}")).collect();
    let list = names.iter().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect::<Vec<_>>().concat();
    let mut answers = vec![page("", &format!("<ListAllMyBucketsResult><Buckets>{list}</Buckets></ListAllMyBucketsResult>"))];
    for name in &names {
        answers.push(page(&format!("{name}?location"), "<LocationConstraint/>"));
        answers.push(page(&format!("{name}?acl"), OPEN));
        answers.push(page(&format!("{name}?delimiter=%2F&encoding-type=url&list-type=2&prefix="), "<ListBucketResult/>"));
    }
    let case = json!({"about": "a sample", "runs": [{"since": 0, "until": 9}], "web": {"answers": answers}});
    place.write("sample/case.json", case.to_string());
    place.write("sample/inventory.json", "{}");
    let rule = shipped_rule("s3acl");
    let test = |more: &[&str]| place.run(["rule", "test", "sample", "--rule", rule.to_str().expect("a path")].iter().chain(more)).exits(0);
    test(&["--accept"]);
    let accepted = fs::read_to_string(place.path("sample/expected.json")).expect("it was written");
    assert_eq!(accepted.matches("stranger READ").count(), 10, "five alerts, each with its title: {accepted}");
    for _ in 0..3 {
        test(&[]);
    }
}
