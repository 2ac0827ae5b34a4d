//! Classic load balancers.

use super::super::shape::{Shape, date, many, one, plain, texts};

pub(in super::super) static TAG: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancing.model.Tag", &[plain("Key"), plain("Value")]);

pub(in super::super) static LOAD_BALANCER: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.LoadBalancerDescription",
    &[
        plain("DNSName"),
        plain("VPCId"),
        texts("AvailabilityZones"),
        many("BackendServerDescriptions", &BACKEND_SERVER),
        plain("CanonicalHostedZoneName"),
        plain("CanonicalHostedZoneNameID"),
        date("CreatedTime"),
        one("HealthCheck", &HEALTH_CHECK),
        many("Instances", &INSTANCE),
        many("ListenerDescriptions", &LISTENER_DESCRIPTION),
        plain("LoadBalancerName"),
        one("Policies", &POLICIES),
        plain("Scheme"),
        texts("SecurityGroups"),
        one("SourceSecurityGroup", &SOURCE_SECURITY_GROUP),
        texts("Subnets"),
    ],
);

static BACKEND_SERVER: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.BackendServerDescription",
    &[plain("InstancePort"), texts("PolicyNames")],
);

static HEALTH_CHECK: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.HealthCheck",
    &[plain("HealthyThreshold"), plain("Interval"), plain("Target"), plain("Timeout"), plain("UnhealthyThreshold")],
);

static INSTANCE: Shape = Shape::bean("com.amazonaws.services.elasticloadbalancing.model.Instance", &[plain("InstanceId")]);

static LISTENER_DESCRIPTION: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.ListenerDescription",
    &[one("Listener", &LISTENER), texts("PolicyNames")],
);

static LISTENER: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.Listener",
    &[plain("SSLCertificateId"), plain("InstancePort"), plain("InstanceProtocol"), plain("LoadBalancerPort"), plain("Protocol")],
);

static POLICIES: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.Policies",
    &[
        many("LBCookieStickinessPolicies", &LOAD_BALANCER_COOKIE),
        many("AppCookieStickinessPolicies", &APPLICATION_COOKIE),
        texts("OtherPolicies"),
    ],
);

static LOAD_BALANCER_COOKIE: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.LBCookieStickinessPolicy",
    &[plain("CookieExpirationPeriod"), plain("PolicyName")],
);

static APPLICATION_COOKIE: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancing.model.AppCookieStickinessPolicy", &[plain("CookieName"), plain("PolicyName")]);

static SOURCE_SECURITY_GROUP: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancing.model.SourceSecurityGroup", &[plain("GroupName"), plain("OwnerAlias")]);

pub(in super::super) static INSTANCE_STATE: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancing.model.InstanceState",
    &[plain("Description"), plain("InstanceId"), plain("ReasonCode"), plain("State")],
);
