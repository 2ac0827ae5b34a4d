use std::net::TcpListener;

use serde_json::json;

use super::{Case, patience};
use crate::failure_kind::FailureKind;
use crate::network::Port;

fn port(host: &str, port: u16) -> Port {
    Port { host: host.into(), port }
}

#[test]
fn open_and_closed_ports_are_told_apart_and_others_denied() {
    let open = TcpListener::bind("127.0.0.1:0").expect("a port");
    let open_port = open.local_addr().expect("an address").port();
    let closed_port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let grant = json!({"schemes": "tcp", "hosts": ["127.0.0.1", "a.example"], "ports": [open_port, closed_port]});
    let access = Case::granting(grant).access();
    let ports = vec![
        port("127.0.0.1", open_port),
        port("a.example", open_port),
        port("127.0.0.1", closed_port),
        port("127.0.0.1", 22),
        port("127.0.0.2", open_port),
        port("127.0.0.1", 0),
    ];
    let answers = access.probe(ports, 1000, &patience());
    let kinds: Vec<_> = answers.iter().map(|answer| answer.as_ref().map_err(|error| error.kind)).collect();
    let (denied, malformed) = (Err(FailureKind::Denied), Err(FailureKind::BadRequest));
    // The address among the hosts of the grant opens the loopback for the name too.
    assert_eq!(kinds, [Ok(&true), Ok(&true), Ok(&false), denied, denied, malformed]);
    let message = answers[3].as_ref().expect_err("denied").to_string();
    assert!(message.ends_with(r#"add "tcp://127.0.0.1:22" to the list "grants.web" in the config"#), "{message}");
}

#[test]
fn a_probe_sends_nothing_and_hangs_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let open_port = listener.local_addr().expect("an address").port();
    let access = Case::granting(json!({"schemes": "tcp", "hosts": "127.0.0.1", "ports": open_port})).access();
    let answers = access.probe(vec![port("127.0.0.1", open_port); 100], 0, &patience());
    assert!(answers.into_iter().all(|answer| answer == Ok(true)));
    let (mut connection, _) = listener.accept().expect("a connection");
    let mut received = Vec::new();
    std::io::Read::read_to_end(&mut connection, &mut received).expect("it is closed in good order");
    assert!(received.is_empty());
}
