//! `archive collect` with a stand-in for the AWS command line: what it is asked, and what becomes of what it answers.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Place, Ran, ran};

/// Answers with `answers/<region>/<service>.<command>.json`; what is in `busy/` it refuses once, what is in `broken/` always.
const AWS: &str = r#"#!/bin/sh
line=$(printf '%s|' "$@"); echo "${line}pager=$AWS_PAGER" >> calls
call=$1.$2
for word; do case $word in --region=*) region=${word#--region=};; --profile=*) profile=${word#--profile=};; esac; done
case $call in
configure.get) echo eu-west-1; exit;;
sts.get-caller-identity) printf '{"Account":"%s"}' "$(cat "accounts/$profile" 2>/dev/null || echo 123456789012)"; exit;;
esac
if [ -e "busy/$call" ]; then rm "busy/$call"; echo "An error occurred (Throttling): Rate exceeded" >&2; exit 254; fi
if [ -e "broken/$call" ]; then cat "broken/$call" >&2; exit 254; fi
if [ -e "slow/$call" ]; then exec sleep 600; fi
cat "answers/$region/$call.json" 2>/dev/null || cat "answers/$call.json" 2>/dev/null
exit 0
"#;

const GROUPS: &str = r#"{"SecurityGroups":[{"GroupId":"sg-1","GroupName":"web","OwnerId":"123456789012"}]}"#;
const NO_GROUPS: &str = r#"{"SecurityGroups":[]}"#;
const USERS: &str = r#"{"Users":[{"UserName":"-bob;x","Arn":"arn:aws:iam::123456789012:user/bob"}]}"#;

