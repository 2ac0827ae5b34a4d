//! Stacks.

use super::super::shape::{Shape, date, many, one, plain, texts};

pub(in super::super) static STACK: Shape = Shape::bean(
    "com.amazonaws.services.cloudformation.model.Stack",
    &[
        texts("Capabilities"),
        plain("ChangeSetId"),
        date("CreationTime"),
        plain("Description"),
        plain("DisableRollback"),
        plain("EnableTerminationProtection"),
        date("LastUpdatedTime"),
        texts("NotificationARNs"),
        many("Outputs", &OUTPUT),
        many("Parameters", &PARAMETER),
        plain("ParentId"),
        plain("RoleARN"),
        one("RollbackConfiguration", &ROLLBACK),
        plain("RootId"),
        plain("StackId"),
        plain("StackName"),
        plain("StackStatus"),
        plain("StackStatusReason"),
        // Not one of the services whose tags are flattened.
        many("Tags", &TAG),
        plain("TimeoutInMinutes"),
    ],
);

static OUTPUT: Shape = Shape::bean(
    "com.amazonaws.services.cloudformation.model.Output",
    &[plain("Description"), plain("ExportName"), plain("OutputKey"), plain("OutputValue")],
);

static PARAMETER: Shape = Shape::bean(
    "com.amazonaws.services.cloudformation.model.Parameter",
    &[plain("ParameterKey"), plain("ParameterValue"), plain("ResolvedValue"), plain("UsePreviousValue")],
);

static ROLLBACK: Shape = Shape::bean(
    "com.amazonaws.services.cloudformation.model.RollbackConfiguration",
    &[plain("MonitoringTimeInMinutes"), many("RollbackTriggers", &ROLLBACK_TRIGGER)],
);

static ROLLBACK_TRIGGER: Shape = Shape::bean("com.amazonaws.services.cloudformation.model.RollbackTrigger", &[plain("Arn"), plain("Type")]);

static TAG: Shape = Shape::bean("com.amazonaws.services.cloudformation.model.Tag", &[plain("Key"), plain("Value")]);

pub(in super::super) static RESOURCE: Shape = Shape::bean(
    "com.amazonaws.services.cloudformation.model.StackResourceSummary",
    &[
        date("LastUpdatedTimestamp"),
        plain("LogicalResourceId"),
        plain("PhysicalResourceId"),
        plain("ResourceStatus"),
        plain("ResourceStatusReason"),
        plain("ResourceType"),
    ],
);
