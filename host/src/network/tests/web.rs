use std::io::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::super::resolver::Resolver;
use super::server::{Reply, Server};
use super::{Case, everything_on_loopback, get, patience, refusal, send};
use crate::failure_kind::FailureKind;
use crate::network::Request;

#[test]
fn a_loopback_address_needs_a_permission_of_its_own() {
    let server = Server::start(|_| Reply::text("hello"));
    let url = format!("http://web.example:{}/", server.port());
    let grant = |more: serde_json::Value| {
        let mut grant = json!({"schemes": "http", "hosts": ["*.example", "0.0.0.0/0"], "ports": "1-65535"});
        grant.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        Case::granting(grant).access()
    };
    let (kind, message) = refusal(&grant(json!({})), get(&url));
    assert_eq!(kind, FailureKind::Denied);
    assert!(
        message.contains("web.example is 127.0.0.1, a loopback address") && message.contains(r#"add "private": ["127.0.0.1"]"#),
        "{message}"
    );
    for spelling in ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:7f00:1]", "127.0.0.1."] {
        let (kind, _) = refusal(&grant(json!({})), get(&format!("http://{spelling}:{}/", server.port())));
        assert_eq!(kind, FailureKind::Denied, "{spelling}");
    }
    assert!(server.received().is_empty());
    let answer = send(&grant(json!({"private": "127.0.0.1"})), get(&url)).expect("granted");
    assert_eq!((answer.status, answer.body.as_slice(), answer.url), (200, b"hello".as_slice(), url));
}

#[test]
fn a_request_arrives_as_it_was_written_and_any_status_is_an_answer() {
    let server = Server::start(|_| Reply::with(418, "X-One: a\r\nX-One: b\u{ff}\r\n", "tea"));
    let request = Request {
        method: "post".into(),
        headers: vec![("X-Own".into(), "value".into()), ("Content-Type".into(), "a/b".into())],
        body: b"body".to_vec(),
        ..get(&server.url("/path?query#fragment"))
    };
    let answer = send(&Case::granting(everything_on_loopback()).access(), request).expect("an answer");
    assert_eq!((answer.status, answer.cut, answer.body.as_slice()), (418, false, b"tea".as_slice()));
    let ones: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "x-one").map(|(_, value)| value.as_str()).collect();
    assert_eq!(ones.len(), 2, "{:?}", answer.headers);
    let received = &server.received()[0];
    assert_eq!((received.line(), received.body.as_str()), ("post /path?query", "body"));
    for line in ["x-own: value", "content-type: a/b", &format!("host: 127.0.0.1:{}", server.port()), "user-agent: reddalert/"] {
        assert!(received.head.contains(line), "{}", received.head);
    }
    for absent in ["authorization", "cookie", "referer"] {
        assert!(!received.head.contains(absent), "{}", received.head);
    }
}

#[test]
fn what_is_not_granted_is_not_even_resolved() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let resolver = Resolver::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(Vec::new()) })
    });
    let access = Case { resolver, ..Case::granting(json!("https://a.example")) }.access();
    assert_eq!(refusal(&access, get("https://secret.attacker.example/")).0, FailureKind::Denied);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "a name server of the attacker would learn the secret");
    assert_eq!(refusal(&access, get("https://a.example/")).0, FailureKind::NotFound);
}

#[test]
fn a_name_is_resolved_once_and_connected_to_as_it_was_checked() {
    let server = Server::start(|_| Reply::text("checked"));
    let trap = Server::start_at(&format!("127.0.0.2:{}", server.port()), |_| Reply::text("unchecked"));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let resolver = Resolver::new(move |_| {
        let last = if count.fetch_add(1, Ordering::SeqCst) == 0 { 1 } else { 2 };
        Box::pin(async move { Ok(vec![IpAddr::from([127, 0, 0, last])]) })
    });
    let grant = json!({"schemes": "http", "hosts": "rebind.example", "ports": "1-65535", "private": "127.0.0.1"});
    let access = Case { resolver, ..Case::granting(grant) }.access();
    let url = format!("http://rebind.example:{}/", server.port());
    assert_eq!(send(&access, get(&url)).expect("the first answer").body, b"checked");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(refusal(&access, get(&url)).0, FailureKind::Denied, "the second answer is another address");
    assert!(trap.received().is_empty());
}

#[test]
fn one_bad_address_among_good_ones_refuses_the_request() {
    let server = Server::start(|_| Reply::text(""));
    let resolver = Resolver::new(|_| Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([169, 254, 169, 254])]) }));
    let access = Case { resolver, ..Case::granting(everything_on_loopback()) }.access();
    let (kind, message) = refusal(&access, get(&format!("http://two.example:{}/", server.port())));
    assert_eq!(kind, FailureKind::Denied);
    assert!(message.contains("two.example is 169.254.169.254, the metadata service of clouds"), "{message}");
    assert!(server.received().is_empty());
}

#[test]
fn troubles_are_told_apart() {
    let access = |answer: fn() -> std::io::Result<Vec<IpAddr>>| {
        let resolver = Resolver::new(move |_| Box::pin(async move { answer() }));
        Case { resolver, ..Case::granting(everything_on_loopback()) }.access()
    };
    let failing = access(|| Err(std::io::Error::other("failed to lookup address information: Temporary failure in name resolution")));
    assert_eq!(refusal(&failing, get("http://a.example/")).0, FailureKind::Unavailable);
    let absent = access(|| Err(std::io::Error::other("failed to lookup address information: Name or service not known")));
    assert_eq!(refusal(&absent, get("http://a.example/")), (FailureKind::NotFound, "there is no host `a.example`".into()));

    let access = Case::granting(everything_on_loopback()).access();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let (kind, message) = refusal(&access, get(&format!("http://{free}/")));
    assert_eq!(kind, FailureKind::Unavailable);
    assert!(message.contains("cannot be connected to: Connection refused"), "{message}");
    for nonsense in ["", "SSH-2.0-OpenSSH_9\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"] {
        let server = Server::start(move |_| Reply::Send(nonsense.into()));
        assert_eq!(refusal(&access, get(&server.url("/"))).0, FailureKind::Unavailable, "{nonsense}");
    }
    assert_eq!(refusal(&access, get("https://u:p@a.example/")).0, FailureKind::BadRequest);
}

#[test]
fn a_packed_answer_is_unpacked() {
    let server = Server::start(|_| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(b"unpacked").expect("memory");
        Reply::with(200, "Content-Encoding: gzip\r\n", packer.finish().expect("memory"))
    });
    let answer = send(&Case::granting(everything_on_loopback()).access(), get(&server.url("/"))).expect("an answer");
    assert_eq!((answer.body.as_slice(), answer.cut), (b"unpacked".as_slice(), false));
}

#[test]
fn a_thousand_requests_are_answered_in_order_and_64_at_once() {
    let server = Server::start(|received| Reply::text(received.line()));
    let access = Case::granting(everything_on_loopback()).access();
    let requests = (0..1000).map(|number| get(&server.url(&format!("/{number}")))).collect();
    let answers = access.send(requests, &patience());
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()), Ok(format!("get /{number}")));
    }
    assert!((2..=64).contains(&server.most_at_once()), "{}", server.most_at_once());
}
