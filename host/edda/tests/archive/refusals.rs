//! Imports that are refused, and leave everything as it was.

use edda::TimeConditions;
use edda::archive::{ImportError, ImportOptions};

use super::{Fixture, VPCS, vpcs};

fn refused(fixture: &mut Fixture, at: i64, inputs: &[(&str, &str)]) -> String {
    let before = fixture.history("aws.vpcs");
    let known = fixture.archive.known_until("aws.vpcs").expect("readable");
    let message = fixture.import(at, inputs).expect_err("to be refused").to_string();
    assert_eq!(fixture.history("aws.vpcs"), before);
    assert_eq!(fixture.archive.known_until("aws.vpcs").expect("readable"), known);
    message
}

#[test]
fn time_goes_forward_and_never_ahead() {
    let mut fixture = Fixture::new();
    fixture.import(1000, &[(VPCS, &vpcs(&["vpc-1"]))]).expect("a first import");
    let again = "the import's moment 1970-01-01T00:00:01.000Z is not later than 1970-01-01T00:00:01.000Z, when aws.vpcs of default";
    assert!(refused(&mut fixture, 1000, &[(VPCS, &vpcs(&[]))]).starts_with(again));
    assert!(refused(&mut fixture, 999, &[(VPCS, &vpcs(&[]))]).contains("is not later than"));
    let options = ImportOptions { at: 2001, now: 2000, source: None, force: false };
    let future = fixture.import_as(&options, &[(VPCS, &vpcs(&[]))]).expect_err("the future").to_string();
    assert!(future.starts_with("the import's moment 1970-01-01T00:00:02.001Z is in the future, it is now 1970-01-01T00:00:02.000Z"));
    fixture.import(1001, &[(VPCS, &vpcs(&[]))]).expect("a later import");
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-1@1000-1002"]);
}

#[test]
fn one_bad_file_stops_the_whole_import() {
    let mut fixture = Fixture::new();
    fixture.import(1000, &[(VPCS, &vpcs(&["vpc-1"]))]).expect("a first import");
    let good = vpcs(&["vpc-2"]);
    let bad = [
        ("iam.list-users.json", r#"{"Users":["#, "iam.list-users.json is not the whole JSON of an answer"),
        ("ec2.describe-subnets.json", "", "ec2.describe-subnets.json is empty, as after a failed call"),
        (
            "ec2.describe-subnets.json",
            r#"{"Subnets":{}}"#,
            "ec2.describe-subnets.json is not an answer of `ec2.describe-subnets`: it needs a list",
        ),
        ("ec2.describe-subnets.json", r#"{"Subnets":[{"Id":1}]}"#, "it needs elements with `SubnetId`"),
        ("ec2.describe-instances.json", r#"{"Reservations":[{"ReservationId":"r"}]}"#, "it needs a list `Instances` in each element"),
        ("ec2.describe-subnets.json", "An error occurred", "ec2.describe-subnets.json is not the whole JSON of an answer"),
        ("notes.json", "[]", "notes.json is not known by its name or its content"),
    ];
    for (name, text, expected) in bad {
        let message = refused(&mut fixture, 2000, &[(VPCS, &good), (name, text)]);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_cut_off_file_is_refused_with_its_place() {
    let mut fixture = Fixture::new();
    let text = vpcs(&["vpc-1"]);
    let error = fixture.import(1, &[(VPCS, &text[..text.len() - 3])]).expect_err("cut off");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("line 1 column"), "{cause}");
}

#[test]
fn an_import_of_nothing_is_an_error() {
    let mut fixture = Fixture::new();
    assert_eq!(fixture.import(1, &[]).expect_err("nothing").to_string(), "nothing to import: no collection is whole");
    let users = r#"{"Users":[{"UserName":"bob"}]}"#;
    let message = fixture.import(1, &[("iam.list-users.json", users)]).expect_err("parts are missing").to_string();
    let missing = "iam.list-groups-for-user.bob.json, iam.list-access-keys.bob.json, iam.list-user-policies.bob.json";
    assert_eq!(message, format!("nothing to import: no collection is whole; missing: {missing}"));
}

#[test]
fn most_of_a_collection_ends_only_by_force() {
    let mut fixture = Fixture::new();
    let names: Vec<String> = (10..30).map(|number| format!("vpc-{number}")).collect();
    let ids: Vec<&str> = names.iter().map(String::as_str).collect();
    fixture.import(1000, &[(VPCS, &vpcs(&ids))]).expect("a first import");
    let message = refused(&mut fixture, 2000, &[(VPCS, &vpcs(&ids[..9]))]);
    assert!(message.starts_with("the import would end 11 of 20 records of aws.vpcs (default)"), "{message}");
    fixture.import(2000, &[(VPCS, &vpcs(&ids[..10]))]).expect("half may end");
    fixture.import(3000, &[(VPCS, &vpcs(&ids[..1]))]).expect("nine are few");
    let options = ImportOptions { at: 5000, now: 5000, source: None, force: true };
    fixture.import(4000, &[(VPCS, &vpcs(&ids))]).expect("all are back");
    fixture.import_as(&options, &[(VPCS, &vpcs(&[]))]).expect("by force");
    assert_eq!(fixture.records("aws.vpcs", TimeConditions::current()), []);
}

#[test]
fn what_is_refused_late_leaves_no_trace_of_what_was_written_before() {
    let mut fixture = Fixture::new();
    let names: Vec<String> = (10..40).map(|number| format!("vpc-{number}")).collect();
    let ids: Vec<&str> = names.iter().map(String::as_str).collect();
    let subnet = r#"{"Subnets":[{"SubnetId":"subnet-1"}]}"#;
    fixture.import(1000, &[(VPCS, &vpcs(&ids))]).expect("a first import");
    // Subnets are written before VPCs, whose end is refused.
    let result = fixture.import(2000, &[("ec2.describe-subnets.json", subnet), (VPCS, &vpcs(&[]))]);
    assert!(matches!(result, Err(ImportError::MostlyGone { .. })));
    assert_eq!(fixture.history("aws.subnets"), [""; 0]);
    assert_eq!(fixture.archive.known_until("aws.subnets").expect("readable"), None);
    assert_eq!(fixture.archive.collections().expect("readable"), ["aws.vpcs"]);
}
