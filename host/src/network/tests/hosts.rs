use serde_json::json;

use super::server::{Reply, Server};
use super::{Case, get, refusal, send};
use crate::failure_kind::FailureKind;

const RECORDS: &str = r#"[{"name": "www.example.com."}, {"name": "\\052.apps.example.com."}, {"name": null}]"#;

/// A grant of whatever the inventory's records name, at this server's port.
fn grant(server: &Server) -> serde_json::Value {
    let hosts = ["inventory:aws/hostedRecords.name", "fixed.example"];
    json!({"schemes": "http", "hosts": hosts, "ports": [server.port()], "private": "127.0.0.1"})
}

#[test]
fn what_the_inventory_names_may_be_reached_and_nothing_else() {
    let edda = Server::start(|_| Reply::with(200, "Content-Type: application/json\r\n", RECORDS));
    let server = Server::start(|_| Reply::text("hello"));
    let access = Case { edda: edda.url("/edda"), ..Case::granting(grant(&server)) }.access();
    for host in ["www.example.com", "WWW.EXAMPLE.COM.", "a.apps.example.com", "fixed.example"] {
        assert!(send(&access, get(&format!("http://{host}:{}/", server.port()))).is_ok(), "{host}");
    }
    for host in ["example.com", "apps.example.com", "www.example.com.evil.test"] {
        assert_eq!(refusal(&access, get(&format!("http://{host}:{}/", server.port()))).0, FailureKind::Denied, "{host}");
    }
    let asked = edda.lines();
    assert_eq!(asked.len(), 1, "once for all calls, and nobody asks how far it is known: {asked:?}");
    assert!(asked[0].starts_with("get /edda/api/v2/aws/hostedrecords;_expand"), "{asked:?}");
}

#[test]
fn an_inventory_that_is_down_takes_only_its_own_hosts_along() {
    let server = Server::start(|_| Reply::text("hello"));
    let edda = Server::start(|_| Reply::with(500, "", ""));
    let access = Case { edda: edda.url("/edda"), ..Case::granting(grant(&server)) }.access();
    let (kind, message) = refusal(&access, get(&format!("http://www.example.com:{}/", server.port())));
    assert_eq!(kind, FailureKind::Unavailable);
    assert!(message.starts_with("what `inventory:aws/hostedRecords.name` grants is not known: EDDA"), "{message}");
    assert!(send(&access, get(&format!("http://fixed.example:{}/", server.port()))).is_ok());
    let refused = refusal(&access, get("https://fixed.example/")).0;
    assert_eq!(refused, FailureKind::Denied, "the inventory could not change that");
}

#[test]
fn nothing_is_read_for_calls_that_nothing_could_allow() {
    let edda = Server::start(|_| Reply::with(200, "Content-Type: application/json\r\n", RECORDS));
    let asks = json!([{"reason": "looks", "schemes": ["http"], "hosts": ["inventory:aws/hostedRecords.name"]}]);
    let access = Case { edda: edda.url("/edda"), asks: Some(asks), ..Case::granting(json!([])) }.access();
    let (kind, message) = refusal(&access, get("http://www.example.com/"));
    assert_eq!(kind, FailureKind::Denied);
    assert!(message.contains("is not granted") && message.contains("inventory:aws/hostedRecords.name"), "{message}");
    assert_eq!(edda.lines(), Vec::<String>::new());
}
