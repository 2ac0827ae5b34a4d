//! `archive collect` with the real AWS command line, against a stand-in for AWS.

use edda::archive::Archive;
use edda::query::{Request, answer};

use crate::support::{Aws, Place, Ran, ran};

/// All but what the stand-in does not answer.
const COLLECTIONS: &str = "aws.addresses,aws.alarms,aws.autoScalingGroups,aws.buckets,aws.cacheClusters,aws.databaseSubnets,aws.databases,\
aws.hostedRecords,aws.hostedZones,aws.iamGroups,aws.iamPolicies,aws.iamRoles,aws.iamUsers,aws.iamVirtualMFADevices,aws.images,aws.instances,\
aws.launchConfigurations,aws.loadBalancers,aws.loadBalancersV2,aws.scalingActivities,aws.scalingPolicies,aws.securityGroups,aws.snapshots,\
aws.stacks,aws.subnets,aws.tags,aws.targetGroups,aws.volumes,aws.vpcs,group.autoScalingGroups,view.instances,view.loadBalancerInstances,\
view.simpleQueues";

fn build(aws: &Aws) -> String {
    aws.ask(&["iam", "create-user", "--user-name", "alice"]);
    aws.ask(&["iam", "create-group", "--group-name", "admin"]);
    aws.ask(&["iam", "add-user-to-group", "--group-name", "admin", "--user-name", "alice"]);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    aws.ask(&["iam", "create-policy", "--policy-name", "read", "--policy-document", policy]);
    aws.ask(&["sqs", "create-queue", "--queue-name", "jobs.fifo", "--attributes", "FifoQueue=true"]);
    aws.ask(&["s3api", "create-bucket", "--bucket", "example-logs"]);
    let zone = aws.ask(&[
        "route53",
        "create-hosted-zone",
        "--name",
        "example.com",
        "--caller-reference",
        "1",
        "--query",
        "HostedZone.Id",
        "--output",
        "text",
    ]);
    let record = r#"{"Changes":[{"Action":"CREATE","ResourceRecordSet":{"Name":"www.example.com","Type":"A","TTL":60,"ResourceRecords":[{"Value":"192.0.2.1"}]}}]}"#;
    aws.ask(&["route53", "change-resource-record-sets", "--hosted-zone-id", &zone, "--change-batch", record]);
    let image = aws.ask(&["ec2", "describe-images", "--query", "Images[0].ImageId", "--output", "text"]);
    aws.ask(&[
        "autoscaling",
        "create-launch-configuration",
        "--launch-configuration-name",
        "web-1",
        "--image-id",
        &image,
        "--instance-type",
        "t2.micro",
    ]);
    let group = ["--auto-scaling-group-name", "web", "--launch-configuration-name", "web-1", "--min-size", "1", "--max-size", "2"];
    aws.ask(&[&["autoscaling", "create-auto-scaling-group", "--availability-zones", "us-east-1a"][..], &group].concat());
    let listener = "Protocol=tcp,LoadBalancerPort=443,InstancePort=443";
    let balancer =
        ["--load-balancer-name", "front", "--availability-zones", "us-east-1a", "--listeners", listener, "--tags", "Key=team,Value=core"];
    aws.ask(&[&["elb", "create-load-balancer"][..], &balancer].concat());
    aws.ask(&["ec2", "create-security-group", "--group-name", "web", "--description", "web", "--query", "GroupId", "--output", "text"])
}

fn asked(place: &Place, request: &str) -> String {
    let archive = Archive::open(&place.path("a.db")).expect("an archive");
    let mut body = Vec::new();
    answer(&Request::parse(request).expect("a request"), &archive, &mut body).expect("an answer");
    String::from_utf8(body).expect("text")
}

fn collect(aws: &Aws, place: &Place, more: &[&str]) -> Ran {
    ran(&mut aws.collect(place, more))
}

#[test]
fn an_account_is_collected_and_its_changes_show() {
    let Some(aws) = Aws::start("an_account_is_collected_and_its_changes_show") else { return };
    let (place, group) = (Place::new(), build(&aws));
    let first = collect(&aws, &place, &["--collections", COLLECTIONS]).exits(0);
    first.says(&["aws.iamUsers (123456789012): 1 new", "view.simpleQueues (123456789012/us-east-1): 1 new"]);
    let expected = [
        ("aws/iamUsers/alice:(groups)", r#"{"groups":["admin"]}"#),
        ("aws/hostedRecords/www.example.com.:(TTL,resourceRecords:(value))", r#"{"TTL":60,"resourceRecords":[{"value":"192.0.2.1"}]}"#),
        ("aws/loadBalancers/front:(tags:(team))", r#"{"tags":[{"team":"core"}]}"#),
        ("aws/buckets", r#"["example-logs"]"#),
        ("aws/iamPolicies", r#"["read"]"#),
        ("group/autoScalingGroups/web:(maxSize,instances:(slot))", r#"{"instances":[{"slot":0}],"maxSize":2}"#),
    ];
    for (request, body) in expected {
        assert_eq!(asked(&place, request), body, "{request}");
    }
    assert!(asked(&place, "view/simpleQueues/jobs.fifo").contains(r#""FifoQueue":"true""#));
    let opened = ["--protocol", "tcp", "--port", "22", "--cidr", "0.0.0.0/0"];
    aws.ask(&[&["ec2", "authorize-security-group-ingress", "--group-id", &group][..], &opened].concat());
    aws.ask(&["iam", "remove-user-from-group", "--group-name", "admin", "--user-name", "alice"]);
    let changed = collect(&aws, &place, &["--collections", "aws.securityGroups,aws.iamUsers"]).exits(0);
    changed.says(&["aws.iamUsers (123456789012): 0 new, 1 changed", "aws.securityGroups (123456789012/us-east-1): 0 new, 1 changed"]);
    let groups = asked(&place, &format!("aws/securityGroups/{group}:(ipPermissions:(fromPort,ipRanges))"));
    assert_eq!(groups, r#"{"ipPermissions":[{"fromPort":22,"ipRanges":["0.0.0.0/0"]}]}"#);
}

#[test]
fn an_aws_that_cannot_be_reached_changes_nothing() {
    let Some(aws) = Aws::start("an_aws_that_cannot_be_reached_changes_nothing") else { return };
    let place = Place::new();
    let two = ["--region", "us-east-1,eu-west-1", "--collections", "aws.vpcs,aws.subnets"];
    collect(&aws, &place, &two).exits(0).says(&["aws.vpcs (123456789012/eu-west-1): 1 new", "aws.vpcs (123456789012/us-east-1): 1 new"]);
    let mut again = aws.collect(&place, &two);
    drop(aws);
    ran(&mut again).exits(4).says(&["sts get-caller-identity` failed: "]);
    assert!(asked(&place, "aws/vpcs").matches("vpc-").count() == 2, "all is as it was");
}
