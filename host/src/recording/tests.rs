//! What is written is read again, and what is damaged says where.

use std::path::PathBuf;

use super::answer::Told;
use super::question::Question;
use super::*;
use crate::failure_kind::FailureKind;
use crate::inventory::{Documents, QueryError, Times};
use crate::network::{Port, Request, Response};
use crate::time_window::TimeWindow;

fn rule() -> RecordedRule {
    RecordedRule {
        name: "iam".parse().expect("a name"),
        file: "iam".parse().expect("a name"),
        window: TimeWindow { since: 1, until: 9 },
        settings: serde_json::Map::new(),
        status: crate::status::StatusFile::default().of_rule(&"iam".parse().expect("a name")),
    }
}

/// A place for a recording, which `write` fills.
fn recorded(write: impl Fn(&RuleRecorder)) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("run.jsonl");
    let recorder = Recorder::create(&file, &Header::new(9, true)).expect("a recorder");
    write(&recorder.rule(&rule()));
    recorder.ended(&rule().name, 11);
    recorder.finish().expect("room on the disk");
    (directory, file)
}

fn replay(file: &std::path::Path) -> RuleReplay {
    Recording::open(file).expect("a recording").rules.remove(&rule().name).expect("a rule")
}

fn users() -> Question {
    Question::documents("aws/iamUsers;_expand", Times::Updated)
}

#[test]
fn every_kind_of_answer_comes_back() {
    let documents: Documents = ["{\"a\":\n1.50}", "\"i-1\""].into_iter().collect();
    let found = crate::inventory::Answer { documents: documents.into(), collection: String::new() };
    let request = Request { method: "POST".into(), url: "http://a/".into(), body: vec![0xff, 0], ..Request::default() };
    let response = Response { url: "http://b/".into(), status: 200, headers: vec![], body: b"text\n".to_vec(), cut: true };
    let port = Port { host: "a".into(), port: 22 };
    let (_directory, file) = recorded(|recorder| {
        recorder.answer(&users(), Told::documents(&Ok(found.clone())));
        recorder.answer(&Question::text("aws/iamUsers/a", Times::At(5)), Told::text(&Ok("+ b\n".into())));
        recorder.answer(&Question::KnownUntil { collection: "aws.iamUsers".into() }, Told::known_until(&Ok(7)));
        recorder.answer(&Question::Send(request.clone()), Told::response(&Ok(response.clone())));
        recorder.answer(&Question::probe(&port, 5), Told::open(&Ok(true)));
    });
    let replay = replay(&file);
    assert_eq!((replay.rule.clone(), replay.ended_at), (rule(), 11));
    let answer = replay.documents("aws/iamUsers;_expand", Times::Updated).expect("documents");
    assert_eq!((answer.documents.get(0), answer.documents.get(1)), (Some("{\"a\": 1.50}"), Some("\"i-1\"")));
    assert_eq!(answer.collection, "aws.iamUsers");
    assert_eq!(replay.text("aws/iamUsers/a", Times::At(5)), Ok("+ b\n".to_owned()));
    assert_eq!(replay.known_until("aws.iamUsers"), Ok(7));
    assert_eq!(replay.send(request), Ok(response));
    assert_eq!(replay.probe(&port, 5), Ok(true));
}

#[test]
fn a_failure_is_an_answer_too() {
    let error = QueryError { kind: FailureKind::NotFound, status: Some(404), message: "no\u{1b}".into() };
    let (_directory, file) = recorded(|recorder| recorder.answer(&users(), Told::documents(&Err(error.clone()))));
    assert_eq!(replay(&file).documents("aws/iamUsers;_expand", Times::Updated).map(drop), Err(error));
}

#[test]
fn a_question_asked_again_gets_the_next_answer_and_at_the_end_the_last() {
    let question = Question::text("aws/iamUsers/a", Times::Now);
    let (_directory, file) =
        recorded(|recorder| ["1", "2"].into_iter().for_each(|text| recorder.answer(&question, Told::text(&Ok(text.into())))));
    let replay = replay(&file);
    let ask = |replay: &RuleReplay| replay.text("aws/iamUsers/a", Times::Now).expect("a text");
    assert_eq!([ask(&replay), ask(&replay), ask(&replay)], ["1", "2", "2"]);
    replay.rewind();
    assert_eq!(ask(&replay), "1");
}

#[test]
fn what_was_not_recorded_is_refused_with_the_nearest() {
    let (_directory, file) = recorded(|recorder| {
        recorder.answer(&users(), Told::text(&Err(QueryError { kind: FailureKind::Other, status: None, message: String::new() })));
        recorder.answer(&Question::probe(&Port { host: "aws".into(), port: 1 }, 0), Told::open(&Ok(true)));
    });
    let error = replay(&file).documents("aws/iamUser;_expand", Times::Updated).expect_err("not recorded");
    assert_eq!(error.kind, FailureKind::Unavailable);
    let expected = "has no answer for rule iam to `edda.documents aws/iamUser;_expand (updated)`; the nearest one that it has is \
        `edda.documents aws/iamUsers;_expand (updated)`";
    assert!(error.message.contains(expected), "{error}");
}

#[test]
fn a_damaged_recording_says_in_which_line() {
    let (_directory, file) = recorded(|recorder| {
        recorder.answer(
            &users(),
            Told::documents(&Ok(crate::inventory::Answer { documents: std::sync::Arc::default(), collection: String::new() })),
        );
    });
    let whole = std::fs::read_to_string(&file).expect("a recording");
    let lines: Vec<&str> = whole.lines().collect();
    let refusal = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        crate::exit_code::chain(Recording::open(&file).expect_err(text))
    };
    assert!(refusal("").contains("is cut off after line 0"));
    assert!(refusal(&lines[..4].join("\n")).contains("is cut off after line 4"));
    assert!(refusal(&whole[..whole.len() - 20]).contains("damaged at line 4"), "{}", refusal(&whole[..whole.len() - 20]));
    assert!(refusal(&whole.replace("recording\":1", "recording\":2")).contains("it has version 2, and this program reads version 1"));
    assert!(
        refusal(&whole.replace("\"documents\":[]", "\"open\":true")).contains("damaged at line 3: this is no answer to edda.documents")
    );
    assert!(refusal(&format!("{whole}{{}}\n")).contains("damaged at line 6: something follows the last line"));
    assert!(refusal(&[lines[0], lines[2]].join("\n")).contains("damaged at line 2: rule iam is told something before it starts"));
    assert!(refusal(&[lines[0], lines[1], lines[1]].join("\n")).contains("damaged at line 3: rule iam starts a second time"));
    assert!(refusal("{\"a\":1}").contains("damaged at line 1"));
    assert!(refusal(&whole.replace("\"updated\"", "\"upgraded\"")).contains("damaged at line 3"));
}

#[test]
fn a_recording_is_there_when_it_is_finished_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("run.jsonl");
    let recorder = Recorder::create(&file, &Header::new(9, true)).expect("a recorder");
    assert!(!file.exists());
    recorder.finish().expect("room on the disk");
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    drop(recorder);
    assert_eq!(std::fs::read_dir(directory.path()).expect("a directory").count(), 1);
}
