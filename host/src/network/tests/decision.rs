use serde_json::{Value, json};

use super::super::decision::{CredentialName, Permit, decide};
use super::super::named_hosts::NamedByInventory;
use super::super::target::{Target, parse_address};
use super::Case;
use crate::failure_kind::FailureKind;
use crate::network::NetworkError;

fn target(call: &str) -> Target {
    let (method, address) = call.split_once(' ').unwrap_or(("", call));
    if let Some(address) = address.strip_prefix("tcp://") {
        let (host, port) = address.rsplit_once(':').expect("a port");
        return Target::of_probe(host, port.parse().expect("a number")).expect(call);
    }
    Target::of_request(method, &parse_address(address).expect(call)).expect(call)
}

fn decided(grants: &Value, asks: Option<&Value>, call: &str) -> Result<Permit, NetworkError> {
    let case = Case {
        asks: asks.cloned(),
        settings: json!({"url": "http://chef.example:8000/x", "host": "h.example"}),
        ..Case::granting(grants.clone())
    };
    decide(&case.rights(), &NamedByInventory::default(), &target(call))
}

/// What is told to a rule that may not make the call.
fn denial(grants: &Value, asks: Option<&Value>, call: &str) -> String {
    let error = decided(grants, asks, call).expect_err(call);
    assert_eq!(error.kind, FailureKind::Denied);
    error.message
}

