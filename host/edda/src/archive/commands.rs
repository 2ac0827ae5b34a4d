//! The calls of the AWS command line whose answers become documents: how each is made, how its answer is known, and what it must be allowed
//! to do.

/// A call of the AWS command line.
#[derive(Debug)]
pub(super) struct Command {
    /// `<service>.<command>`, as its files are named.
    pub name: &'static str,
    /// The member of its answer that holds what was asked for.
    pub key: &'static str,
    /// Whether that member is enough to know the answer by; otherwise its file must be named after the call.
    pub known_by_key: bool,
    /// What an IAM policy must allow for it.
    pub action: &'static str,
    /// What is always asked for, beyond service and command.
    pub arguments: &'static [&'static str],
    /// For a call that is made for an item of another answer: options, each with the item's member that is its value; without a name the
    /// item itself is.
    pub about: &'static [(&'static str, &'static str)],
    /// For how many items one call may be made.
    pub items_a_call: usize,
}

impl Command {
    const fn with(mut self, arguments: &'static [&'static str]) -> Self {
        self.arguments = arguments;
        self
    }

    const fn about(mut self, about: &'static [(&'static str, &'static str)]) -> Self {
        self.about = about;
        self
    }

    const fn for_items(mut self, items_a_call: usize) -> Self {
        self.items_a_call = items_a_call;
        self
    }
}

const fn command(name: &'static str, key: &'static str, action: &'static str) -> Command {
    Command { name, key, known_by_key: true, action, arguments: &[], about: &[], items_a_call: 1 }
}

const fn named_command(name: &'static str, key: &'static str, action: &'static str) -> Command {
    Command { known_by_key: false, ..command(name, key, action) }
}

pub(super) static DESCRIBE_ADDRESSES: Command = command("ec2.describe-addresses", "Addresses", "ec2:DescribeAddresses");
// Composite alarms are later than EDDA.
pub(super) static DESCRIBE_ALARMS: Command =
    command("cloudwatch.describe-alarms", "MetricAlarms", "cloudwatch:DescribeAlarms").with(&["--alarm-types", "MetricAlarm"]);
pub(super) static DESCRIBE_CACHE_CLUSTERS: Command =
    command("elasticache.describe-cache-clusters", "CacheClusters", "elasticache:DescribeCacheClusters");
pub(super) static DESCRIBE_DATABASES: Command = command("rds.describe-db-instances", "DBInstances", "rds:DescribeDBInstances");
pub(super) static DESCRIBE_DATABASE_SUBNETS: Command =
    command("rds.describe-db-subnet-groups", "DBSubnetGroups", "rds:DescribeDBSubnetGroups");
pub(super) static DESCRIBE_GROUPS: Command =
    command("autoscaling.describe-auto-scaling-groups", "AutoScalingGroups", "autoscaling:DescribeAutoScalingGroups");
// EDDA asks for the images of everybody, which are tens of thousands that say nothing of the account.
pub(super) static DESCRIBE_IMAGES: Command = command("ec2.describe-images", "Images", "ec2:DescribeImages").with(&["--owners", "self"]);
pub(super) static DESCRIBE_INSTANCES: Command = command("ec2.describe-instances", "Reservations", "ec2:DescribeInstances");
pub(super) static DESCRIBE_INSTANCE_HEALTH: Command =
    named_command("elb.describe-instance-health", "InstanceStates", "elasticloadbalancing:DescribeInstanceHealth")
        .about(&[("--load-balancer-name", "LoadBalancerName")]);
pub(super) static DESCRIBE_LAUNCH_CONFIGURATIONS: Command =
    command("autoscaling.describe-launch-configurations", "LaunchConfigurations", "autoscaling:DescribeLaunchConfigurations");
pub(super) static DESCRIBE_LISTENERS: Command =
    named_command("elbv2.describe-listeners", "Listeners", "elasticloadbalancing:DescribeListeners")
        .about(&[("--load-balancer-arn", "LoadBalancerArn")]);
pub(super) static DESCRIBE_LOAD_BALANCERS: Command =
    command("elb.describe-load-balancers", "LoadBalancerDescriptions", "elasticloadbalancing:DescribeLoadBalancers");
pub(super) static DESCRIBE_LOAD_BALANCERS_V2: Command =
    command("elbv2.describe-load-balancers", "LoadBalancers", "elasticloadbalancing:DescribeLoadBalancers");
pub(super) static DESCRIBE_LOAD_BALANCER_TAGS: Command =
    named_command("elb.describe-tags", "TagDescriptions", "elasticloadbalancing:DescribeTags")
        .about(&[("--load-balancer-names", "LoadBalancerName")])
        .for_items(20);
pub(super) static DESCRIBE_RESERVED_INSTANCES: Command =
    command("ec2.describe-reserved-instances", "ReservedInstances", "ec2:DescribeReservedInstances");
pub(super) static DESCRIBE_RESERVED_OFFERINGS: Command =
    command("ec2.describe-reserved-instances-offerings", "ReservedInstancesOfferings", "ec2:DescribeReservedInstancesOfferings");
