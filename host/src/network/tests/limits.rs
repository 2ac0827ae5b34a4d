use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::super::exchange::BYTES_AT_ONCE;
use super::server::{Reply, Server};
use super::{Case, everything_on_loopback, get, patience, refusal, send};
use crate::failure_kind::FailureKind;
use crate::network::{Access, Patience, Request};

fn access() -> Access {
    Case::granting(everything_on_loopback()).access()
}

fn endless(head: &str, again: Vec<u8>) -> Server {
    let head = format!("HTTP/1.1 200 OK\r\n{head}").into_bytes();
    Server::start(move |_| Reply::Endless(head.clone(), again.clone()))
}

#[test]
fn a_body_is_cut_where_the_rule_says() {
    let server = Server::start(|_| Reply::text("0123456789"));
    let body = |max_body| {
        let answer = send(&access(), Request { max_body, ..get(&server.url("/")) }).expect("an answer");
        (String::from_utf8_lossy(&answer.body).into_owned(), answer.cut)
    };
    assert_eq!(body(10), ("0123456789".into(), false));
    assert_eq!(body(9), ("012345678".into(), true));
    assert_eq!(body(0), (String::new(), true));
    let endless = endless("\r\n", vec![b'x'; 10_000]);
    let answer = send(&access(), Request { max_body: 100_000, ..get(&endless.url("/")) }).expect("an answer");
    assert_eq!((answer.body.len(), answer.cut), (100_000, true));
}

#[test]
fn a_bomb_is_measured_as_it_unfolds() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        packer.write_all(&vec![0; 1 << 20]).expect("memory");
    }
    let bomb = packer.finish().expect("memory");
    assert!(bomb.len() < 1 << 20);
    let server = Server::start(move |_| Reply::with(200, "Content-Encoding: gzip\r\n", &bomb));
    let answer = send(&access(), Request { max_body: 1000, ..get(&server.url("/")) }).expect("an answer");
    assert_eq!((answer.body.len(), answer.cut), (1000, true));
    let (kind, _) = refusal(&access(), Request { max_body: u32::MAX, ..get(&server.url("/")) });
    assert_eq!(kind, FailureKind::OverLimit);
}

#[test]
fn all_answers_of_a_call_share_one_allowance() {
    let server = endless("\r\n", vec![b'x'; 1 << 20]);
    let most = u32::try_from(BYTES_AT_ONCE * 2 / 3).expect("it fits");
    let requests = (0..2).map(|_| Request { max_body: most, ..get(&server.url("/")) }).collect();
    let answers = access().send(requests, &patience());
    assert_eq!(answers.iter().flatten().count(), 1, "there is room for one of them");
    let error = answers.into_iter().find_map(Result::err).expect("the other one");
    assert_eq!(error.kind, FailureKind::OverLimit);
    assert!(error.message.contains("together larger than 64 MiB"), "{error}");
}

#[test]
fn headers_have_a_size_and_a_number() {
    for server in [
        endless("", b"X-Many: 1\r\n".to_vec()),
        endless("X-Long: ", vec![b'x'; 1000]),
        Server::start(|_| Reply::with(200, &format!("X-Long: {}\r\n", "x".repeat(70_000)), "")),
    ] {
        assert_eq!(refusal(&access(), get(&server.url("/"))).0, FailureKind::OverLimit);
    }
}

#[test]
fn a_server_that_is_slow_is_left_after_the_time_of_the_request() {
    for reply in ["", "HTTP/1.1 200 OK\r\nX-Slow", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"] {
        let server = Server::start(move |_| Reply::SendAndHold(reply.into()));
        let start = Instant::now();
        let (kind, message) = refusal(&access(), Request { timeout_ms: 50, ..get(&server.url("/slow")) });
        assert_eq!(kind, FailureKind::TimedOut);
        assert!(message.contains("/slow in time") && start.elapsed() < Duration::from_secs(20), "{message}");
    }
}

#[test]
fn the_rules_own_time_ends_every_request() {
    let server = Server::start(|_| Reply::SendAndHold(Vec::new()));
    let patience = Patience { deadline: Instant::now() + Duration::from_millis(50), stop: Arc::default() };
    let answers = access().send(vec![get(&server.url("/")); 100], &patience);
    assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|error| error.kind == FailureKind::TimedOut)));
}

#[test]
fn a_run_that_is_stopped_waits_for_nobody() {
    let server = Server::start(|_| Reply::SendAndHold(Vec::new()));
    let stop = Arc::new(AtomicBool::new(false));
    let patience = Patience { deadline: Instant::now() + Duration::from_mins(1), stop: Arc::clone(&stop) };
    let url = server.url("/");
    let waiting = thread::spawn(move || access().send(vec![get(&url)], &patience).remove(0));
    stop.store(true, Ordering::Relaxed);
    let error = waiting.join().expect("no panic").expect_err("stopped");
    assert_eq!((error.kind, error.message.as_str()), (FailureKind::Other, "the run was stopped"));
}
