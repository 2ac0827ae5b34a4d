//! Hosted zones and their records.

use super::super::shape::{Shape, many, one, plain};

pub(in super::super) static HOSTED_ZONE: Shape = Shape::bean(
    "com.amazonaws.services.route53.model.HostedZone",
    &[plain("CallerReference"), one("Config", &HOSTED_ZONE_CONFIG), plain("Id"), plain("Name"), plain("ResourceRecordSetCount")],
);

static HOSTED_ZONE_CONFIG: Shape =
    Shape::bean("com.amazonaws.services.route53.model.HostedZoneConfig", &[plain("Comment"), plain("PrivateZone")]);

// What a record says of its zone is put together by the crawler, so it has no class.
pub(in super::super) static ZONE_REFERENCE: Shape = Shape::plain(&[plain("Id"), plain("Name")]);

pub(in super::super) static RECORD_SET: Shape = Shape::bean(
    "com.amazonaws.services.route53.model.ResourceRecordSet",
    &[
        plain("TTL"),
        one("AliasTarget", &ALIAS_TARGET),
        plain("Failover"),
        one("GeoLocation", &GEO_LOCATION),
        plain("HealthCheckId"),
        plain("MultiValueAnswer"),
        plain("Name"),
        plain("Region"),
        many("ResourceRecords", &RESOURCE_RECORD),
        plain("SetIdentifier"),
        plain("TrafficPolicyInstanceId"),
        plain("Type"),
        plain("Weight"),
    ],
);

static ALIAS_TARGET: Shape = Shape::bean(
    "com.amazonaws.services.route53.model.AliasTarget",
    &[plain("DNSName"), plain("EvaluateTargetHealth"), plain("HostedZoneId")],
);

static GEO_LOCATION: Shape = Shape::bean(
    "com.amazonaws.services.route53.model.GeoLocation",
    &[plain("ContinentCode"), plain("CountryCode"), plain("SubdivisionCode")],
);

static RESOURCE_RECORD: Shape = Shape::bean("com.amazonaws.services.route53.model.ResourceRecord", &[plain("Value")]);