#[test]
fn nothing_is_allowed_unless_it_is_granted_and_the_line_to_add_is_told() {
    for (call, line) in [
        ("GET https://www.example.com/a?b", r#""https://www.example.com""#),
        ("HEAD http://www.example.com:8080/", r#""http://www.example.com:8080""#),
        ("POST https://www.example.com/", r#"{"hosts": ["www.example.com"], "methods": ["POST"]}"#),
        ("GET https://[2001:db8::1]:444/", r#""https://[2001:db8::1]:444""#),
        ("tcp://192.0.2.1:22", r#""tcp://192.0.2.1:22""#),
    ] {
        let message = denial(&json!([]), None, call);
        let shown = target(call);
        assert_eq!(
            message,
            format!("rule web asked for {shown}, which is not granted; to allow it, add to the config: \"grants.web\": [{line}]")
        );
        // The line does what it says.
        let line: Value = serde_json::from_str(&format!("[{line}]")).expect("JSON");
        assert!(decided(&line, None, call).is_ok(), "{call}");
        let message = denial(&json!("https://other.example"), None, call);
        assert!(
            message.ends_with(&format!("to allow it, add {} to the list \"grants.web\" in the config", line[0])) || line[0].is_object(),
            "{message}"
        );
    }
}

#[test]
fn scheme_host_port_method_and_path_have_to_be_granted() {
    let grants = json!([{"schemes": ["https", "tcp"], "hosts": ["a.example", "*.b.example", "198.51.100.0/24", "2001:db8::/32"], "ports": [443, "8000-8100"], "methods": ["GET", "POST"], "path": "/api"}]);
    for call in [
        "GET https://a.example/api",
        "POST https://A.EXAMPLE.:8050/api/v1?x",
        "GET https://x.y.b.example/api/",
        "GET https://198.51.100.255/api",
        "GET https://[2001:db8:ffff::1]/api",
        "tcp://a.example:8000",
        "GET https://a.example/x/../api",
    ] {
        assert!(decided(&grants, None, call).is_ok(), "{call}");
    }
    for call in [
        "GET http://a.example/api",
        "GET https://b.example/api",
        "GET https://a.example.evil/api",
        "GET https://a.example:8101/api",
        "HEAD https://a.example/api",
        "GET https://a.example/",
        "GET https://a.example/apis",
        "GET https://a.example/api/%2e%2e/admin",
        "GET https://a.example/api/..%2Fadmin",
        "GET https://198.51.101.0/api",
        "tcp://a.example:22",
    ] {
        denial(&grants, None, call);
    }
}

#[test]
fn a_manifest_narrows_what_is_granted_and_widens_nothing() {
    let asks = json!([{"reason": "r", "hosts": ["*.example"], "schemes": ["http", "https"]}]);
    let granted = json!(["https://a.example", "https://a.test"]);
    assert!(decided(&granted, Some(&asks), "GET https://a.example/").is_ok());
    let message = denial(&granted, Some(&asks), "GET https://a.test/");
    assert_eq!(
        message,
        "rule web asked for GET https://a.test/, which its manifest does not ask for: whatever is granted, its author has to add it to `grants` of the manifest"
    );
    let message = denial(&json!([]), Some(&asks), "GET http://a.example/");
    assert!(message.ends_with(r#"add to the config: "grants.web": [{"schemes": ["http", "https"], "hosts": ["*.example"]}]"#), "{message}");
    denial(&granted, Some(&json!([])), "GET https://a.example/");
}

#[test]
fn as_asked_grants_exactly_what_the_manifest_asks_for() {
    let asks = json!([{"reason": "r", "hosts": ["a.example", "10.0.0.7"], "methods": ["POST"]}]);
    assert!(decided(&json!("as-asked"), Some(&asks), "POST https://a.example/").is_ok());
    denial(&json!("as-asked"), Some(&asks), "GET https://a.example/");
    denial(&json!("as-asked"), None, "POST https://a.example/");
}

#[test]
fn a_setting_names_hosts() {
    let grants = json!({"hosts": ["setting:url", "setting:host", "setting:absent"]});
    for call in ["GET http://chef.example:8000/anything", "GET https://h.example/"] {
        assert!(decided(&grants, None, call).is_ok(), "{call}");
    }
    for call in ["GET https://chef.example/", "GET http://chef.example/", "POST http://chef.example:8000/", "GET http://h.example/"] {
        denial(&grants, None, call);
    }
}

#[test]
fn the_operators_credential_goes_before_the_declared_one() {
    let asks = json!([{"reason": "r", "hosts": ["a.example"], "credential": "own"}]);
    let credential = |grants: Value| decided(&grants, Some(&asks), "GET https://a.example/").expect("granted").credential;
    let configured = CredentialName::Configured("own".into());
    assert_eq!(credential(json!([{"hosts": "a.example", "credential": "own"}])), Some(configured.clone()));
    assert_eq!(credential(json!(["https://a.example", {"hosts": "*.example", "credential": "own"}])), Some(configured));
    // A rule's author cannot name a secret of the operator.
    assert_eq!(credential(json!("as-asked")), Some(CredentialName::Declared("own".into())));
}

#[test]
fn special_addresses_need_a_permission_of_their_own() {
    let check = |grants: Value, call: &str, addresses: &[&str]| {
        let asks = json!([{"reason": "r", "hosts": ["0.0.0.0/0", "10.0.0.7", "*.example"]}]);
        let case = Case { asks: Some(asks), ..Case::granting(grants) };
        let (rights, target) = (case.rights(), target(call));
        let permit = decide(&rights, &NamedByInventory::default(), &target).expect(call);
        let addresses: Vec<_> = addresses.iter().map(|address| address.parse().expect("an address")).collect();
        permit.check_addresses(&rights, &target, &addresses)
    };
    let name = "GET https://a.example/";
    assert!(check(json!("https://a.example"), name, &["8.8.8.8", "2001:4860:4860::8888"]).is_ok());
    for special in ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.7", "64:ff9b::a9fe:a9fe", "0.0.0.0"]
    {
        for grants in [json!("https://*.example"), json!({"hosts": ["a.example", "0.0.0.0/0", "::/0"]})] {
            assert!(check(grants, name, &["8.8.8.8", special]).is_err(), "{special}");
        }
    }
    let own = json!({"hosts": ["a.example"], "private": ["10.0.0.0/8"]});
    assert!(check(own.clone(), name, &["10.0.0.7", "::ffff:10.0.0.8"]).is_ok());
    assert!(check(own, name, &["10.0.0.7", "192.168.0.1"]).is_err());
    assert!(check(json!({"hosts": ["a.example", "10.1.0.0/16"]}), name, &["10.1.2.3"]).is_ok());
    assert!(check(json!("https://10.0.0.7"), "GET https://10.0.0.7/", &["10.0.0.7"]).is_ok());
    assert!(check(json!({"hosts": "0.0.0.0/0"}), "GET https://10.0.0.7/", &["10.0.0.7"]).is_err());
    assert!(check(json!("as-asked"), "GET https://10.0.0.7/", &["10.0.0.7"]).is_err(), "an author of a rule opens none");
    let error = check(json!("https://a.example"), name, &["10.0.0.7"]).expect_err("special");
    assert_eq!(
        error.message,
        "rule web asked for GET https://a.example/, but a.example is 10.0.0.7, a private address, which a grant has to name itself: \
         add \"private\": [\"10.0.0.7\"] to the grant of a.example in \"grants.web\""
    );
}
