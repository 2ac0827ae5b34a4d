//! Every collection that the import knows, as data. A new collection is an entry here, its calls in [`super::commands`], and its shape in
//! [`super::shapes`].

pub(super) use super::collection::{Added, Collection, Naming, Origin, Part, Scope, Volatile, Witness};
use super::collection::{Parent, added, built, of, part};
use super::commands::{
    Command, DESCRIBE_ADDRESSES, DESCRIBE_ALARMS, DESCRIBE_CACHE_CLUSTERS, DESCRIBE_DATABASE_SUBNETS, DESCRIBE_DATABASES, DESCRIBE_GROUPS,
    DESCRIBE_IMAGES, DESCRIBE_INSTANCE_HEALTH, DESCRIBE_INSTANCES, DESCRIBE_LAUNCH_CONFIGURATIONS, DESCRIBE_LISTENERS,
    DESCRIBE_LOAD_BALANCER_TAGS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_LOAD_BALANCERS_V2, DESCRIBE_RESERVED_INSTANCES,
    DESCRIBE_RESERVED_OFFERINGS, DESCRIBE_SCALING_ACTIVITIES, DESCRIBE_SCALING_POLICIES, DESCRIBE_SCHEDULED_ACTIONS,
    DESCRIBE_SECURITY_GROUPS, DESCRIBE_SNAPSHOTS, DESCRIBE_STACKS, DESCRIBE_SUBNETS, DESCRIBE_TAGS, DESCRIBE_TARGET_GROUPS,
    DESCRIBE_VOLUMES, DESCRIBE_VPCS, GET_POLICY_VERSION, LIST_ACCESS_KEYS, LIST_BUCKETS, LIST_GROUP_POLICIES, LIST_GROUPS,
    LIST_GROUPS_FOR_USER, LIST_HOSTED_ZONES, LIST_POLICIES, LIST_QUEUE_ATTRIBUTES, LIST_QUEUES, LIST_RECORD_SETS, LIST_ROLES,
    LIST_STACK_RESOURCES, LIST_USER_POLICIES, LIST_USERS, LIST_VIRTUAL_MFA_DEVICES,
};
use super::shape::Kind;
use super::shapes::{
    auto_scaling, auto_scaling_policies, cloudformation, cloudwatch, ec2_images, ec2_instances, ec2_network, ec2_reserved, elasticache,
    elb, elbv2, iam, rds, route53, s3,
};

