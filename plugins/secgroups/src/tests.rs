use reddalert_sdk::mock::{self, MockHost};
use reddalert_sdk::{Alert, CallError, ErrorKind, Level, Severity, Times, Window};
use serde_json::{Value, json};

use crate::Secgroups;

fn permission(protocol: &str, [from, to]: [Value; 2], ranges: &[&str]) -> Value {
    json!({"ipProtocol": protocol, "fromPort": from, "toPort": to, "ipRanges": ranges, "ipv6Ranges": [], "userIdGroupPairs": []})
}

fn tcp(port: u16, ranges: &[&str]) -> Value {
    permission("tcp", [json!(port), json!(port)], ranges)
}

fn group(id: &str, permissions: &[Value]) -> Value {
    json!({"groupId": id, "groupName": "web", "ownerId": "123456789012", "ipPermissions": permissions})
}

fn machine(id: &str, address: impl Into<Value>, groups: &[&str]) -> Value {
    let address: Value = address.into();
    let groups: Vec<_> = groups.iter().map(|group| json!({"groupId": group})).collect();
    json!({
        "instanceId": id, "publicIpAddress": address, "privateIpAddress": null, "securityGroups": groups,
        "placement": {"availabilityZone": "eu-west-1b"}, "tags": [{"key": "Name", "value": "box"}, {"key": "owner", "value": "bob"}]
    })
}

fn host<const G: usize, const M: usize>(groups: [Value; G], machines: [Value; M]) -> MockHost {
    MockHost::new(Window { since: 100, until: 200 })
        .with_documents_at("aws/securityGroups;_expand", Times::Updated, groups)
        .with_documents_at("view/instances;_expand", Times::Window, machines)
}

fn run_with(settings: &Value, host: &MockHost) -> Vec<Alert> {
    mock::run::<Secgroups>(settings, host).expect("a run")
}

/// Whether a group with this permission alone is told.
fn is_told(settings: &Value, permission: Value) -> bool {
    !run_with(settings, &host([group("sg-1", &[permission])], [])).is_empty()
}

#[test]
fn cases() {
    reddalert_sdk::cases::run::<Secgroups>("cases");
}

#[test]
fn an_open_port_is_told_with_the_machines_behind_it() {
    let machines = [machine("i-1", "192.0.2.1", &["sg-0", "sg-1"]), machine("i-2", Value::Null, &["sg-1"]), machine("i-3", "", &["sg-2"])];
    let alerts = run_with(&json!({}), &host([group("sg-1", &[tcp(5432, &["0.0.0.0/0"])])], machines));
    assert_eq!((&*alerts[0].id, alerts.len()), ("sg-1 (web)", 1));
    assert_eq!(alerts[0].title.as_deref(), Some("Security group web lets in tcp 5432 from 0.0.0.0/0"));
    assert_eq!(alerts[0].severity, Some(Severity::High));
    let expected = json!({
        "fromPort": 5432, "toPort": 5432, "ipProtocol": "tcp", "ipRanges": ["0.0.0.0/0"],
        "awsAccount": "123456789012", "awsRegion": "eu-west-1",
        "ipAddresses": ["192.0.2.1"], "machines": ["i-1 (192.0.2.1): box,bob", "i-2 (None): box,bob"], "port_open": null
    });
    assert_eq!(alerts[0].details[0].to_json(), expected);
    assert_eq!(alerts[0].labels[1], ("region".to_owned(), "eu-west-1".to_owned()));
}

#[test]
fn what_is_allowed_is_quiet() {
    let settings = json!({"allowed_ports": [443], "whitelisted_ips": ["203.0.113.0/24", "10"]});
    assert!(!is_told(&settings, tcp(443, &["0.0.0.0/0"])));
    assert!(!is_told(&settings, permission("icmp", [json!(-1), json!(-1)], &["0.0.0.0/0"])));
    assert!(!is_told(&settings, tcp(22, &["203.0.113.7/32", "10.0.0.0/32"])));
    assert!(!is_told(&settings, tcp(22, &[])));
    assert!(is_told(&settings, tcp(22, &["203.0.113.7/32", "10.0.0.0/31"])));
}

