//! Every collection that an EDDA serves, from answers of the AWS command line as they are in `answers/`.

use std::path::Path;

use edda::archive::{ImportReport, Input, import, known_collections};
use edda::{TimeConditions, Value};

use super::Fixture;
use edda::archive::ImportOptions;

const SOURCE: &str = "123456789012/us-east-1";
const AT: i64 = 1_800_000_000_000;

fn answers() -> Vec<Input> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archive/answers");
    let mut paths: Vec<_> = directory.read_dir().expect("answers").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Input { name: path.display().to_string(), bytes: std::fs::read(&path).expect("a readable file") })
        .collect()
}

fn taken_in() -> (Fixture, ImportReport) {
    let mut fixture = Fixture::new();
    let options = ImportOptions { at: AT, now: AT, source: None, force: false };
    let report = import(&mut fixture.archive, &answers(), &options).expect("whole answers");
    (fixture, report)
}

/// A member of the one document of a collection, by its path.
fn member(fixture: &Fixture, collection: &str, path: &str) -> String {
    let document = Value::parse_stored(&fixture.document(collection)).expect("stored form");
    let step = |value: Value, name: &str| match name.parse::<usize>() {
        Ok(at) => value.as_array().and_then(|elements| elements.get(at)).cloned(),
        Err(_) => value.as_object().and_then(|object| object.get(name)).cloned(),
    };
    let mut found = document;
    for name in path.split('/') {
        found = step(found, name).unwrap_or_else(|| panic!("no {path} in {collection}"));
    }
    found.to_stored()
}

