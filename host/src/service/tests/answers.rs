//! What is answered, and with which headers.

use std::collections::HashSet;

use edda::MemoryStore;
use edda::query::{Request, answer};

use super::client::{ask, get};
use super::stores::{Rows, case_store, cases};
use super::{LIMITS, Served};

const USERS: &str = "/edda/api/v2/aws/iamUsers";

fn served() -> Served {
    Served::start(case_store(&cases()), "/edda", LIMITS)
}

/// Status, media type and body that the query language itself gives.
fn expected(rest: &str, store: &MemoryStore) -> (u16, &'static str, String) {
    let mut body = Vec::new();
    match Request::parse(rest).and_then(|request| answer(&request, store, &mut body)) {
        Ok(head) => (head.status, head.content_type, String::from_utf8(body).expect("UTF-8")),
        Err(refusal) => (refusal.status(), "application/json", refusal.body()),
    }
}

#[test]
fn every_case_is_answered_over_http_as_it_is_in_memory() {
    let cases = cases();
    let (store, served) = (case_store(&cases), served());
    let requests: Vec<&str> = cases["cases"].as_array().expect("cases").iter().filter_map(|case| case["request"].as_str()).collect();
    assert_eq!(requests.len(), 130);
    let mut wrong = Vec::new();
    for request in requests {
        let rest = request.split('?').next().and_then(|path| path.strip_prefix("/edda/api/v2/")).expect("an address");
        let found = get(served.address, request);
        let expected = if rest.is_empty() { (405, "", String::new()) } else { expected(rest, &store) };
        let seen = (found.status, found.header("content-type").unwrap_or_default(), found.body.clone());
        if seen != expected || !found.whole {
            wrong.push(format!("{request}\n  found    {seen:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    let served = served();
    let paths = [USERS, USERS, "/edda/api/v2/aws/nothing", "/edda/api/v2/aws/iamUsers/nobody", "/edda/api/v2/", "/elsewhere"];
    let answers: Vec<_> = paths.iter().map(|path| get(served.address, path)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200, 400, 404, 405, 404]);
    let ids: HashSet<_> = answers.iter().filter_map(|answer| answer.header("x-request-id")).collect();
    assert_eq!(ids.len(), paths.len());
    assert!(ids.iter().all(|id| id.len() == 36 && id.split('-').count() == 5), "{ids:?}");
    assert!(answers.iter().all(|answer| answer.header("x-content-type-options") == Some("nosniff")));
    assert!(answers.iter().all(|answer| answer.head.contains("\r\nX-Request-Id: ")));
}

#[test]
fn head_is_get_without_a_body() {
    let served = served();
    let (get, head) = (get(served.address, USERS), ask(served.address, "HEAD", USERS));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
    assert_eq!(ask(served.address, "HEAD", "/edda/api/v2/aws/iamUsers/nobody").status, 404);
}

#[test]
fn nothing_can_be_written() {
    let served = served();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = ask(served.address, method, USERS);
        assert_eq!((answer.status, answer.body.as_str(), answer.header("allow")), (405, "", Some("GET, HEAD")), "{method}");
        assert_eq!(ask(served.address, method, "/elsewhere").status, 404, "{method}");
    }
}

#[test]
fn where_nothing_is_asked_eddas_container_says_405() {
    let served = served();
    for path in ["/edda/api/v2", "/edda/api/v2/", "/edda/api/v2/;_pp", "/edda/api/v2?x"] {
        assert_eq!(get(served.address, path).status, 405, "{path}");
    }
}

#[test]
fn outside_of_the_base_there_is_nothing() {
    let served = served();
    for path in
        ["/", "/edda", "/edda/api/v1/aws/iamUsers", "/api/v2/aws/iamUsers", "//edda/api/v2/aws/iamUsers", "/%65dda/api/v2/aws/iamUsers"]
    {
        let answer = get(served.address, path);
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("application/json")), "{path}");
        assert!(answer.body.starts_with(r#"{"code":404,"name":"NOT_FOUND","message":""#), "{}", answer.body);
    }
}

#[test]
fn the_base_can_be_another_and_shows_in_differences() {
    let served = Served::start(case_store(&cases()), "/", LIMITS);
    assert_eq!(get(served.address, "/api/v2/aws/iamUsers").status, 200);
    assert_eq!(get(served.address, USERS).status, 404);
    let diff = get(served.address, "/api/v2/aws/iamUsers/alice;_diff;_all");
    assert!(diff.body.starts_with("--- /api/v2/aws/iamUsers/alice;_pp;_at="), "{}", diff.body);
    assert_eq!(diff.header("content-type"), Some("text/plain"));
}

#[test]
fn what_a_query_string_says_is_ignored() {
    let served = served();
    assert_eq!(get(served.address, &format!("{USERS}?_expand&x=/;")).body, get(served.address, USERS).body);
}

#[test]
fn a_long_answer_comes_in_pieces_and_whole() {
    let served = Served::start(Rows { rows: 2000, then_fails: false }, "/edda", LIMITS);
    let answer = get(served.address, "/edda/api/v2/aws/x;_expand");
    assert_eq!((answer.status, answer.header("transfer-encoding"), answer.whole), (200, Some("chunked"), true));
    assert_eq!(answer.body.len(), 2000 * 1003 + 1);
    let called = get(served.address, "/edda/api/v2/aws/x;_expand;_callback=f");
    assert_eq!((called.header("content-type"), called.whole), (Some("application/javascript"), true));
    assert_eq!(called.body, format!("f({})", answer.body));
    assert_eq!(ask(served.address, "HEAD", "/edda/api/v2/aws/x;_expand").status, 200);
}

#[test]
fn a_failure_in_mid_answer_breaks_the_connection() {
    let served = Served::start(Rows { rows: 2000, then_fails: true }, "/edda", LIMITS);
    let answer = get(served.address, "/edda/api/v2/aws/x;_expand");
    assert_eq!((answer.status, answer.whole), (200, false));
    assert!(answer.body.len() > 100_000, "{}", answer.body.len());
}

#[test]
fn a_failure_before_anything_was_sent_has_its_status() {
    let served = Served::start(Rows { rows: 3, then_fails: true }, "/edda", LIMITS);
    let answer = get(served.address, "/edda/api/v2/aws/x;_expand");
    assert_eq!((answer.status, answer.whole), (500, true));
    assert!(answer.body.contains("INTERNAL_SERVER_ERROR") && answer.body.contains("the disk is gone"), "{}", answer.body);
}
