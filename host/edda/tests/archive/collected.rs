//! What was collected goes in as far as it came.

use edda::TimeConditions;
use edda::archive::{CollectedFrom, ImportOptions, ImportReport, Input, Wanted, import_collected};

use super::{Fixture, VPCS, vpcs};

fn take_in(fixture: &mut Fixture, at: i64, inputs: &[(&str, &str)], collections: &[&str]) -> ImportReport {
    let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input { name: (*name).into(), bytes: (*text).into() }).collect();
    let from = CollectedFrom { account: "123456789012".into(), region: "eu-west-1".into() };
    let wanted = Wanted::named(&collections.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("known names");
    let options = ImportOptions { at, now: at, source: None, force: false };
    import_collected(&mut fixture.archive, &inputs, &options, &from, &wanted).expect("an import")
}

const USERS: &str = r#"{"Users":[{"UserName":"bob","Arn":"arn:aws:iam::123456789012:user/bob"}]}"#;

#[test]
fn a_collection_whose_calls_failed_stays_as_it_was() {
    let mut fixture = Fixture::new();
    let whole = [
        ("iam.list-users.json", USERS),
        ("iam.list-groups-for-user.bob.json", r#"{"Groups":[]}"#),
        ("iam.list-access-keys.bob.json", r#"{"AccessKeyMetadata":[]}"#),
        ("iam.list-user-policies.bob.json", r#"{"PolicyNames":[]}"#),
        (VPCS, &vpcs(&["vpc-1"])),
    ];
    let wanted = ["aws.iamUsers", "aws.vpcs"];
    let report = take_in(&mut fixture, 100, &whole, &wanted);
    let sources: Vec<_> = report.collections.iter().map(|of| of.source.as_str()).collect();
    assert_eq!(sources, ["123456789012", "123456789012/eu-west-1"], "although no VPC says its region");
    let report = take_in(&mut fixture, 200, &[whole[0], whole[2], whole[3], (VPCS, &vpcs(&["vpc-2"]))], &wanted);
    assert_eq!(report.incomplete[0].missing, ["iam.list-groups-for-user.bob.json"]);
    assert_eq!(fixture.history("aws.iamUsers"), ["bob@100"]);
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-2@200", "vpc-1@100-201"]);
    assert_eq!(fixture.archive.known_until("aws.iamUsers").expect("readable"), Some(101));
}

#[test]
fn what_is_refused_stops_nothing_else() {
    let mut fixture = Fixture::new();
    let many: Vec<String> = (0..20).map(|number| format!("vpc-{number}")).collect();
    let many = vpcs(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let wanted = ["aws.vpcs", "aws.tags", "aws.subnets", "aws.volumes"];
    take_in(&mut fixture, 100, &[(VPCS, &many)], &wanted);
    let odd = r#"{"Tags":[{"Nothing":1}]}"#;
    let volumes = ("ec2.describe-volumes.json", r#"{"Volumes":[{"VolumeId":"vol-1"}]}"#);
    let report = take_in(&mut fixture, 200, &[(VPCS, &vpcs(&[])), ("ec2.describe-tags.json", odd), volumes], &wanted);
    let refused: Vec<_> = report.refused.iter().map(|of| of.collection.as_str()).collect();
    assert_eq!(refused, ["aws.tags", "aws.vpcs"]);
    assert!(report.to_string().contains("aws.vpcs: left as it was: the import would end 20 of 20"), "{report}");
    assert_eq!(fixture.records("aws.vpcs", TimeConditions::current()).len(), 20);
    assert_eq!(fixture.history("aws.volumes"), ["vol-1@200"]);
    assert!(!fixture.archive.collections().expect("readable").contains(&"aws.tags".to_owned()), "no trace of it");
}

#[test]
fn only_what_is_wanted_goes_in() {
    let mut fixture = Fixture::new();
    let balancers = ("elb.describe-load-balancers.json", r#"{"LoadBalancerDescriptions":[]}"#);
    let report = take_in(&mut fixture, 100, &[balancers, (VPCS, &vpcs(&["vpc-1"]))], &["aws.loadBalancers"]);
    let names: Vec<_> = report.collections.iter().map(|of| of.collection.as_str()).collect();
    assert_eq!((names, report.incomplete.len()), (vec!["aws.loadBalancers"], 0));
}

#[test]
fn the_policy_allows_what_is_called_and_nothing_else() {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Policy {
        statement: Vec<Statement>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Statement {
        effect: String,
        action: Vec<String>,
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../etc/aws-policy.json");
    let policy: Policy = serde_json::from_slice(&std::fs::read(file).expect("the policy")).expect("a policy");
    assert!(policy.statement.iter().all(|statement| statement.effect == "Allow"));
    let allowed: Vec<_> = policy.statement.iter().flat_map(|statement| statement.action.iter().map(String::as_str)).collect();
    let mut needed: Vec<_> = edda::archive::needed_actions().into_iter().collect();
    // Asked first, to learn which account it is.
    needed.push("sts:GetCallerIdentity");
    needed.sort_unstable();
    assert_eq!(allowed, needed);
}
