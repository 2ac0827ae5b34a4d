//! What holds for every input, whatever its bytes: shared by the fuzz targets and by the test that replays their seeds.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::ops::ControlFlow;
use std::path::Path;

use edda::archive::{Archive, ImportOptions, Input, RecordLines, import as take_in, import_records};
use edda::query::{Cover, Covered, Refusal, Request, Selector, answer, documents};
use edda::{MemoryStore, Record, StoredText, Value};
use serde::de::IgnoredAny as Json;

/// An input of this module's checks, by the name of its fuzz target.
pub(crate) type Check = fn(&[u8]);

/// All checks with the names of their fuzz targets.
pub(crate) const CHECKS: [(&str, Check); 5] =
    [("request", request), ("selector", selector), ("stored", stored), ("records", records), ("import", import)];

/// A request never panics; a refusal comes before anything is written and is JSON; an answer is JSON; both ways to ask agree.
pub(crate) fn request(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let store = store();
    let mut body = Vec::new();
    let head = match Request::parse(text).and_then(|request| Ok((answer(&request, &store, &mut body)?, request))) {
        Ok((head, request)) => {
            let body = std::str::from_utf8(&body).expect("answers are UTF-8");
            if !["_pp", "_callback", "_diff", "%"].iter().any(|dress| text.contains(dress)) {
                assert_same_documents(&request, &store, body);
            }
            head
        }
        Err(refusal) => return assert_plain_refusal(&refusal, &body),
    };
    if head.content_type == "application/json" && !body.is_empty() {
        serde_json::from_slice::<Json>(&body).expect("an answer is JSON");
    }
}

fn assert_plain_refusal(refusal: &Refusal, written: &[u8]) {
    assert!(written.is_empty(), "written before a refusal: {refusal}");
    assert!(matches!(refusal.status(), 400 | 404 | 410), "{refusal}");
    serde_json::from_str::<Json>(&refusal.body()).expect("a refusal is JSON");
}

fn assert_same_documents(request: &Request, store: &MemoryStore, body: &str) {
    let mut found = Vec::new();
    let mut each = |document: &str| {
        found.push(document.to_owned());
        ControlFlow::Continue(())
    };
    documents(request, store, &mut each).expect("what has an answer has documents");
    let list = format!("[{}]", found.join(","));
    assert!(body == list || body == found.concat(), "{body} and {list}");
}

/// A selector prints a text that reads as the same selector, and selects the same from a document and from what its cover leaves of it.
pub(crate) fn selector(bytes: &[u8]) {
    let Some((text, document)) = std::str::from_utf8(bytes).ok().and_then(|text| text.split_once('\n')) else { return };
    let selector = Selector::parse(text);
    if let Ok(selector) = &selector {
        assert_eq!(Selector::parse(&selector.to_string()).as_ref().ok(), Some(selector), "its own text");
        // What is no stored text must not bring it down.
        drop(selector.project(document));
    }
    let (Ok(selector), Ok(value)) = (selector, Value::parse_stored(document)) else { return };
    let document = value.to_stored();
    let found = selector.project(&document).expect("a stored text can be selected from");
    if let Some(found) = &found {
        Value::parse_stored(found).expect("what is selected is a stored text");
        assert_eq!(
            selector.project(found).expect("it can be selected from again").as_ref(),
            Some(found),
            "selecting twice changes nothing"
        );
    }
    let mut covered = Covered::default();
    Cover::of([&selector]).project(&document, &mut covered).expect("a stored text can be covered");
    assert_eq!(selector.project(covered.of(0)).expect("what is covered can be selected from"), found);
}

/// What can be read is printed and read again as the same.
pub(crate) fn stored(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut compact = String::new();
    // What is no stored text must not bring it down.
    StoredText::from_store(text.to_owned()).write_compact(&mut compact);
    drop(Value::parse_json(text));
    let Ok(value) = Value::parse_stored(text) else { return };
    let stored = value.to_stored();
    let again = Value::parse_stored(&stored).expect("stored form");
    assert_eq!(again.to_stored(), stored);
    assert_eq!(again, value);
    compact.clear();
    StoredText::from_store(stored).write_compact(&mut compact);
    assert_eq!(compact, value.to_compact());
    serde_json::from_str::<Json>(&compact).expect("compact text is JSON");
    serde_json::from_str::<Json>(&value.to_pretty()).expect("pretty text is JSON");
}

