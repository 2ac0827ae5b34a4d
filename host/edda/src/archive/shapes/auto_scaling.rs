//! Auto Scaling groups and launch configurations.

use super::super::shape::{Shape, date, many, one, plain, tags, texts};

pub(in super::super) static GROUP: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.AutoScalingGroup",
    &[
        plain("VPCZoneIdentifier"),
        plain("AutoScalingGroupARN"),
        plain("AutoScalingGroupName"),
        texts("AvailabilityZones"),
        date("CreatedTime"),
        plain("DefaultCooldown"),
        plain("DesiredCapacity"),
        many("EnabledMetrics", &ENABLED_METRIC),
        plain("HealthCheckGracePeriod"),
        plain("HealthCheckType"),
        many("Instances", &INSTANCE),
        plain("LaunchConfigurationName"),
        one("LaunchTemplate", &LAUNCH_TEMPLATE),
        texts("LoadBalancerNames"),
        plain("MaxSize"),
        plain("MinSize"),
        plain("NewInstancesProtectedFromScaleIn"),
        plain("PlacementGroup"),
        plain("Status"),
        many("SuspendedProcesses", &SUSPENDED_PROCESS),
        tags("Tags", &TAG),
        texts("TargetGroupARNs"),
        texts("TerminationPolicies"),
    ],
);

static ENABLED_METRIC: Shape =
    Shape::bean("com.amazonaws.services.autoscaling.model.EnabledMetric", &[plain("Granularity"), plain("Metric")]);

static INSTANCE: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.Instance",
    &[
        plain("AvailabilityZone"),
        plain("HealthStatus"),
        plain("InstanceId"),
        plain("LaunchConfigurationName"),
        one("LaunchTemplate", &LAUNCH_TEMPLATE),
        plain("LifecycleState"),
        plain("ProtectedFromScaleIn"),
    ],
);

static LAUNCH_TEMPLATE: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.LaunchTemplateSpecification",
    &[plain("LaunchTemplateId"), plain("LaunchTemplateName"), plain("Version")],
);

static SUSPENDED_PROCESS: Shape =
    Shape::bean("com.amazonaws.services.autoscaling.model.SuspendedProcess", &[plain("ProcessName"), plain("SuspensionReason")]);

static TAG: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.TagDescription",
    &[plain("Key"), plain("PropagateAtLaunch"), plain("ResourceId"), plain("ResourceType"), plain("Value")],
);

pub(in super::super) static LAUNCH_CONFIGURATION: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.LaunchConfiguration",
    &[
        plain("AssociatePublicIpAddress"),
        many("BlockDeviceMappings", &BLOCK_DEVICE),
        plain("ClassicLinkVPCId"),
        texts("ClassicLinkVPCSecurityGroups"),
        date("CreatedTime"),
        plain("EbsOptimized"),
        plain("IamInstanceProfile"),
        plain("ImageId"),
        one("InstanceMonitoring", &INSTANCE_MONITORING),
        plain("InstanceType"),
        plain("KernelId"),
        plain("KeyName"),
        plain("LaunchConfigurationARN"),
        plain("LaunchConfigurationName"),
        plain("PlacementTenancy"),
        plain("RamdiskId"),
        texts("SecurityGroups"),
        plain("SpotPrice"),
        plain("UserData"),
    ],
);

static BLOCK_DEVICE: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.BlockDeviceMapping",
    &[plain("DeviceName"), one("Ebs", &EBS), plain("NoDevice"), plain("VirtualName")],
);

static EBS: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.Ebs",
    &[plain("DeleteOnTermination"), plain("Encrypted"), plain("Iops"), plain("SnapshotId"), plain("VolumeSize"), plain("VolumeType")],
);

static INSTANCE_MONITORING: Shape = Shape::bean("com.amazonaws.services.autoscaling.model.InstanceMonitoring", &[plain("Enabled")]);
