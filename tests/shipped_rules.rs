//! The shipped rules as files: what each can do, and what becomes of those that nobody has set up.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Account, Place};

/// What each rule can ask beside the inventory, its status and the report.
const NETWORK: [(&str, Option<&str>); 12] = [
    ("ami", None),
    ("elbs", None),
    ("iam", None),
    ("missingtag", None),
    ("newtag", None),
    ("non_chef", Some("http")),
    ("route53changed", Some("http")),
    ("route53unknown", Some("http")),
    ("s3acl", Some("http")),
    ("secgroups", Some("tcp")),
    ("security_headers", Some("http")),
    ("sso_unprotected", Some("http")),
];

#[test]
fn a_rule_imports_the_network_only_if_it_uses_it() {
    for (rule, network) in NETWORK {
        let listed = Place::new().run(["rules", rule]).exits(0).stdout;
        let can_ask = listed.lines().find_map(|line| line.strip_prefix("  can ask  ")).unwrap_or_else(|| panic!("{listed}"));
        let can_ask: BTreeSet<&str> = can_ask.split(", ").collect();
        assert_eq!(can_ask, ["edda", "status", "report"].into_iter().chain(network).collect(), "{rule}");
        assert!(!listed.contains("manifest none"), "{listed}");
    }
}

#[test]
fn rules_that_nobody_has_set_up_are_left_out_and_named() {
    let (place, edda) = (Place::new(), Account::empty().serve());
    let ran = place.run(["-e", &edda.url]).exits(0);
    assert_eq!(ran.stderr, "", "cron is not told at every run");
    let left_out = "non_chef, route53changed, route53unknown, s3acl, security_headers, sso_unprotected";
    place.run(["check", "-e", &edda.url]).exits(0).says(&[&format!("not set up, so not run: {left_out};")]);
    // Named on the command line, or with a setting of its own, a rule is run and says what it lacks.
    place.run(["-e", &edda.url, "non_chef"]).exits(2).says(&["`chef_server_url`"]);
    place.config(&json!({"plugin.non_chef": {"chef_managed": true}}));
    place.run(["-e", &edda.url]).exits(2).says(&["`chef_server_url`"]);
}
