//! Grants as the config writes them, and what each covers.

use super::{Grant, Grants, Scheme};
use crate::rule_name::RuleName;
use crate::settings::{Settings, SettingsError};

fn parse(grants: &str) -> Result<Settings, SettingsError> {
    let credentials = r#""credentials.chef": {"kind": "bearer", "token": "x"}"#;
    Settings::parse(&format!("{{{credentials},\n\"grants.web\":\n{grants}}}"), "/etc/c.json".as_ref())
}

fn read(grants: &str) -> Grants {
    let web: RuleName = "web".parse().expect("a rule name");
    parse(grants).unwrap_or_else(|error| panic!("{grants}: {error}")).grants(&web)
}

fn grant(text: &str) -> Grant {
    read(text).list.remove(0)
}

/// What is wrong, with line and column.
fn refusal(grants: &str) -> String {
    parse(grants).expect_err(grants).to_string().replace("/etc/c.json:", "")
}

#[test]
fn a_grant_is_shown_as_it_can_be_written() {
    for (text, shown) in [
        (r#""https://WWW.example.com/""#, r#""https://www.example.com""#),
        (r#""http://www.example.com:8080/api/""#, r#""http://www.example.com:8080/api/""#),
        (r#""https://*.example.com""#, r#""https://*.example.com""#),
        (r#""tcp://[2001:db8::1]:22""#, r#""tcp://[2001:db8::1]:22""#),
        (r#"{"hosts": "a.example"}"#, r#""https://a.example""#),
        (
            r#"{"schemes": ["http", "https"], "hosts": ["inventory:aws/hostedRecords.name"], "ports": [80, "8000-8100"]}"#,
            r#"{"schemes": ["http", "https"], "hosts": ["inventory:aws/hostedRecords.name"], "ports": [80, "8000-8100"]}"#,
        ),
        (
            r#"{"credential": "chef", "private": ["10.0.0.0/8", "::ffff:127.0.0.1"], "path": "/a/../b", "methods": "post", "hosts": ["a"]}"#,
            r#"{"hosts": ["a"], "methods": ["POST"], "path": "/b", "private": ["10.0.0.0/8", "127.0.0.1"], "credential": "chef"}"#,
        ),
    ] {
        let grant = grant(text);
        assert_eq!(grant.to_string(), shown);
        assert_eq!(read(shown).list, [grant], "{shown}");
    }
}

#[test]
fn several_grants_are_a_list() {
    assert_eq!(
        read(r#"["https://a", {"hosts": "b"}, "as-asked"]"#),
        Grants { list: vec![grant(r#""https://a""#), grant(r#""https://b""#)], as_asked: true }
    );
    assert_eq!(read(r#""as-asked""#), Grants { list: vec![], as_asked: true });
    assert!(read("[]").is_empty());
}

#[test]
fn every_mistake_has_its_place() {
    for (text, expected) in [
        (
            "1",
            "3:1: `grants.web`: expected a grant (an object, an address such as \"https://www.example.com\", \"as-asked\") or a list of them, found the number 1",
        ),
        (r#"["https://a", {}]"#, "3:15: `grants.web[1]`: expected the key `hosts`: which hosts may be reached"),
        (
            r#""www.example.com""#,
            "3:1: `grants.web`: expected an address such as \"https://www.example.com\" or \"tcp://db.example.com:5432\", or \"as-asked\"",
        ),
        (
            r#""tcp://a""#,
            "3:1: `grants.web`: expected an address such as \"https://www.example.com\" or \"tcp://db.example.com:5432\", or \"as-asked\"",
        ),
        (r#""ftp://a""#, "3:1: `grants.web`: `ftp` is no scheme: the schemes are https, http, tcp"),
        (r#""https://a:0""#, "3:1: `grants.web`: expected a port from 1 to 65535, as `443`, or a first and a last one, as `\"8000-8100\"`"),
        (
            r#"{"hosts": ["a", "*"]}"#,
            "3:17: `grants.web.hosts[1]`: `*` can only stand in front of a name, as in `*.example.com`; no grant covers every host",
        ),
        (
            r#"{"hosts": "a", "schemes": ["htps"]}"#,
            "3:28: `grants.web.schemes[0]`: `htps` is no scheme: did you mean `https`?: the schemes are https, http, tcp",
        ),
        (r#"{"hosts": "a", "schemes": "tcp"}"#, "3:1: `grants.web`: expected the key `ports`, because `tcp` has no port of its own"),
        (
            r#"{"hosts": "a", "ports": [443, "x"]}"#,
            "3:31: `grants.web.ports[1]`: expected a port from 1 to 65535, as `443`, or a first and a last one, as `\"8000-8100\"`",
        ),
        (r#"{"hosts": "a", "ports": [0]}"#, "3:26: `grants.web.ports[0]`: expected a whole number from 1 to 65535, found the number 0"),
        (r#"{"hosts": "a", "methods": ["CONNECT"]}"#, "3:28: `grants.web.methods[0]`: `CONNECT` is never granted"),
        (
            r#"{"hosts": "a", "path": "api"}"#,
            "3:24: `grants.web.path`: expected the beginning of a path, as in `/api/v1`, without `?` and `#`",
        ),
        (
            r#"{"hosts": "a", "private": ["8.8.8.8"]}"#,
            "3:28: `grants.web.private[0]`: expected addresses that all lie in one range that is not public, as in `10.0.0.0/8`; public ones belong into `hosts`",
        ),
        (
            r#"{"hosts": "a", "private": "0.0.0.0/0"}"#,
            "3:27: `grants.web.private`: expected addresses that all lie in one range that is not public, as in `10.0.0.0/8`; public ones belong into `hosts`",
        ),
        (
            r#"{"hosts": "a", "private": ["10.1.2.3/8", "intern.example"]}"#,
            "3:28: `grants.web.private[0]`: this network has addresses before this one: write `10.0.0.0/8`",
        ),
        (
            r#"{"hosts": "a", "private": "intern.example"}"#,
            "3:27: `grants.web.private`: expected an address or a network, as in `10.0.0.0/8`",
        ),
        (
            r#"{"hosts": "a", "credential": "cehf"}"#,
            "3:30: `grants.web.credential`: there is no credential `cehf`: did you mean `chef`? (credentials: chef)",
        ),
        (
            r#"{"hosts": "a", "hots": "b"}"#,
            "3:16: `grants.web.hots`: a grant has no such key: did you mean `hosts`? (keys: schemes, hosts, ports, methods, path, private, credential, ca)",
        ),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
    let absent = refusal(r#"{"hosts": "a", "ca": "absent.pem"}"#);
    assert!(absent.starts_with("3:22: `grants.web.ca`: cannot read the certificates in /etc/absent.pem: No such file"), "{absent}");
}

#[test]
fn a_file_without_certificates_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, "hello").expect("a file");
    let refused = refusal(&format!(r#"{{"hosts": "a", "ca": {file:?}}}"#));
    assert!(refused.contains("ca.pem holds no certificates: expected PEM text"), "{refused}");
}

#[test]
fn a_grant_covers_another_only_in_every_respect() {
    let wide = grant(
        r#"{"schemes": ["https", "tcp"], "hosts": ["*.example.com", "10.0.0.0/8", "inventory:a/b.c"], "ports": ["1-1000"], "methods": ["GET", "POST"], "path": "/api"}"#,
    );
    for text in [
        r#"{"hosts": ["www.example.com"], "methods": ["POST"], "path": "/api/v1"}"#,
        r#"{"schemes": ["tcp"], "hosts": ["10.1.0.0/16", "*.b.example.com"], "ports": [22, "80-90"]}"#,
        r#"{"hosts": "inventory:a/b.c", "methods": "GET", "path": "/api"}"#,
    ] {
        assert!(wide.covers(&grant(text)), "{text}");
    }
    for text in [
        r#"{"hosts": "example.com", "methods": "GET", "path": "/api"}"#,
        r#"{"hosts": "www.example.com", "path": "/api"}"#,
        r#"{"hosts": "www.example.com", "methods": "GET"}"#,
        r#"{"hosts": "www.example.com", "methods": "GET", "path": "/apix"}"#,
        r#"{"hosts": "www.example.com", "methods": "GET", "path": "/api", "ports": ["900-1001"]}"#,
        r#"{"hosts": "www.example.com", "methods": "GET", "path": "/api", "schemes": "http"}"#,
        r#"{"hosts": "10.0.0.0/7", "methods": "GET", "path": "/api"}"#,
        r#"{"hosts": "inventory:a/b.d", "methods": "GET", "path": "/api"}"#,
    ] {
        assert!(!wide.covers(&grant(text)), "{text}");
    }
}

#[test]
fn a_path_cannot_be_left() {
    let grant = grant(r#""https://a/api""#);
    for path in ["/api", "/api/", "/api/v1"] {
        assert!(grant.covers_path(path), "{path}");
    }
    for path in ["/", "/apis", "/API", "/api/..%2Fadmin", "/api/..%5cadmin", "/%61pi"] {
        assert!(!grant.covers_path(path), "{path}");
    }
    assert!(!grant.covers_port(Scheme::Https, 80) && grant.covers_port(Scheme::Https, 443) && !grant.covers_method("POST"));
}
