//! `make demo`: the first thing a newcomer sees.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::json;

use crate::support::{Place, project, ran};

const T0: &str = "2025-11-23T09:00:00Z";
const T1: &str = "2025-11-24T09:00:00Z";

#[test]
fn the_changes_of_a_day_give_ten_alerts_and_a_third_run_none() {
    let place = Place::new();
    let archive = place.path("archive.db");
    let run = |more: &[&str]| {
        let mut command = place.command();
        command.arg("-c").arg(project().join("etc/demo/configfile.json")).arg("--edda").arg(format!("archive:{}", archive.display()));
        ran(command.args(["-o", "jsonl"]).args(more)).exits(0)
    };
    let import = |at: &str, dump: &str| {
        let mut command = place.command();
        ran(command.args(["archive", "import", "--at", at, "--archive"]).arg(&archive).arg(project().join(dump))).exits(0)
    };

    import(T0, "etc/demo/t0");
    assert_eq!(run(&["--learn"]).stdout, "");
    import(T1, "etc/demo/t1");
    let alerts = run(&[]).alerts();

    let found: BTreeSet<String> = alerts.iter().map(|alert| format!("{} {}", alert["plugin_name"], alert["id"]).replace('"', "")).collect();
    let name_of = |id: &String| {
        id.split_once(" sg-").map_or(id.clone(), |(rule, group)| format!("{rule} {}", &group[group.find('(').unwrap_or(0)..]))
    };
    let names: BTreeSet<String> = found.iter().map(name_of).collect();
    let expected = [
        "secgroups (postgres)",
        "secgroups (bastion)",
        "secgroups (debug-all)",
        "ami ami-6cc0f57f973302642",
        "elbs web-elb",
        "elbs kibana-elb",
        "newtag build",
        "missingtag ami-1e749f67",
        "iam bob",
        "iam mallory",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
    assert_eq!(alerts.len(), 10);
    assert!(alerts.iter().all(|alert| alert["until"] == json!(1_763_974_800_001_i64)), "{alerts:#?}");

    assert_eq!(run(&[]).stdout, "");
}

#[test]
fn the_script_of_the_demo_prints_them() {
    let ran = ran(Command::new(project().join("etc/demo/demo.sh")).current_dir(project())).exits(0);
    assert_eq!(ran.stdout.matches("Rule: ").count(), 10, "{}", ran.stdout);
    ran.says(&["== 1.", "== 5.", "What to try next"]);
}
