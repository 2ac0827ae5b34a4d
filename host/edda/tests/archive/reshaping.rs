//! The documents that each command's answers become.

use super::Fixture;

fn made(collection: &str, files: &[(&str, &str)]) -> String {
    let mut fixture = Fixture::new();
    fixture.import(1, files).expect("an import");
    fixture.document(collection)
}

/// The members of a document, in its order, that begin with one of these names.
fn part_of(document: &str, name: &str) -> String {
    let value = edda::Value::parse_stored(document).expect("stored form");
    value.as_object().and_then(|object| object.get(name)).unwrap_or_else(|| panic!("no {name} in {document}")).to_stored()
}

#[test]
fn security_groups_have_their_networks_twice() {
    let answer = r#"{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"-1",
        "IpRanges":[{"CidrIp":"10.0.0.0/8","Description":"office"}],"Ipv6Ranges":[{"CidrIpv6":"::/0"}],
        "UserIdGroupPairs":[{"GroupId":"sg-2","UserId":"1"}],"PrefixListIds":[{"PrefixListId":"pl-1"}]}]}]}"#;
    let document = made("aws.securityGroups", &[("ec2.describe-security-groups.json", answer)]);
    let class = |name: &str| format!(r#""class":"com.amazonaws.services.ec2.model.{name}""#);
    let pair = format!(
        r#"{{{},"description":null,"groupId":"sg-2","groupName":null,"peeringStatus":null,"userId":"1","vpcId":null,"vpcPeeringConnectionId":null}}"#,
        class("UserIdGroupPair")
    );
    let expected = format!(
        r#"[{{{},"fromPort":null,"ipProtocol":"-1","ipRanges":["10.0.0.0/8"],"ipv4Ranges":[{{"cidrIp":"10.0.0.0/8",{},"description":"office"}}],"ipv6Ranges":[{{"cidrIpv6":"::/0",{},"description":null}}],"prefixListIds":[{{{},"description":null,"prefixListId":"pl-1"}}],"toPort":null,"userIdGroupPairs":[{pair}]}}]"#,
        class("IpPermission"),
        class("IpRange"),
        class("Ipv6Range"),
        class("PrefixListId"),
    );
    assert_eq!(part_of(&document, "ipPermissions"), expected);
    assert_eq!(part_of(&document, "ipPermissionsEgress"), "[]");
    assert_eq!(part_of(&document, "class"), r#""com.amazonaws.services.ec2.model.SecurityGroup""#);
}

const RESERVATIONS: &str = r#"{"Reservations":[{"ReservationId":"r-1","OwnerId":"123456789012","Groups":[{"GroupName":"b","GroupId":"sg-2"},{"GroupName":"a","GroupId":"sg-1"}],
    "Instances":[{"InstanceId":"i-1","LaunchTime":"2013-06-19T20:19:43+00:00","State":{"Code":272,"Name":"running"},
    "Tags":[{"Key":"Name","Value":"web"}],"SecurityGroups":[{"GroupId":"sg-2","GroupName":"b"},{"GroupId":"sg-1","GroupName":"a"}],
    "IamInstanceProfile":{"Arn":"arn:aws:iam::1:instance-profile/x","Id":"AIPA"},"Placement":{"AvailabilityZone":"eu-west-1a"}}]}]}"#;

