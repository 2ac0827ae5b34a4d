//! Instances and the reservations that started them.

use super::super::shape::{Shape, date, low_byte, many, one, plain, tags, texts_of};
use super::ec2_network::{GROUP_IDENTIFIER, TAG};

pub(in super::super) static RESERVATION: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Reservation",
    &[
        texts_of("Groups", "GroupName").named("groupNames"),
        many("Groups", &GROUP_IDENTIFIER),
        many("Instances", &INSTANCE),
        plain("OwnerId"),
        plain("RequesterId"),
        plain("ReservationId"),
    ],
);

pub(in super::super) static INSTANCE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Instance",
    &[
        plain("AmiLaunchIndex"),
        plain("Architecture"),
        many("BlockDeviceMappings", &BLOCK_DEVICE),
        plain("ClientToken"),
        plain("EbsOptimized"),
        many("ElasticGpuAssociations", &ELASTIC_GPU),
        plain("EnaSupport"),
        plain("Hypervisor"),
        one("IamInstanceProfile", &INSTANCE_PROFILE),
        plain("ImageId"),
        plain("InstanceId"),
        plain("InstanceLifecycle"),
        plain("InstanceType"),
        plain("KernelId"),
        plain("KeyName"),
        date("LaunchTime"),
        one("Monitoring", &MONITORING),
        many("NetworkInterfaces", &NETWORK_INTERFACE),
        one("Placement", &PLACEMENT),
        plain("Platform"),
        plain("PrivateDnsName"),
        plain("PrivateIpAddress"),
        many("ProductCodes", &PRODUCT_CODE),
        plain("PublicDnsName"),
        plain("PublicIpAddress"),
        plain("RamdiskId"),
        plain("RootDeviceName"),
        plain("RootDeviceType"),
        many("SecurityGroups", &GROUP_IDENTIFIER),
        plain("SourceDestCheck"),
        plain("SpotInstanceRequestId"),
        plain("SriovNetSupport"),
        one("State", &INSTANCE_STATE),
        one("StateReason", &STATE_REASON),
        plain("StateTransitionReason"),
        plain("SubnetId"),
        tags("Tags", &TAG),
        plain("VirtualizationType"),
        plain("VpcId"),
    ],
);

static BLOCK_DEVICE: Shape =
    Shape::bean("com.amazonaws.services.ec2.model.InstanceBlockDeviceMapping", &[plain("DeviceName"), one("Ebs", &EBS_BLOCK_DEVICE)]);

static EBS_BLOCK_DEVICE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.EbsInstanceBlockDevice",
    &[date("AttachTime"), plain("DeleteOnTermination"), plain("Status"), plain("VolumeId")],
);

static ELASTIC_GPU: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.ElasticGpuAssociation",
    &[plain("ElasticGpuAssociationId"), plain("ElasticGpuAssociationState"), plain("ElasticGpuAssociationTime"), plain("ElasticGpuId")],
);

static INSTANCE_PROFILE: Shape = Shape::bean("com.amazonaws.services.ec2.model.IamInstanceProfile", &[plain("Arn"), plain("Id")]);

// The high byte of the code is for AWS's own use and changes with nothing to see.
static INSTANCE_STATE: Shape = Shape::bean("com.amazonaws.services.ec2.model.InstanceState", &[low_byte("Code"), plain("Name")]);

static MONITORING: Shape = Shape::bean("com.amazonaws.services.ec2.model.Monitoring", &[plain("State")]);

static PLACEMENT: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Placement",
    &[plain("Affinity"), plain("AvailabilityZone"), plain("GroupName"), plain("HostId"), plain("SpreadDomain"), plain("Tenancy")],
);

pub(super) static PRODUCT_CODE: Shape =
    Shape::bean("com.amazonaws.services.ec2.model.ProductCode", &[plain("ProductCodeId"), plain("ProductCodeType")]);

pub(super) static STATE_REASON: Shape = Shape::bean("com.amazonaws.services.ec2.model.StateReason", &[plain("Code"), plain("Message")]);

static NETWORK_INTERFACE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.InstanceNetworkInterface",
    &[
        one("Association", &INTERFACE_ASSOCIATION),
        one("Attachment", &INTERFACE_ATTACHMENT),
        plain("Description"),
        many("Groups", &GROUP_IDENTIFIER),
        many("Ipv6Addresses", &IPV6_ADDRESS),
        plain("MacAddress"),
        plain("NetworkInterfaceId"),
        plain("OwnerId"),
        plain("PrivateDnsName"),
        plain("PrivateIpAddress"),
        many("PrivateIpAddresses", &PRIVATE_ADDRESS),
        plain("SourceDestCheck"),
        plain("Status"),
        plain("SubnetId"),
        plain("VpcId"),
    ],
);

static INTERFACE_ASSOCIATION: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.InstanceNetworkInterfaceAssociation",
    &[plain("IpOwnerId"), plain("PublicDnsName"), plain("PublicIp")],
);

static INTERFACE_ATTACHMENT: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.InstanceNetworkInterfaceAttachment",
    &[date("AttachTime"), plain("AttachmentId"), plain("DeleteOnTermination"), plain("DeviceIndex"), plain("Status")],
);

static IPV6_ADDRESS: Shape = Shape::bean("com.amazonaws.services.ec2.model.InstanceIpv6Address", &[plain("Ipv6Address")]);

static PRIVATE_ADDRESS: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.InstancePrivateIpAddress",
    &[one("Association", &INTERFACE_ASSOCIATION), plain("Primary"), plain("PrivateDnsName"), plain("PrivateIpAddress")],
);