/// Records that are taken in are exported as lines from which an archive is made that exports the same.
pub(crate) fn records(bytes: &[u8]) {
    let Some(archive) = archive_of(bytes) else { return };
    let exported = export(&archive);
    if exported.is_empty() {
        // All of it told of the future and was left out.
        return;
    }
    let again = archive_of(&exported).expect("what was exported is taken in");
    assert_eq!(String::from_utf8(export(&again)), String::from_utf8(exported));
    for collection in archive.collections().expect("readable") {
        // A collection may have a name that no request can be written with.
        let Ok(request) = Request::parse(&format!("{collection};_all;_meta;_pp")) else { continue };
        let mut body = Vec::new();
        if answer(&request, &archive, &mut body).is_ok() {
            serde_json::from_slice::<Json>(&body).expect("an answer is JSON");
        }
    }
}

fn archive_of(lines: &[u8]) -> Option<Archive> {
    let mut archive = Archive::open_or_create(Path::new(":memory:")).expect("an archive in memory");
    let file = RecordLines { name: "-".to_owned(), lines: Box::new(lines) };
    import_records(&mut archive, &mut [file], &options(10), false).ok()?;
    Some(archive)
}

fn export(archive: &Archive) -> Vec<u8> {
    let mut lines = Vec::new();
    archive.export(&[], &mut lines).expect("an export");
    lines
}

/// What stands between the files of an import, before the name of the next.
const NEXT_FILE: &str = "=== ";

/// An import is refused and leaves nothing, or is taken in; then all answers can be given, and taking in the same again changes nothing.
pub(crate) fn import(bytes: &[u8]) {
    let Some((mut archive, inputs)) = taken_in(bytes) else { return };
    for collection in archive.collections().expect("readable") {
        for dress in ["_all;_meta", "_expand;_pp", "_since=5;_until=20;_updated"] {
            let request = Request::parse(&format!("{collection};{dress}")).expect("a request");
            let mut body = Vec::new();
            answer(&request, &archive, &mut body).expect("an answer");
            serde_json::from_slice::<Json>(&body).expect("an answer is JSON");
        }
    }
    let again = take_in(&mut archive, &inputs, &options(20)).expect("what was taken in is taken in again");
    assert!(again.collections.iter().all(|of| of.new + of.changed + of.ended == 0), "{again}");
}

/// A new archive with the files that the bytes are, unless they are refused.
pub(crate) fn taken_in(bytes: &[u8]) -> Option<(Archive, Vec<Input>)> {
    let inputs: Vec<Input> = pieces(bytes)
        .filter_map(|piece| {
            let end = piece.iter().position(|byte| *byte == b'\n')?;
            let name = String::from_utf8_lossy(&piece[..end]).into_owned();
            Some(Input { name, bytes: piece[end + 1..].to_owned() })
        })
        .collect();
    let mut archive = Archive::open_or_create(Path::new(":memory:")).expect("an archive in memory");
    if take_in(&mut archive, &inputs, &options(10)).is_err() {
        assert_eq!(archive.collections().expect("readable"), [""; 0], "a refused import leaves nothing");
        return None;
    }
    Some((archive, inputs))
}

fn options(at: i64) -> ImportOptions {
    ImportOptions { at, now: 100, source: None, force: false }
}

fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let starts = lines.scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.starts_with(NEXT_FILE.as_bytes())))
    });
    let starts: Vec<usize> = starts.filter(|(_, begins)| *begins).map(|(start, _)| start).collect();
    let ends = starts.iter().copied().skip(1).chain([bytes.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| &bytes[start + NEXT_FILE.len()..end])
}

/// A few revisions in two collections, one of a name with three parts.
fn store() -> MemoryStore {
    let stored = |text: &str| StoredText::from_store(text.to_owned());
    let record = |id: &str, source: &str, stime, ltime: Option<i64>, data: &str| Record {
        id: id.into(),
        source: source.into(),
        ftime: 1,
        ctime: 1,
        stime,
        ltime,
        mtime: ltime.unwrap_or_default(),
        tags: stored("{}"),
        data: stored(data),
    };
    let records = [
        record("a", "eu", 10, Some(21), r#"{"n":1,"name":"a","when":{"$date":7},"list":[{"x":1},{"x":2}],"yes":true}"#),
        record("a", "eu", 20, None, r#"{"n":2,"name":"a","when":{"$date":7},"list":[{"x":1},{"x":3}],"yes":false}"#),
        record("a", "us", 15, None, r#"{"n":2.5,"name":null,"list":["p","q"],"deep":{"er":{"est":"é😀"}}}"#),
        record("b.c", "eu", 10, Some(31), r#"{"n":3,"name":"","when":{"$date":-1}}"#),
    ];
    let mut store = MemoryStore::new();
    store.set_collection("aws.x", 50, records);
    store.set_collection("one.aws.x", 50, []);
    store
}
