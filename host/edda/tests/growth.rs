//! Work grows as the input does, and not with its square: for requests, selectors, documents and imports that somebody made up to be hard.
//!
//! Many small inputs are compared with one that is as long as all of them: linear work takes about as long for either, and what grows with the
//! square takes as many times longer as there are small ones.

#![allow(clippy::format_collect, reason = "inputs are made once")]

#[path = "../fuzz/checks.rs"]
mod checks;

use std::time::Instant;

use edda::query::{Request, Selector};
use edda::{StoredText, Value};

/// What an input is, and how one of a size is made.
type Case = (&'static str, fn(usize) -> String);
/// The same, for what needs its surroundings.
type Capturing<'a> = (&'static str, &'a dyn Fn(usize) -> String);

const SMALL: usize = 1_000;
/// How many small ones are as long as the large one.
const TIMES: usize = 30;
/// Caches, allocations and logarithms cost more as things grow.
const SLACK: u32 = 8;
/// Other programs disturb some measurements, but not all.
const ATTEMPTS: usize = 6;

fn assert_linear(name: &str, make: impl Fn(usize) -> String, run: &dyn Fn(&str)) {
    let (small, large) = (make(SMALL), make(SMALL * TIMES));
    let measure = |input: &str, times: usize| {
        let begun = Instant::now();
        (0..times).for_each(|_| run(input));
        begun.elapsed()
    };
    let attempts: Vec<_> =
        (0..ATTEMPTS).map(|_| (measure(&small, TIMES), measure(&large, 1))).take_while(|(small, large)| *large > *small * SLACK).collect();
    assert!(attempts.len() < ATTEMPTS, "{name}: {TIMES} small ones and a large one took {attempts:?}");
}

#[test]
fn requests() {
    let run = |text: &str| {
        if let Ok(request) = Request::parse(text) {
            drop(request.resolve(&|name| name == "aws.x"));
        }
    };
    let cases: [Case; 9] = [
        ("many arguments", |n| format!("aws/x{}", (0..n).map(|at| format!(";a{at}=1")).collect::<String>())),
        ("one argument many times", |n| format!("aws/x{}", ";a=1".repeat(n))),
        ("many modifiers", |n| format!("aws/x{}", (0..n).map(|at| format!(";_a{at}")).collect::<String>())),
        ("many values", |n| format!("aws/x;a={}", "b,".repeat(n))),
        ("many equals signs", |n| format!("aws/x;a{}b", "=".repeat(n))),
        ("many semicolons", |n| format!("aws/x{}", ";".repeat(n))),
        ("many ids", |n| format!("aws/x/{}", "b,".repeat(n))),
        ("many slashes", |n| format!("a{}", "/b".repeat(n))),
        ("many escapes", |n| format!("aws/x/{};a={}", "%61".repeat(n), "%2F".repeat(n))),
    ];
    for (name, make) in cases {
        assert_linear(name, make, &run);
    }
}

#[test]
fn selectors() {
    let run = |text: &str| {
        if let Ok(selector) = Selector::parse(text) {
            assert!(!selector.to_string().is_empty());
        }
    };
    let cases: [Case; 7] = [
        ("many keys", |n| format!("({})", (0..n).map(|at| format!("a{at},")).collect::<String>())),
        ("one key many times", |n| format!("({})", "a,".repeat(n))),
        ("many inside", |n| format!("({})", (0..n).map(|at| format!("a{at}:(b:(c)),")).collect::<String>())),
        ("many tests", |n| format!("({})", (0..n).map(|at| format!("a{at}=\"x\",")).collect::<String>())),
        ("deep", |n| format!("{}{}", "(a:".repeat(n), ")".repeat(n))),
        ("white space", |n| format!("({})", " ".repeat(n * 10))),
        ("a text without an end", |n| format!("(a=\"{}", "x".repeat(n * 10))),
    ];
    for (name, make) in cases {
        assert_linear(name, make, &run);
    }
}

#[test]
fn documents() {
    let selector = Selector::parse("(a:(b=1,c~/x/),d::(),e!=null)").expect("a selector");
    let run = |text: &str| {
        drop(selector.project(text));
        let mut compact = String::new();
        StoredText::from_store(text.to_owned()).write_compact(&mut compact);
        if let Ok(value) = Value::parse_stored(text) {
            assert!(!value.to_compact().is_empty() && !value.to_pretty().is_empty());
        }
    };
    let members = |n: usize, name: &str, value: &str| (0..n).map(|at| format!("\"{name}{at:06}\":{value}")).collect::<Vec<_>>().join(",");
    let cases: [Capturing<'_>; 9] = [
        ("many members", &|n| format!("{{{}}}", members(n, "a", "1"))),
        ("one name many times", &|n| format!("{{{}}}", vec![r#""a":{"b":1}"#; n].join(","))),
        ("many elements", &|n| format!("{{\"a\":[{}]}}", vec![r#"{"b":1,"c":"x"}"#; n].join(","))),
        ("many elements that fail", &|n| format!("{{\"e\":[{}]}}", vec!["null"; n].join(","))),
        ("many to flatten", &|n| format!("{{\"d\":{{{}}}}}", members(n, "x", r#"{"y":{"z":1}}"#))),
        ("many dates", &|n| format!("[{}]", vec![r#"{"$date":1}"#; n].join(","))),
        ("dates without an end", &|n| r#"{"$date":1"#.repeat(n)),
        ("many escapes", &|n| format!("\"{}\"", "\\u00e9\\n".repeat(n))),
        ("deep", &|n| "[".repeat(n)),
    ];
    for (name, make) in cases {
        assert_linear(name, make, &run);
    }
}

/// Files as the fuzz target of imports takes them.
fn file(name: &str, key: &str, items: impl Iterator<Item = String>) -> String {
    format!("=== {name}\n{{\"{key}\":[{}]}}\n", items.collect::<Vec<_>>().join(","))
}

#[test]
fn imports() {
    let run = |text: &str| drop(checks::taken_in(text.as_bytes()));
    let user = |at: usize| format!(r#"{{"UserName":"u{at}"}}"#);
    let cases: [Capturing<'_>; 8] = [
        ("many documents", &|n| file("x", "Vpcs", (0..n).map(|at| format!(r#"{{"VpcId":"{at}"}}"#)))),
        ("one document many times", &|n| file("x", "Vpcs", (0..n).map(|_| r#"{"VpcId":"1"}"#.to_owned()))),
        ("many odd documents", &|n| file("x", "Vpcs", (0..n).map(|at| format!(r#"{{"VpcId":"{at}","Tags":1}}"#)))),
        ("many unknown members", &|n| {
            let members: String = (0..n).map(|at| format!(r#","x{at}":1"#)).collect();
            file("x", "Vpcs", std::iter::once(format!(r#"{{"VpcId":"1"{members}}}"#)))
        }),
        ("many tags", &|n| {
            let tags: Vec<String> = (0..n).map(|at| format!(r#"{{"Key":"k{at}","Value":"v"}}"#)).collect();
            file("x", "Vpcs", std::iter::once(format!(r#"{{"VpcId":"1","Tags":[{}]}}"#, tags.join(","))))
        }),
        ("many files", &|n| (0..n).map(|at| file(&format!("iam.list-groups-for-user.u{at}.json"), "Groups", std::iter::empty())).collect()),
        ("many missing files", &|n| file("iam.list-users.json", "Users", (0..n).map(user))),
        ("one zone many times", &|n| {
            let zone = |at: usize| format!(r#"{{"Id":"/{at}/Z1","Name":"x."}}"#);
            let record = |at: usize| format!(r#"{{"Name":"{at}.x.","Type":"A"}}"#);
            let zones = file("route53.list-hosted-zones.json", "HostedZones", (0..n).map(zone));
            zones + &file("route53.list-resource-record-sets.Z1.json", "ResourceRecordSets", (0..n).map(record))
        }),
    ];
    for (name, make) in cases {
        assert_linear(name, make, &run);
    }
}