#[test]
fn all_of_them_are_known() {
    let known: Vec<_> = known_collections().collect();
    let expected = "aws.addresses aws.alarms aws.autoScalingGroups aws.buckets aws.cacheClusters aws.databaseSubnets aws.databases \
        aws.hostedRecords aws.hostedZones aws.iamGroups aws.iamPolicies aws.iamRoles aws.iamUsers aws.iamVirtualMFADevices aws.images \
        aws.instances aws.launchConfigurations aws.loadBalancers aws.loadBalancersV2 aws.reservedInstances \
        aws.reservedInstancesOfferings aws.scalingActivities aws.scalingPolicies aws.scheduledActions aws.securityGroups aws.snapshots \
        aws.stacks aws.subnets aws.tags aws.targetGroups aws.volumes aws.vpcs group.autoScalingGroups view.instances \
        view.loadBalancerInstances view.simpleQueues";
    assert_eq!(known, expected.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn answers_of_many_services_are_one_import_of_one_source() {
    let (_, report) = taken_in();
    assert_eq!((report.skipped.as_slice(), report.incomplete.as_slice(), report.left_out_answers), (&[][..], &[][..], 0));
    for collection in &report.collections {
        let expected = if collection.collection.starts_with("aws.iam") { "123456789012" } else { SOURCE };
        assert_eq!(collection.source, expected, "{}", collection.collection);
    }
    let count = |name: &str| report.collections.iter().find(|of| of.collection == name).map_or(0, |of| of.new);
    assert_eq!(["aws.tags", "aws.reservedInstancesOfferings", "view.instances"].map(count), [5, 2, 2]);
    let single = "alarms cacheClusters databaseSubnets databases iamPolicies iamVirtualMFADevices launchConfigurations loadBalancersV2 \
        reservedInstances scalingActivities scalingPolicies scheduledActions stacks targetGroups";
    for name in single.split_whitespace() {
        assert_eq!(count(&format!("aws.{name}")), 1, "{name}");
    }
}

#[test]
fn each_has_the_properties_of_its_bean() {
    let (fixture, _) = taken_in();
    let cases = [
        ("aws.alarms", "OKActions", "[]"),
        ("aws.alarms", "class", r#""com.amazonaws.services.cloudwatch.model.MetricAlarm""#),
        ("aws.alarms", "dimensions/0/name", r#""InstanceId""#),
        ("aws.alarms", "stateUpdatedTimestamp", r#"{"$date":1795497440507}"#),
        ("aws.cacheClusters", "cacheNodes/0/endpoint/port", "6379"),
        ("aws.cacheClusters", "configurationEndpoint", "null"),
        ("aws.databaseSubnets", "subnets/0/subnetAvailabilityZone/name", r#""us-east-1a""#),
        ("aws.databases", "DBInstanceClass", r#""db.t3.micro""#),
        ("aws.databases", "DBSubnetGroup/DBSubnetGroupName", r#""inner""#),
        ("aws.databases", "arn", r#""arn:aws:rds:us-east-1:123456789012:db:orders""#),
        ("aws.databases", "instanceCreateTime", r#"{"$date":1795497442968}"#),
        ("aws.databases", "multiAZ", "false"),
        ("aws.databases", "tags/0/Env", r#""prod""#),
        ("aws.iamPolicies", "createDate", r#"{"$date":1795497443602}"#),
        ("aws.iamVirtualMFADevices", "user/userName", r#""alice""#),
        ("aws.loadBalancersV2", "DNSName", r#""front-1.us-east-1.elb.amazonaws.com""#),
        ("aws.loadBalancersV2", "listeners/0/defaultActions/0/type", r#""forward""#),
        (
            "aws.loadBalancersV2",
            "state",
            r#"{"class":"com.amazonaws.services.elasticloadbalancingv2.model.LoadBalancerState","code":"active","reason":null}"#,
        ),
        ("aws.reservedInstances", "end", r#"{"$date":1795901665000}"#),
        ("aws.reservedInstances", "tags/0/team", r#""core""#),
        ("aws.scalingActivities", "endTime", r#"{"$date":1763955070000}"#),
        ("aws.scalingPolicies", "targetTrackingConfiguration", "null"),
        ("aws.scheduledActions", "scheduledActionName", r#""night""#),
        ("aws.stacks", "notificationARNs", "[]"),
        ("aws.stacks", "resources/0/resourceType", r#""AWS::SQS::Queue""#),
        ("aws.stacks", "tags/0", r#"{"class":"com.amazonaws.services.cloudformation.model.Tag","key":"team","value":"core"}"#),
        ("aws.targetGroups", "matcher/httpCode", r#""200""#),
    ];
    for (collection, path, expected) in cases {
        assert_eq!(member(&fixture, collection, path), expected, "{collection} {path}");
    }
    let document = member(&fixture, "aws.iamPolicies", "defaultDocument");
    assert!(document.starts_with(r#""%7B%22Version%22%3A%222012-10-17%22"#), "{document}");
}

#[test]
fn ids_are_those_of_edda() {
    let (fixture, _) = taken_in();
    let ids = |collection: &str| {
        let records = fixture.records(collection, TimeConditions::current());
        records.into_iter().map(|record| record.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("aws.iamVirtualMFADevices"), ["alice"]);
    assert!(ids("aws.scheduledActions")[0].starts_with("arn:aws:autoscaling:"));
    assert!(ids("aws.tags").iter().any(|id| id.starts_with("team|security-group|sg-")), "{:?}", ids("aws.tags"));
    let tag = fixture.records("aws.tags", TimeConditions::current()).into_iter().find(|record| record.id.starts_with("team|"));
    let tag = tag.expect("the tag").data;
    assert!(tag.as_str().contains(r#""team":"core""#), "flattened: {}", tag.as_str());
    let created = |collection: &str| fixture.records(collection, TimeConditions::current())[0].ctime;
    assert_eq!(created("aws.iamPolicies"), 1_795_497_443_602, "when it was changed");
    assert_eq!(created("aws.reservedInstances"), 1_764_365_666_057);
    assert_eq!(created("aws.alarms"), AT, "the first sight");
}

#[test]
fn a_later_restorable_time_is_no_change_of_a_database() {
    let mut fixture = Fixture::new();
    let database = |time: &str, class: &str| {
        format!(r#"{{"DBInstances":[{{"DBInstanceIdentifier":"orders","DBInstanceClass":"{class}","LatestRestorableTime":"{time}"}}]}}"#)
    };
    let mut import = |at, time, class| fixture.import(at, &[("-", &database(time, class))]).expect("an import").collections[0].clone();
    import(1, "1970-01-01T00:00:01Z", "small");
    assert_eq!(import(2, "1970-01-01T00:00:02Z", "small").unchanged, 1);
    assert_eq!(import(3, "1970-01-01T00:00:03Z", "large").changed, 1);
    assert_eq!(fixture.history("aws.databases"), ["orders@3", "orders@1-4"]);
}

fn groups(members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|id| format!(r#"{{"InstanceId":"{id}","LifecycleState":"InService"}}"#)).collect();
    format!(
        r#"{{"AutoScalingGroups":[{{"AutoScalingGroupName":"web","CreatedTime":"1970-01-01T00:00:01Z","MinSize":1,"Instances":[{}]}}]}}"#,
        members.join(",")
    )
}

fn instances(ids: &[&str]) -> String {
    let instances: Vec<_> = ids.iter().map(|id| format!(r#"{{"InstanceId":"{id}","ImageId":"ami-{id}"}}"#)).collect();
    format!(r#"{{"Reservations":[{{"ReservationId":"r-1","Instances":[{}]}}]}}"#, instances.join(","))
}

#[test]
fn members_of_a_group_keep_their_slots() {
    let mut fixture = Fixture::new();
    let mut import = |at, members: &[&str]| {
        fixture.import(at, &[("groups", &groups(members)), ("instances", &instances(members))]).expect("an import");
        let document = Value::parse_stored(&fixture.document("group.autoScalingGroups")).expect("stored form");
        let object = document.as_object().expect("an object");
        assert_eq!(object.get("start"), Some(&Value::Date(1000)));
        let show = |member: &Value| {
            let member = member.as_object().expect("a member");
            let text = |name: &str| member.get(name).map(Value::to_compact).unwrap_or_default();
            format!("{} {} {} {}", text("instanceId"), text("imageId"), text("slot"), text("start"))
        };
        object.get("instances").and_then(Value::as_array).expect("members").iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(import(5, &["i-1", "i-2", "i-3"]), [r#""i-1" "ami-i-1" 0 5"#, r#""i-2" "ami-i-2" 1 5"#, r#""i-3" "ami-i-3" 2 5"#]);
    assert_eq!(import(7, &["i-2", "i-4", "i-5"]), [r#""i-2" "ami-i-2" 1 5"#, r#""i-4" "ami-i-4" 0 7"#, r#""i-5" "ami-i-5" 2 7"#]);
    assert_eq!(fixture.history("group.autoScalingGroups"), ["web@7", "web@5-8"]);
}

#[test]
fn a_view_waits_for_all_that_it_is_made_of() {
    let mut fixture = Fixture::new();
    let report = fixture.import(1, &[("-", &groups(&["i-1"]))]).expect("an import");
    assert!(report.collections.iter().all(|of| of.collection != "group.autoScalingGroups") && report.incomplete.is_empty());
    assert_eq!(fixture.history("group.autoScalingGroups"), [""; 0]);
}
