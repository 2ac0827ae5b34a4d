//! What one does with an archive beside filling and asking it: writing it out, counting, giving up old revisions, telling what happened.

use std::ops::ControlFlow;

use edda::archive::{Event, EventKind, ExportError, HistoryError, HistoryRequest, SourceStatistics};

use super::{Fixture, VPCS, vpcs};

const GROUPS: &str = "ec2.describe-security-groups.json";

fn group(port: u16) -> String {
    format!(r#"{{"SecurityGroups":[{{"GroupId":"sg-1","IpPermissions":[{{"IpProtocol":"tcp","FromPort":{port},"ToPort":{port}}}]}}]}}"#)
}

/// vpc-1 is gone at 2000 and back at 3000, vpc-2 stays; another source has vpc-1 as well. sg-1 changes at 2000.
fn lived_in() -> Fixture {
    let mut fixture = Fixture::new();
    for (at, ids, port) in [(1000, &["vpc-1", "vpc-2"][..], 22), (2000, &["vpc-2"], 443), (3000, &["vpc-1", "vpc-2"], 443)] {
        fixture.import_from("a", at, &[(VPCS, &vpcs(ids)), (GROUPS, &group(port))]).expect("an import");
    }
    fixture.import_from("b", 2500, &[(VPCS, &vpcs(&["vpc-1"]))]).expect("an import");
    fixture
}

fn exported(fixture: &Fixture, collections: &[&str]) -> Result<Vec<serde_json::Value>, ExportError> {
    let names: Vec<String> = collections.iter().map(ToString::to_string).collect();
    let mut out = Vec::new();
    let written = fixture.archive.export(&names, &mut out)?;
    let lines = String::from_utf8(out).expect("UTF-8");
    let lines: Vec<_> = lines.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect();
    assert_eq!(usize::try_from(written).expect("a few"), lines.len());
    Ok(lines)
}

fn events(fixture: &Fixture, request: &HistoryRequest) -> Vec<Event> {
    let mut events = Vec::new();
    let mut visit = |event| {
        events.push(event);
        ControlFlow::Continue(())
    };
    fixture.archive.history(request, &mut visit).expect("a history");
    events
}

fn asked(collection: &str) -> HistoryRequest {
    HistoryRequest { collection: collection.into(), context: Some(0), ..HistoryRequest::default() }
}

fn told(fixture: &Fixture, request: &HistoryRequest) -> Vec<String> {
    let line = |event: Event| format!("{} {:?} {} {}", event.moment, event.kind, event.source, event.id);
    events(fixture, request).into_iter().map(line).collect()
}

#[test]
fn every_revision_is_one_line_of_an_export() {
    let fixture = lived_in();
    let lines = exported(&fixture, &["aws.vpcs"]).expect("an export");
    let short: Vec<_> = lines.iter().map(|line| format!("{} {} {} {}", line["source"], line["id"], line["stime"], line["ltime"])).collect();
    assert_eq!(
        short,
        [
            r#""a" "vpc-1" {"$date":3000} null"#,
            r#""b" "vpc-1" {"$date":2500} null"#,
            r#""a" "vpc-1" {"$date":1000} {"$date":2001}"#,
            r#""a" "vpc-2" {"$date":1000} null"#,
        ]
    );
    let last = &lines[3];
    assert_eq!((&last["collection"], &last["data"]["vpcId"]), (&"aws.vpcs".into(), &"vpc-2".into()));
    assert_eq!((&last["mtime"]["$date"], &last["ftime"]["$date"], &last["ctime"]["$date"]), (&3000.into(), &1000.into(), &1000.into()));
    assert_eq!(exported(&fixture, &[]).expect("an export").len(), 6);
    assert_eq!(exported(&fixture, &["aws.securityGroups", "aws.vpcs"]).expect("an export").len(), 6);
}

#[test]
fn an_unknown_collection_is_refused_before_anything_is_written() {
    let mut out = Vec::new();
    let names = ["aws.vpcs".to_owned(), "aws.nothing".to_owned()];
    let error = lived_in().archive.export(&names, &mut out).expect_err("no such collection");
    assert!(matches!(error, ExportError::UnknownCollection(name) if name == "aws.nothing"));
    assert!(out.is_empty());
}

#[test]
fn documents_of_one_id_are_told_apart_in_an_export() {
    let mut fixture = Fixture::new();
    let zones = r#"{"HostedZones":[{"Id":"/hostedzone/Z1","Name":"example.org."}]}"#;
    let record = |kind: &str| format!(r#"{{"Name":"example.org.","Type":"{kind}","TTL":60,"ResourceRecords":[{{"Value":"x"}}]}}"#);
    let sets = format!(r#"{{"ResourceRecordSets":[{},{}]}}"#, record("NS"), record("SOA"));
    let files = [("route53.list-hosted-zones.json", zones), ("route53.list-resource-record-sets.Z1.json", sets.as_str())];
    fixture.import_from("1", 1000, &files).expect("an import");
    let lines = exported(&fixture, &["aws.hostedRecords"]).expect("an export");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], lines[1]["id"]);
    assert_ne!(lines[0]["variant"], lines[1]["variant"]);
}

#[test]
fn statistics_count_each_source_by_itself() {
    let fixture = lived_in();
    let found = fixture.archive.statistics().expect("statistics");
    let short = |one: &SourceStatistics| {
        (one.collection.clone(), one.source.clone(), one.current, one.revisions, one.known_until.expect("an import"), one.bytes > 0)
    };
    let expected = [("aws.securityGroups", "a", 1, 2, 3001), ("aws.vpcs", "a", 2, 3, 3001), ("aws.vpcs", "b", 1, 1, 2501)];
    let expected = expected.map(|(name, source, current, all, known)| (name.to_owned(), source.to_owned(), current, all, known, true));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), expected);
    let size = fixture.archive.file_size().expect("a size");
    assert!(size.total >= 4096 && size.free < size.total, "{size:?}");
}

