//! JSON lines: the database of an old EDDA moves in, and what is exported comes back.

use edda::archive::{ImportError, ImportOptions, ImportReport, RecordLines, import_records};
use edda::{Record, TimeConditions};

use super::{Fixture, VPCS, vpcs};

fn take_in(fixture: &mut Fixture, text: &str, source: Option<&str>, is_part: bool) -> Result<ImportReport, ImportError> {
    let mut files = [RecordLines { name: "old.jsonl".into(), lines: Box::new(text.as_bytes()) }];
    let options = ImportOptions { at: 1, now: 10_000, source: source.map(Into::into), force: false };
    import_records(&mut fixture.archive, &mut files, &options, is_part)
}

fn everything(fixture: &Fixture) -> Vec<Record> {
    let mut collections = fixture.archive.collections().expect("readable");
    collections.sort();
    collections.iter().flat_map(|name| fixture.records(name, TimeConditions::all())).collect()
}

const OLD: &str = r#"{"collection":"aws.iamUsers","_id":"bob|5","id":"bob","ftime":{"$date":5},"ctime":{"$date":1},"stime":{"$date":5},"ltime":{"$date":9},"mtime":{"$date":9},"tags":{},"data":{"name":"bob","attributes":{"createDate":{"$date":1}}}}
{"collection":"aws.iamUsers","id":"bob","ftime":{"$date":5},"ctime":{"$date":1},"stime":{"$date":8},"ltime":null,"mtime":{"$date":20},"tags":{"a":1},"data":{"name":"bob","n":{"$numberLong":"7"}}}

{"collection":"netflix.apps","id":7,"stime":{"$date":{"$numberLong":"6"}},"data":{"x":{"$date":"1970-01-01T00:00:00.003Z"}}}"#;