fn place() -> Place {
    let place = Place::new();
    let aws = place.write("aws", AWS);
    fs::set_permissions(aws, fs::Permissions::from_mode(0o755)).expect("an executable file");
    place.write("answers/ec2.describe-security-groups.json", GROUPS);
    place.write("answers/iam.list-users.json", USERS);
    place.write("answers/iam.list-groups-for-user.json", r#"{"Groups":[{"GroupName":"admin"}]}"#);
    place.write("answers/iam.list-access-keys.json", r#"{"AccessKeyMetadata":[]}"#);
    place.write("answers/iam.list-user-policies.json", r#"{"PolicyNames":[]}"#);
    place
}

fn collect(place: &Place, more: &[&str]) -> Ran {
    let mut command = place.command();
    command.env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION");
    ran(command.args(["archive", "collect", "--archive", "a.db", "--aws", "./aws", "--log-format", "human"]).args(more))
}

fn calls(place: &Place) -> Vec<String> {
    let mut calls: Vec<_> = fs::read_to_string(place.path("calls")).expect("calls").lines().map(ToOwned::to_owned).collect();
    calls.sort();
    calls
}

const BOTH: [&str; 2] = ["--collections", "aws.securityGroups,aws.iamUsers"];

#[test]
fn what_aws_shows_goes_into_the_archive() {
    let place = place();
    collect(&place, &BOTH).exits(0).says(&["aws.iamUsers (123456789012): 1 new", "aws.securityGroups (123456789012/eu-west-1): 1 new"]);
    let about = |call: &str| format!("iam|{call}|--user-name=-bob;x|--output=json|--region=eu-west-1|pager=");
    let expected = [
        "configure|get|region|--output=json|pager=".to_owned(),
        "ec2|describe-security-groups|--output=json|--region=eu-west-1|pager=".to_owned(),
        about("list-access-keys"),
        about("list-groups-for-user"),
        about("list-user-policies"),
        "iam|list-users|--output=json|--region=eu-west-1|pager=".to_owned(),
        "sts|get-caller-identity|--output=json|--region=eu-west-1|pager=".to_owned(),
    ];
    assert_eq!(calls(&place), expected);
    collect(&place, &BOTH).exits(0).says(&["aws.iamUsers (123456789012): 0 new, 0 changed, 0 ended, 1 unchanged"]);
}

#[test]
fn a_failed_call_ends_nothing_and_stops_nothing_else() {
    let place = place();
    collect(&place, &BOTH).exits(0);
    place.write("broken/iam.list-groups-for-user", "An error occurred (AccessDenied): \u{1b}[31mno");
    place.write("answers/ec2.describe-security-groups.json", NO_GROUPS);
    let again = collect(&place, &BOTH).exits(4);
    let again = again.says(&["aws.securityGroups (123456789012/eu-west-1): 0 new, 0 changed, 1 ended", "aws.iamUsers: left as it was"]);
    again
        .says(&["123456789012: `aws iam list-groups-for-user --user-name=-bob;x` failed: An error occurred (AccessDenied): \\u001b[31mno"]);
    fs::remove_file(place.path("broken/iam.list-groups-for-user")).expect("the failure");
    collect(&place, &BOTH).exits(0).says(&["aws.iamUsers (123456789012): 0 new, 0 changed, 0 ended, 1 unchanged"]);
}

#[test]
fn a_busy_aws_is_asked_again_and_another_failure_is_not() {
    let place = place();
    place.write("busy/ec2.describe-security-groups", "");
    place.write("broken/iam.list-users", "Unable to locate credentials.");
    collect(&place, &BOTH).exits(4).says(&["aws.securityGroups (123456789012/eu-west-1): 1 new", "Unable to locate credentials"]);
    let count = |call: &str| calls(&place).iter().filter(|made| made.contains(call)).count();
    assert_eq!((count("describe-security-groups"), count("list-users")), (2, 1));
}

#[test]
fn what_is_no_answer_is_a_failed_call() {
    for answer in ["{\"SecurityGroups\":[", "<html>", "{\"Surprises\":[]}", "[]"] {
        let place = place();
        place.write("answers/ec2.describe-security-groups.json", answer);
        collect(&place, &BOTH)
            .exits(4)
            .says(&["describe-security-groups` failed: the answer is of another form", "aws.iamUsers (123456789012): 1 new"]);
    }
}

#[test]
fn nothing_printed_means_nothing_there() {
    let place = place();
    collect(&place, &["--collections", "view.simpleQueues"]).exits(0).says(&["view.simpleQueues (123456789012/eu-west-1): 0 new"]);
}

#[test]
fn a_call_may_not_take_for_ever() {
    let place = place();
    place.write("slow/ec2.describe-security-groups", "");
    collect(&place, &["--time-limit", "1s", BOTH[0], BOTH[1]])
        .exits(4)
        .says(&["no answer after 1 s", "aws.iamUsers (123456789012): 1 new"]);
}

#[test]
fn several_accounts_and_regions_are_sources_of_their_own() {
    let place = place();
    place.write("accounts/dev", "222222222222");
    place.write("answers/us-east-1/ec2.describe-security-groups.json", NO_GROUPS);
    let two = ["--profile", "prod", "--profile", "dev", "--region", "eu-west-1", "--region", "us-east-1"];
    let both = collect(&place, &[&two[..], &BOTH].concat()).exits(0);
    let both = both.says(&["aws.iamUsers (123456789012): 1 new", "aws.iamUsers (222222222222): 1 new"]);
    let both = both.says(&["aws.securityGroups (123456789012/eu-west-1): 1 new", "aws.securityGroups (123456789012/us-east-1): 0 new"]);
    both.says(&["aws.securityGroups (222222222222/eu-west-1): 1 new", "aws.securityGroups (222222222222/us-east-1): 0 new"]);
    assert_eq!(calls(&place).iter().filter(|call| call.contains("list-users")).count(), 2, "once for each account");
    let same = collect(&place, &["--profile", "prod", "--profile", "same", BOTH[0], BOTH[1]]).exits(4);
    same.says(&["profile same is left out: it is of account 123456789012, as profile prod is"]);
}

#[test]
fn kept_answers_can_be_imported() {
    let place = place();
    collect(&place, &["--keep", "kept", BOTH[0], BOTH[1]]).exits(0);
    let mode = fs::metadata(place.path("kept/123456789012/global/iam.list-users.json")).expect("kept").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let import = |source: &str, directory: &str| {
        let words = ["archive", "import", "--archive", "b.db", "--log-format", "human", "--source", source, directory];
        ran(place.command().args(words)).exits(0)
    };
    import("123456789012", "kept/123456789012/global").says(&["aws.iamUsers (123456789012): 1 new"]);
    import("123456789012/eu-west-1", "kept/123456789012/eu-west-1").says(&["aws.securityGroups (123456789012/eu-west-1): 1 new"]);
}

#[test]
fn what_cannot_be_begun_is_said_at_once() {
    let place = place();
    collect(&place, &["--collections", "aws.nothing"]).exits(64).says(&["`aws.nothing`", "aws.securityGroups"]);
    collect(&place, &["--aws", "./no-such-aws"]).exits(4).says(&["./no-such-aws", "--aws"]);
    place.write("a.db", "I am no database, whatever my name says. ".repeat(200));
    collect(&place, &BOTH).exits(4).says(&["a.db"]);
}
