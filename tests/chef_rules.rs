//! The rules that ask Chef, before a real Chef server.

use reddalert::credentials::SigningOptions;
use reddalert::settings::ChefVersion;
use serde_json::{Value, json};

use crate::signing::{chef, send};
use crate::support::{Account, ChefServer, EddaServer, Place, Ran};

const SINCE: u64 = 1_700_000_000_000;
const UNTIL: u64 = SINCE + 600_000;
/// What a machine has to make itself known to Chef.
const THREE_HOURS: u64 = 3 * 3_600_000;

fn register(server: &ChefServer, name: &str, automatic: &Value) {
    let admin = chef("admin", &server.key("admin"), ChefVersion::V1_3);
    let json = [("accept", "application/json"), ("content-type", "application/json"), ("x-chef-version", "11.4.0")];
    let node = json!({"name": name, "chef_type": "node", "json_class": "Chef::Node", "automatic": automatic, "normal": {}, "default": {},
        "override": {}, "run_list": []});
    let made = send(&admin, &SigningOptions::default(), "POST", &format!("{}/nodes", server.url()), &json, &node.to_string());
    assert_eq!(made.0, 201, "{}", made.1);
}

fn machine(id: &str, address: &str) -> Value {
    json!({"instanceId": id, "publicIpAddress": address, "keyName": "ops", "launchTime": SINCE - THREE_HOURS, "tags": []})
}

fn account() -> EddaServer {
    let record = |name: &str, value: &str| json!({"name": name, "type": "A", "resourceRecords": [{"value": value}]});
    let records = [
        record("machine.test.", "192.0.2.20"),
        record("managed.test.", "203.0.113.77"),
        record("interface.test.", "203.0.113.78"),
        record("foreign.test.", "203.0.113.99"),
    ];
    Account::empty()
        .with("view/instances", json!([machine("i-managed", "192.0.2.10"), machine("i-stranger", "192.0.2.20")]))
        .with("aws/hostedRecords", json!(records))
        .serve()
}

fn config(place: &Place, server: &ChefServer, key: &str) {
    place.write("etc/chef.pem", key);
    let section = json!({"chef_server_url": server.url(), "client_name": "admin", "client_key_file": "chef.pem"});
    let grant = json!({"schemes": "http", "hosts": "setting:chef_server_url", "methods": "POST", "private": "127.0.0.1"});
    place.config(
        &json!({"plugin.non_chef": section, "plugin.route53unknown": section, "grants.non_chef": grant, "grants.route53unknown": grant}),
    );
}

fn run(place: &Place, edda: &EddaServer) -> Ran {
    let (since, until) = (SINCE.to_string(), UNTIL.to_string());
    place.run(["-e", &edda.url, "-o", "stdout_tabsep", "-s", &since, "-u", &until, "non_chef", "route53unknown"])
}

#[test]
fn strangers_are_told_from_the_machines_that_a_real_chef_server_knows() {
    let Some(server) = ChefServer::start("strangers_are_told_from_the_machines_that_a_real_chef_server_knows") else { return };
    register(&server, "managed", &json!({"cloud": {"public_ipv4": "192.0.2.10", "public_ips": ["203.0.113.77"], "provider": "ec2"}}));
    let interfaces = json!({"eth0": {"addresses": {"0A:00": {"family": "lladdr"}, "203.0.113.78": {"family": "inet"}}}});
    register(&server, "bare-metal", &json!({"ipaddress": "198.51.100.7", "network": {"interfaces": interfaces}}));
    let (place, edda) = (Place::new(), account());
    config(&place, &server, &server.key("admin"));

    let ran = run(&place, &edda).exits(0);
    let told: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(told.len(), 2, "{}", ran.stdout);
    assert!(told[0].starts_with("non_chef\tops-None\t") && told[0].contains("i-stranger"), "{}", told[0]);
    assert_eq!(told[1], "route53unknown\tforeign.test.\t203.0.113.99");
    assert_eq!(place.status()["plugin.non_chef"]["first_seen"], json!({"i-stranger": SINCE - THREE_HOURS}));
}

#[test]
fn q27_a_chef_server_that_refuses_fails_the_rules() {
    let Some(server) = ChefServer::start("q27_a_chef_server_that_refuses_fails_the_rules") else { return };
    let (place, edda) = (Place::new(), account());
    config(&place, &server, &server.key("chef-validator"));
    let ran = run(&place, &edda).exits(2).says(&["the Chef server answers 401"]);
    assert!(!ran.stderr.contains("PRIVATE KEY"), "{}", ran.stderr);
    assert_eq!(place.status().get("plugin.non_chef"), None);
}
