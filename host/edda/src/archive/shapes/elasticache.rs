//! Cache clusters.

use super::super::shape::{Shape, date, many, one, plain, texts};

pub(in super::super) static CACHE_CLUSTER: Shape = Shape::bean(
    "com.amazonaws.services.elasticache.model.CacheCluster",
    &[
        plain("AtRestEncryptionEnabled"),
        plain("AuthTokenEnabled"),
        plain("AutoMinorVersionUpgrade"),
        date("CacheClusterCreateTime"),
        plain("CacheClusterId"),
        plain("CacheClusterStatus"),
        plain("CacheNodeType"),
        many("CacheNodes", &CACHE_NODE),
        one("CacheParameterGroup", &PARAMETER_GROUP),
        many("CacheSecurityGroups", &CACHE_SECURITY_GROUP),
        plain("CacheSubnetGroupName"),
        plain("ClientDownloadLandingPage"),
        one("ConfigurationEndpoint", &ENDPOINT),
        plain("Engine"),
        plain("EngineVersion"),
        one("NotificationConfiguration", &NOTIFICATION),
        plain("NumCacheNodes"),
        one("PendingModifiedValues", &PENDING),
        plain("PreferredAvailabilityZone"),
        plain("PreferredMaintenanceWindow"),
        plain("ReplicationGroupId"),
        many("SecurityGroups", &SECURITY_GROUP),
        plain("SnapshotRetentionLimit"),
        plain("SnapshotWindow"),
        plain("TransitEncryptionEnabled"),
    ],
);

static CACHE_NODE: Shape = Shape::bean(
    "com.amazonaws.services.elasticache.model.CacheNode",
    &[
        date("CacheNodeCreateTime"),
        plain("CacheNodeId"),
        plain("CacheNodeStatus"),
        plain("CustomerAvailabilityZone"),
        one("Endpoint", &ENDPOINT),
        plain("ParameterGroupStatus"),
        plain("SourceCacheNodeId"),
    ],
);

static ENDPOINT: Shape = Shape::bean("com.amazonaws.services.elasticache.model.Endpoint", &[plain("Address"), plain("Port")]);

static PARAMETER_GROUP: Shape = Shape::bean(
    "com.amazonaws.services.elasticache.model.CacheParameterGroupStatus",
    &[texts("CacheNodeIdsToReboot"), plain("CacheParameterGroupName"), plain("ParameterApplyStatus")],
);

static CACHE_SECURITY_GROUP: Shape = Shape::bean(
    "com.amazonaws.services.elasticache.model.CacheSecurityGroupMembership",
    &[plain("CacheSecurityGroupName"), plain("Status")],
);

static NOTIFICATION: Shape =
    Shape::bean("com.amazonaws.services.elasticache.model.NotificationConfiguration", &[plain("TopicArn"), plain("TopicStatus")]);

static PENDING: Shape = Shape::bean(
    "com.amazonaws.services.elasticache.model.PendingModifiedValues",
    &[texts("CacheNodeIdsToRemove"), plain("CacheNodeType"), plain("EngineVersion"), plain("NumCacheNodes")],
);

static SECURITY_GROUP: Shape =
    Shape::bean("com.amazonaws.services.elasticache.model.SecurityGroupMembership", &[plain("SecurityGroupId"), plain("Status")]);
