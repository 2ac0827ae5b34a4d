//! Application and network load balancers, and what they lead to.

use super::super::shape::{Shape, date, many, one, plain, texts};

pub(in super::super) static LOAD_BALANCER: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancingv2.model.LoadBalancer",
    &[
        many("AvailabilityZones", &AVAILABILITY_ZONE),
        plain("CanonicalHostedZoneId"),
        date("CreatedTime"),
        plain("DNSName"),
        plain("IpAddressType"),
        plain("LoadBalancerArn"),
        plain("LoadBalancerName"),
        plain("Scheme"),
        texts("SecurityGroups"),
        one("State", &STATE),
        plain("Type"),
        plain("VpcId"),
    ],
);

static AVAILABILITY_ZONE: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancingv2.model.AvailabilityZone",
    &[many("LoadBalancerAddresses", &ADDRESS), plain("SubnetId"), plain("ZoneName")],
);

static ADDRESS: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancingv2.model.LoadBalancerAddress", &[plain("AllocationId"), plain("IpAddress")]);

static STATE: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancingv2.model.LoadBalancerState", &[plain("Code"), plain("Reason")]);

pub(in super::super) static LISTENER: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancingv2.model.Listener",
    &[
        many("Certificates", &CERTIFICATE),
        many("DefaultActions", &ACTION),
        plain("ListenerArn"),
        plain("LoadBalancerArn"),
        plain("Port"),
        plain("Protocol"),
        plain("SslPolicy"),
    ],
);

static CERTIFICATE: Shape =
    Shape::bean("com.amazonaws.services.elasticloadbalancingv2.model.Certificate", &[plain("CertificateArn"), plain("IsDefault")]);

static ACTION: Shape = Shape::bean("com.amazonaws.services.elasticloadbalancingv2.model.Action", &[plain("TargetGroupArn"), plain("Type")]);

pub(in super::super) static TARGET_GROUP: Shape = Shape::bean(
    "com.amazonaws.services.elasticloadbalancingv2.model.TargetGroup",
    &[
        plain("HealthCheckIntervalSeconds"),
        plain("HealthCheckPath"),
        plain("HealthCheckPort"),
        plain("HealthCheckProtocol"),
        plain("HealthCheckTimeoutSeconds"),
        plain("HealthyThresholdCount"),
        texts("LoadBalancerArns"),
        one("Matcher", &MATCHER),
        plain("Port"),
        plain("Protocol"),
        plain("TargetGroupArn"),
        plain("TargetGroupName"),
        plain("TargetType"),
        plain("UnhealthyThresholdCount"),
        plain("VpcId"),
    ],
);

static MATCHER: Shape = Shape::bean("com.amazonaws.services.elasticloadbalancingv2.model.Matcher", &[plain("HttpCode")]);
