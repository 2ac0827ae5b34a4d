//! The calls of the AWS command line whose answers become documents.

/// A call of the AWS command line.
#[derive(Debug)]
pub(super) struct Command {
    /// `<service>.<command>`, as its files are named.
    pub name: &'static str,
    /// The member of its answer that holds what was asked for.
    pub key: &'static str,
    /// Whether that member is enough to know the answer by; otherwise its file must be named after the call.
    pub known_by_key: bool,
}

const fn command(name: &'static str, key: &'static str) -> Command {
    Command { name, key, known_by_key: true }
}

const fn named_command(name: &'static str, key: &'static str) -> Command {
    Command { name, key, known_by_key: false }
}

pub(super) static DESCRIBE_ADDRESSES: Command = command("ec2.describe-addresses", "Addresses");
pub(super) static DESCRIBE_GROUPS: Command = command("autoscaling.describe-auto-scaling-groups", "AutoScalingGroups");
pub(super) static DESCRIBE_IMAGES: Command = command("ec2.describe-images", "Images");
pub(super) static DESCRIBE_INSTANCES: Command = command("ec2.describe-instances", "Reservations");
pub(super) static DESCRIBE_INSTANCE_HEALTH: Command = named_command("elb.describe-instance-health", "InstanceStates");
pub(super) static DESCRIBE_LAUNCH_CONFIGURATIONS: Command = command("autoscaling.describe-launch-configurations", "LaunchConfigurations");
pub(super) static DESCRIBE_LOAD_BALANCERS: Command = command("elb.describe-load-balancers", "LoadBalancerDescriptions");
pub(super) static DESCRIBE_LOAD_BALANCER_TAGS: Command = named_command("elb.describe-tags", "TagDescriptions");
pub(super) static DESCRIBE_SECURITY_GROUPS: Command = command("ec2.describe-security-groups", "SecurityGroups");
pub(super) static DESCRIBE_SNAPSHOTS: Command = command("ec2.describe-snapshots", "Snapshots");
pub(super) static DESCRIBE_SUBNETS: Command = command("ec2.describe-subnets", "Subnets");
pub(super) static DESCRIBE_VOLUMES: Command = command("ec2.describe-volumes", "Volumes");
pub(super) static DESCRIBE_VPCS: Command = command("ec2.describe-vpcs", "Vpcs");
pub(super) static LIST_ACCESS_KEYS: Command = named_command("iam.list-access-keys", "AccessKeyMetadata");
pub(super) static LIST_BUCKETS: Command = command("s3api.list-buckets", "Buckets");
pub(super) static LIST_GROUPS: Command = named_command("iam.list-groups", "Groups");
pub(super) static LIST_GROUPS_FOR_USER: Command = named_command("iam.list-groups-for-user", "Groups");
pub(super) static LIST_GROUP_POLICIES: Command = named_command("iam.list-group-policies", "PolicyNames");
pub(super) static LIST_HOSTED_ZONES: Command = command("route53.list-hosted-zones", "HostedZones");
pub(super) static LIST_QUEUES: Command = command("sqs.list-queues", "QueueUrls");
pub(super) static LIST_QUEUE_ATTRIBUTES: Command = named_command("sqs.get-queue-attributes", "Attributes");
pub(super) static LIST_RECORD_SETS: Command = named_command("route53.list-resource-record-sets", "ResourceRecordSets");
pub(super) static LIST_ROLES: Command = command("iam.list-roles", "Roles");
pub(super) static LIST_USERS: Command = command("iam.list-users", "Users");
pub(super) static LIST_USER_POLICIES: Command = named_command("iam.list-user-policies", "PolicyNames");
