//! Answers of EDDA's own code, byte for byte. Where ours differ on purpose the case stands in [`EXCEPTIONS`], with the name of the deviation
//! and our answer; an exception that is none fails.

use edda::query::{Refusal, Request, answer, deviations};
use edda::{MemoryStore, Record, StoredText, Value};
use serde_json::Value as Json;

use Ours::{AnswerTo, Body, Refused};

const CASES: &str = include_str!("edda-cases.json");

/// What stands before `rest` in the cases.
const BASE: &str = "/edda/api/v2/";

/// What we answer in place of EDDA's answer.
enum Ours {
    /// Status 400 with this message.
    Refused(&'static str),
    /// Status 200 with this body.
    Body(&'static str),
    /// What we answer to this request, which is no exception.
    AnswerTo(&'static str),
}

/// Cases that we answer otherwise: id, deviation, our answer.
const EXCEPTIONS: &[(&str, &str, Ours)] = &[
    ("c07", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: _limit needs a whole number, found "x""#)),
    ("c33", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: _at needs a time in milliseconds since 1970, found """#)),
    ("c34", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: _at needs a time in milliseconds since 1970, found "yesterday""#)),
    ("c44", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: _since needs a time in milliseconds since 1970, found "x""#)),
    ("c64", deviations::REFUSED_IN_JSON, Refused("_diff requires at least 2 documents, none found")),
    ("c66", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: _diff needs a whole number, found "x""#)),
    ("c78", deviations::ABSENT_IS_NO_VALUE, Body("[]")),
    ("c81", deviations::ANY_OF_IN_LISTS, Body(r#"["alice","bob"]"#)),
    ("c88", deviations::REFUSED_IN_JSON, Refused(r#"invalid argument: a name is missing before "=bob""#)),
    ("c108", deviations::COMPARISONS_NEVER_RAISE, Body(r#"[{"instanceId":"i-01","publicIpAddress":"54.1.2.3"}]"#)),
    (
        "c114",
        deviations::REFUSED_IN_JSON,
        Refused(r#"invalid selector: expected a text in double quotes, null, true, false or a number at character 7, found "bob)""#),
    ),
    ("c115", deviations::REFUSED_IN_JSON, Refused("invalid selector: the whole number 1380000000000 is beyond 32 bits")),
    ("c123", deviations::PERCENT_DECODING, AnswerTo("/edda/api/v2/aws/iamUsers/alice")),
];

impl Ours {
    fn answer(&self, store: &MemoryStore) -> Answer {
        let (status, body) = match self {
            AnswerTo(request) => return ask(request, store),
            Refused(message) => (400, format!(r#"{{"code":400,"name":"BAD_REQUEST","message":{}}}"#, Json::from(*message))),
            Body(body) => (200, (*body).to_owned()),
        };
        Answer { status, content_type: "application/json".into(), body }
    }
}

#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    content_type: String,
    body: String,
}

#[test]
fn answers_are_eddas() {
    let cases: Json = serde_json::from_str(CASES).expect("the cases");
    let store = store(&cases["collections"]);
    let cases = cases["cases"].as_array().expect("a list of cases");
    assert_eq!(cases.len(), 130);
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case, &store).err()).collect();
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_exception_is_a_case() {
    let cases: Json = serde_json::from_str(CASES).expect("the cases");
    for (id, ..) in EXCEPTIONS {
        assert!(cases["cases"].as_array().expect("a list").iter().any(|case| case["id"] == *id), "{id}");
    }
}

fn check(case: &Json, store: &MemoryStore) -> Result<(), String> {
    let id = case["id"].as_str().expect("an id");
    let request = case["request"].as_str().expect("a request");
    let found = ask(request, store);
    let theirs = Answer {
        status: case["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status"),
        content_type: case["content_type"].as_str().unwrap_or_default().to_owned(),
        body: case["body"].as_str().unwrap_or_default().to_owned(),
    };
    let Some((_, deviation, ours)) = EXCEPTIONS.iter().find(|(exception, ..)| *exception == id) else {
        return if found == theirs { Ok(()) } else { Err(format!("{id} {request}\n  ours   {found:?}\n  theirs {theirs:?}")) };
    };
    let ours = ours.answer(store);
    if found == theirs {
        Err(format!("{id} {request} is as EDDA's and no exception ({deviation})"))
    } else if found == ours {
        Ok(())
    } else {
        Err(format!("{id} {request} ({deviation})\n  found    {found:?}\n  expected {ours:?}"))
    }
}

fn ask(request: &str, store: &MemoryStore) -> Answer {
    let path = request.split('?').next().unwrap_or_default();
    let rest = path.strip_prefix(BASE).expect("an address of the cases");
    let mut body = Vec::new();
    let outcome = Request::parse(rest).and_then(|request| answer(&request, store, &mut body));
    let body = String::from_utf8(body).expect("UTF-8");
    match outcome {
        Ok(head) => Answer { status: head.status, content_type: head.content_type.into(), body },
        Err(refusal) => refused(&refusal, &body),
    }
}

fn refused(refusal: &Refusal, written: &str) -> Answer {
    assert_eq!(written, "", "a refusal after something was written: {refusal}");
    Answer { status: refusal.status(), content_type: "application/json".into(), body: refusal.body() }
}

fn store(collections: &Json) -> MemoryStore {
    let mut store = MemoryStore::new();
    for (name, collection) in collections.as_object().expect("collections") {
        let records = collection["records"].as_array().expect("records").iter().map(record);
        store.set_collection(name, time(&collection["mtime"]), records);
    }
    store
}

fn record(json: &Json) -> Record {
    let stored = |json: &Json| StoredText::from(&Value::from_extended(json.clone()));
    Record {
        id: json["id"].as_str().expect("an id").into(),
        source: "".into(),
        ftime: time(&json["ftime"]),
        ctime: time(&json["ctime"]),
        stime: time(&json["stime"]),
        ltime: json["ltime"].as_i64(),
        mtime: time(&json["mtime"]),
        tags: stored(&json["tags"]),
        data: stored(&json["data"]),
    }
}

fn time(json: &Json) -> i64 {
    json.as_i64().expect("a time")
}
