//! A guest that wants to reach what it must not. Its grants are as wide as grants can be, so that what stops it is not that nothing is granted.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use super::{SANDBOX, assignment, fixture_text, framed, rule_file};
use crate::sandbox::{FailureKind, LimitName, Outcome};
use crate::settings::grants::Grants;
use crate::settings::{Limits, Settings};

/// Everything that is public, at every port that a test uses.
const PUBLIC: [&str; 3] = ["0.0.0.0/0", "::/0", "*.example"];

fn grants(grant: &Value) -> Grants {
    let config = json!({"grants.hostile": grant}).to_string();
    Settings::parse(&config, Path::new("c.json")).expect("settings").grants(&"hostile".parse().expect("a rule name"))
}

fn public() -> Grants {
    grants(&json!({"schemes": ["http", "https"], "hosts": PUBLIC, "ports": "1-65535"}))
}

/// A run of the guest that sends `count` requests with one header.
fn sends(url: &str, (name, value): (&str, &str), count: usize, grants: Grants, limits: Limits) -> Outcome {
    let mut text = fixture_text("sends").replace("COUNT", &count.to_string());
    for (word, content) in [("URL", url), ("NAME", name), ("VALUE", value)] {
        let bytes = content.bytes().fold(String::new(), |mut all, byte| {
            let _ = write!(all, "\\{byte:02x}");
            all
        });
        text = text.replace(&format!("{word}-TEXT"), &bytes).replace(&format!("{word}-LENGTH"), &content.len().to_string());
    }
    let (_directory, file) = rule_file(&framed("sends", &text));
    let rule = SANDBOX.load(&file).unwrap_or_else(|error| panic!("{:?}", error.problem));
    let mut assignment = assignment(limits);
    assignment.grants = grants;
    SANDBOX.run(&rule, assignment)
}

/// What the guest is told about its request.
fn told(url: &str, header: (&str, &str), grants: Grants) -> String {
    let failure = sends(url, header, 1, grants, Limits::default()).result.expect_err("it was let through");
    assert_eq!(failure.kind, FailureKind::Error);
    failure.message
}

const HEADER: (&str, &str) = ("accept", "*/*");

#[test]
fn the_metadata_service_is_out_of_reach_in_every_spelling() {
    for host in [
        "169.254.169.254",
        "169.254.169.254.",
        "2852039166",
        "0xA9FEA9FE",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.16689662",
        "%31%36%39.254.169.254",
        "１６９.254.169.254",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[::a9fe:a9fe]",
        "[64:ff9b::169.254.169.254]",
        "[2002:a9fe:a9fe::1]",
        "[fd00:ec2::254]",
    ] {
        let message = told(&format!("http://{host}/latest/meta-data/"), HEADER, public());
        assert!(message.contains("the metadata service of") && message.contains("which a grant has to name itself"), "{host}: {message}");
    }
}

#[test]
fn a_redirect_to_the_metadata_service_is_out_of_reach_too() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let _ = stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
    });
    let grant = json!({"schemes": ["http"], "hosts": PUBLIC, "ports": "1-65535", "private": "127.0.0.1"});
    let message = told(&format!("http://127.0.0.1:{port}/"), HEADER, grants(&grant));
    assert!(message.contains("http://169.254.169.254/") && message.contains("the metadata service of clouds"), "{message}");
}

#[test]
fn what_nobody_granted_is_denied_with_the_line_to_add() {
    let message = told("https://evil.test:8443/steal?x=y", HEADER, public());
    let line = r#"to allow it, add "https://evil.test:8443" to the list "grants.hostile" in the config"#;
    assert_eq!(message, format!("rule hostile asked for GET https://evil.test:8443/steal, which is not granted; {line}"));
    let message = told("https://evil.test/", HEADER, Grants::default());
    assert!(message.ends_with(r#"to allow it, add to the config: "grants.hostile": ["https://evil.test"]"#), "{message}");
}

#[test]
fn a_header_cannot_carry_another_one() {
    for header in
        [("a\r\nHost: evil", "b"), ("a", "b\r\nAuthorization: c"), ("a", "b\n\nGET / HTTP/1.1"), ("a: b", "c"), ("", ""), ("a", "\0")]
    {
        let message = told("http://192.0.2.1/", header, public());
        assert!(message.contains("cannot be the name of a header") || message.contains("holds a control character"), "{message}");
        assert!(!message.contains(['\r', '\n']), "{message:?}");
    }
    for name in ["Host", "Authorization", "Transfer-Encoding", "Content-Length", "Proxy-Connection"] {
        assert!(told("http://192.0.2.1/", (name, "x"), public()).contains("cannot be set"), "{name}");
    }
    assert!(told("http://a.example/\r\nHost: evil", HEADER, public()).contains("a control character"));
}

#[test]
fn each_request_counts_as_a_call_of_the_host() {
    let limits = |host_calls| Limits { host_calls, ..Limits::default() };
    let failure = sends("https://evil.test/", HEADER, 1000, public(), limits(999)).result.expect_err("too many");
    assert_eq!(failure.kind, FailureKind::Limit(LimitName::HostCalls));
    let outcome = sends("https://evil.test/", HEADER, 1000, public(), limits(1000));
    assert_eq!(outcome.result.expect_err("denied").kind, FailureKind::Error);
    assert_eq!(outcome.usage.host_calls, 1000);
}