#[test]
fn a_range_of_ports_is_never_allowed_by_its_ports() {
    let settings = json!({"allowed_ports": [80, 81]});
    assert!(is_told(&settings, permission("tcp", [json!(80), json!(81)], &["0.0.0.0/0"])));
    assert!(is_told(&settings, permission("-1", [json!(null), json!(null)], &["0.0.0.0/0"])));
    assert!(is_told(&settings, permission("tcp", [json!(null), json!(80)], &["0.0.0.0/0"])));
}

#[test]
fn q22_ipv6_ranges_count_and_are_told_where_there_are_any() {
    let mut open = tcp(22, &[]);
    open["ipv6Ranges"] = json!([{"cidrIpv6": "::/0", "description": null}]);
    let alerts = run_with(&json!({"whitelisted_ips": ["0.0.0.0/0"]}), &host([group("sg-1", &[open.clone()])], []));
    assert_eq!(alerts[0].details[0].to_json()["ipv6Ranges"], json!(["::/0"]));
    assert_eq!(alerts[0].title.as_deref(), Some("Security group web lets in tcp 22 from ::/0"));
    assert!(!is_told(&json!({"whitelisted_ips": ["::/0"]}), open.clone()));
    assert!(!is_told(&json!({"whitelisted_entries": {"sg-1 (web)": {"22": ["::/0"]}}}), open));
}

#[test]
fn the_title_names_the_range_that_is_everybody() {
    let alerts = run_with(&json!({}), &host([group("sg-1", &[tcp(22, &["192.0.2.0/24", "0.0.0.0/0"])])], []));
    assert_eq!(alerts[0].title.as_deref(), Some("Security group web lets in tcp 22 from 0.0.0.0/0 and 1 more"));
}

#[test]
fn an_entry_holds_for_its_group_its_ports_and_its_ranges_only() {
    let entry = |group: &str, ports: &str, ranges: Value| json!({"whitelisted_entries": {group: {ports: ranges}}});
    let open = || permission("tcp", [json!(8000), json!(9000)], &["0.0.0.0/0"]);
    assert!(!is_told(&entry("sg-1 (web)", "8000-9000", json!(["0.0.0.0/0", "::/0"])), open()));
    assert!(is_told(&entry("sg-1 (other)", "8000-9000", json!(["0.0.0.0/0"])), open()));
    assert!(is_told(&entry("sg-1 (web)", "8000", json!(["0.0.0.0/0"])), open()));
    assert!(is_told(&entry("sg-1 (web)", "8000-9000", json!(["192.0.2.0/24"])), open()));
    assert!(is_told(&entry("sg-1 (web)", "8000-9000", json!([])), open()));
    assert!(!is_told(&entry("sg-1 (web)", "None", json!(["0.0.0.0/0"])), permission("-1", [json!(null), json!(null)], &["0.0.0.0/0"])));
}

#[test]
fn q21_a_text_is_one_entry_and_no_substring_search() {
    let settings = |text: &str| json!({"whitelisted_entries": {"sg-1 (web)": {"22": text}}});
    assert!(!is_told(&settings("10.0.0.0/8"), tcp(22, &["10.0.0.0/8"])));
    assert!(is_told(&settings("110.0.0.0/8"), tcp(22, &["10.0.0.0/8"])));
}

#[test]
fn q23_a_range_that_is_no_network_is_reported_and_not_allowed() {
    let host = host([group("sg-1", &[tcp(22, &["anywhere"])])], []);
    assert_eq!(run_with(&json!({"whitelisted_ips": ["10.0.0.0/8"]}), &host).len(), 1);
    assert_eq!(host.skipped_things()[0].0, "sg-1 (web)");
}

