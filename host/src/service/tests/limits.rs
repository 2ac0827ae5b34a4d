//! What the service does not let anybody do.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::client::{begin, get, read};
use super::stores::{Gate, MostAtOnce, Rows};
use super::{LIMITS, Limits, Served};

const PATH: &str = "/edda/api/v2/aws/x";

struct Gated {
    served: Served,
    begun: Receiver<()>,
    go_on: SyncSender<()>,
    at_once: Arc<MostAtOnce>,
}

fn gated(limits: Limits) -> Gated {
    let (begun_sender, begun) = sync_channel(64);
    let (go_on, go_on_receiver) = sync_channel(64);
    let at_once = Arc::new(MostAtOnce::default());
    let gate = Gate { begun: begun_sender, go_on: Mutex::new(go_on_receiver), at_once: Arc::clone(&at_once) };
    Gated { served: Served::start(gate, "/edda", limits), begun, go_on, at_once }
}

#[test]
fn no_more_answers_at_a_time_than_allowed() {
    let gated = gated(Limits { answers: 2, ..LIMITS });
    let mut streams: Vec<TcpStream> = (0..6).map(|_| begin(gated.served.address, "GET", PATH)).collect();
    for _ in 0..6 {
        gated.begun.recv().expect("a reading begins");
        gated.go_on.send(()).expect("it waits");
    }
    for stream in &mut streams {
        assert_eq!(read(stream, false).body, "[]");
    }
    assert!(gated.at_once.most.load(Ordering::SeqCst) <= 2);
}

#[test]
fn an_answer_that_takes_too_long_ends() {
    let served = Served::start(Rows { rows: 10, then_fails: false }, "/edda", Limits { answer_time: Duration::ZERO, ..LIMITS });
    let answer = get(served.address, PATH);
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("longer than is allowed"), "{}", answer.body);
}

#[test]
fn a_client_that_does_not_read_ends_its_answer() {
    // Far more than all buffers between us hold, so that the answer stands still.
    let limits = Limits { answers: 1, answer_time: Duration::from_secs(1), ..LIMITS };
    let served = Served::start(Rows { rows: 200_000, then_fails: false }, "/edda", limits);
    let mut stalled = begin(served.address, "GET", "/edda/api/v2/aws/x;_expand");
    stalled.peek(&mut [0]).expect("the answer has begun");
    // Answered only after the turn of the one that stands still is over, and in a time of its own.
    assert_eq!(get(served.address, "/edda/api/v2/aws/x;_limit=1").status, 200);
    let stalled = read(&mut stalled, false);
    assert_eq!((stalled.status, stalled.whole), (200, false));
}

#[test]
fn a_request_of_any_length_is_not_read() {
    let served = Served::start(Rows { rows: 1, then_fails: false }, "/edda", LIMITS);
    assert_eq!(get(served.address, &format!("{PATH};{}", "a".repeat(30_000))).status, 200);
    let long = get(served.address, &format!("{PATH};{}", "a".repeat(200_000))).status;
    assert!([414, 431].contains(&long), "{long}");
}

#[test]
fn what_is_no_http_is_refused() {
    let served = Served::start(Rows { rows: 1, then_fails: false }, "/edda", LIMITS);
    let mut stream = TcpStream::connect(served.address).expect("a connection");
    stream.write_all(b"\x16\x03\x01 hello\r\n\r\n").expect("written");
    assert_eq!(read(&mut stream, false).status, 400);
    assert_eq!(get(served.address, PATH).status, 200);
}

#[test]
fn the_end_waits_for_answers_and_takes_nobody_in() {
    let mut gated = gated(LIMITS);
    let mut stream = begin(gated.served.address, "GET", PATH);
    gated.begun.recv().expect("a reading begins");
    gated.served.stop();
    // Refused as soon as the listener is gone; until then the system's queue may still take one in.
    while TcpStream::connect(gated.served.address).is_ok() {
        std::thread::yield_now();
    }
    gated.go_on.send(()).expect("it waits");
    let answer = read(&mut stream, false);
    assert_eq!((answer.status, answer.body.as_str(), answer.whole), (200, "[]", true));
    assert!(gated.served.ended());
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut gated = gated(Limits { grace: Duration::ZERO, ..LIMITS });
    let _stream = begin(gated.served.address, "GET", PATH);
    gated.begun.recv().expect("a reading begins");
    gated.served.stop();
    assert!(!gated.served.ended());
    drop(gated.go_on);
}
