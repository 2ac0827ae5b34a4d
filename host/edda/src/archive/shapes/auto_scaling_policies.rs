//! What moves Auto Scaling groups: policies, scheduled actions, and the activities that follow.

use super::super::shape::{Shape, date, many, one, plain};

pub(in super::super) static ACTIVITY: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.Activity",
    &[
        plain("ActivityId"),
        plain("AutoScalingGroupName"),
        plain("Cause"),
        plain("Description"),
        plain("Details"),
        date("EndTime"),
        plain("Progress"),
        date("StartTime"),
        plain("StatusCode"),
        plain("StatusMessage"),
    ],
);

pub(in super::super) static POLICY: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.ScalingPolicy",
    &[
        plain("AdjustmentType"),
        many("Alarms", &ALARM),
        plain("AutoScalingGroupName"),
        plain("Cooldown"),
        plain("EstimatedInstanceWarmup"),
        plain("MetricAggregationType"),
        plain("MinAdjustmentMagnitude"),
        plain("MinAdjustmentStep"),
        plain("PolicyARN"),
        plain("PolicyName"),
        plain("PolicyType"),
        plain("ScalingAdjustment"),
        many("StepAdjustments", &STEP_ADJUSTMENT),
        one("TargetTrackingConfiguration", &TARGET_TRACKING),
    ],
);

static ALARM: Shape = Shape::bean("com.amazonaws.services.autoscaling.model.Alarm", &[plain("AlarmARN"), plain("AlarmName")]);

static STEP_ADJUSTMENT: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.StepAdjustment",
    &[plain("MetricIntervalLowerBound"), plain("MetricIntervalUpperBound"), plain("ScalingAdjustment")],
);

static TARGET_TRACKING: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.TargetTrackingConfiguration",
    &[
        one("CustomizedMetricSpecification", &CUSTOMIZED_METRIC),
        plain("DisableScaleIn"),
        one("PredefinedMetricSpecification", &PREDEFINED_METRIC),
        plain("TargetValue"),
    ],
);

static CUSTOMIZED_METRIC: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.CustomizedMetricSpecification",
    &[many("Dimensions", &DIMENSION), plain("MetricName"), plain("Namespace"), plain("Statistic"), plain("Unit")],
);

static DIMENSION: Shape = Shape::bean("com.amazonaws.services.autoscaling.model.MetricDimension", &[plain("Name"), plain("Value")]);

static PREDEFINED_METRIC: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.PredefinedMetricSpecification",
    &[plain("PredefinedMetricType"), plain("ResourceLabel")],
);

pub(in super::super) static SCHEDULED_ACTION: Shape = Shape::bean(
    "com.amazonaws.services.autoscaling.model.ScheduledUpdateGroupAction",
    &[
        plain("AutoScalingGroupName"),
        plain("DesiredCapacity"),
        date("EndTime"),
        plain("MaxSize"),
        plain("MinSize"),
        plain("Recurrence"),
        plain("ScheduledActionARN"),
        plain("ScheduledActionName"),
        date("StartTime"),
        date("Time"),
    ],
);