/// All collections, ordered by name.
pub(super) static COLLECTIONS: &[Collection] = &[
    of("aws.addresses", &DESCRIBE_ADDRESSES, &["PublicIp"], &ec2_network::ADDRESS),
    Collection { witnesses: &[Witness::Own("AlarmArn")], ..of("aws.alarms", &DESCRIBE_ALARMS, &["AlarmName"], &cloudwatch::ALARM) },
    Collection {
        created: Some("CreatedTime"),
        witnesses: &[Witness::Own("AutoScalingGroupARN")],
        ..of("aws.autoScalingGroups", &DESCRIBE_GROUPS, &["AutoScalingGroupName"], &auto_scaling::GROUP)
    },
    Collection {
        scope: Scope::Global,
        created: Some("CreationDate"),
        added: &[added("owner", Origin::Answer("Owner"), Kind::One(&s3::OWNER))],
        ..of("aws.buckets", &LIST_BUCKETS, &["Name"], &s3::BUCKET)
    },
    Collection {
        witnesses: &[Witness::Own("ARN"), Witness::Own("PreferredAvailabilityZone")],
        ..of("aws.cacheClusters", &DESCRIBE_CACHE_CLUSTERS, &["CacheClusterId"], &elasticache::CACHE_CLUSTER)
    },
    Collection {
        witnesses: &[Witness::Own("DBSubnetGroupArn")],
        ..of("aws.databaseSubnets", &DESCRIBE_DATABASE_SUBNETS, &["DBSubnetGroupName"], &rds::SUBNET_GROUP)
    },
    Collection {
        witnesses: &[Witness::Own("DBInstanceArn")],
        volatile: Some(Volatile::Properties { prefix: "latestRestorable" }),
        ..of("aws.databases", &DESCRIBE_DATABASES, &["DBInstanceIdentifier"], &rds::DATABASE)
    },
    // Records of one name are told apart by their zone, too: a public and a private zone may have one name.
    Collection {
        scope: Scope::Global,
        parent: Some(Parent { command: &LIST_HOSTED_ZONES, key: "Id" }),
        variant: &["Type", "SetIdentifier"],
        added: &[added("zone", Origin::Parent, Kind::One(&route53::ZONE_REFERENCE))],
        ..of("aws.hostedRecords", &LIST_RECORD_SETS, &["Name"], &route53::RECORD_SET)
    },
    Collection { scope: Scope::Global, variant: &["Id"], ..of("aws.hostedZones", &LIST_HOSTED_ZONES, &["Name"], &route53::HOSTED_ZONE) },
    Collection {
        scope: Scope::Global,
        created: Some("CreateDate"),
        added: &[
            added("name", Origin::Id, Kind::Plain),
            added("attributes", Origin::Item, Kind::One(&iam::GROUP)),
            added("policies", Origin::Part(0), Kind::TextsAsGiven),
        ],
        parts: &[part(&LIST_GROUP_POLICIES)],
        witnesses: &[Witness::Own("Arn")],
        ..built("aws.iamGroups", &LIST_GROUPS, &["GroupName"])
    },
    // A policy of AWS may have the name of one of the account, so they are told apart by their ARNs.
    Collection {
        scope: Scope::Global,
        variant: &["Arn"],
        created: Some("UpdateDate"),
        added: &[added("defaultDocument", Origin::Part(0), Kind::EncodedMember("Document"))],
        parts: &[part(&GET_POLICY_VERSION)],
        witnesses: &[Witness::Own("Arn")],
        ..of("aws.iamPolicies", &LIST_POLICIES, &["PolicyName"], &iam::POLICY)
    },
    Collection {
        scope: Scope::Global,
        created: Some("CreateDate"),
        witnesses: &[Witness::Own("Arn")],
        ..of("aws.iamRoles", &LIST_ROLES, &["RoleName"], &iam::ROLE)
    },
    Collection {
        scope: Scope::Global,
        created: Some("CreateDate"),
        added: &[
            added("name", Origin::Id, Kind::Plain),
            added("attributes", Origin::Item, Kind::One(&iam::USER)),
            added("groups", Origin::Part(0), Kind::TextsOfAsGiven("GroupName")),
            added("accessKeys", Origin::Part(1), Kind::ManyAsGiven(&iam::ACCESS_KEY)),
            added("userPolicies", Origin::Part(2), Kind::TextsAsGiven),
        ],
        parts: &[part(&LIST_GROUPS_FOR_USER), part(&LIST_ACCESS_KEYS), part(&LIST_USER_POLICIES)],
        witnesses: &[Witness::Own("Arn")],
        ..built("aws.iamUsers", &LIST_USERS, &["UserName"])
    },
    Collection {
        scope: Scope::Global,
        id_after_slash: true,
        created: Some("EnableDate"),
        witnesses: &[Witness::Own("SerialNumber")],
        ..of("aws.iamVirtualMFADevices", &LIST_VIRTUAL_MFA_DEVICES, &["SerialNumber"], &iam::VIRTUAL_MFA_DEVICE)
    },
    of("aws.images", &DESCRIBE_IMAGES, &["ImageId"], &ec2_images::IMAGE),
    Collection {
        witnesses: &[Witness::Own("OwnerId")],
        ..of("aws.instances", &DESCRIBE_INSTANCES, &["ReservationId"], &ec2_instances::RESERVATION)
    },
    Collection {
        created: Some("CreatedTime"),
        witnesses: &[Witness::Own("LaunchConfigurationARN")],
        ..of("aws.launchConfigurations", &DESCRIBE_LAUNCH_CONFIGURATIONS, &["LaunchConfigurationName"], &auto_scaling::LAUNCH_CONFIGURATION)
    },
    Collection {
        created: Some("CreatedTime"),
        added: &[added("tags", Origin::Part(0), Kind::Tags(&elb::TAG))],
        parts: &[Part { command: &DESCRIBE_LOAD_BALANCER_TAGS, naming: Naming::ByMember { name: "LoadBalancerName", value: "Tags" } }],
        witnesses: &[Witness::Own("AvailabilityZones")],
        ..of("aws.loadBalancers", &DESCRIBE_LOAD_BALANCERS, &["LoadBalancerName"], &elb::LOAD_BALANCER)
    },
    Collection {
        created: Some("CreatedTime"),
        added: &[added("listeners", Origin::Part(0), Kind::Many(&elbv2::LISTENER))],
        parts: &[part(&DESCRIBE_LISTENERS)],
        witnesses: &[Witness::Own("LoadBalancerArn")],
        ..of("aws.loadBalancersV2", &DESCRIBE_LOAD_BALANCERS_V2, &["LoadBalancerName"], &elbv2::LOAD_BALANCER)
    },
    Collection {
        created: Some("Start"),
        witnesses: &[Witness::Own("AvailabilityZone")],
        ..of("aws.reservedInstances", &DESCRIBE_RESERVED_INSTANCES, &["ReservedInstancesId"], &ec2_reserved::RESERVED_INSTANCES)
    },
    Collection {
        witnesses: &[Witness::Own("AvailabilityZone")],
        on_request: true,
        ..of("aws.reservedInstancesOfferings", &DESCRIBE_RESERVED_OFFERINGS, &["ReservedInstancesOfferingId"], &ec2_reserved::OFFERING)
    },
    of("aws.scalingActivities", &DESCRIBE_SCALING_ACTIVITIES, &["ActivityId"], &auto_scaling_policies::ACTIVITY),
    // A policy's name is its own only within its group.
    Collection {
        variant: &["AutoScalingGroupName"],
        witnesses: &[Witness::Own("PolicyARN")],
        ..of("aws.scalingPolicies", &DESCRIBE_SCALING_POLICIES, &["PolicyName"], &auto_scaling_policies::POLICY)
    },
    Collection {
        witnesses: &[Witness::Own("ScheduledActionARN")],
        ..of("aws.scheduledActions", &DESCRIBE_SCHEDULED_ACTIONS, &["ScheduledActionARN"], &auto_scaling_policies::SCHEDULED_ACTION)
    },
    Collection {
        witnesses: &[Witness::Likely("SecurityGroupArn"), Witness::Likely("OwnerId")],
        ..of("aws.securityGroups", &DESCRIBE_SECURITY_GROUPS, &["GroupId"], &ec2_network::SECURITY_GROUP)
    },
    Collection { created: Some("StartTime"), ..of("aws.snapshots", &DESCRIBE_SNAPSHOTS, &["SnapshotId"], &ec2_images::SNAPSHOT) },
    Collection {
        created: Some("CreationTime"),
        added: &[added("resources", Origin::Part(0), Kind::Many(&cloudformation::RESOURCE))],
        parts: &[part(&LIST_STACK_RESOURCES)],
        witnesses: &[Witness::Own("StackId")],
        ..of("aws.stacks", &DESCRIBE_STACKS, &["StackName"], &cloudformation::STACK)
    },
    Collection {
        witnesses: &[Witness::Likely("SubnetArn"), Witness::Likely("OwnerId"), Witness::Own("AvailabilityZone")],
        ..of("aws.subnets", &DESCRIBE_SUBNETS, &["SubnetId"], &ec2_network::SUBNET)
    },
    of("aws.tags", &DESCRIBE_TAGS, &["Key", "ResourceType", "ResourceId"], &ec2_network::RESOURCE_TAG),
    Collection {
        witnesses: &[Witness::Own("TargetGroupArn")],
        ..of("aws.targetGroups", &DESCRIBE_TARGET_GROUPS, &["TargetGroupName"], &elbv2::TARGET_GROUP)
    },
    Collection {
        created: Some("CreateTime"),
        witnesses: &[Witness::Own("AvailabilityZone")],
        ..of("aws.volumes", &DESCRIBE_VOLUMES, &["VolumeId"], &ec2_images::VOLUME)
    },
    Collection { witnesses: &[Witness::Likely("OwnerId")], ..of("aws.vpcs", &DESCRIBE_VPCS, &["VpcId"], &ec2_network::VPC) },
    // What the groups are made of; see `derived`.
    Collection {
        is_derived: true,
        volatile: Some(Volatile::UnlessMembersChange { list: "instances", member: "instanceId" }),
        ..built("group.autoScalingGroups", &DESCRIBE_GROUPS, &["AutoScalingGroupName"])
    },
    Collection {
        inside: Some("Instances"),
        created: Some("LaunchTime"),
        witnesses: &[Witness::Own("Placement.AvailabilityZone")],
        ..of("view.instances", &DESCRIBE_INSTANCES, &["InstanceId"], &ec2_instances::INSTANCE)
    },
    // The states are sorted, although the crawler puts this list together, so that another order of the answer is no change.
    Collection {
        created: Some("CreatedTime"),
        added: &[added("name", Origin::Id, Kind::Plain), added("instances", Origin::Part(0), Kind::Many(&elb::INSTANCE_STATE))],
        parts: &[part(&DESCRIBE_INSTANCE_HEALTH)],
        ..built("view.loadBalancerInstances", &DESCRIBE_LOAD_BALANCERS, &["LoadBalancerName"])
    },
    Collection {
        created: Some("CreatedTimestamp"),
        added: &[
            added("name", Origin::Id, Kind::Plain),
            added("url", Origin::Item, Kind::Plain),
            added("attributes", Origin::Part(0), Kind::Strings),
        ],
        parts: &[part(&LIST_QUEUE_ATTRIBUTES)],
        witnesses: &[Witness::Own("QueueArn")],
        volatile: Some(Volatile::Inside { name: "attributes", prefix: "Approx" }),
        ..built("view.simpleQueues", &LIST_QUEUES, &[])
    },
];