#[test]
fn instances_are_found_inside_their_reservations() {
    let mut fixture = Fixture::new();
    let report = fixture.import(1, &[("-", RESERVATIONS)]).expect("known by its content");
    assert_eq!(report.collections[0].source, "123456789012/eu-west-1");
    let instance = fixture.document("view.instances");
    let reservation = fixture.document("aws.instances");
    assert_eq!(part_of(&instance, "launchTime"), r#"{"$date":1371673183000}"#);
    assert_eq!(part_of(&instance, "state"), r#"{"class":"com.amazonaws.services.ec2.model.InstanceState","code":16,"name":"running"}"#);
    assert_eq!(part_of(&instance, "tags"), r#"[{"Name":"web","class":"com.amazonaws.services.ec2.model.Tag","key":"Name","value":"web"}]"#);
    assert_eq!(
        part_of(&instance, "iamInstanceProfile"),
        r#"{"arn":"arn:aws:iam::1:instance-profile/x","class":"com.amazonaws.services.ec2.model.IamInstanceProfile","id":"AIPA"}"#
    );
    let group = |name: &str, id: &str| {
        format!(r#"{{"class":"com.amazonaws.services.ec2.model.GroupIdentifier","groupId":"{id}","groupName":"{name}"}}"#)
    };
    let groups = format!("[{},{}]", group("a", "sg-1"), group("b", "sg-2"));
    assert_eq!((part_of(&instance, "securityGroups"), part_of(&reservation, "groups")), (groups.clone(), groups));
    assert_eq!(part_of(&reservation, "groupNames"), r#"["a","b"]"#);
    assert_eq!(part_of(&reservation, "instances"), format!("[{instance}]"));
    assert_eq!((part_of(&instance, "keyName"), part_of(&instance, "networkInterfaces")), ("null".into(), "[]".into()));
}

#[test]
fn classic_load_balancers_get_their_tags() {
    let balancers = r#"{"LoadBalancerDescriptions":[{"LoadBalancerName":"web","DNSName":"web.elb","CanonicalHostedZoneNameID":"Z1","VPCId":"vpc-1",
        "CreatedTime":"1970-01-01T00:00:01Z","ListenerDescriptions":[{"Listener":{"LoadBalancerPort":443,"SSLCertificateId":"arn"},"PolicyNames":["p"]}]}]}"#;
    let tags = r#"{"TagDescriptions":[{"LoadBalancerName":"web","Tags":[{"Key":"z","Value":"1"},{"Key":"owner","Value":"us"}]}]}"#;
    let files = [("elb.describe-load-balancers.json", balancers), ("elb.describe-tags.web.json", tags)];
    let document = made("aws.loadBalancers", &files);
    let class = |name: &str| format!(r#""class":"com.amazonaws.services.elasticloadbalancing.model.{name}""#);
    let listener = format!(
        r#"[{{{},"listener":{{"SSLCertificateId":"arn",{},"instancePort":null,"instanceProtocol":null,"loadBalancerPort":443,"protocol":null}},"policyNames":["p"]}}]"#,
        class("ListenerDescription"),
        class("Listener")
    );
    assert_eq!(part_of(&document, "listenerDescriptions"), listener);
    let expected =
        format!(r#"[{{{},"key":"owner","owner":"us","value":"us"}},{{{},"key":"z","value":"1","z":"1"}}]"#, class("Tag"), class("Tag"));
    assert_eq!(part_of(&document, "tags"), expected);
    assert_eq!((part_of(&document, "DNSName"), part_of(&document, "VPCId")), (r#""web.elb""#.into(), r#""vpc-1""#.into()));
    assert_eq!(part_of(&document, "createdTime"), r#"{"$date":1000}"#);
    assert_eq!(part_of(&document, "canonicalHostedZoneName"), "null");
    assert_eq!(part_of(&document, "canonicalHostedZoneNameID"), r#""Z1""#);
}

#[test]
fn users_are_put_together_from_four_answers_in_their_order() {
    let files = [
        (
            "iam.list-users.json",
            r#"{"Users":[{"UserName":"bob","Arn":"arn:aws:iam::123456789012:user/bob","Path":"/","UserId":"AIDA","CreateDate":"1970-01-01T00:00:01Z","Tags":[]}]}"#,
        ),
        ("iam.list-groups-for-user.bob.json", r#"{"Groups":[{"GroupName":"b"},{"GroupName":"a"}]}"#),
        (
            "iam.list-access-keys.bob.json",
            r#"{"AccessKeyMetadata":[{"AccessKeyId":"K2","Status":"Active"},{"AccessKeyId":"K1","CreateDate":1}]}"#,
        ),
        ("iam.list-user-policies.bob.json", r#"{"PolicyNames":["q","p"]}"#),
    ];
    let class = "com.amazonaws.services.identitymanagement.model";
    let keys = format!(
        r#"[{{"accessKeyId":"K2","class":"{class}.AccessKeyMetadata","createDate":null,"status":"Active","userName":null}},{{"accessKeyId":"K1","class":"{class}.AccessKeyMetadata","createDate":{{"$date":1000}},"status":null,"userName":null}}]"#
    );
    let attributes = format!(
        r#"{{"arn":"arn:aws:iam::123456789012:user/bob","class":"{class}.User","createDate":{{"$date":1000}},"passwordLastUsed":null,"path":"/","userId":"AIDA","userName":"bob"}}"#
    );
    let expected = format!(r#"{{"accessKeys":{keys},"attributes":{attributes},"groups":["b","a"],"name":"bob","userPolicies":["q","p"]}}"#);
    assert_eq!(made("aws.iamUsers", &files), expected);
}

#[test]
fn groups_are_whole_with_their_policies() {
    let files = [
        ("iam.list-groups.json", r#"{"Groups":[{"GroupName":"admin","GroupId":"AGPA"}]}"#),
        ("iam.list-group-policies.admin.json", r#"{"PolicyNames":["p"]}"#),
    ];
    let document = made("aws.iamGroups", &files);
    assert_eq!((part_of(&document, "name"), part_of(&document, "policies")), (r#""admin""#.into(), r#"["p"]"#.into()));
    assert!(part_of(&document, "attributes").contains(r#""groupId":"AGPA","groupName":"admin""#));
}

#[test]
fn roles_have_their_trust_policy_as_encoded_text() {
    let answer = r#"{"Roles":[{"RoleName":"app","AssumeRolePolicyDocument":{"Version": "2012-10-17", "Statement": []}}]}"#;
    let document = made("aws.iamRoles", &[("iam.list-roles.json", answer)]);
    let policy = part_of(&document, "assumeRolePolicyDocument");
    assert_eq!(policy, r#""%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D""#);
}

#[test]
fn dns_records_know_their_zone() {
    let files = [
        ("route53.list-hosted-zones.json", r#"{"HostedZones":[{"Id":"/hostedzone/Z1","Name":"x.test.","ResourceRecordSetCount":1}]}"#),
        (
            "route53.list-resource-record-sets.Z1.json",
            r#"{"ResourceRecordSets":[{"Name":"\\052.x.test.","Type":"A","AliasTarget":{"DNSName":"y","HostedZoneId":"Z2","EvaluateTargetHealth":false}}]}"#,
        ),
    ];
    let document = made("aws.hostedRecords", &files);
    assert_eq!(part_of(&document, "zone"), r#"{"id":"/hostedzone/Z1","name":"x.test."}"#);
    assert_eq!((part_of(&document, "name"), part_of(&document, "resourceRecords")), (r#""\\052.x.test.""#.into(), "[]".into()));
    assert_eq!(
        part_of(&document, "aliasTarget"),
        r#"{"DNSName":"y","class":"com.amazonaws.services.route53.model.AliasTarget","evaluateTargetHealth":false,"hostedZoneId":"Z2"}"#
    );
    assert_eq!(part_of(&document, "TTL"), "null");
}

#[test]
fn buckets_have_the_owner_of_the_whole_answer() {
    let answer =
        r#"{"Buckets":[{"Name":"logs","CreationDate":"1970-01-01T00:00:01.500000+00:00"}],"Owner":{"DisplayName":"we","ID":"abc"}}"#;
    let document = made("aws.buckets", &[("s3api.list-buckets.json", answer)]);
    assert_eq!(part_of(&document, "owner"), r#"{"class":"com.amazonaws.services.s3.model.Owner","displayName":"we","id":"abc"}"#);
    assert_eq!(part_of(&document, "creationDate"), r#"{"$date":1500}"#);
}

#[test]
fn images_keep_their_date_as_text() {
    let answer = r#"{"Images":[{"ImageId":"ami-1","CreationDate":"2025-11-24T09:00:00.000Z","Public":true,"State":"available"}]}"#;
    let document = made("aws.images", &[("ec2.describe-images.json", answer)]);
    assert_eq!(part_of(&document, "creationDate"), r#""2025-11-24T09:00:00.000Z""#);
    assert_eq!((part_of(&document, "public"), part_of(&document, "state")), ("true".into(), r#""available""#.into()));
}

#[test]
fn queues_have_their_attributes_as_they_are() {
    let files = [
        ("sqs.list-queues.json", r#"{"QueueUrls":["https://sqs.eu-west-1.amazonaws.com/1/orders.fifo"]}"#),
        ("sqs.get-queue-attributes.orders.fifo.json", r#"{"Attributes":{"FifoQueue":"true","CreatedTimestamp":"12"}}"#),
    ];
    let mut fixture = Fixture::new();
    fixture.import(99_000, &files).expect("an import");
    let expected = r#"{"attributes":{"CreatedTimestamp":"12","FifoQueue":"true"},"name":"orders.fifo","url":"https://sqs.eu-west-1.amazonaws.com/1/orders.fifo"}"#;
    assert_eq!(fixture.document("view.simpleQueues"), expected);
    assert_eq!(fixture.records("view.simpleQueues", edda::TimeConditions::all())[0].ctime, 12_000);
}

#[test]
fn the_health_of_a_load_balancers_instances_is_a_view_of_its_own() {
    let files = [
        ("elb.describe-load-balancers.json", r#"{"LoadBalancerDescriptions":[{"LoadBalancerName":"web"}]}"#),
        ("elb.describe-instance-health.web.json", r#"{"InstanceStates":[{"InstanceId":"i-2","State":"InService"},{"InstanceId":"i-1"}]}"#),
    ];
    let class = "com.amazonaws.services.elasticloadbalancing.model.InstanceState";
    let state = |id: &str, state: &str| {
        format!(r#"{{"class":"{class}","description":null,"instanceId":"{id}","reasonCode":null,"state":{state}}}"#)
    };
    let expected = format!(r#"{{"instances":[{},{}],"name":"web"}}"#, state("i-1", "null"), state("i-2", r#""InService""#));
    assert_eq!(made("view.loadBalancerInstances", &files), expected);
}
