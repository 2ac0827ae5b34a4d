//! The shipped rules as files: what each can do, and what becomes of those that nobody has set up.

use serde_json::json;

use crate::support::{Account, Place};

/// What each rule can ask beside the inventory, its status and the report.
const NETWORK: [(&str, &str); 12] = [
    ("ami", ""),
    ("elbs", ""),
    ("iam", ""),
    ("missingtag", ""),
    ("newtag", ""),
    ("non_chef", ", http"),
    ("route53changed", ", http"),
    ("route53unknown", ", http"),
    ("s3acl", ", http"),
    ("secgroups", ", tcp"),
    ("security_headers", ", http"),
    ("sso_unprotected", ", http"),
];

#[test]
fn a_rule_imports_the_network_only_if_it_uses_it() {
    for (rule, network) in NETWORK {
        let listed = Place::new().run(["rules", rule]).exits(0).stdout;
        let can_ask = listed.lines().find_map(|line| line.strip_prefix("  can ask  ")).unwrap_or_else(|| panic!("{listed}"));
        assert_eq!(can_ask, format!("edda, status, report{network}"), "{rule}");
        assert!(!listed.contains("manifest none"), "{listed}");
    }
}

#[test]
fn rules_that_nobody_has_set_up_are_left_out_and_named() {
    let (place, edda) = (Place::new(), Account::empty().serve());
    let ran = place.run(["--log-format", "human", "-e", &edda.url]).exits(0);
    assert_eq!(ran.stderr, "", "cron is not told at every run");
    let left_out = "non_chef, route53changed, route53unknown, s3acl, security_headers, sso_unprotected";
    place.run(["check", "-e", &edda.url]).exits(0).says(&[&format!("not set up, so not run: {left_out};")]);
    // Named on the command line, or with a section of its own, a rule is run and says what it lacks.
    place.run(["-e", &edda.url, "non_chef"]).exits(2).says(&["`chef_server_url`"]);
    place.config(&json!({"plugin.non_chef": {}}));
    place.run(["-e", &edda.url]).exits(2).says(&["`chef_server_url`"]);
}
