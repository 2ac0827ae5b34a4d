//! The demonstration account, as it was and a day later.

use std::ops::ControlFlow;
use std::path::Path;

use edda::archive::{ImportOptions, ImportReport, Input, import};
use edda::query::{Request, answer, documents};
use edda::{EpochMillis, TimeConditions};

use super::Fixture;

/// 2025-11-23T09:00:00Z.
const BEFORE: EpochMillis = 1_763_888_400_000;
/// 2025-11-24T09:00:00Z.
const AFTER: EpochMillis = 1_763_974_800_000;

fn answers(directory: &str) -> Vec<Input> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../etc/demo").join(directory);
    let entries = directory.read_dir().expect("the demonstration account");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Input { name: path.display().to_string(), bytes: std::fs::read(&path).expect("a readable file") })
        .collect()
}

fn take_in(fixture: &mut Fixture, directory: &str, at: EpochMillis) -> ImportReport {
    let options = ImportOptions { at, now: AFTER + 1, source: None, force: false };
    import(&mut fixture.archive, &answers(directory), &options).expect("a whole account")
}

fn both() -> Fixture {
    let mut fixture = Fixture::new();
    take_in(&mut fixture, "t0", BEFORE);
    take_in(&mut fixture, "t1", AFTER);
    fixture
}

/// New, changed, ended and unchanged of each collection.
fn counts(report: &ImportReport) -> Vec<(&str, [usize; 4])> {
    let count = |of: &'_ edda::archive::CollectionReport| [of.new, of.changed, of.ended, of.unchanged];
    report.collections.iter().map(|of| (of.collection.as_str(), count(of))).collect()
}

fn asked(fixture: &Fixture, rest: &str) -> String {
    let request = Request::parse(rest).expect("a request");
    let mut body = Vec::new();
    answer(&request, &fixture.archive, &mut body).expect("an answer");
    String::from_utf8(body).expect("text")
}

fn updated(fixture: &Fixture, collection: &str) -> String {
    asked(fixture, &format!("{collection};_since={};_until={AFTER};_updated", BEFORE + 1))
}

#[test]
fn the_first_import_takes_everything_in() {
    let mut fixture = Fixture::new();
    let report = take_in(&mut fixture, "t0", BEFORE);
    let expected = [
        ("aws.addresses", 1),
        ("aws.buckets", 5),
        ("aws.hostedRecords", 13),
        ("aws.hostedZones", 2),
        ("aws.iamUsers", 5),
        ("aws.images", 3),
        ("aws.instances", 5),
        ("aws.loadBalancers", 2),
        ("aws.securityGroups", 6),
        ("aws.subnets", 6),
        ("aws.vpcs", 1),
        ("view.instances", 5),
        ("view.loadBalancerInstances", 2),
        ("view.simpleQueues", 3),
    ];
    assert_eq!(counts(&report), expected.map(|(name, new)| (name, [new, 0, 0, 0])));
    let source = |of: &edda::archive::CollectionReport| of.source.clone();
    assert_eq!(
        report.collections.iter().map(source).collect::<std::collections::BTreeSet<_>>(),
        ["123456789012".to_owned(), "123456789012/us-east-1".to_owned()].into()
    );
    assert_eq!(report.incomplete.iter().map(|of| of.collection.as_str()).collect::<Vec<_>>(), ["aws.iamGroups"]);
    assert_eq!(report.incomplete[0].missing.len(), 4, "{:?}", report.incomplete[0].missing);
    assert!(report.left_out_fields.contains("Reservations[].Instances[].NetworkInterfaces[].Attachment.NetworkCardIndex"));
    assert!(!report.left_out_fields.contains("HostedZones[].ResourceRecordSetCount"));
    assert_eq!((report.left_out_answers, report.skipped.len(), report.repeated.len()), (17, 0, 0));
}

#[test]
fn the_second_import_writes_what_happened_and_nothing_else() {
    let mut fixture = Fixture::new();
    take_in(&mut fixture, "t0", BEFORE);
    let report = take_in(&mut fixture, "t1", AFTER);
    let expected = [
        ("aws.addresses", [0, 0, 0, 1]),
        ("aws.buckets", [0, 0, 0, 5]),
        ("aws.hostedRecords", [1, 1, 1, 11]),
        ("aws.hostedZones", [0, 0, 0, 2]),
        ("aws.iamUsers", [1, 1, 1, 3]),
        ("aws.images", [1, 0, 0, 3]),
        ("aws.instances", [2, 4, 0, 1]),
        ("aws.loadBalancers", [1, 1, 0, 1]),
        // The recording service adds a group of its own for the new load balancer.
        ("aws.securityGroups", [2, 2, 0, 4]),
        // The number of free addresses is part of a subnet.
        ("aws.subnets", [0, 1, 0, 5]),
        ("aws.vpcs", [0, 0, 0, 1]),
        ("view.instances", [2, 4, 0, 1]),
        ("view.loadBalancerInstances", [1, 0, 0, 2]),
        ("view.simpleQueues", [1, 0, 1, 2]),
    ];
    assert_eq!(counts(&report), expected);
    let known = fixture.archive.known_until("aws.vpcs").expect("readable");
    assert_eq!((known, fixture.archive.newest_known_until().expect("readable")), (Some(AFTER + 1), Some(AFTER + 1)));
}

