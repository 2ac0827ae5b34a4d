//! Answers of an EDDA go in, and come out again byte for byte.

use edda::archive::{ImportError, ImportOptions, ImportReport, Input, Manner, import_with};
use edda::query::{Request, answer};
use edda::{RecordStore, TimeConditions};

use super::{Fixture, VPCS, vpcs};

fn asked(store: &dyn RecordStore, rest: &str) -> String {
    let mut body = Vec::new();
    answer(&Request::parse(rest).expect("a request"), store, &mut body).expect("an answer");
    String::from_utf8(body).expect("text")
}

fn take_in(fixture: &mut Fixture, at: i64, file: &str, text: &str, manner: &Manner) -> Result<ImportReport, ImportError> {
    let inputs = [Input { name: file.into(), bytes: text.into() }];
    import_with(&mut fixture.archive, &inputs, &ImportOptions { at, now: 10_000, source: None, force: false }, manner)
}

fn refused(file: &str, text: &str) -> String {
    take_in(&mut Fixture::new(), 1, file, text, &Manner::default()).expect_err("to be refused").to_string()
}

/// A group that changed, one that is gone, and one that stays; and the instance of another collection, which has a date.
fn original() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.import(100, &[(VPCS, &vpcs(&["vpc-1", "vpc-2", "vpc-3"]))]).expect("an import");
    let changed = vpcs(&["vpc-1", "vpc-3"]).replacen("available", "pending", 1);
    fixture.import(200, &[(VPCS, &changed)]).expect("an import");
    let instance =
        r#"{"Reservations":[{"ReservationId":"r-1","Instances":[{"InstanceId":"i-1","LaunchTime":"1970-01-01T00:00:00.050Z"}]}]}"#;
    fixture.import(200, &[("-", instance)]).expect("an import");
    fixture
}

#[test]
fn whole_records_make_the_same_archive() {
    let original = original();
    for request in ["aws/vpcs;_all;_meta", "aws/vpcs;_meta;_all;_pp"] {
        let mut copy = Fixture::new();
        let text = asked(&original.archive, request);
        let report = take_in(&mut copy, 5000, "aws.vpcs.json", &text, &Manner::default()).expect("records");
        assert_eq!((report.collections[0].new, report.skipped.len()), (4, 0), "{text}");
        for question in ["aws/vpcs;_all;_meta", "aws/vpcs;_meta", "aws/vpcs;_at=150;_expand", "aws/vpcs;_since=150;_updated;_meta"] {
            assert_eq!(asked(&copy.archive, question), asked(&original.archive, question), "{question}");
        }
        assert_eq!(copy.archive.known_until("aws.vpcs").expect("readable"), Some(201));
        let again = take_in(&mut copy, 6000, "aws.vpcs.json", &text, &Manner::default()).expect("records");
        assert_eq!((again.collections[0].new, again.collections[0].unchanged), (0, 4));
    }
}

#[test]
fn documents_are_a_snapshot_and_know_their_collection_and_dates() {
    let original = original();
    let text = asked(&original.archive, "view/instances;_expand");
    let mut copy = Fixture::new();
    // Neither the name nor anybody says it: the class does.
    let report = take_in(&mut copy, 300, "-", &text, &Manner::default()).expect("documents");
    assert_eq!((report.collections[0].collection.as_str(), report.collections[0].new), ("view.instances", 1));
    let record = &copy.records("view.instances", TimeConditions::current())[0];
    assert_eq!((record.id.as_str(), record.ctime, record.stime), ("i-1", 50, 300));
    assert!(record.data.as_str().contains(r#""launchTime":{"$date":50}"#), "{}", record.data.as_str());
    let next = text.replace("i-1", "i-2");
    assert_eq!(take_in(&mut copy, 400, "-", &next, &Manner::default()).expect("documents").collections[0].ended, 1);
    assert_eq!(copy.history("view.instances"), ["i-2@400", "i-1@300-401"]);
}

#[test]
fn what_is_added_ends_nothing() {
    let mut fixture = original();
    let part = Manner { is_part: true, ..Manner::default() };
    let report = take_in(&mut fixture, 300, VPCS, &vpcs(&["vpc-9"]), &part).expect("a part");
    assert_eq!((report.collections[0].new, report.collections[0].ended), (1, 0));
    let current = |fixture: &Fixture| fixture.records("aws.vpcs", TimeConditions::current()).len();
    assert_eq!(current(&fixture), 3);
    assert_eq!(fixture.archive.known_until("aws.vpcs").expect("readable"), Some(201), "a part says nothing of the whole");
    assert!(take_in(&mut fixture, 300, VPCS, &vpcs(&[]), &Manner::default()).is_err(), "not later than the part");
    take_in(&mut fixture, 301, VPCS, &vpcs(&["vpc-9"]), &Manner::default()).expect("the whole");
    assert_eq!(current(&fixture), 1);
}

#[test]
fn what_edda_says_when_it_failed_is_refused() {
    assert!(refused("aws.vpcs.json", "[]").contains("store fails"));
    assert!(refused("-", r#"{"code":400,"name":"BAD_REQUEST","message":"invalid path: x"}"#).contains("invalid path: x"));
    assert!(refused("aws.vpcs.json", r#"["vpc-1"]"#).contains("`;_expand`"));
    assert!(refused("-", r#"[{"vpcId":"vpc-1"}]"#).contains("`--collection`"));
    assert!(refused("netflix.apps.json", r#"[{"name":"a"}]"#).contains("`netflix.apps` is no collection"));
    assert!(refused("aws.vpcs.json", r#"[{"vpcId":"vpc-1"}"#).contains("not the whole JSON"));
}

#[test]
fn any_collection_takes_records_and_odd_ones_are_named() {
    let mut fixture = Fixture::new();
    let text = r#"[{"id":"a","stime":5,"ltime":null,"data":{"x":1}},{"id":"b","stime":5,"data":[]},{"id":"c","stime":9,"ltime":5,"data":{}},
        7,{"id":"d","stime":99999,"data":{}}]"#;
    let told = Manner { collection: Some("netflix.apps".into()), ..Manner::default() };
    let report = take_in(&mut fixture, 1, "-", text, &told).expect("records");
    let skipped: Vec<_> = report.skipped.iter().map(ToString::to_string).collect();
    let expected = [
        "netflix.apps b: its `data` is no object",
        "netflix.apps c: it ended before it began",
        "netflix.apps: it is no record",
        "netflix.apps d: it tells of the future; is the clock right?",
    ];
    assert_eq!(skipped, expected);
    assert_eq!(asked(&fixture.archive, "netflix/apps/a"), r#"{"x":1}"#);
}
