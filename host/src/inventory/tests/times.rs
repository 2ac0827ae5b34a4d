use super::server::{Reply, Server};
use super::*;
use crate::failure_kind::FailureKind;

const LAGGING: i64 = NOW - 5 * 60 * 1000;
const MTIME: &str = "aws/x;_meta;_limit=1:(mtime)";

/// How far an EDDA is known that answers so.
fn known(reply: Reply) -> i64 {
    let server = Server::always(reply);
    let inventory = open(&server);
    let known_until = inventory.known_until("aws.x").expect("an answer");
    assert_eq!(inventory.known_until("aws.x").ok(), Some(known_until));
    assert_eq!(inventory.statistics().collections.get("aws.x"), Some(&known_until));
    assert_eq!(server.asked(), [MTIME], "asked once");
    known_until
}

#[test]
fn the_newest_mtime_says_how_far_edda_is_known_if_it_stands_still() {
    assert_eq!(known(Reply::json(format!(r#"[{{"mtime":{}}}]"#, LAGGING - 1))), LAGGING - 1);
    assert_eq!(known(Reply::json(format!(r#"[{{"mtime":{NOW}}}]"#))), LAGGING);
}

#[test]
fn without_a_number_edda_is_known_up_to_five_minutes_ago() {
    for reply in [Reply::json("[]"), Reply::json("<html>"), Reply::status(500, ""), Reply::status(404, ""), Reply::json(r#"["i-1"]"#)] {
        assert_eq!(known(reply), LAGGING);
    }
    let server = Server::always(Reply::Close);
    assert_eq!(open(&server).newest_known_until().ok(), Some(LAGGING));
    assert!(server.asked().is_empty());
}

#[test]
fn how_far_a_collection_is_known_is_asked_before_its_documents_and_once() {
    let server = Server::always(Reply::json("[]"));
    let inventory = open(&server);
    for times in [Times::Now, Times::Updated, Times::Window, Times::At(5)] {
        let answer = inventory.documents("aws/x;a=b;_expand:(c)", &times, WINDOW, later()).expect("an answer");
        assert_eq!((answer.documents.len(), answer.collection.as_str()), (0, "aws.x"));
    }
    let expected = [
        MTIME,
        "aws/x;a=b;_expand",
        "aws/x;a=b;_expand;_since=1000;_until=2000;_updated",
        "aws/x;a=b;_expand;_since=1000;_until=2000",
        "aws/x;a=b;_expand;_at=5",
    ];
    assert_eq!(server.asked(), expected);
}

#[test]
fn what_only_decorates_does_not_ask_how_far_it_is_known_and_shares_the_current_state() {
    let server = Server::always(Reply::json("[]"));
    let inventory = open(&server);
    for times in [Times::Context, Times::Context] {
        inventory.documents("aws/x", &times, WINDOW, later()).expect("an answer");
    }
    assert_eq!(server.asked(), ["aws/x"]);
    assert!(inventory.statistics().collections.is_empty());
    inventory.documents("aws/x", &Times::Now, TimeWindow { since: 0, until: 7 }, later()).expect("an answer");
    assert_eq!(server.asked(), ["aws/x", MTIME]);
}

#[test]
fn what_a_rule_may_not_ask_is_never_sent() {
    let server = Server::always(Reply::json("[]"));
    let inventory = open(&server);
    for path in ["aws/x;_since=0", "../x", "/aws/x", "aws/x?y", "aws/x:(a~b)"] {
        let answer = inventory.documents(path, &Times::Now, WINDOW, later()).map(|answer| answer.documents.len());
        assert_eq!(answer.map_err(|error| error.kind), Err(FailureKind::BadRequest), "{path}");
    }
    let too_late = inventory.documents("aws/x", &Times::At(WINDOW.until), WINDOW, later()).map(|answer| answer.documents.len());
    assert_eq!(too_late.map_err(|error| error.kind), Err(FailureKind::BadRequest));
    assert!(server.asked().is_empty());
    assert_eq!(inventory.statistics().unreachable, None);
    assert_eq!(crate::inventory::collection_of("aws/securityGroups;_expand:(groupId)"), Ok("aws.securityGroups".to_owned()));
}

#[test]
fn what_http_cannot_carry_is_encoded_on_the_way() {
    let server = Server::always(Reply::json("[]"));
    ask(&open(&server), r#"aws/x;tags.Name=a "b" <é>|{1}%;c=%2F"#).expect("an answer");
    assert_eq!(server.asked(), ["aws/x;tags.Name=a%20%22b%22%20%3C%C3%A9%3E%7C%7B1%7D%25;c=%2F"]);
}
