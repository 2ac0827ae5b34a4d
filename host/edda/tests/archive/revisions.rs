//! How revisions begin and end.

use edda::archive::ImportOptions;
use edda::{MemoryStore, TimeCondition, TimeConditions};

use super::{Fixture, VPCS, records, vpcs};

#[test]
fn a_change_ends_the_old_revision_just_after_the_new_one_began() {
    let mut fixture = Fixture::new();
    let user = |policy: &str| {
        let user = r#"{"Users":[{"UserName":"bob","CreateDate":"1970-01-01T00:00:00.005Z"}]}"#.to_owned();
        let parts = [r#"{"Groups":[]}"#.to_owned(), r#"{"AccessKeyMetadata":[]}"#.to_owned(), format!(r#"{{"PolicyNames":["{policy}"]}}"#)];
        (user, parts)
    };
    for (at, policy) in [(1000, "a"), (2000, "b"), (3000, "b")] {
        let (user, [groups, keys, policies]) = user(policy);
        let files = [
            ("iam.list-users.json", user.as_str()),
            ("iam.list-groups-for-user.bob.json", &groups),
            ("iam.list-access-keys.bob.json", &keys),
            ("iam.list-user-policies.bob.json", &policies),
        ];
        fixture.import(at, &files).expect("an import");
    }
    let all = fixture.records("aws.iamUsers", TimeConditions::all());
    let times: Vec<_> =
        all.iter().map(|record| [record.ctime, record.ftime, record.stime, record.mtime, record.ltime.unwrap_or(-1)]).collect();
    assert_eq!(times, [[5, 1000, 2000, 3000, -1], [5, 1000, 1000, 2001, 2001]]);
}

#[test]
fn what_comes_back_is_seen_anew() {
    let mut fixture = Fixture::new();
    for (at, ids) in [(1000, &["vpc-1"][..]), (2000, &[]), (3000, &["vpc-1"])] {
        fixture.import(at, &[(VPCS, &vpcs(ids))]).expect("an import");
    }
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-1@3000", "vpc-1@1000-2001"]);
    let all = fixture.records("aws.vpcs", TimeConditions::all());
    assert_eq!((all[0].ftime, all[0].ctime), (3000, 3000));
}

#[test]
fn another_order_or_other_white_space_is_no_change() {
    let mut fixture = Fixture::new();
    let group = |ranges: &str| {
        format!(
            r#"{{"SecurityGroups":[{{"GroupId":"sg-1","IpPermissions":[{{"IpProtocol":"tcp","FromPort":1,"IpRanges":[{ranges}]}}]}}]}}"#
        )
    };
    let first = group(r#"{"CidrIp":"10.0.0.0/8"},{"CidrIp":"192.0.2.0/24"}"#);
    let second = group(r#" {"CidrIp": "192.0.2.0/24"}, {"CidrIp": "10.0.0.0/8", "NewField": 1}"#);
    fixture.import(1, &[("ec2.describe-security-groups.json", &first)]).expect("an import");
    let report = fixture.import(2, &[("ec2.describe-security-groups.json", &second)]).expect("an import");
    assert_eq!((report.collections[0].changed, report.collections[0].unchanged), (0, 1));
    assert_eq!(fixture.history("aws.securityGroups"), ["sg-1@1"]);
    assert_eq!(report.left_out_fields.into_iter().collect::<Vec<_>>(), ["SecurityGroups[].IpPermissions[].IpRanges[].NewField"]);
}

#[test]
fn a_volatile_property_is_written_in_place() {
    let mut fixture = Fixture::new();
    let mut take_in = |at, messages: &str, delay: &str| {
        let list = r#"{"QueueUrls":["https://sqs/1/jobs"]}"#;
        let attributes = format!(r#"{{"Attributes":{{"ApproximateNumberOfMessages":"{messages}","DelaySeconds":"{delay}"}}}}"#);
        fixture.import(at, &[("sqs.list-queues.json", list), ("sqs.get-queue-attributes.jobs.json", &attributes)]).expect("an import");
        (fixture.history("view.simpleQueues"), fixture.document("view.simpleQueues").contains(messages))
    };
    assert_eq!(take_in(1, "111", "0"), (vec!["jobs@1".to_owned()], true));
    assert_eq!(take_in(2, "222", "0"), (vec!["jobs@1".to_owned()], true));
    assert_eq!(take_in(3, "222", "5"), (vec!["jobs@3".to_owned(), "jobs@1-4".to_owned()], true));
}

#[test]
fn an_odd_document_stays_as_it_was_and_the_others_are_taken_in() {
    let mut fixture = Fixture::new();
    fixture.import(1, &[(VPCS, &vpcs(&["vpc-1", "vpc-2"]))]).expect("an import");
    let odd = r#"{"Vpcs":[{"VpcId":"vpc-1","Tags":"none"},{"VpcId":"vpc-3"},{"NoId":true},{"VpcId":"vpc-3","State":"last"}]}"#;
    let report = fixture.import(2, &[(VPCS, odd)]).expect("an import");
    assert_eq!(fixture.history("aws.vpcs"), ["vpc-3@2", "vpc-1@1", "vpc-2@1-3"]);
    let skipped: Vec<_> = report.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(skipped, ["aws.vpcs: an element of ec2.describe-vpcs.json has no `VpcId`", "aws.vpcs vpc-1: `Vpcs[].Tags` is not a list"]);
    let repeated: Vec<_> = report.repeated.iter().map(ToString::to_string).collect();
    assert_eq!(repeated, ["aws.vpcs vpc-3: is there more than once; the last counts"]);
    assert!(fixture.records("aws.vpcs", TimeConditions::current())[0].data.as_str().contains(r#""state":"last""#));
}

#[test]
fn files_of_one_collection_are_one_snapshot() {
    let mut fixture = Fixture::new();
    let image = |id: &str| format!(r#"{{"Images":[{{"ImageId":"{id}"}}]}}"#);
    let (own, base) = (image("ami-1"), image("ami-2"));
    fixture.import(1, &[("ec2.describe-images.self.json", &own), ("ec2.describe-images.base.json", &base)]).expect("an import");
    assert_eq!(fixture.history("aws.images"), ["ami-1@1", "ami-2@1"]);
    fixture.import(2, &[("ec2.describe-images.self.json", &own)]).expect("an import");
    assert_eq!(fixture.history("aws.images"), ["ami-1@1", "ami-2@1-3"]);
}

#[test]
fn a_collection_with_parts_missing_stays_as_it_was() {
    let mut fixture = Fixture::new();
    let balancers = r#"{"LoadBalancerDescriptions":[{"LoadBalancerName":"web"}]}"#;
    let tags = r#"{"TagDescriptions":[{"LoadBalancerName":"web","Tags":[{"Key":"a","Value":"b"}]}]}"#;
    fixture.import(1, &[("elb.describe-load-balancers.json", balancers), ("elb.describe-tags.json", tags)]).expect("an import");
    let files = [("elb.describe-load-balancers.json", balancers), (VPCS, &vpcs(&["vpc-1"])[..])];
    let report = fixture.import(2, &files).expect("the VPCs are whole");
    assert_eq!(report.collections.iter().map(|of| of.collection.as_str()).collect::<Vec<_>>(), ["aws.vpcs"]);
    let missing: Vec<_> = report.incomplete.iter().map(|of| (of.collection.as_str(), of.missing.join(","))).collect();
    let expected = [
        ("aws.loadBalancers", "elb.describe-tags.web.json".to_owned()),
        ("view.loadBalancerInstances", "elb.describe-instance-health.web.json".to_owned()),
    ];
    assert_eq!(missing, expected);
    assert_eq!(fixture.history("aws.loadBalancers"), ["web@1"]);
    assert_eq!(fixture.archive.known_until("aws.loadBalancers").expect("readable"), Some(2));
}

#[test]
fn records_of_one_name_are_told_apart() {
    let mut fixture = Fixture::new();
    let zones = r#"{"HostedZones":[{"Id":"/hostedzone/Z1","Name":"x.test."}]}"#;
    let records = |address: &str| {
        let record = |kind: &str, set: &str, value: &str| {
            format!(r#"{{"Name":"x.test.","Type":"{kind}","SetIdentifier":"{set}","ResourceRecords":[{{"Value":"{value}"}}]}}"#)
        };
        format!(r#"{{"ResourceRecordSets":[{},{},{}]}}"#, record("A", "one", address), record("A", "two", "2"), record("MX", "", "3"))
    };
    for (at, address) in [(1, "1"), (2, "1"), (3, "9")] {
        let files = [("route53.list-hosted-zones.json", zones), ("route53.list-resource-record-sets.Z1.json", &records(address)[..])];
        fixture.import(at, &files).expect("an import");
    }
    assert_eq!(fixture.history("aws.hostedRecords"), ["x.test.@3", "x.test.@1-4", "x.test.@1", "x.test.@1"]);
    assert_eq!(fixture.records("aws.hostedRecords", TimeConditions::StateBefore { until: 4 }).len(), 3);
    assert_eq!(fixture.records("aws.hostedRecords", TimeConditions::StateBefore { until: 3 }).len(), 3);
}

/// An archive of another origin may hold revisions that overlap for longer than a moment.
#[test]
fn of_overlapping_revisions_the_newest_is_the_state() {
    let mut fixture = Fixture::new();
    for (at, state) in [(1000, "old"), (2000, "new")] {
        fixture.import(at, &[(VPCS, &vpcs(&["vpc-1"]).replace("available", state))]).expect("an import");
    }
    let other = rusqlite::Connection::open(fixture.archive.path()).expect("a connection");
    other.execute("UPDATE records SET ltime = 9000 WHERE ltime IS NOT NULL", []).expect("a long overlap");
    let state = |until| -> Vec<_> {
        fixture.records("aws.vpcs", TimeConditions::StateBefore { until }).into_iter().map(|record| record.stime).collect()
    };
    assert_eq!((state(1000), state(2000), state(2001), state(9001)), (vec![], vec![1000], vec![2000], vec![2000]));
}

/// Every time condition at every moment selects the same revisions as the store in memory, which tests each record.
#[test]
fn the_archive_selects_as_the_store_in_memory_does() {
    let mut fixture = Fixture::new();
    let snapshots: [&[&str]; 6] = [&["a", "b"], &["b", "c"], &[], &["c", "a"], &["c", "a", "d"], &["d"]];
    for (source, step) in [("s", 10), ("t", 15)] {
        for (number, ids) in (1..).zip(snapshots) {
            let options = ImportOptions { at: number * step, now: 1000, source: Some(source.into()), force: true };
            let state = vpcs(ids).replace("available", &format!("{}", number / 2));
            fixture.import_as(&options, &[(VPCS, &state)]).expect("an import");
        }
    }
    let mut memory = MemoryStore::new();
    let all = fixture.records("aws.vpcs", TimeConditions::all());
    let current_mtimes: Vec<_> = all.iter().filter(|record| record.ltime.is_none()).map(|record| record.mtime).collect();
    assert!(all.len() > 15 && current_mtimes == [90, 60], "{current_mtimes:?}");
    memory.set_collection("aws.vpcs", 0, all);
    let ids_and_times = |store: &dyn edda::RecordStore, times: TimeConditions| -> Vec<_> {
        records(store, "aws.vpcs", times).into_iter().map(|record| (record.id, record.source, record.stime, record.ltime)).collect()
    };
    for moment in 0..95 {
        let conditions = [
            TimeCondition::Current,
            TimeCondition::BeganSince(moment),
            TimeCondition::BeganUntil(moment),
            TimeCondition::NotEndedBefore(moment),
            TimeCondition::AliveSince(moment),
            TimeCondition::AliveUntil(moment),
        ];
        let pairs = conditions.iter().flat_map(|one| conditions.iter().map(move |other| TimeConditions::Every(vec![*one, *other])));
        for times in pairs.chain([TimeConditions::StateBefore { until: moment }]) {
            assert_eq!(ids_and_times(&fixture.archive, times.clone()), ids_and_times(&memory, times.clone()), "{times:?}");
        }
    }
}
