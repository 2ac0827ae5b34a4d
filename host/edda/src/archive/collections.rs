//! Every collection that the import knows, as data: from which answers its documents come, which member is the id, when a resource was
//! created, what form a document has. A new collection is an entry here, and its shape in [`super::shapes`].

use super::commands::{
    Command, DESCRIBE_ADDRESSES, DESCRIBE_GROUPS, DESCRIBE_IMAGES, DESCRIBE_INSTANCE_HEALTH, DESCRIBE_INSTANCES,
    DESCRIBE_LAUNCH_CONFIGURATIONS, DESCRIBE_LOAD_BALANCER_TAGS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_SECURITY_GROUPS, DESCRIBE_SNAPSHOTS,
    DESCRIBE_SUBNETS, DESCRIBE_VOLUMES, DESCRIBE_VPCS, LIST_ACCESS_KEYS, LIST_BUCKETS, LIST_GROUP_POLICIES, LIST_GROUPS,
    LIST_GROUPS_FOR_USER, LIST_HOSTED_ZONES, LIST_QUEUE_ATTRIBUTES, LIST_QUEUES, LIST_RECORD_SETS, LIST_ROLES, LIST_USER_POLICIES,
    LIST_USERS,
};
use super::shape::{Kind, Shape};
use super::shapes::{auto_scaling, ec2_images, ec2_instances, ec2_network, elb, iam, route53, s3};

/// How far a resource's name reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// One region of an account.
    Regional,
    /// The whole account.
    Global,
}

/// A further answer that each document needs.
pub(super) struct Part {
    pub command: &'static Command,
    pub naming: Naming,
}

/// How an answer says to which document it belongs.
pub(super) enum Naming {
    /// Each document has a file of its own, named after it; all that the answer holds under its key is meant.
    ByFile,
    /// One member of each of the answer's elements names a document, another one is meant.
    ByMember { name: &'static str, value: &'static str },
}

/// Answers that are given once for each of another answer's items: the records of each zone.
pub(super) struct Parent {
    pub command: &'static Command,
    /// The member of the parent that its files are named after, from its last slash on.
    pub key: &'static str,
}

/// A property that does not come from the item itself.
pub(super) struct Added {
    pub name: &'static str,
    pub origin: Origin,
    pub kind: Kind,
}

/// Where an added property comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// The document's id.
    Id,
    /// The item as a whole.
    Item,
    /// The part of that number.
    Part(usize),
    /// The parent as a whole.
    Parent,
    /// A member of the answer beside its items.
    Answer(&'static str),
}

/// What says to which account and region the items belong.
pub(super) enum Witness {
    /// A member (its path) that is always the asker's own.
    Own(&'static str),
    /// A member that may name others, who share their resources with the asker.
    Likely(&'static str),
}

/// Properties whose change is written in place, without a new revision.
pub(super) struct Volatile {
    pub inside: &'static str,
    pub prefix: &'static str,
}

/// A collection.
pub(super) struct Collection {
    pub name: &'static str,
    pub scope: Scope,
    /// The answers whose items become documents.
    pub command: &'static Command,
    /// The items are one level further in: the instances of the reservations.
    pub inside: Option<&'static str>,
    pub parent: Option<Parent>,
    /// The members that make the id; without any the item itself is a text, and what follows its last slash is the id.
    pub id: &'static [&'static str],
    /// Members that tell documents of one id apart; with a parent they belong to it, too.
    pub variant: &'static [&'static str],
    /// The member that says when the resource was created.
    pub created: Option<&'static str>,
    /// The form of the document; without one it is put together from what is added.
    pub shape: Option<&'static Shape>,
    pub added: &'static [Added],
    pub parts: &'static [Part],
    pub witnesses: &'static [Witness],
    pub volatile: Option<Volatile>,
}

const fn part(command: &'static Command) -> Part {
    Part { command, naming: Naming::ByFile }
}

const fn added(name: &'static str, origin: Origin, kind: Kind) -> Added {
    Added { name, origin, kind }
}

/// A collection whose documents are put together from what is added.
const fn built(name: &'static str, command: &'static Command, id: &'static [&'static str]) -> Collection {
    let scope = Scope::Regional;
    let (inside, parent, created, shape, volatile) = (None, None, None, None, None);
    let (variant, added, parts, witnesses): (&[&str], &[Added], &[Part], &[Witness]) = (&[], &[], &[], &[]);
    Collection { name, scope, command, inside, parent, id, variant, created, shape, added, parts, witnesses, volatile }
}

/// A collection whose documents are the items of an answer.
const fn of(name: &'static str, command: &'static Command, id: &'static [&'static str], shape: &'static Shape) -> Collection {
    Collection { shape: Some(shape), ..built(name, command, id) }
}

/// All collections, ordered by name.
pub(super) static COLLECTIONS: &[Collection] = &[
    of("aws.addresses", &DESCRIBE_ADDRESSES, &["PublicIp"], &ec2_network::ADDRESS),
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
        witnesses: &[Witness::Likely("SecurityGroupArn"), Witness::Likely("OwnerId")],
        ..of("aws.securityGroups", &DESCRIBE_SECURITY_GROUPS, &["GroupId"], &ec2_network::SECURITY_GROUP)
    },
    Collection { created: Some("StartTime"), ..of("aws.snapshots", &DESCRIBE_SNAPSHOTS, &["SnapshotId"], &ec2_images::SNAPSHOT) },
    Collection {
        witnesses: &[Witness::Likely("SubnetArn"), Witness::Likely("OwnerId"), Witness::Own("AvailabilityZone")],
        ..of("aws.subnets", &DESCRIBE_SUBNETS, &["SubnetId"], &ec2_network::SUBNET)
    },
    Collection {
        created: Some("CreateTime"),
        witnesses: &[Witness::Own("AvailabilityZone")],
        ..of("aws.volumes", &DESCRIBE_VOLUMES, &["VolumeId"], &ec2_images::VOLUME)
    },
    Collection { witnesses: &[Witness::Likely("OwnerId")], ..of("aws.vpcs", &DESCRIBE_VPCS, &["VpcId"], &ec2_network::VPC) },
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
        volatile: Some(Volatile { inside: "attributes", prefix: "Approx" }),
        ..built("view.simpleQueues", &LIST_QUEUES, &[])
    },
];

/// The names of all collections that an import can fill, in order.
pub fn known_collections() -> impl Iterator<Item = &'static str> {
    COLLECTIONS.iter().map(|collection| collection.name)
}

/// Every command whose answers some collection takes; some are named more than once.
pub(super) fn commands() -> impl Iterator<Item = &'static Command> {
    COLLECTIONS.iter().flat_map(|collection| {
        let parent = collection.parent.as_ref().map(|parent| parent.command);
        std::iter::once(collection.command).chain(parent).chain(collection.parts.iter().map(|part| part.command))
    })
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
