//! What one asks of an archive and how one keeps it: `archive query`, `export`, `stats`, `prune` and `log`.

use serde_json::{Value, json};

use crate::support::{Place, Ran, ran};

const GROUPS: &str = "ec2.describe-security-groups.json";

/// sg-1 changed its port, sg-2 went.
fn lived_in() -> Place {
    let place = Place::new();
    let group = |id: &str, port: u16| {
        format!(
            r#"{{"GroupId":"{id}","GroupName":"x\u001b[2J","IpPermissions":[{{"IpProtocol":"tcp","FromPort":{port},"ToPort":{port}}}]}}"#
        )
    };
    let days = [("2025-11-23T09:00:00Z", vec![group("sg-1", 22), group("sg-2", 80)]), ("2025-11-24T09:00:00Z", vec![group("sg-1", 443)])];
    for (at, groups) in days {
        place.write(GROUPS, format!(r#"{{"SecurityGroups":[{}]}}"#, groups.join(",")));
        place.run(["archive", "import", "--archive", "a.db", "--source", "1/eu", "--at", at, GROUPS]).exits(0);
    }
    place
}

fn archive(place: &Place, command: &str, more: &[&str]) -> Ran {
    ran(place.command().args(["archive", command, "--archive", "a.db"]).args(more))
}

#[test]
fn a_question_is_answered_on_standard_output() {
    let place = lived_in();
    let query = |request: &str| archive(&place, "query", &[request]);
    assert_eq!(query("aws/securityGroups;ipPermissions.fromPort=443").exits(0).stdout, r#"["sg-1"]"#);
    assert_eq!(query("/edda/api/v2/aws/securityGroups;_pp").exits(0).stdout, "[\n  \"sg-1\"\n]");
    assert_eq!(query("aws/securityGroups/sg-1:(groupId)").exits(0).stdout, r#"{"groupId":"sg-1"}"#);
    assert!(
        query("aws/securityGroups/sg-1;_all;_diff=0").exits(0).stdout.contains("-      \"fromPort\" : 22,\n+      \"fromPort\" : 443,\n")
    );
}

#[test]
fn a_question_without_an_answer_has_an_exit_code() {
    let place = lived_in();
    let refused = |request: &str| {
        let ran = archive(&place, "query", &[request]);
        assert_eq!(ran.stdout, "");
        (ran.code, ran.stderr.trim_end().to_owned())
    };
    assert_eq!(refused("aws/nothing"), (64, "reddalert: invalid collection: aws.nothing".into()));
    assert_eq!(refused("aws/securityGroups;_at=x").0, 64);
    assert_eq!(refused("aws/vpcs/vpc-1"), (4, r#"reddalert: record "vpc-1" not found in collection aws.vpcs"#.into()));
    let (code, gone) = refused("aws/securityGroups/sg-2");
    assert!(code == 4 && gone.contains("no longer valid"), "{gone}");
    place.run(["archive", "query", "--archive", "none.db", "aws/vpcs"]).exits(4).says(&["none.db"]);
}

#[test]
fn what_is_exported_makes_the_same_archive() {
    let place = lived_in();
    let exported = archive(&place, "export", &[]).exits(0).stdout;
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    let changed = &lines[0];
    assert_eq!(
        (&changed["collection"], &changed["source"], &changed["id"], &changed["ltime"]),
        (&json!("aws.securityGroups"), &json!("1/eu"), &json!("sg-1"), &json!(null))
    );
    assert_eq!(
        (&changed["stime"], &changed["ftime"]),
        (&json!({"$date": 1_763_974_800_000_i64}), &json!({"$date": 1_763_888_400_000_i64}))
    );
    place.write("records.jsonl", &exported);
    place.run(["archive", "import", "--archive", "b.db", "--format", "records", "records.jsonl"]).exits(0);
    assert_eq!(place.run(["archive", "export", "--archive", "b.db"]).exits(0).stdout, exported);
    let known = |file: &str| {
        let stats = place.run(["archive", "stats", "--json", "--archive", file]).exits(0).stdout;
        serde_json::from_str::<Value>(&stats).expect("JSON")["collections"].clone()
    };
    assert_eq!(known("b.db"), known("a.db"));
    // The moved archive goes on where the old one stood.
    place.run(["archive", "import", "--archive", "b.db", "--source", "1/eu", "--at", "2025-11-25T09:00:00Z", GROUPS]).exits(0);
    assert_eq!(place.run(["archive", "export", "--archive", "b.db"]).exits(0).stdout.lines().count(), 3);
}

#[test]
fn an_export_is_of_the_named_collections() {
    let place = lived_in();
    place.write("ec2.describe-vpcs.json", r#"{"Vpcs":[{"VpcId":"vpc-1"}]}"#);
    archive(&place, "import", &["--source", "1/eu", "ec2.describe-vpcs.json"]).exits(0);
    assert_eq!(archive(&place, "export", &["aws.vpcs"]).exits(0).stdout.lines().count(), 1);
    assert_eq!(archive(&place, "export", &["aws/vpcs", "aws.securityGroups"]).exits(0).stdout.lines().count(), 4);
    let refused = archive(&place, "export", &["aws.vpcs", "aws.vpcz"]).exits(64).says(&["`aws.vpcz`", "reddalert archive stats"]);
    assert_eq!(refused.stdout, "");
}

#[test]
fn statistics_have_a_line_for_each_collection_and_source() {
    let place = lived_in();
    let table = archive(&place, "stats", &[]).exits(0).stdout;
    let line = table.lines().find(|line| line.starts_with("aws.securityGroups")).expect("a line");
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    assert_eq!(words, ["aws.securityGroups", "1/eu", "1", "3", "2025-11-24T09:00:00.001Z"]);
    let json: Value = serde_json::from_str(&archive(&place, "stats", &["--json"]).exits(0).stdout).expect("JSON");
    assert_eq!(json["collections"][0]["known_until"], json!(1_763_974_800_001_i64));
    assert_eq!(json["file"]["bytes"].as_u64(), std::fs::metadata(place.path("a.db")).ok().map(|file| file.len()));
}

#[test]
fn pruning_says_what_it_does() {
    let place = lived_in();
    let prune = |more: &[&str]| archive(&place, "prune", more);
    let revisions = || archive(&place, "export", &[]).exits(0).stdout.lines().count();
    assert!(prune(&["--older-than", "36000d"]).exits(0).stdout.starts_with("deleted 0 revisions "));
    assert!(prune(&["--older-than", "1h", "--dry-run"]).exits(0).stdout.starts_with("2 revisions that ended before "));
    assert_eq!(revisions(), 3);
    assert!(prune(&["--older-than", "1h", "--shrink"]).exits(0).stdout.starts_with("deleted 2 revisions "));
    assert_eq!(revisions(), 1);
    prune(&[]).exits(64).says(&["--older-than"]);
    prune(&["--older-than", "90"]).exits(64).says(&["`90` is no duration"]);
    place.run(["archive", "prune", "--archive", "none.db", "--older-than", "1d"]).exits(4).says(&["none.db"]);
    assert!(!place.path("none.db").exists());
}

#[test]
fn the_log_tells_what_changed_and_when() {
    let place = lived_in();
    let log = archive(&place, "log", &["--context", "0", "aws.securityGroups"]).exits(0).stdout;
    let headings: Vec<&str> = log.lines().filter(|line| line.starts_with("2025")).collect();
    assert_eq!(
        headings,
        [
            "2025-11-24T09:00:00.001Z gone    aws.securityGroups/sg-2 (1/eu)",
            "2025-11-24T09:00:00.000Z changed aws.securityGroups/sg-1 (1/eu)",
            "2025-11-23T09:00:00.000Z new     aws.securityGroups/sg-1 (1/eu)",
            "2025-11-23T09:00:00.000Z new     aws.securityGroups/sg-2 (1/eu)",
        ]
    );
    assert!(log.contains("\n-      \"fromPort\" : 22,\n+      \"fromPort\" : 443,\n"), "{log}");
    assert!(!log.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn the_log_can_be_narrowed_and_coloured() {
    let place = lived_in();
    let log = |more: &[&str]| archive(&place, "log", more);
    let headings = |more: &[&str]| log(more).exits(0).stdout.lines().filter(|line| line.starts_with("2025")).count();
    assert_eq!(headings(&["aws/securityGroups", "sg-2"]), 2);
    assert_eq!(headings(&["--limit", "1", "aws.securityGroups"]), 1);
    assert_eq!(headings(&["--since", "2025-11-24T09:00:00Z", "aws.securityGroups"]), 2);
    assert_eq!(headings(&["--until", "2025-11-24T09:00:00Z", "aws.securityGroups"]), 2);
    assert_eq!(headings(&["--since=-1h", "aws.securityGroups", "sg-1"]), 0);
    let coloured = log(&["--color", "always", "--whole", "aws.securityGroups", "sg-2"]).exits(0).stdout;
    assert!(coloured.contains("\u{1b}[31m-  \"groupId\" : \"sg-2\",\u{1b}[0m\n"), "{coloured:?}");
    // The name of a group is no instruction to the terminal.
    assert!(coloured.contains(r"x\u001B[2J") && !coloured.contains("\u{1b}[2J"), "{coloured:?}");
    log(&["aws.nothing"]).exits(64).says(&["`aws.nothing`"]);
    log(&["aws.securityGroups", "sg-9"]).exits(4).says(&["`sg-9`"]);
}

#[test]
fn every_sub_command_has_an_example() {
    let place = Place::new();
    for command in ["import", "collect", "serve", "query", "export", "stats", "prune", "log"] {
        let help = place.run(["archive", command, "--help"]).exits(0).stdout;
        let example = format!("  reddalert archive {command} --archive ");
        assert!(help.contains("Examples:\n") && help.contains(&example), "{help}");
    }
}
