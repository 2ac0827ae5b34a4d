use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use super::super::http::HttpLimits;
use super::super::{InventoryError, QueryError};
use super::server::{Reply, Server};
use super::*;
use crate::failure_kind::FailureKind;
use crate::failure_kind::FailureKind::{BadRequest, NotFound, OverLimit, TimedOut, Unavailable};

const GOOD: &str = r#"[{"id":1},{"id":2}]"#;

fn good() -> Reply {
    Reply::json(GOOD)
}

fn documents_of_good() -> Vec<String> {
    vec![r#"{"id":1}"#.to_owned(), r#"{"id":2}"#.to_owned()]
}

/// Asks once; gives what the asker is told and how often the server was asked.
fn failure(server: &Server) -> (QueryError, usize) {
    let error = ask(&open(server), "aws/x;_expand").expect_err("a failure");
    (error, server.asked().len())
}

fn kind_and_requests(reply: Reply) -> (FailureKind, Option<u16>, usize) {
    let (error, requests) = failure(&Server::always(reply));
    (error.kind, error.status, requests)
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let address = InventoryAddress::Http(format!("http://127.0.0.1:{port}/edda").parse().expect("an address"));
    let inventory = Inventory::open_within(&address, NOW, limits()).expect("an inventory");
    let error = ask(&inventory, "aws/x;_expand").expect_err("nobody listens");
    assert_eq!((error.kind, error.status), (Unavailable, None));
    assert!(error.message.starts_with(&format!("EDDA at http://127.0.0.1:{port}/edda cannot be reached: Connection refused")), "{error}");
    assert!(
        error.message.ends_with("check `edda` in the settings, and whether the server runs (3 tries) (asked for `aws/x;_expand`)"),
        "{error}"
    );
    assert_eq!(inventory.statistics().requests, 3);
    assert_eq!(inventory.statistics().unreachable, Some(error.message));
}

#[test]
fn an_edda_that_is_not_there_does_not_say_how_far_it_is_known() {
    let server = Server::always(Reply::Close);
    let inventory = open(&server);
    let error = inventory.known_until("aws.x").expect_err("no answer");
    assert!(matches!(error, InventoryError::KnownUntil { source: QueryError { kind: Unavailable, .. }, .. }), "{error:?}");
    let asked = inventory.documents("aws/x;_expand", &Times::Now, WINDOW, later()).expect_err("no answer");
    assert_eq!(asked.kind, Unavailable);
    assert_eq!(server.asked().len(), 3, "the failure is remembered");
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    for (broken, cause) in [(Reply::Close, "connection closed"), (Reply::Reset, "Connection reset")] {
        let (error, requests) = failure(&Server::always(broken));
        assert_eq!((error.kind, requests), (Unavailable, 3));
        assert!(error.message.contains(&format!("broke off its answer: {cause}")), "{error}");
    }
    let server = Server::in_turn([Reply::Reset, Reply::broken_off(r#"[{"id":1},{"#), good()]);
    assert_eq!(ask(&open(&server), "aws/x;_expand"), Ok(documents_of_good()), "each document once");
}

#[test]
fn an_edda_that_never_answers_costs_the_asker_its_time_and_nobody_elses() {
    for slow in [Reply::SendAndHold(vec![]), Reply::silent_after("[{"), Reply::SendAndHold(b"HTTP/1.1 200 OK\r\n".to_vec())] {
        let server = Server::in_turn([slow, good()]);
        let inventory = open(&server);
        let error = ask_until(&inventory, "aws/x;_expand", soon()).expect_err("too slow");
        assert_eq!(error.kind, TimedOut);
        assert!(error.message.contains("`aws/x;_expand`"), "{error}");
        assert_eq!(inventory.statistics().unreachable, Some(error.message));
        assert_eq!(ask(&inventory, "aws/x;_expand"), Ok(documents_of_good()));
    }
}

#[test]
fn an_edda_that_falls_silent_is_given_up_before_the_deadline() {
    for slow in [Reply::SendAndHold(vec![]), Reply::silent_after("[{")] {
        let server = Server::always(slow);
        let inventory = open_within(&server, HttpLimits { silence: Duration::from_millis(50), ..limits() });
        let error = ask(&inventory, "aws/x;_expand").expect_err("silence");
        assert_eq!((error.kind, server.asked().len()), (TimedOut, 1));
        assert!(error.message.contains("fell silent"), "{error}");
    }
}

#[test]
fn statuses() {
    assert_eq!(kind_and_requests(Reply::status(500, "<html>oops")), (Unavailable, Some(500), 1));
    assert_eq!(kind_and_requests(Reply::status(503, "")), (Unavailable, Some(503), 3));
    assert_eq!(kind_and_requests(Reply::status(404, r#"{"code":404,"message":"no"}"#)), (NotFound, Some(404), 1));
    assert_eq!(kind_and_requests(Reply::status(410, r#"{"code":410,"message":"no"}"#)), (NotFound, Some(410), 1));
    assert_eq!(kind_and_requests(Reply::status(400, "")), (BadRequest, Some(400), 1));
}

#[test]
fn a_busy_edda_is_asked_again() {
    for busy in [502, 503, 504, 429] {
        let server = Server::in_turn([Reply::status(busy, "busy"), good()]);
        assert_eq!(ask(&open(&server), "aws/x;_expand"), Ok(documents_of_good()));
        assert_eq!(server.asked().len(), 2);
    }
}

#[test]
fn an_edda_that_wants_to_be_left_alone_is_left_alone() {
    let patient = HttpLimits { pause: Duration::from_hours(1), ..limits() };
    let server = Server::in_turn([Reply::with(429, "Retry-After: 0\r\n", ""), good()]);
    assert_eq!(ask(&open_within(&server, patient), "aws/x;_expand"), Ok(documents_of_good()));
    let (error, requests) = failure(&Server::always(Reply::with(429, "Retry-After: 3600\r\n", "")));
    assert_eq!((error.kind, error.status, requests), (Unavailable, Some(429), 1), "an hour is more than the rule has");
}

#[test]
fn nonsense_with_a_good_status() {
    let nonsense = |body: &str| {
        let (error, requests) = failure(&Server::always(Reply::json(body)));
        assert_eq!((error.kind, error.status), (Unavailable, Some(200)), "{body}");
        (error.message, requests)
    };
    let (message, requests) = nonsense("<html>Welcome to nginx\u{1b}[2J</html>");
    assert!(message.contains(r"is no JSON list; it begins with `<html>Welcome to nginx\u{1b}[2J</html>`"), "{message}");
    assert_eq!(requests, 1);
    for cut_off in ["", "[", r#"[{"id":1},{"id""#, r#"[{"id":1}"#] {
        assert_eq!(nonsense(cut_off), ("EDDA's answer is cut off (3 tries) (asked for `aws/x;_expand`)".to_owned(), 3));
    }
    assert!(nonsense(r#"{"id":1}"#).0.contains(r#"one object where a list was asked for; it begins with `{\"id\":1}`"#));
    assert!(nonsense(r#"[{"id":1},{"id":}]"#).0.contains("document 2 is not JSON: expected value"));
    assert!(nonsense(r#"[{"id":1} {"id":2}]"#).0.contains("broken at byte 10: a comma or `]` was expected"));
}

#[test]
fn eddas_error_in_place_of_a_list_is_its_error() {
    let refusal = r#"{"code":400,"name":"BAD_REQUEST","message":"invalid collection: .x"}"#;
    let (error, _) = failure(&Server::always(Reply::json(refusal)));
    assert_eq!(error, QueryError { kind: BadRequest, status: Some(400), message: "invalid collection: .x".to_owned() });
    let server = Server::always(Reply::json(refusal));
    assert_eq!(ask(&open(&server), "aws/iamUsers/bob").map_err(|error| error.kind), Err(BadRequest), "for a single document too");
}

#[test]
fn a_failed_question_stays_failed_for_the_run() {
    let server = Server::in_turn([Reply::status(500, ""), good()]);
    let inventory = open(&server);
    let first = ask(&inventory, "aws/x;_expand");
    assert_eq!(first.as_ref().map_err(|error| error.status), Err(Some(500)));
    assert_eq!(ask(&inventory, "aws/x;_expand:(id)"), first, "whatever the fields");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn an_answer_without_end_is_given_up() {
    let server = Server::always(Reply::json(format!("[{}1]", "1,".repeat(5000))));
    let inventory = open_within(&server, HttpLimits { answer_bytes: 10_000, ..limits() });
    let error = ask(&inventory, "aws/x").expect_err("too large");
    assert_eq!((error.kind, server.asked().len()), (OverLimit, 1));
    assert!(error.message.contains("larger than 10000 bytes"), "{error}");
    assert_eq!(inventory.statistics().unreachable, None);
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn packed_answers_are_unpacked_and_their_full_size_counts() {
    let gzip = "Content-Encoding: gzip\r\n";
    let server = Server::always(Reply::with(200, gzip, packed(GOOD)));
    assert_eq!(ask(&open(&server), "aws/x;_expand"), Ok(documents_of_good()));
    let bomb = Server::always(Reply::with(200, gzip, packed(&format!("[{}1]", "1,".repeat(50_000)))));
    let inventory = open_within(&bomb, HttpLimits { answer_bytes: 50_000, ..limits() });
    assert_eq!(ask(&inventory, "aws/x").map_err(|error| error.kind), Err(OverLimit));
    let whole = packed(GOOD);
    let cut = Server::in_turn([Reply::with(200, gzip, &whole[..whole.len() - 12]), Reply::with(200, gzip, &whole)]);
    assert_eq!(ask(&open(&cut), "aws/x;_expand"), Ok(documents_of_good()));
}

#[test]
fn a_redirect_stays_with_the_host() {
    let server = Server::in_turn([Reply::with(302, "Location: /edda/api/v2/aws/y\r\n", ""), good()]);
    assert_eq!(ask(&open(&server), "aws/x;_expand"), Ok(documents_of_good()));
    assert_eq!(server.asked(), ["aws/x;_expand", "aws/y"]);
    let (error, requests) = failure(&Server::always(Reply::with(302, "Location: http://localhost:1/stolen\r\n", "")));
    assert_eq!((error.kind, error.status, requests), (Unavailable, Some(302), 1));
    assert!(error.message.contains("sends us to `http://localhost:1/stolen`"), "{error}");
    let (error, requests) = failure(&Server::always(Reply::with(302, "Location: /edda/api/v2/aws/x\r\n", "")));
    assert_eq!((error.kind, requests), (Unavailable, 6), "not in circles");
}

#[test]
fn a_text_is_bounded_and_a_refusal_keeps_its_words() {
    let words = "_diff requires at least 2 documents, only 1 found";
    let server = Server::start(move |path, _| match path {
        "aws/iamUsers/bob;_diff=200;_since=1000;_until=2000" => Reply::json("--- a\n+++ b\n"),
        "aws/iamUsers/new;_diff=200;_since=1000;_until=2000" => {
            Reply::status(400, &format!(r#"{{"code":400,"name":"BAD_REQUEST","message":"{words}"}}"#))
        }
        "aws/iamUsers/huge;_diff=200;_since=1000;_until=2000" => Reply::json(" ".repeat((8 << 20) + 1)),
        _ => Reply::json("[]"),
    });
    let inventory = open(&server);
    let paths = ["bob", "new", "huge", "bob"].map(|name| format!("aws/iamUsers/{name};_diff=200"));
    let texts = inventory.texts(&paths, &Times::Window, WINDOW, later());
    assert_eq!(texts[0].as_deref(), Ok("--- a\n+++ b\n"));
    assert_eq!(texts[1], Err(QueryError { kind: BadRequest, status: Some(400), message: words.to_owned() }));
    assert_eq!(texts[2].as_ref().map_err(|error| error.kind), Err(OverLimit));
    assert_eq!(texts[3], texts[0]);
    assert_eq!(server.asked().len(), 4, "one question for how far it is known, and each text once");
}

#[test]
fn a_stop_ends_waiting() {
    let server = Server::always(Reply::SendAndHold(vec![]));
    let inventory = open(&server);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ask(&inventory, "aws/x;_expand"));
        while server.asked().is_empty() {
            std::thread::yield_now();
        }
        inventory.stop();
        assert_eq!(waiting.join().expect("no panic"), Err(QueryError::stopped()));
    });
    assert_eq!(inventory.statistics().unreachable, None);
}
