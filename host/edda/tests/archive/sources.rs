//! Records of several accounts and regions in one archive.

use edda::TimeConditions;
use edda::archive::ImportError;

use super::{Fixture, VPCS, vpcs};

fn queues(account: &str, region: &str, name: &str) -> [(String, String); 2] {
    let list = format!(r#"{{"QueueUrls":["https://sqs.{region}.amazonaws.com/{account}/{name}"]}}"#);
    let attributes = format!(r#"{{"Attributes":{{"QueueArn":"arn:aws:sqs:{region}:{account}:{name}"}}}}"#);
    [("sqs.list-queues.json".into(), list), (format!("sqs.get-queue-attributes.{name}.json"), attributes)]
}

fn take_in(fixture: &mut Fixture, at: i64, files: &[(String, String)]) -> Result<Vec<String>, ImportError> {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let report = fixture.import(at, &files)?;
    Ok(report.collections.into_iter().map(|of| of.source).collect())
}

#[test]
fn sources_never_end_each_other() {
    let mut fixture = Fixture::new();
    fixture.import_from("a/eu", 1000, &[(VPCS, &vpcs(&["vpc-1", "vpc-2"]))]).expect("the first source");
    fixture.import_from("b/eu", 1000, &[(VPCS, &vpcs(&["vpc-1"]))]).expect("the second source, at the same moment");
    fixture.import_from("b/eu", 2000, &[(VPCS, &vpcs(&[]))]).expect("the second source again");
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-1@1000", "vpc-1@1000-2001", "vpc-2@1000"]);
    let sources: Vec<_> = fixture.records("aws.vpcs", TimeConditions::all()).into_iter().map(|record| record.source).collect();
    assert_eq!(sources.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["a/eu", "b/eu", "a/eu"]);
}

#[test]
fn a_collection_is_known_as_far_as_its_last_source() {
    let mut fixture = Fixture::new();
    let known = |fixture: &Fixture| {
        (fixture.archive.known_until("aws.vpcs").expect("readable"), fixture.archive.newest_known_until().expect("readable"))
    };
    assert_eq!(known(&fixture), (None, None));
    fixture.import_from("a", 1000, &[(VPCS, &vpcs(&[]))]).expect("an import");
    assert_eq!(known(&fixture), (Some(1001), Some(1001)));
    fixture.import_from("b", 500, &[(VPCS, &vpcs(&[]))]).expect("another source may be earlier");
    assert_eq!(known(&fixture), (Some(501), Some(501)));
    fixture.import_from("b", 3000, &[("ec2.describe-subnets.json", r#"{"Subnets":[]}"#)]).expect("another collection");
    assert_eq!(known(&fixture), (Some(501), Some(3001)));
}

#[test]
fn the_data_name_their_source() {
    let mut fixture = Fixture::new();
    let source = take_in(&mut fixture, 1, &queues("111111111111", "eu-west-1", "jobs")).expect("an import");
    assert_eq!(source, ["111111111111/eu-west-1"]);
    let source = take_in(&mut fixture, 1, &queues("222222222222", "eu-west-1", "jobs")).expect("an import");
    assert_eq!(source, ["222222222222/eu-west-1"]);
    let unclear = fixture.import(2, &[("sqs.list-queues.json", r#"{"QueueUrls":[]}"#)]).expect_err("either could be meant");
    assert!(unclear.to_string().contains("(found none, the archive has 111111111111/eu-west-1, 222222222222/eu-west-1)"), "{unclear}");
}

#[test]
fn a_collection_that_became_empty_ends_in_its_only_source() {
    let mut fixture = Fixture::new();
    take_in(&mut fixture, 1, &queues("111111111111", "eu-west-1", "jobs")).expect("an import");
    let report = fixture.import(2, &[("sqs.list-queues.json", r#"{"QueueUrls":[]}"#)]).expect("nothing is left");
    assert_eq!((report.collections[0].source.as_str(), report.collections[0].ended), ("111111111111/eu-west-1", 1));
}

#[test]
fn answers_of_two_regions_are_refused_unless_their_source_is_named() {
    let mut fixture = Fixture::new();
    let [list, first] = queues("111111111111", "eu-west-1", "jobs");
    let second = queues("111111111111", "us-east-1", "mail");
    let both = list.1.replace(']', r#","https://sqs.us-east-1.amazonaws.com/111111111111/mail"]"#);
    let files = [(list.0, both), first, second[1].clone()];
    let error = take_in(&mut fixture, 1, &files).expect_err("two regions");
    assert!(error.to_string().starts_with("the answers are of several regions (eu-west-1, us-east-1)"), "{error}");
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let report = fixture.import_from("everything", 1, &files).expect("the source is named");
    assert_eq!((report.collections[0].source.as_str(), report.collections[0].new), ("everything", 2));
}