#[test]
fn an_old_database_moves_in() {
    let mut fixture = Fixture::new();
    let report = take_in(&mut fixture, OLD, None, false).expect("records");
    assert_eq!(report.skipped, []);
    let counts: Vec<_> = report.collections.iter().map(|of| (of.collection.as_str(), of.source.as_str(), of.new)).collect();
    assert_eq!(counts, [("aws.iamUsers", "default", 2), ("netflix.apps", "default", 1)]);
    assert_eq!(fixture.history("aws.iamUsers"), ["bob@8", "bob@5-9"]);
    let bob = &fixture.records("aws.iamUsers", TimeConditions::current())[0];
    assert_eq!((bob.ctime, bob.ftime, bob.mtime, bob.tags.as_str()), (1, 5, 20, r#"{"a":1}"#));
    assert_eq!(bob.data.as_str(), r#"{"n":7,"name":"bob"}"#);
    assert_eq!(fixture.document("netflix.apps"), r#"{"x":{"$date":3}}"#);
    assert_eq!(fixture.archive.known_until("aws.iamUsers").expect("readable"), Some(21));
}

#[test]
fn what_is_exported_comes_back() {
    let mut original = Fixture::new();
    take_in(&mut original, OLD, None, false).expect("records");
    for (at, source) in [(100, "1/a"), (100, "1/b")] {
        original.import_from(source, at, &[(VPCS, &vpcs(&["vpc-1", "vpc-2"]))]).expect("an import");
        original.import_from(source, at + 1, &[(VPCS, &vpcs(&["vpc-2"]))]).expect("an import");
    }
    let zones = r#"{"HostedZones":[{"Id":"/hostedzone/Z1","Name":"a."},{"Id":"/hostedzone/Z2","Name":"a."}]}"#;
    let set = |weight: &str| {
        format!(
            r#"{{"ResourceRecordSets":[{{"Name":"a.","Type":"A","SetIdentifier":"x{weight}"}},{{"Name":"a.","Type":"A","SetIdentifier":"y"}}]}}"#
        )
    };
    let files = [
        ("route53.list-hosted-zones.json", zones.to_owned()),
        ("route53.list-resource-record-sets.Z1.json", set("1")),
        ("route53.list-resource-record-sets.Z2.json", set("1")),
    ];
    original.import(200, &files.each_ref().map(|(name, text)| (*name, text.as_str()))).expect("an import");
    let mut lines = Vec::new();
    original.archive.export(&[], &mut lines).expect("an export");
    let lines = String::from_utf8(lines).expect("text");
    let mut copy = Fixture::new();
    let report = take_in(&mut copy, &lines, None, false).expect("records");
    assert_eq!(report.skipped, []);
    assert_eq!(everything(&copy), everything(&original));
    for collection in ["aws.vpcs", "aws.hostedRecords", "aws.hostedZones", "aws.iamUsers"] {
        let known = |fixture: &Fixture| fixture.archive.known_until(collection).expect("readable");
        assert_eq!(known(&copy), known(&original), "{collection}");
    }
    // What is told apart by more than its id is so without being told, too.
    let untold = |line: &str| {
        let mut record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("a record");
        record.remove("variant");
        serde_json::Value::from(record).to_string() + "\n"
    };
    let mut other = Fixture::new();
    take_in(&mut other, &lines.lines().map(untold).collect::<String>(), None, false).expect("records");
    assert_eq!(everything(&other), everything(&original));
    // And the next import of the same answers finds nothing new.
    let next = copy.import(300, &files.each_ref().map(|(name, text)| (*name, text.as_str()))).expect("an import");
    assert!(next.collections.iter().all(|of| (of.new, of.changed, of.ended) == (0, 0, 0)), "{next}");
}

#[test]
fn a_file_that_is_cut_off_leaves_nothing_behind() {
    let mut fixture = Fixture::new();
    let cut = &OLD[..OLD.len() - 10];
    let error = take_in(&mut fixture, cut, None, false).expect_err("cut off").to_string();
    assert!(error.starts_with("old.jsonl:4 is not the whole JSON"), "{error}");
    assert_eq!(fixture.archive.collections().expect("readable"), [""; 0]);
    for text in ["", "\n\n", "{\"a\":1}\n{\"b\":2}\n", "[1]\n"] {
        assert!(take_in(&mut fixture, text, None, false).is_err(), "{text}");
    }
}

#[test]
fn lines_that_are_no_record_are_named_and_skipped() {
    let mut fixture = Fixture::new();
    let text = format!("{OLD}\n{{\"id\":\"x\"}}\n{{\"collection\":\"aws.vpcs\",\"id\":\"y\",\"stime\":\"soon\",\"data\":{{}}}}\n");
    let report = take_in(&mut fixture, &text, None, false).expect("records");
    let skipped: Vec<_> = report.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(skipped, ["records x: old.jsonl:5: it has no `collection`", "aws.vpcs y: old.jsonl:6: its `stime` is no moment"]);
}

#[test]
fn sources_stay_apart() {
    let mut fixture = Fixture::new();
    take_in(&mut fixture, OLD, Some("1"), false).expect("records");
    let two = r#"{"collection":"aws.iamUsers","source":"2","id":"bob","stime":{"$date":30},"data":{}}"#;
    take_in(&mut fixture, two, Some("1"), false).expect("records");
    assert_eq!(fixture.history("aws.iamUsers"), ["bob@30", "bob@8", "bob@5-9"]);
    let none = r#"{"collection":"aws.iamUsers","id":"bob","stime":{"$date":40},"data":{}}"#;
    assert!(matches!(take_in(&mut fixture, none, None, false), Err(ImportError::UnclearSource { .. })));
}

#[test]
fn of_two_current_revisions_the_older_one_ends() {
    let line = |stime: i64| format!(r#"{{"collection":"a.b","id":"x","stime":{{"$date":{stime}}},"data":{{"n":{stime}}}}}"#);
    for order in [[10, 20], [20, 10]] {
        let mut fixture = Fixture::new();
        for stime in order {
            take_in(&mut fixture, &line(stime), None, false).expect("a record");
        }
        assert_eq!(fixture.history("a.b"), ["x@20", "x@10-21"]);
    }
}

#[test]
fn an_end_that_the_archive_does_not_know_is_taken_over_unless_records_are_added() {
    let open = r#"{"collection":"a.b","id":"x","stime":{"$date":10},"mtime":{"$date":10},"data":{}}"#;
    let ended = r#"{"collection":"a.b","id":"x","stime":{"$date":10},"ltime":{"$date":15},"data":{}}"#;
    let mut fixture = Fixture::new();
    take_in(&mut fixture, open, None, false).expect("a record");
    take_in(&mut fixture, ended, None, true).expect("a record");
    assert_eq!(fixture.history("a.b"), ["x@10"]);
    let report = take_in(&mut fixture, ended, None, false).expect("a record");
    assert_eq!((fixture.history("a.b"), report.collections[0].ended), (vec!["x@10-15".to_owned()], 1));
    take_in(&mut fixture, open, None, false).expect("a record");
    assert_eq!(fixture.history("a.b"), ["x@10-15"], "the archive knows more");
}
