//! The rules that look at web pages, before a real web server.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Ran, Site, WebSites};

const RULES: [&str; 3] = ["route53changed", "security_headers", "sso_unprotected"];

/// A removed bucket, a page behind the login, one in good order with TLS, one that leads to the removed bucket, one that leads to where
/// nothing is granted, one that anybody may put into a frame.
const SITES: [Site; 6] = [
    site("127.0.0.11", "return 404 '<Code>NoSuchBucket</Code>';", false),
    site("127.0.0.12", "return 302 https://login.test/?for=http%3A%2F%2F127.0.0.12%2F;", false),
    site("127.0.0.13", "add_header X-Frame-Options DENY; return 200 'all good';", true),
    site("127.0.0.14", "return 302 http://127.0.0.11/;", false),
    site("127.0.0.15", "return 302 http://127.0.0.99/;", false),
    site("127.0.0.16", "return 200 'frame me';", false),
];

const fn site(address: &'static str, page: &'static str, tls: bool) -> Site {
    Site { address, page, tls }
}

fn account() -> EddaServer {
    let record = |name: &str| json!({"name": name, "type": "CNAME", "resourceRecords": [{"value": "edge.partner.test"}]});
    let mut records: Vec<Value> = SITES.iter().map(|site| record(site.address)).collect();
    records.push(record("\\052.test."));
    Account::empty().with("aws/hostedRecords", Value::Array(records)).serve()
}

/// With every name of the inventory granted, where that is wanted, and the right certificate.
fn config(place: &Place, web: Option<&WebSites>) {
    let mut config = json!({"plugin.sso_unprotected": {"sso_url": r"https://login\.test/\?for=https?://([^/]+)/"}});
    for rule in RULES {
        if let Some(web) = web {
            let hosts = ["inventory:aws/hostedRecords.name"];
            config[format!("grants.{rule}")] =
                json!({"schemes": ["http", "https"], "hosts": hosts, "private": ["127.0.0.0/8"], "ca": web.certificate()});
        }
    }
    place.config(&config);
}

fn run(place: &Place, edda: &EddaServer) -> Ran {
    place.run(["-e", &edda.url, "-o", "jsonl"].iter().chain(&RULES))
}

fn told(ran: &Ran) -> BTreeSet<String> {
    ran.alerts().iter().map(|alert| format!("{} {}", alert["plugin_name"], alert["id"]).replace('"', "")).collect()
}

#[test]
fn the_pages_of_a_real_server_are_looked_at_once() {
    let Some(web) = WebSites::start("the_pages_of_a_real_server_are_looked_at_once", &SITES) else { return };
    let (place, edda) = (Place::new(), account());
    config(&place, Some(&web));
    let expected = [
        // The status 404 of a removed bucket, and a redirect to it.
        "route53changed http://127.0.0.11",
        "route53changed http://127.0.0.14",
        "security_headers http://127.0.0.16",
        "sso_unprotected http://127.0.0.13",
        "sso_unprotected https://127.0.0.13",
        "sso_unprotected http://127.0.0.14",
        "sso_unprotected http://127.0.0.15",
        "sso_unprotected http://127.0.0.16",
    ];
    assert_eq!(told(&run(&place, &edda).exits(0)), expected.map(ToOwned::to_owned).into());
    let hashes = place.status()["plugin.route53changed"]["hashes"].clone();
    assert_eq!(hashes["https://127.0.0.11"]["hash"], "-");
    assert_ne!(hashes["http://127.0.0.15"]["hash"], "-", "a redirect to where nothing is granted is a page too");
    assert_eq!(told(&run(&place, &edda).exits(0)), BTreeSet::new());
}

#[test]
fn what_is_not_granted_fails_each_rule_with_the_line_to_add() {
    let (place, edda) = (Place::new(), account());
    config(&place, None);
    let ran = run(&place, &edda).exits(2);
    assert_eq!(ran.stdout, "");
    ran.says(&["grants.route53changed", "grants.security_headers", "grants.sso_unprotected"]);
    assert_eq!(place.status().get("plugin.route53changed"), None);
}