pub(super) static DESCRIBE_SCALING_ACTIVITIES: Command =
    command("autoscaling.describe-scaling-activities", "Activities", "autoscaling:DescribeScalingActivities");
pub(super) static DESCRIBE_SCALING_POLICIES: Command =
    named_command("autoscaling.describe-policies", "ScalingPolicies", "autoscaling:DescribePolicies");
pub(super) static DESCRIBE_SCHEDULED_ACTIONS: Command =
    command("autoscaling.describe-scheduled-actions", "ScheduledUpdateGroupActions", "autoscaling:DescribeScheduledActions");
pub(super) static DESCRIBE_SECURITY_GROUPS: Command =
    command("ec2.describe-security-groups", "SecurityGroups", "ec2:DescribeSecurityGroups");
// The snapshots of everybody are left out as the images of everybody are.
pub(super) static DESCRIBE_SNAPSHOTS: Command =
    command("ec2.describe-snapshots", "Snapshots", "ec2:DescribeSnapshots").with(&["--owner-ids", "self"]);
pub(super) static DESCRIBE_STACKS: Command = named_command("cloudformation.describe-stacks", "Stacks", "cloudformation:DescribeStacks");
pub(super) static DESCRIBE_SUBNETS: Command = command("ec2.describe-subnets", "Subnets", "ec2:DescribeSubnets");
pub(super) static DESCRIBE_TAGS: Command = named_command("ec2.describe-tags", "Tags", "ec2:DescribeTags");
pub(super) static DESCRIBE_TARGET_GROUPS: Command =
    command("elbv2.describe-target-groups", "TargetGroups", "elasticloadbalancing:DescribeTargetGroups");
pub(super) static DESCRIBE_VOLUMES: Command = command("ec2.describe-volumes", "Volumes", "ec2:DescribeVolumes");
pub(super) static DESCRIBE_VPCS: Command = command("ec2.describe-vpcs", "Vpcs", "ec2:DescribeVpcs");
pub(super) static GET_POLICY_VERSION: Command = named_command("iam.get-policy-version", "PolicyVersion", "iam:GetPolicyVersion")
    .about(&[("--policy-arn", "Arn"), ("--version-id", "DefaultVersionId")]);
pub(super) static LIST_ACCESS_KEYS: Command =
    named_command("iam.list-access-keys", "AccessKeyMetadata", "iam:ListAccessKeys").about(&[("--user-name", "UserName")]);
pub(super) static LIST_BUCKETS: Command = command("s3api.list-buckets", "Buckets", "s3:ListAllMyBuckets");
pub(super) static LIST_GROUPS: Command = named_command("iam.list-groups", "Groups", "iam:ListGroups");
pub(super) static LIST_GROUPS_FOR_USER: Command =
    named_command("iam.list-groups-for-user", "Groups", "iam:ListGroupsForUser").about(&[("--user-name", "UserName")]);
pub(super) static LIST_GROUP_POLICIES: Command =
    named_command("iam.list-group-policies", "PolicyNames", "iam:ListGroupPolicies").about(&[("--group-name", "GroupName")]);
pub(super) static LIST_HOSTED_ZONES: Command = command("route53.list-hosted-zones", "HostedZones", "route53:ListHostedZones");
// AWS's own policies are more than a thousand, each with a call for its text, and the same in every account.
pub(super) static LIST_POLICIES: Command = named_command("iam.list-policies", "Policies", "iam:ListPolicies").with(&["--scope", "Local"]);
pub(super) static LIST_QUEUES: Command = command("sqs.list-queues", "QueueUrls", "sqs:ListQueues");
pub(super) static LIST_QUEUE_ATTRIBUTES: Command = named_command("sqs.get-queue-attributes", "Attributes", "sqs:GetQueueAttributes")
    .with(&["--attribute-names", "All"])
    .about(&[("--queue-url", "")]);
pub(super) static LIST_RECORD_SETS: Command =
    named_command("route53.list-resource-record-sets", "ResourceRecordSets", "route53:ListResourceRecordSets")
        .about(&[("--hosted-zone-id", "Id")]);
pub(super) static LIST_ROLES: Command = command("iam.list-roles", "Roles", "iam:ListRoles");
pub(super) static LIST_STACK_RESOURCES: Command =
    named_command("cloudformation.list-stack-resources", "StackResourceSummaries", "cloudformation:ListStackResources")
        .about(&[("--stack-name", "StackName")]);
pub(super) static LIST_USERS: Command = command("iam.list-users", "Users", "iam:ListUsers");
pub(super) static LIST_USER_POLICIES: Command =
    named_command("iam.list-user-policies", "PolicyNames", "iam:ListUserPolicies").about(&[("--user-name", "UserName")]);
pub(super) static LIST_VIRTUAL_MFA_DEVICES: Command =
    command("iam.list-virtual-mfa-devices", "VirtualMFADevices", "iam:ListVirtualMFADevices");
