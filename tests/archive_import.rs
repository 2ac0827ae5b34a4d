//! `archive import` of what is no file of the AWS command line: standard input, EDDA's answers, records.

use std::io::Write as _;
use std::process::Stdio;

use crate::support::{Place, Ran, ran};

fn import(place: &Place, more: &[&str]) -> Ran {
    ran(place.command().args(["archive", "import", "--archive", "a.db", "--log-format", "human"]).args(more))
}

fn import_from_input(place: &Place, more: &[&str], input: &str) -> Ran {
    let mut command = place.command();
    command.args(["archive", "import", "--archive", "a.db", "--log-format", "human"]).args(more);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    // A program that refuses its arguments never reads.
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

const RECORDS: &str = r#"{"collection":"netflix.apps","id":"a","stime":{"$date":5},"ltime":{"$date":9},"data":{"n":1}}
{"collection":"netflix.apps","id":"a","stime":{"$date":8},"ltime":null,"data":{"n":2}}
"#;

#[test]
fn what_standard_input_is_can_be_told() {
    let place = Place::new();
    place.write("iam.list-groups.json", r#"{"Groups":[{"GroupName":"admin"}]}"#);
    let told = ["--collection", "aws.iamGroups", "--for", "admin", "-", "iam.list-groups.json"];
    // The parent that was told is that of all answers, and the list of groups has none; so the policies alone come this way.
    let policies = r#"{"PolicyNames":["all"]}"#;
    import_from_input(&place, &told, policies).exits(0).says(&["aws.iamGroups (default): 1 new"]);
    import_from_input(&place, &["--for", "admin", "-"], policies).exits(64).says(&["--collection"]);
    import_from_input(&place, &["-"], policies).exits(4).says(&["- is not known by its name or its content"]);
}

#[test]
fn answers_of_an_edda_are_taken_in() {
    let place = Place::new();
    place.write("aws.vpcs.json", r#"[{"class":"com.amazonaws.services.ec2.model.Vpc","vpcId":"vpc-1","state":"available"}]"#);
    import(&place, &["aws.vpcs.json"]).exits(0).says(&["aws.vpcs (default): 1 new"]);
    place.write("aws.vpcs.json", r#"[{"vpcId":"vpc-2"}]"#);
    import(&place, &["--add", "aws.vpcs.json"]).exits(0).says(&["aws.vpcs (default): 1 new, 0 changed, 0 ended"]);
    place.write("aws.vpcs.json", r#"[{"vpcId":"vpc-2"}"#);
    import(&place, &["aws.vpcs.json"]).exits(4).says(&["aws.vpcs.json is not the whole JSON"]);
}

#[test]
fn records_are_taken_in_whatever_their_collection() {
    let place = Place::new();
    place.write("old.jsonl", RECORDS);
    import(&place, &["--format", "records", "old.jsonl"]).exits(0).says(&["netflix.apps (default): 2 new"]);
    import_from_input(&place, &["--format", "records", "-"], RECORDS)
        .exits(0)
        .says(&["netflix.apps (default): 0 new, 0 changed, 0 ended, 2 unchanged"]);
    place.write("cut.jsonl", &RECORDS[..RECORDS.len() - 5]);
    import(&place, &["--format", "records", "old.jsonl", "cut.jsonl"]).exits(4).says(&["cut.jsonl:2 is not the whole JSON"]);
    import(&place, &["--format", "records", "none.jsonl"]).exits(4).says(&["none.jsonl"]);
}
