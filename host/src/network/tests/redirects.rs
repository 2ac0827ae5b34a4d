use std::sync::Arc;

use serde_json::json;

use super::server::{Reply, Server};
use super::{Case, everything_on_loopback, get, refusal, send};
use crate::credentials::RuleCredentials;
use crate::failure_kind::FailureKind;
use crate::network::Request;

/// Leads from `/a` to `/b` and so on, up to `/e`.
fn chain() -> Server {
    Server::start(|received| match received.line().rsplit_once('/').map_or("", |(_, page)| page) {
        "a" => Reply::redirect(301, "/b"),
        "b" => Reply::redirect(302, "/c"),
        "c" => Reply::redirect(307, "d"),
        "d" => Reply::redirect(308, "./e?x"),
        _ => Reply::text("the end"),
    })
}

#[test]
fn redirects_are_followed_as_far_as_the_rule_wants() {
    let server = chain();
    let access = Case::granting(everything_on_loopback()).access();
    let answer = send(&access, Request { redirects: 4, ..get(&server.url("/a")) }).expect("an answer");
    assert_eq!((answer.status, answer.url, answer.body.as_slice()), (200, server.url("/e?x"), b"the end".as_slice()));
    assert_eq!(server.lines(), ["get /a", "get /b", "get /c", "get /d", "get /e?x"]);
    let answer = send(&access, Request { redirects: 3, ..get(&server.url("/a")) }).expect("an answer");
    assert_eq!((answer.status, answer.url), (308, server.url("/d")));
    assert!(answer.headers.contains(&("location".into(), "./e?x".into())), "{:?}", answer.headers);
}

#[test]
fn an_endless_redirect_has_an_end() {
    let server = Server::start(|_| Reply::redirect(302, "/again"));
    let answer = send(&Case::granting(everything_on_loopback()).access(), Request { redirects: 255, ..get(&server.url("/")) });
    assert_eq!(answer.map(|answer| answer.status), Ok(302));
    assert_eq!(server.received().len(), 256);
}

#[test]
fn each_redirect_has_to_be_allowed() {
    let ungranted = Server::start(|_| Reply::text("secret"));
    let elsewhere = ungranted.url("/");
    for (location, what) in [
        ("http://169.254.169.254/latest/meta-data/", "the metadata service of clouds"),
        ("http://[::ffff:a9fe:a9fe]/", "the metadata service of clouds"),
        ("http://0xa9.0xfe.0xa9.0xfe/", "the metadata service of clouds"),
        ("http://2852039166/", "the metadata service of clouds"),
        ("http://[fd00:ec2::254]/", "the metadata service of AWS"),
        ("//10.0.0.1/", "a private address"),
        ("http://evil.test/", "which is not granted"),
        ("https://web.example/", "which is not granted"),
        (elsewhere.as_str(), "which is not granted"),
    ] {
        let to = location.to_owned();
        let server = Server::start(move |_| Reply::redirect(302, &to));
        let grant = json!([{"schemes": "http", "hosts": ["web.example"], "ports": [server.port()], "private": "127.0.0.1"},
                           {"schemes": "http", "hosts": ["128.0.0.0/1", "0.0.0.0/2", "::/0"], "ports": [80]}]);
        let (kind, message) = refusal(&Case::granting(grant).access(), get(&format!("http://web.example:{}/", server.port())));
        assert_eq!(kind, FailureKind::Denied, "{location}: {message}");
        assert!(message.contains(what), "{location}: {message}");
    }
    assert!(ungranted.received().is_empty());
}

#[test]
fn a_body_goes_where_browsers_would_send_it_and_a_cookie_stays_at_home() {
    let target = Server::start(|_| Reply::text(""));
    let (see_other, again) = (target.url("/other"), target.url("/again"));
    let server = Server::start(move |received| match received.line() {
        "post /303" => Reply::redirect(303, &see_other),
        "post /307" => Reply::redirect(307, &again),
        _ => Reply::text(""),
    });
    let access = Case::granting(everything_on_loopback()).access();
    for page in ["/303", "/307"] {
        let headers = vec![("Cookie".into(), "a=b".into()), ("X-Own".into(), "1".into()), ("Content-Type".into(), "a/b".into())];
        send(&access, Request { method: "POST".into(), headers, body: b"body".to_vec(), ..get(&server.url(page)) }).expect("an answer");
    }
    let received = target.received();
    assert_eq!(target.lines(), ["get /other", "post /again"]);
    assert_eq!(received.iter().map(|received| received.body.as_str()).collect::<Vec<_>>(), ["", "body"]);
    assert!(received.iter().all(|received| !received.head.contains("cookie") && received.head.contains("x-own")));
    assert!(!received[0].head.contains("content-type") && received[1].head.contains("content-type"));
}

#[test]
fn a_secret_stays_with_the_server_that_it_was_granted_for() {
    let elsewhere = Server::start(|received| match received.line() {
        "get /leave" => Reply::text("gone"),
        line => Reply::redirect(302, line.strip_prefix("get /back?").unwrap_or("/")),
    });
    let (leave, back) = (elsewhere.url("/leave"), elsewhere.url("/back?"));
    let server = Server::start(move |received| match received.line() {
        "get /stay" => Reply::redirect(302, "/home"),
        "get /leave" => Reply::redirect(302, &leave),
        "get /return" => Reply::redirect(
            302,
            &format!(
                "{back}http://{}/home",
                received.head.split("host: ").nth(1).and_then(|rest| rest.split("\r\n").next()).unwrap_or_default()
            ),
        ),
        _ => Reply::text("home"),
    });
    let mut grants = vec![everything_on_loopback()];
    grants.push(json!({"schemes": "http", "hosts": "127.0.0.1", "ports": [server.port()], "credential": "own"}));
    let credentials = RuleCredentials { granted: [("own".to_owned(), Arc::new(super::bearer()))].into(), ..RuleCredentials::default() };
    let access = Case { credentials, ..Case::granting(json!(grants)) }.access();
    for page in ["/stay", "/leave", "/return"] {
        assert_eq!(send(&access, get(&server.url(page))).map(|answer| answer.status), Ok(200), "{page}");
    }
    let signed = |server: &Server| {
        server
            .received()
            .iter()
            .filter(|received| received.head.contains("authorization: bearer canary"))
            .map(|received| received.line().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(signed(&server), ["get /stay", "get /home", "get /leave", "get /return"]);
    assert_eq!(server.lines().last().map(String::as_str), Some("get /home"), "it came back without the secret");
    assert!(elsewhere.received().iter().all(|received| !received.head.contains("canary")));
    assert_eq!(elsewhere.received().len(), 2);
}