#[test]
fn the_newest_revision_of_a_group_alone_counts() {
    let open = || group("sg-1", &[tcp(22, &["0.0.0.0/0"])]);
    assert_eq!(run_with(&json!({}), &host([group("sg-1", &[]), open()], [])), []);
    assert_eq!(run_with(&json!({}), &host([open(), group("sg-1", &[])], [])).len(), 1);
}

#[test]
fn the_newest_revision_of_a_machine_in_the_group_counts_once() {
    let machines = [
        machine("i-1", "192.0.2.9", &["sg-other"]),
        machine("i-1", "192.0.2.2", &["sg-1", "sg-1"]),
        machine("i-1", "192.0.2.1", &["sg-1"]),
    ];
    let alerts = run_with(&json!({}), &host([group("sg-1", &[tcp(22, &["0.0.0.0/0"])])], machines));
    assert_eq!(alerts[0].details[0].to_json()["machines"], json!(["i-1 (192.0.2.2): box,bob"]));
}

#[test]
fn a_port_is_not_open_where_nothing_could_answer() {
    let port_open = |ports: [Value; 2], machines: [Value; 1]| {
        let alerts = run_with(&json!({}), &host([group("sg-1", &[permission("tcp", ports, &["0.0.0.0/0"])])], machines));
        alerts[0].details[0].to_json()["port_open"].clone()
    };
    let reachable = || [machine("i-1", "192.0.2.1", &["sg-1"])];
    assert_eq!(port_open([json!(22), json!(22)], reachable()), Value::Null);
    assert_eq!(port_open([json!(1), json!(65535)], reachable()), Value::Null);
    for ports in [[json!(0), json!(0)], [json!(null), json!(22)], [json!(22), json!(65536)], [json!("22"), json!("22")]] {
        assert_eq!(port_open(ports, reachable()), false);
    }
    assert_eq!(port_open([json!(22), json!(22)], [machine("i-1", Value::Null, &["sg-1"])]), false);
    assert_eq!(port_open([json!(22), json!(22)], [machine("i-1", "192.0.2.1", &["sg-2"])]), false);
}

/// What the alert about a range of ports says, when the machine answers so.
fn probed(ports: [u16; 2], answers: &[(&str, Result<bool, CallError>)]) -> (Value, Vec<String>) {
    let range = permission("tcp", ports.map(Value::from), &["0.0.0.0/0"]);
    let host = host([group("sg-1", &[range])], [machine("i-1", "192.0.2.1", &["sg-1"]), machine("i-2", "192.0.2.2", &["sg-1"])]);
    let host = answers.iter().fold(host, |host, (target, answer)| host.with_port(target, answer.clone()));
    let alerts = run_with(&json!({}), &host);
    (alerts[0].details[0].to_json()["port_open"].clone(), host.probed_ports())
}

fn error(kind: ErrorKind) -> CallError {
    CallError { kind, status: None, message: String::new() }
}

#[test]
fn q24_the_first_machine_is_asked_about_each_port() {
    let (open, asked) = probed([21, 22], &[("192.0.2.1:21", Ok(false)), ("192.0.2.1:22", Ok(true))]);
    assert_eq!((open, asked), (json!(true), vec!["192.0.2.1:21".to_owned(), "192.0.2.1:22".to_owned()]));
    assert_eq!(probed([21, 22], &[("192.0.2.1:21", Ok(false)), ("192.0.2.1:22", Ok(false))]).0, json!(false));
    assert_eq!(probed([22, 22], &[("192.0.2.1:22", Err(error(ErrorKind::TimedOut)))]).0, json!(false));
}

#[test]
fn q24_what_could_not_be_asked_is_not_known() {
    assert_eq!(probed([22, 22], &[("192.0.2.1:22", Err(error(ErrorKind::Denied)))]).0, Value::Null);
    assert_eq!(probed([21, 22], &[("192.0.2.1:21", Ok(false)), ("192.0.2.1:22", Err(error(ErrorKind::Other)))]).0, Value::Null);
    assert_eq!(probed([21, 22], &[("192.0.2.1:21", Err(error(ErrorKind::Denied))), ("192.0.2.1:22", Ok(true))]).0, json!(true));
}

