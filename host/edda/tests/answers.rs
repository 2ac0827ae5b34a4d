//! What EDDA's own answers do not show: our own times and sources, stores and readers that fail, and that nothing is written before a
//! refusal.

use std::io;
use std::ops::ControlFlow;

use edda::query::{Refusal, Request, answer, documents};
use edda::{EpochMillis, MemoryStore, Record, RecordStore, Selection, StoreError, StoredText};

fn record(id: &str, source: &str, (stime, ltime): (EpochMillis, Option<EpochMillis>), data: &str) -> Record {
    let stored = |text: &str| StoredText::from_store(text.to_owned());
    let mtime = ltime.unwrap_or_default();
    Record { id: id.into(), source: source.into(), ftime: 1, ctime: 1, stime, ltime, mtime, tags: stored("{}"), data: stored(data) }
}

fn store() -> MemoryStore {
    let mut store = MemoryStore::new();
    let records = [
        record("bob", "eu", (10, Some(21)), r#"{"n":1,"when":{"$date":7}}"#),
        record("bob", "eu", (20, None), r#"{"n":2,"when":{"$date":7}}"#),
        record("bob", "us", (15, None), r#"{"n":9,"when":{"$date":7}}"#),
        record("eve", "eu", (10, Some(31)), r#"{"n":3,"when":{"$date":7}}"#),
        record("odd\n+x", "eu", (10, Some(21)), r#"{"n":1}"#),
        record("odd\n+x", "eu", (20, None), r#"{"n":2}"#),
    ];
    store.set_collection("aws.x", 50, records);
    store.set_collection("aws.damaged", 50, [record("a", "", (1, None), r#"{"n":"#)]);
    store
}

fn request(rest: &str) -> Request {
    Request::parse(rest).expect("a request")
}

fn text(request: &Request) -> Result<String, String> {
    let mut body = Vec::new();
    match answer(request, &store(), &mut body) {
        Ok(_) => Ok(String::from_utf8(body).expect("UTF-8")),
        Err(refusal) => {
            assert!(body.is_empty(), "written before a refusal");
            Err(format!("{} {}", refusal.status(), refusal.message()))
        }
    }
}

fn listed(request: &Request) -> Vec<String> {
    let mut elements = Vec::new();
    let mut take = |element: &str| {
        elements.push(element.to_owned());
        ControlFlow::Continue(())
    };
    documents(request, &store(), &mut take).expect("documents");
    elements
}

#[test]
fn the_state_before_a_moment_has_one_revision_of_each_id_and_source() {
    let before = |rest, until| text(&request(rest).with_state_before(until));
    assert_eq!(before("aws/x;_expand:(n)", 20).as_deref(), Ok(r#"[{"n":9},{"n":1},{"n":3},{"n":1}]"#));
    assert_eq!(before("aws/x;_expand:(n)", 21).as_deref(), Ok(r#"[{"n":2},{"n":2},{"n":9},{"n":3}]"#));
    assert_eq!(before("aws/x/eve:(n)", 30).as_deref(), Ok(r#"{"n":3}"#));
    assert_eq!(before("aws/x/eve:(n)", 31), Err(r#"404 record "eve" not found in collection aws.x"#.into()));
    assert_eq!(before("aws/x/bob;_all:(n)", 20).as_deref(), Ok(r#"[{"n":9},{"n":1}]"#));
}

#[test]
fn a_window_is_set_in_place_of_the_times_written() {
    let expected = text(&request("aws/x/eve;_since=5;_until=30;_updated:(n)"));
    assert_eq!(expected.as_deref(), Ok(r#"[{"n":3}]"#));
    assert_eq!(text(&request("aws/x/eve;_at=1:(n)").with_window(5, 30, true)), expected);
    assert_eq!(text(&request("aws/x/eve:(n)").with_window(11, 30, true)).as_deref(), Ok("[]"));
    assert_eq!(text(&request("aws/x/eve:(n)").with_window(11, 30, false)).as_deref(), Ok(r#"[{"n":3}]"#));
}

#[test]
fn sources_are_never_compared() {
    let both = text(&request("aws/x/bob;_all;_diff=0")).expect("a difference");
    let header = "--- /edda/api/v2/aws/x/bob;_pp;_at=10\n+++ /edda/api/v2/aws/x/bob;_pp;_at=20\n";
    assert_eq!(both, format!("{header}@@ -2,1 +2,1 @@\n-  \"n\" : 1,\n+  \"n\" : 2,\n"));
    assert_eq!(text(&request("aws/x/bob;_since=22;_diff")), Err("400 _diff requires at least 2 documents, only 1 found".into()));
}

#[test]
fn an_id_cannot_break_a_line() {
    let diff = text(&request("aws/x/odd%0A+x;_all;_diff=0")).expect("a difference");
    assert!(diff.starts_with("--- /edda/api/v2/aws/x/odd%0A+x;_pp;_at=10\n+++ "), "{diff}");
}

#[test]
fn the_limit_comes_before_the_selector() {
    assert_eq!(text(&request("aws/x;_expand;_limit=2:(n=9)")).as_deref(), Ok("[]"));
    assert_eq!(text(&request("aws/x;_expand;_limit=3:(n=9)")).as_deref(), Ok(r#"[{"n":9}]"#));
}

#[test]
fn a_limit_of_a_single_document_is_not_read() {
    let missing = |rest: &str| text(&request(rest)).expect_err(rest);
    assert!(missing("aws/x/zed;_limit=x").starts_with("404 "));
    assert!(missing("aws/x/eve;_limit=x").starts_with("410 "));
}

#[test]
fn documents_are_the_elements_of_the_list() {
    assert_eq!(listed(&request("aws/x;_pp;_callback=f")), [r#""bob""#, r#""odd\n+x""#, r#""bob""#]);
    assert_eq!(listed(&request("aws/x/bob,eve")), [r#"{"n":2,"when":7}"#, r#"{"n":9,"when":7}"#]);
    assert_eq!(listed(&request("aws/x/bob")), [r#"{"n":2,"when":7}"#]);
    assert_eq!(listed(&request("aws/x/bob:(n=5)")), [""; 0]);
    let refused = |rest: &str| documents(&request(rest), &store(), &mut |_| ControlFlow::Continue(())).expect_err(rest);
    assert!(matches!(refused("aws/x/zed"), Refusal::NotFound { .. }));
    assert!(matches!(refused("aws/x/eve"), Refusal::Gone { stime: 10, .. }));
    assert!(matches!(refused("aws/x/bob;_all;_diff"), Refusal::DiffIsText));
}

#[test]
fn whoever_takes_documents_may_stop() {
    let mut seen = 0;
    let mut stop = |_: &str| {
        seen += 1;
        ControlFlow::Break(())
    };
    documents(&request("aws/x;_all"), &store(), &mut stop).expect("documents");
    assert_eq!(seen, 1);
}

#[test]
fn a_damaged_record_is_named() {
    for rest in ["aws/damaged;_all;_pp", "aws/damaged/a:(n)", "aws/damaged;n=1", "aws/damaged/a;_all;_diff"] {
        let message = text(&request(rest)).expect_err(rest);
        assert!(message.starts_with("500 record \"a\" of collection aws.damaged is damaged: "), "{rest}: {message}");
    }
}

/// A store that fails after its first record.
struct FailingStore;

impl RecordStore for FailingStore {
    fn has_collection(&self, _: &str) -> bool {
        true
    }

    fn records(&self, _: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let _ = visit(record("a", "", (1, None), "{}"));
        Err(StoreError("disk I/O error".into()))
    }
}

#[test]
fn a_failing_store_is_no_short_answer() {
    let mut body = Vec::new();
    let refusal = answer(&request("aws/x"), &FailingStore, &mut body).expect_err("a failing store");
    assert_eq!((refusal.status(), String::from_utf8(body).as_deref()), (500, Ok("[\"a\"")));
    assert_eq!(refusal.message(), "the query failed: the inventory's records cannot be read: disk I/O error");
}

/// A reader that has gone.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_has_gone_ends_the_answer() {
    for rest in ["aws/x", "aws/x/bob", "aws/x;_callback=f", "aws/x/bob;_all;_diff"] {
        let refusal = answer(&request(rest), &store(), &mut Closed).expect_err(rest);
        assert!(matches!(refusal, Refusal::Write(_)), "{rest}: {refusal}");
    }
}
