//! `archive import`: bad input is an error before anything is written, and what is in the archive can be asked.

use serde_json::json;

use crate::support::{Place, Ran, project, ran};

const GROUPS: &str = r#"{"SecurityGroups":[{"GroupId":"sg-1","GroupName":"web","OwnerId":"123456789012","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}]}"#;

fn import(place: &Place, more: &[&str]) -> Ran {
    ran(place.command().args(["archive", "import", "--archive", "a.db"]).args(more))
}

#[test]
fn an_import_can_be_run_against() {
    let place = Place::new();
    place.write("ec2.describe-security-groups.json", GROUPS);
    import(&place, &["--at", "2025-11-23T09:00:00Z", "ec2.describe-security-groups.json"]).exits(0);
    let run = place.run(["-e", "archive:a.db", "-o", "jsonl", "secgroups"]);
    // view/instances was never taken in: said, with the command that mends it.
    run.says(&["view.instances", "reddalert archive import"]);
}

#[test]
fn bad_files_change_nothing() {
    let place = Place::new();
    place.write("cut.json", &GROUPS[..GROUPS.len() - 20]);
    place.write("unknown.json", r#"{"Surprises":[]}"#);
    place.write("list.json", "[1,2]");
    place.write("good.json", GROUPS);
    import(&place, &["cut.json", "good.json"]).exits(4).says(&["cut.json"]);
    import(&place, &["list.json"]).exits(4).says(&["list.json"]);
    import(&place, &["nowhere.json"]).exits(4).says(&["nowhere.json"]);
    assert!(!place.path("a.db").exists() || import(&place, &["--at", "2025-01-01T00:00:00Z", "good.json"]).code == 0);
}

#[test]
fn imports_of_one_source_go_forward_in_time() {
    let place = Place::new();
    place.write("groups.json", GROUPS);
    import(&place, &["--at", "2025-11-23T09:00:00Z", "groups.json"]).exits(0);
    import(&place, &["--at", "2025-11-23T09:00:00Z", "groups.json"]).exits(4).says(&["2025-11-23T09:00:00"]);
    import(&place, &["--at", "2999-01-01T00:00:00Z", "groups.json"]).exits(4).says(&["future"]);
}

#[test]
fn an_archive_that_is_missing_empty_or_damaged_is_named() {
    let place = Place::new();
    place.run(["-e", "archive:none.db", "elbs"]).exits(4).says(&["none.db", "reddalert archive import"]);
    place.write("text.db", "I am no database, whatever my name says. ".repeat(200));
    place.run(["-e", "archive:text.db", "elbs"]).exits(4).says(&["text.db"]);
    assert!(!place.path("none.db").exists(), "a reader makes no archive");
}

#[test]
fn an_archive_that_stands_still_is_stale_unless_the_operator_chose_the_moment() {
    let place = Place::new();
    let dump = project().join("etc/demo/t0");
    import(&place, &["--at", "2025-11-23T09:00:00Z", &dump.to_string_lossy()]).exits(0);
    place.run(["-e", "archive:a.db", "elbs"]).exits(4).says(&["aws.loadBalancers", "stale-after"]);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(1_763_888_400_001_i64));
    Place::run(&place, ["-e", "archive:a.db", "-u", "2025-11-23T09:00:00Z", "--since", "0", "elbs"]).exits(0);
}