/// The names of all collections that an import can fill, in order.
pub fn known_collections() -> impl Iterator<Item = &'static str> {
    COLLECTIONS.iter().map(|collection| collection.name)
}

/// Every command whose answers some collection takes; some are named more than once.
pub(super) fn commands() -> impl Iterator<Item = &'static Command> {
    COLLECTIONS.iter().flat_map(commands_of)
}

/// Every command whose answers a collection takes.
pub(super) fn commands_of(collection: &'static Collection) -> impl Iterator<Item = &'static Command> {
    let parent = collection.parent.as_ref().map(|parent| parent.command);
    std::iter::once(collection.command).chain(parent).chain(collection.parts.iter().map(|part| part.command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_in_order_and_each_is_there_once() {
        let names: Vec<_> = known_collections().collect();
        assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    }

    #[test]
    fn an_answer_known_by_its_key_can_be_of_no_other_command() {
        for command in commands().filter(|command| command.known_by_key) {
            let same = commands().filter(|other| other.key == command.key && other.name != command.name);
            assert_eq!(same.count(), 0, "{}", command.key);
        }
    }

    #[test]
    fn added_properties_name_parts_that_are_there() {
        for collection in COLLECTIONS {
            for added in collection.added {
                match added.origin {
                    Origin::Part(number) => assert!(number < collection.parts.len(), "{}", collection.name),
                    Origin::Parent => assert!(collection.parent.is_some(), "{}", collection.name),
                    Origin::Id | Origin::Item | Origin::Answer(_) => {}
                }
            }
        }
    }
}
