//! Databases and their subnet groups.

use super::super::shape::{Shape, date, many, one, plain, tags, texts};

// EDDA asks for the tags with a call of their own; today they are part of the answer. `arn` is one that EDDA builds itself.
pub(in super::super) static DATABASE: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.DBInstance",
    &[
        plain("AllocatedStorage"),
        plain("AutoMinorVersionUpgrade"),
        plain("AvailabilityZone"),
        plain("BackupRetentionPeriod"),
        plain("CACertificateIdentifier"),
        plain("CharacterSetName"),
        plain("CopyTagsToSnapshot"),
        plain("DBClusterIdentifier"),
        plain("DBInstanceArn"),
        plain("DBInstanceArn").named("arn"),
        plain("DBInstanceClass"),
        plain("DBInstanceIdentifier"),
        plain("DBInstanceStatus"),
        plain("DBName"),
        many("DBParameterGroups", &PARAMETER_GROUP),
        many("DBSecurityGroups", &DATABASE_SECURITY_GROUP),
        one("DBSubnetGroup", &SUBNET_GROUP),
        plain("DbInstancePort"),
        plain("DbiResourceId"),
        many("DomainMemberships", &DOMAIN_MEMBERSHIP),
        texts("EnabledCloudwatchLogsExports"),
        one("Endpoint", &ENDPOINT),
        plain("Engine"),
        plain("EngineVersion"),
        plain("EnhancedMonitoringResourceArn"),
        plain("IAMDatabaseAuthenticationEnabled"),
        date("InstanceCreateTime"),
        plain("Iops"),
        plain("KmsKeyId"),
        date("LatestRestorableTime"),
        plain("LicenseModel"),
        plain("MasterUsername"),
        plain("MonitoringInterval"),
        plain("MonitoringRoleArn"),
        plain("MultiAZ"),
        many("OptionGroupMemberships", &OPTION_GROUP),
        one("PendingModifiedValues", &PENDING),
        plain("PerformanceInsightsEnabled"),
        plain("PerformanceInsightsKMSKeyId"),
        plain("PreferredBackupWindow"),
        plain("PreferredMaintenanceWindow"),
        plain("PromotionTier"),
        plain("PubliclyAccessible"),
        texts("ReadReplicaDBClusterIdentifiers"),
        texts("ReadReplicaDBInstanceIdentifiers"),
        plain("ReadReplicaSourceDBInstanceIdentifier"),
        plain("SecondaryAvailabilityZone"),
        many("StatusInfos", &STATUS_INFO),
        plain("StorageEncrypted"),
        plain("StorageType"),
        tags("TagList", &TAG).named("tags"),
        plain("TdeCredentialArn"),
        plain("Timezone"),
        many("VpcSecurityGroups", &VPC_SECURITY_GROUP),
    ],
);

pub(in super::super) static SUBNET_GROUP: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.DBSubnetGroup",
    &[
        plain("DBSubnetGroupArn"),
        plain("DBSubnetGroupDescription"),
        plain("DBSubnetGroupName"),
        plain("SubnetGroupStatus"),
        many("Subnets", &SUBNET),
        plain("VpcId"),
    ],
);

static SUBNET: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.Subnet",
    &[one("SubnetAvailabilityZone", &AVAILABILITY_ZONE), plain("SubnetIdentifier"), plain("SubnetStatus")],
);

static AVAILABILITY_ZONE: Shape = Shape::bean("com.amazonaws.services.rds.model.AvailabilityZone", &[plain("Name")]);

static TAG: Shape = Shape::bean("com.amazonaws.services.rds.model.Tag", &[plain("Key"), plain("Value")]);

static PARAMETER_GROUP: Shape =
    Shape::bean("com.amazonaws.services.rds.model.DBParameterGroupStatus", &[plain("DBParameterGroupName"), plain("ParameterApplyStatus")]);

static DATABASE_SECURITY_GROUP: Shape =
    Shape::bean("com.amazonaws.services.rds.model.DBSecurityGroupMembership", &[plain("DBSecurityGroupName"), plain("Status")]);

static VPC_SECURITY_GROUP: Shape =
    Shape::bean("com.amazonaws.services.rds.model.VpcSecurityGroupMembership", &[plain("Status"), plain("VpcSecurityGroupId")]);

static OPTION_GROUP: Shape =
    Shape::bean("com.amazonaws.services.rds.model.OptionGroupMembership", &[plain("OptionGroupName"), plain("Status")]);

static DOMAIN_MEMBERSHIP: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.DomainMembership",
    &[plain("Domain"), plain("FQDN"), plain("IAMRoleName"), plain("Status")],
);

static ENDPOINT: Shape =
    Shape::bean("com.amazonaws.services.rds.model.Endpoint", &[plain("Address"), plain("HostedZoneId"), plain("Port")]);

static STATUS_INFO: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.DBInstanceStatusInfo",
    &[plain("Message"), plain("Normal"), plain("Status"), plain("StatusType")],
);

static PENDING: Shape = Shape::bean(
    "com.amazonaws.services.rds.model.PendingModifiedValues",
    &[
        plain("AllocatedStorage"),
        plain("BackupRetentionPeriod"),
        plain("CACertificateIdentifier"),
        plain("DBInstanceClass"),
        plain("DBInstanceIdentifier"),
        plain("DBSubnetGroupName"),
        plain("EngineVersion"),
        plain("Iops"),
        plain("LicenseModel"),
        plain("MasterUserPassword"),
        plain("MultiAZ"),
        one("PendingCloudwatchLogsExports", &PENDING_LOGS),
        plain("Port"),
        plain("StorageType"),
    ],
);

static PENDING_LOGS: Shape =
    Shape::bean("com.amazonaws.services.rds.model.PendingCloudwatchLogsExports", &[texts("LogTypesToDisable"), texts("LogTypesToEnable")]);