#[test]
fn pruning_takes_what_ended_and_nothing_else() {
    let mut fixture = lived_in();
    let known = fixture.archive.newest_known_until().expect("a moment");
    assert_eq!(fixture.archive.count_ended_before(2001).expect("a count"), 0);
    assert_eq!(fixture.archive.prune(2001).expect("pruned"), 0);
    assert_eq!(fixture.archive.count_ended_before(2002).expect("a count"), 2);
    assert_eq!(fixture.archive.prune(2002).expect("pruned"), 2);
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-1@3000", "vpc-1@2500", "vpc-2@1000"]);
    assert_eq!(fixture.history("aws.securityGroups"), ["sg-1@2000"]);
    assert_eq!(fixture.archive.newest_known_until().expect("a moment"), known);
    // The revision before is no longer there to be compared with.
    assert_eq!(told(&fixture, &asked("aws.securityGroups")), ["2000 ChangedFromUnknown a sg-1"]);
}

#[test]
fn a_pruned_archive_can_be_shrunk() {
    let mut fixture = Fixture::new();
    let ids: Vec<String> = (0..3000).map(|number| format!("vpc-{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    fixture.import(1000, &[(VPCS, &vpcs(&ids))]).expect("an import");
    let emptied = edda::archive::ImportOptions { at: 2000, now: 2000, source: None, force: true };
    fixture.import_as(&emptied, &[(VPCS, &vpcs(&ids[..1]))]).expect("an import");
    assert_eq!(fixture.archive.prune(5000).expect("pruned"), 2999);
    let before = fixture.archive.file_size().expect("a size");
    assert!(before.free * 2 > before.total, "{before:?}");
    fixture.archive.shrink().expect("shrunk");
    let after = fixture.archive.file_size().expect("a size");
    assert!(after.total * 2 < before.total && after.free == 0, "{before:?} {after:?}");
    assert_eq!(std::fs::metadata(fixture.archive.path()).expect("the file").len(), after.total);
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-0@1000"]);
}

#[test]
fn a_history_tells_what_is_new_changed_and_gone() {
    let fixture = lived_in();
    assert_eq!(
        told(&fixture, &asked("aws.vpcs")),
        ["3000 New a vpc-1", "2500 New b vpc-1", "2001 Gone a vpc-1", "1000 New a vpc-1", "1000 New a vpc-2"]
    );
    let [changed, new] = &events(&fixture, &asked("aws.securityGroups"))[..] else { panic!("not two events") };
    assert_eq!((changed.moment, changed.kind, new.kind), (2000, EventKind::Changed, EventKind::New));
    let lines: Vec<_> = changed.difference.lines().filter(|line| !line.starts_with('@')).map(str::trim_end).collect();
    assert_eq!(
        lines,
        [r#"-      "fromPort" : 22,"#, r#"+      "fromPort" : 443,"#, r#"-      "toPort" : 22,"#, r#"+      "toPort" : 443,"#]
    );
    assert_eq!(new.difference, "");
}

#[test]
fn a_history_can_be_narrowed() {
    let fixture = lived_in();
    let vpcs = asked("aws.vpcs");
    assert_eq!(told(&fixture, &HistoryRequest { id: Some("vpc-2".into()), ..vpcs.clone() }), ["1000 New a vpc-2"]);
    assert_eq!(told(&fixture, &HistoryRequest { limit: Some(1), ..vpcs.clone() }), ["3000 New a vpc-1"]);
    let span = HistoryRequest { since: Some(2001), until: Some(3000), ..vpcs.clone() };
    assert_eq!(told(&fixture, &span), ["2500 New b vpc-1", "2001 Gone a vpc-1"]);
    let whole = HistoryRequest { id: Some("vpc-1".into()), whole: true, since: Some(2001), until: Some(2002), ..vpcs };
    let difference = events(&fixture, &whole)[0].difference.clone();
    assert!(difference.starts_with("-{\n-  \"") && difference.ends_with("\n-}\n"), "{difference}");
}

#[test]
fn a_history_of_an_unknown_collection_is_refused() {
    let refused = lived_in().archive.history(&asked("aws.nothing"), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(HistoryError::UnknownCollection(name)) if name == "aws.nothing"));
}
