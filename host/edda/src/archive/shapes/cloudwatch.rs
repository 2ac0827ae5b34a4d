//! Alarms.

use super::super::shape::{Shape, date, many, plain, texts};

pub(in super::super) static ALARM: Shape = Shape::bean(
    "com.amazonaws.services.cloudwatch.model.MetricAlarm",
    &[
        plain("ActionsEnabled"),
        texts("AlarmActions"),
        plain("AlarmArn"),
        date("AlarmConfigurationUpdatedTimestamp"),
        plain("AlarmDescription"),
        plain("AlarmName"),
        plain("ComparisonOperator"),
        plain("DatapointsToAlarm"),
        many("Dimensions", &DIMENSION),
        plain("EvaluateLowSampleCountPercentile"),
        plain("EvaluationPeriods"),
        plain("ExtendedStatistic"),
        texts("InsufficientDataActions"),
        plain("MetricName"),
        plain("Namespace"),
        texts("OKActions"),
        plain("Period"),
        plain("StateReason"),
        plain("StateReasonData"),
        date("StateUpdatedTimestamp"),
        plain("StateValue"),
        plain("Statistic"),
        plain("Threshold"),
        plain("TreatMissingData"),
        plain("Unit"),
    ],
);

static DIMENSION: Shape = Shape::bean("com.amazonaws.services.cloudwatch.model.Dimension", &[plain("Name"), plain("Value")]);
