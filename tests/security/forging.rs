//! Rules that speak in another rule's name, or in the program's.

use serde_json::json;

use super::attack::{Attack, Ends, Group, attack};
use super::{alerts_of, ends_well, fails, nothing};

pub(super) fn groups() -> Vec<Group> {
    vec![Group { title: "Forged names, ids and lines", attacks: forging() }]
}

fn forging() -> Vec<Attack> {
    let visible = "what could act on a line or a terminal is made visible";
    vec![
        attack(
            "forges_name",
            "forges_name.wat",
            "pass its alert off as one of `elbs`",
            "the name and the id of an alert are the host's; labels are labels",
            Ends::Harmless(|attack, place, ran| {
                ends_well(attack, place, ran);
                let alerts = alerts_of(attack, ran);
                assert_eq!(alerts.len(), 1, "{alerts:?}");
                assert_eq!(alerts[0]["labels"], json!({"alert_id": "elbs", "plugin_name": "elbs", "rule": "elbs"}));
                assert_eq!(alerts[0]["alert_id"].as_str().map(str::len), Some(32));
            }),
        ),
        Attack {
            output: "stdout_tabsep",
            ..attack(
                "forges_rows",
                "forges_lines.wat",
                "add lines of another rule to a table",
                visible,
                Ends::Harmless(|attack, place, ran| {
                    ends_well(attack, place, ran);
                    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
                    let own = ran.stdout.lines().filter(|line| line.starts_with(&format!("{}\tx\\nelbs\\tforged", attack.name)));
                    assert_eq!(own.count(), 1, "{}", ran.stdout);
                }),
            )
        },
        Attack {
            output: "stdout",
            ..attack(
                "forges_blocks",
                "forges_lines.wat",
                "add an alert of another rule to what people read",
                visible,
                Ends::Harmless(|attack, place, ran| {
                    assert_eq!(ran.code, 0, "{}", ran.stderr);
                    let rules: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("Rule: ")).collect();
                    assert_eq!(rules, ["Rule: elbs", &format!("Rule: {}", attack.name)], "{}", ran.stdout);
                    assert!(place.status().is_object());
                }),
            )
        },
        attack(
            "forges_report",
            "forges_report.wat",
            "fail with the words of a summary in which all is well",
            "what a rule says is indented, and made visible",
            Ends::Harmless(|attack, place, ran| {
                fails(attack, place, ran, &["failed, nothing of it counts: calm", "\\u001b[2J"]);
                let forged = |line: &&str| line.starts_with("done: 0 alerts") || *line == "  elbs: 0 alerts in 1 ms";
                assert_eq!(ran.stderr.lines().find(forged), None, "{}", ran.stderr);
            }),
        ),
        attack(
            "forges_log",
            "forges_log.wat",
            "log a line of another rule",
            visible,
            Ends::Harmless(|attack, place, ran| {
                nothing(attack, place, ran);
                assert!(ran.stderr.contains("\\u000a2026-01-01T00:00:00Z ERROR rule=elbs forged\\u001b[2J"), "{}", ran.stderr);
            }),
        ),
        attack(
            "script_link",
            "script_link.wat",
            "put a script behind a link",
            "a link that is not `https://` is left out, and named",
            Ends::Harmless(|attack, place, ran| {
                ends_well(attack, place, ran);
                assert!(
                    alerts_of(attack, ran)[0]["url"].is_null() && ran.stderr.contains("URLs do not begin with `https://`"),
                    "{}",
                    ran.stderr
                );
            }),
        ),
    ]
}