#[test]
fn q24_a_wide_range_is_not_asked_about() {
    assert_eq!(probed([1, 21], &[]).1.len(), 21);
    assert_eq!(probed([1, 22], &[]), (Value::Null, Vec::new()));
    assert_eq!(probed([22, 21], &[]), (json!(false), Vec::new()));
}

#[test]
fn q24_a_port_of_several_groups_is_asked_about_once() {
    let groups = [group("sg-1", &[tcp(22, &["0.0.0.0/0"]), tcp(22, &["::/0"])]), group("sg-2", &[tcp(22, &["0.0.0.0/0"])])];
    let host = host(groups, [machine("i-1", "192.0.2.1", &["sg-1", "sg-2"])]).with_port("192.0.2.1:22", Ok(true));
    assert_eq!(run_with(&json!({}), &host).len(), 2);
    assert_eq!(host.probed_ports(), ["192.0.2.1:22"]);
}

#[test]
fn the_severity_is_that_of_the_widest_permission() {
    let severity = |permissions: &[Value]| run_with(&json!({}), &host([group("sg-1", permissions)], []))[0].severity;
    assert_eq!(severity(&[tcp(22, &["198.51.100.0/24"])]), Some(Severity::Low));
    assert_eq!(severity(&[tcp(22, &["198.51.100.0/24"]), tcp(8080, &["0.0.0.0/0"])]), Some(Severity::Medium));
    assert_eq!(severity(&[tcp(8080, &["0.0.0.0/0"]), permission("-1", [json!(null), json!(null)], &["0.0.0.0/0"])]), Some(Severity::High));
}

#[test]
fn an_empty_inventory_gives_nothing_and_asks_for_no_machines() {
    let host = host([], []);
    assert_eq!(run_with(&json!({}), &host), []);
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn q14_odd_groups_and_machines_are_reported_and_left_out() {
    let bare = json!({"groupId": "sg-0", "groupName": "bare"});
    let odd = json!({"groupId": "sg-2", "groupName": "odd", "ipPermissions": [{"fromPort": "ssh"}]});
    let half = json!({"groupId": "sg-3", "groupName": null, "ipPermissions": [{"ipRanges": ["0.0.0.0/0"]}]});
    let host =
        host([bare, odd, json!("sg-9"), half], [json!({"instanceId": "i-1", "securityGroups": 7}), machine("i-2", "192.0.2.1", &["sg-3"])]);
    let alerts = run_with(&json!({}), &host);
    assert_eq!(alerts.iter().map(|alert| &*alert.id).collect::<Vec<_>>(), ["sg-3 (None)"]);
    assert_eq!(alerts[0].details[0].to_json()["ipAddresses"], json!(["192.0.2.1"]));
    let skipped = host.skipped_things();
    assert_eq!(skipped.iter().map(|(what, _)| &**what).collect::<Vec<_>>(), ["sg-2", "a document of aws/securityGroups", "i-1"]);
}

#[test]
fn settings_are_checked() {
    let refusal = |settings: Value| mock::run::<Secgroups>(&settings, &host([], [])).expect_err("bad settings").to_string();
    assert!(refusal(json!({"whitelist": []})).starts_with("unknown setting `whitelist`; allowed are `allowed_protocols`, "));
    assert!(refusal(json!({"whitelisted_entries": {"sg-1 (web)": {"22": 7}}})).starts_with("setting `whitelisted_entries`: "));
    let host = host([], []);
    run_with(&json!({"whitelisted_ips": ["not a network"], "allowed_ports": ["22"]}), &host);
    assert!(host.log_lines().iter().all(|(level, line)| *level == Level::Warn && line.ends_with("left out")));
    assert_eq!(host.log_lines().len(), 2);
}
