use serde_json::json;

use super::{names, read};
use crate::settings::Limits;

/// What `check_rules` says, without the name of the file: its refusal, or else its warnings.
fn check(text: &str, known: &[&str]) -> Result<String, String> {
    let shown = |text: String| text.replace("/etc/reddalert/c.json:", "");
    match read(text).check_rules(&names(known)) {
        Ok(warnings) => Ok(shown(warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))),
        Err(error) => Err(shown(error.to_string())),
    }
}

#[test]
fn every_rule_file_is_a_rule_with_its_own_settings_and_limits() {
    let settings = read(r#"{"plugin.elbs": {"allowed_ports": [443]}, "limits": {"elbs": {"memory": "1GiB", "alerts": 7}}}"#);
    let rules = settings.rules(&names(&["elbs", "ami"]));
    let shown: Vec<_> = rules.iter().map(|rule| (rule.name.as_str(), rule.file.as_str(), &rule.settings)).collect();
    assert_eq!(shown, [("ami", "ami", &json!({})), ("elbs", "elbs", &json!({"allowed_ports": [443]}))]);
    assert_eq!(rules[0].limits, Limits::default());
    assert_eq!(rules[1].limits, Limits { memory: 1 << 30, alerts: 7, ..Limits::default() });
}

#[test]
fn a_second_copy_has_settings_and_limits_of_its_own() {
    let settings = read(
        r#"{"plugin.elbs": {"a": 1}, "plugin.elbs_prod": {"$rule": "elbs", "a": 2},
            "limits.elbs": {"alerts": 1}, "limits.elbs_prod": {"alerts": 2}}"#,
    );
    let rules = settings.rules(&names(&["elbs"]));
    let shown: Vec<_> = rules.iter().map(|rule| (rule.name.as_str(), rule.file.as_str(), &rule.settings, rule.limits.alerts)).collect();
    assert_eq!(shown, [("elbs", "elbs", &json!({"a": 1}), 1), ("elbs_prod", "elbs", &json!({"a": 2}), 2)]);
    assert_eq!(settings.check_rules(&names(&["elbs"])).expect("no mistake"), []);
}

#[test]
fn the_old_name_of_the_chef_section_is_understood() {
    // Q10.
    let settings = read(r#"{"plugin.chef": {"client_name": "x"}}"#);
    assert_eq!(settings.rules(&names(&["non_chef"]))[0].settings, json!({"client_name": "x"}));
    let own_rule = settings.rules(&names(&["chef", "non_chef"]));
    assert_eq!((&own_rule[0].settings, &own_rule[1].settings), (&json!({"client_name": "x"}), &json!({})));
    assert_eq!(check(r#"{"plugin.chef": {}}"#, &["non_chef"]), Ok("1:2: `plugin.chef`: taken as `plugin.non_chef`: rename it".into()));
    let both = check(r#"{"plugin.chef": {}, "plugin.non_chef": {}}"#, &["non_chef"]);
    assert_eq!(both, Err("1:2: `plugin.chef`: `plugin.chef` and `plugin.non_chef` are one section".into()));
}

#[test]
fn sections_of_old_rules_that_are_not_there_are_warnings() {
    let text = r#"{"plugin.s3acl": {"user": "x"}, "plugin.chef": {}}"#;
    let warnings = check(text, &["ami"]).expect("no mistake");
    assert!(warnings.contains("1:2: `plugin.s3acl`: there is no rule file `s3acl`: this section is not used"), "{warnings}");
    assert!(warnings.contains("`plugin.chef`: there is no rule file `chef`"), "{warnings}");
}

#[test]
fn everything_else_about_a_rule_that_is_not_there_is_a_mistake() {
    let cases = [
        (
            r#"{"plugin.elb": {}}"#,
            "1:2: `plugin.elb`: there is no rule `elb`: did you mean `elbs`? (rules: ami, elbs); for a second copy of a rule add `\"$rule\": \"NAME\"`",
        ),
        (
            r#"{"plugin.prod": {"$rule": "elb"}}"#,
            "1:27: `plugin.prod.$rule`: there is no rule `elb`: did you mean `elbs`? (rules: ami, elbs)",
        ),
        (
            r#"{"plugin.ami": {"$rule": "elbs"}}"#,
            "1:26: `plugin.ami.$rule`: `ami` is a rule file itself: a copy of `elbs` needs another name",
        ),
        (r#"{"limits": {"amy": {}}}"#, "1:13: `limits.amy`: there is no rule `amy`: did you mean `ami`? (rules: ami, elbs)"),
        (r#"{"grants.zzz": []}"#, "1:2: `grants.zzz`: there is no rule `zzz` (rules: ami, elbs)"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text, &["ami", "elbs"]), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn all_wrong_sections_are_told_at_once() {
    let listing = check(r#"{"limits.a": {}, "grants.b": [], "plugin.c": {}}"#, &[]).expect_err("mistakes");
    assert!(listing.starts_with("3 mistakes in the settings:"), "{listing}");
    assert!(listing.contains("there is no rule `a` (rules: none found)"), "{listing}");
}

#[test]
fn a_rule_may_be_a_copy_of_itself() {
    assert_eq!(check(r#"{"plugin.ami": {"$rule": "ami", "a": 1}}"#, &["ami"]), Ok(String::new()));
}

#[test]
fn names_that_no_rule_can_have_are_mistakes_when_reading() {
    for text in [
        r#"{"plugin.": {}}"#,
        r#"{"plugin.A": {}}"#,
        r#"{"limits": {"../ami": {}}}"#,
        r#"{"plugin.a": {"$rule": "B"}}"#,
        r#"{"plugin.a.b": {}}"#,
    ] {
        assert!(super::parse(text).is_err(), "{text}");
    }
}
