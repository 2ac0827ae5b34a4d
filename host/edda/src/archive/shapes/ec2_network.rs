//! Security groups, addresses, networks and their parts.

use super::super::shape::{Shape, many, one, plain, tags, texts_of};

pub(in super::super) static TAG: Shape = Shape::bean("com.amazonaws.services.ec2.model.Tag", &[plain("Key"), plain("Value")]);

// A tag as a document of its own.
pub(in super::super) static RESOURCE_TAG: Shape = Shape::tag(
    "com.amazonaws.services.ec2.model.TagDescription",
    &[plain("Key"), plain("ResourceId"), plain("ResourceType"), plain("Value")],
);

pub(in super::super) static GROUP_IDENTIFIER: Shape =
    Shape::bean("com.amazonaws.services.ec2.model.GroupIdentifier", &[plain("GroupId"), plain("GroupName")]);

pub(in super::super) static SECURITY_GROUP: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.SecurityGroup",
    &[
        plain("Description"),
        plain("GroupId"),
        plain("GroupName"),
        many("IpPermissions", &IP_PERMISSION),
        many("IpPermissionsEgress", &IP_PERMISSION),
        plain("OwnerId"),
        tags("Tags", &TAG),
        plain("VpcId"),
    ],
);

// The networks appear twice: as texts, which is what EDDA's clients read, and as objects with their descriptions.
static IP_PERMISSION: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.IpPermission",
    &[
        plain("FromPort"),
        plain("IpProtocol"),
        texts_of("IpRanges", "CidrIp"),
        many("IpRanges", &IP_RANGE).named("ipv4Ranges"),
        many("Ipv6Ranges", &IPV6_RANGE),
        many("PrefixListIds", &PREFIX_LIST_ID),
        plain("ToPort"),
        many("UserIdGroupPairs", &USER_ID_GROUP_PAIR),
    ],
);

static IP_RANGE: Shape = Shape::bean("com.amazonaws.services.ec2.model.IpRange", &[plain("CidrIp"), plain("Description")]);

static IPV6_RANGE: Shape = Shape::bean("com.amazonaws.services.ec2.model.Ipv6Range", &[plain("CidrIpv6"), plain("Description")]);

static PREFIX_LIST_ID: Shape = Shape::bean("com.amazonaws.services.ec2.model.PrefixListId", &[plain("Description"), plain("PrefixListId")]);

static USER_ID_GROUP_PAIR: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.UserIdGroupPair",
    &[
        plain("Description"),
        plain("GroupId"),
        plain("GroupName"),
        plain("PeeringStatus"),
        plain("UserId"),
        plain("VpcId"),
        plain("VpcPeeringConnectionId"),
    ],
);

pub(in super::super) static ADDRESS: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Address",
    &[
        plain("AllocationId"),
        plain("AssociationId"),
        plain("Domain"),
        plain("InstanceId"),
        plain("NetworkInterfaceId"),
        plain("NetworkInterfaceOwnerId"),
        plain("PrivateIpAddress"),
        plain("PublicIp"),
        tags("Tags", &TAG),
    ],
);

pub(in super::super) static VPC: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Vpc",
    &[
        plain("CidrBlock"),
        many("CidrBlockAssociationSet", &VPC_CIDR_BLOCK),
        plain("DhcpOptionsId"),
        plain("InstanceTenancy"),
        many("Ipv6CidrBlockAssociationSet", &VPC_IPV6_CIDR_BLOCK),
        plain("IsDefault"),
        plain("State"),
        tags("Tags", &TAG),
        plain("VpcId"),
    ],
);

static VPC_CIDR_BLOCK: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.VpcCidrBlockAssociation",
    &[plain("AssociationId"), plain("CidrBlock"), one("CidrBlockState", &VPC_CIDR_BLOCK_STATE)],
);

static VPC_IPV6_CIDR_BLOCK: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.VpcIpv6CidrBlockAssociation",
    &[plain("AssociationId"), plain("Ipv6CidrBlock"), one("Ipv6CidrBlockState", &VPC_CIDR_BLOCK_STATE)],
);

static VPC_CIDR_BLOCK_STATE: Shape =
    Shape::bean("com.amazonaws.services.ec2.model.VpcCidrBlockState", &[plain("State"), plain("StatusMessage")]);

pub(in super::super) static SUBNET: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Subnet",
    &[
        plain("AssignIpv6AddressOnCreation"),
        plain("AvailabilityZone"),
        plain("AvailableIpAddressCount"),
        plain("CidrBlock"),
        plain("DefaultForAz"),
        many("Ipv6CidrBlockAssociationSet", &SUBNET_IPV6_CIDR_BLOCK),
        plain("MapPublicIpOnLaunch"),
        plain("State"),
        plain("SubnetId"),
        tags("Tags", &TAG),
        plain("VpcId"),
    ],
);

static SUBNET_IPV6_CIDR_BLOCK: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.SubnetIpv6CidrBlockAssociation",
    &[plain("AssociationId"), plain("Ipv6CidrBlock"), one("Ipv6CidrBlockState", &SUBNET_CIDR_BLOCK_STATE)],
);

static SUBNET_CIDR_BLOCK_STATE: Shape =
    Shape::bean("com.amazonaws.services.ec2.model.SubnetCidrBlockState", &[plain("State"), plain("StatusMessage")]);