#[test]
fn what_changed_is_found_by_the_window() {
    let fixture = both();
    assert_eq!(updated(&fixture, "aws/iamUsers"), r#"["bob","mallory"]"#);
    assert_eq!(updated(&fixture, "aws/loadBalancers"), r#"["kibana-elb","web-elb"]"#);
    assert_eq!(updated(&fixture, "aws/hostedRecords"), r#"["promo.example.com.","www.example.com."]"#);
    let groups = asked(&fixture, &format!("aws/securityGroups;_since={AFTER};_updated;_expand:(groupName)"));
    let names = ["default_elb_4c448a68-4d51-4b41-9d88-8b86aee18e0c", "bastion", "postgres", "debug-all"];
    assert_eq!(groups, format!("[{}]", names.map(|name| format!(r#"{{"groupName":"{name}"}}"#)).join(",")));
    // Instances of the changes: web-2 has another tag, db-1 lost one, app-1 moved, one was terminated; build-7 and a nameless one are new.
    let machines = updated(&fixture, "view/instances");
    let mut ids: Vec<&str> = machines.trim_matches(['[', ']']).split(',').collect();
    ids.sort_unstable();
    let expected = [
        r#""i-1e7ac2fc7da1d8d9f""#,
        r#""i-2c9bb0d112f28048b""#,
        r#""i-3e708d9823e26b7fd""#,
        r#""i-4204ba2ede594e093""#,
        r#""i-530c9e9dd7dfe6a4d""#,
        r#""i-cbb5387f70a94da34""#,
    ];
    assert_eq!(ids, expected);
}

#[test]
fn the_archive_answers_edda_queries() {
    let fixture = both();
    let web = asked(&fixture, "aws/loadBalancers/web-elb:(loadBalancerName,listenerDescriptions:(listener:(loadBalancerPort)))");
    let ports = r#"[{"listener":{"loadBalancerPort":443}},{"listener":{"loadBalancerPort":80}},{"listener":{"loadBalancerPort":8080}}]"#;
    assert_eq!(web, format!(r#"{{"listenerDescriptions":{ports},"loadBalancerName":"web-elb"}}"#));
    let open = asked(&fixture, "aws/securityGroups;ipPermissions.ipRanges=172.31.0.0%2F16;_expand:(groupName)");
    assert_eq!(open, r#"[{"groupName":"app-internal"}]"#);
    assert_eq!(asked(&fixture, "view/simpleQueues/orders.fifo:(name)"), r#"{"name":"orders.fifo"}"#);
    let zone = asked(&fixture, "aws/hostedRecords;zone.name=corp.example.net.;_expand:(name,type)");
    assert!(zone.contains(r#"{"name":"_ldap._tcp.corp.example.net.","type":"SRV"}"#), "{zone}");
}

#[test]
fn the_state_before_a_moment_is_what_the_import_showed() {
    let fixture = both();
    let names = |until| {
        let mut names = Vec::new();
        let request = Request::parse("aws/iamUsers;_expand:(name,groups)").expect("a request").with_state_before(until);
        let mut each = |text: &str| {
            names.push(text.to_owned());
            ControlFlow::Continue(())
        };
        documents(&request, &fixture.archive, &mut each).expect("an answer");
        names.sort();
        names
    };
    assert_eq!(names(BEFORE).len(), 0);
    assert_eq!(names(AFTER), names(BEFORE + 1));
    assert!(names(AFTER).contains(&r#"{"groups":["developers"],"name":"bob"}"#.to_owned()));
    assert!(names(AFTER).contains(&r#"{"groups":[],"name":"dave"}"#.to_owned()));
    assert!(names(AFTER + 1).contains(&r#"{"groups":["admin","developers"],"name":"bob"}"#.to_owned()));
    assert!(!names(AFTER + 1).iter().any(|name| name.contains("dave")));
    assert_eq!(names(AFTER + 1).len(), 5);
}

#[test]
fn a_user_who_became_an_administrator_shows_in_the_diff() {
    let fixture = both();
    let diff = asked(&fixture, &format!("aws/iamUsers/bob;_diff=200;_since={};_until={AFTER}", BEFORE + 1));
    let address = "/edda/api/v2/aws/iamUsers/bob;_pp;_at=";
    assert!(diff.starts_with(&format!("--- {address}{BEFORE}\n+++ {address}{AFTER}\n@@ -1,")), "{diff}");
    assert!(diff.contains("   \"groups\" : [\n+    \"admin\",\n     \"developers\"\n   ],\n"), "{diff}");
    assert_eq!(diff.lines().filter(|line| line.starts_with(['+', '-'])).count(), 3, "{diff}");
}

#[test]
fn a_new_user_has_no_diff() {
    let fixture = both();
    let request = Request::parse(&format!("aws/iamUsers/mallory;_diff=200;_since={};_until={AFTER}", BEFORE + 1)).expect("a request");
    let refusal = answer(&request, &fixture.archive, &mut Vec::new()).expect_err("one revision is too few");
    assert_eq!((refusal.status(), refusal.message().as_str()), (400, "_diff requires at least 2 documents, only 1 found"));
}

#[test]
fn an_account_that_did_not_change_gets_no_revisions() {
    let mut fixture = Fixture::new();
    take_in(&mut fixture, "t0", BEFORE);
    let before: Vec<_> = all_records(&fixture);
    let report = take_in(&mut fixture, "t0", BEFORE + 60_000);
    assert!(report.collections.iter().all(|of| of.new + of.changed + of.ended == 0), "{report}");
    assert!(report.left_out_fields.is_empty(), "what is the same as last time is not even read: {report}");
    let mut after = all_records(&fixture);
    assert!(after.iter().all(|record| record.mtime == BEFORE + 60_000));
    for record in &mut after {
        record.mtime = BEFORE;
    }
    assert_eq!(before, after);
}

fn all_records(fixture: &Fixture) -> Vec<edda::Record> {
    let names = fixture.archive.collections().expect("readable");
    names.iter().flat_map(|name| fixture.records(name, TimeConditions::all())).collect()
}
