//! Reserved instances, and the offers of them.

use super::super::shape::{Shape, date, many, plain, tags};
use super::ec2_network::TAG;

pub(in super::super) static RESERVED_INSTANCES: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.ReservedInstances",
    &[
        plain("AvailabilityZone"),
        plain("CurrencyCode"),
        plain("Duration"),
        date("End"),
        plain("FixedPrice"),
        plain("InstanceCount"),
        plain("InstanceTenancy"),
        plain("InstanceType"),
        plain("OfferingClass"),
        plain("OfferingType"),
        plain("ProductDescription"),
        many("RecurringCharges", &RECURRING_CHARGE),
        plain("ReservedInstancesId"),
        plain("Scope"),
        date("Start"),
        plain("State"),
        tags("Tags", &TAG),
        plain("UsagePrice"),
    ],
);

pub(in super::super) static OFFERING: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.ReservedInstancesOffering",
    &[
        plain("AvailabilityZone"),
        plain("CurrencyCode"),
        plain("Duration"),
        plain("FixedPrice"),
        plain("InstanceTenancy"),
        plain("InstanceType"),
        plain("Marketplace"),
        plain("OfferingClass"),
        plain("OfferingType"),
        many("PricingDetails", &PRICING_DETAIL),
        plain("ProductDescription"),
        many("RecurringCharges", &RECURRING_CHARGE),
        plain("ReservedInstancesOfferingId"),
        plain("Scope"),
        plain("UsagePrice"),
    ],
);

static RECURRING_CHARGE: Shape = Shape::bean("com.amazonaws.services.ec2.model.RecurringCharge", &[plain("Amount"), plain("Frequency")]);

static PRICING_DETAIL: Shape = Shape::bean("com.amazonaws.services.ec2.model.PricingDetail", &[plain("Count"), plain("Price")]);
