//! Users, groups, roles, policies and devices.

use super::super::shape::{Shape, date, encoded, one, plain};

// A permissions boundary and tags came with later versions of the SDK.
pub(in super::super) static USER: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.User",
    &[plain("Arn"), date("CreateDate"), date("PasswordLastUsed"), plain("Path"), plain("UserId"), plain("UserName")],
);

pub(in super::super) static ACCESS_KEY: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.AccessKeyMetadata",
    &[plain("AccessKeyId"), date("CreateDate"), plain("Status"), plain("UserName")],
);

pub(in super::super) static GROUP: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.Group",
    &[plain("Arn"), date("CreateDate"), plain("GroupId"), plain("GroupName"), plain("Path")],
);

pub(in super::super) static ROLE: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.Role",
    &[
        plain("Arn"),
        encoded("AssumeRolePolicyDocument"),
        date("CreateDate"),
        plain("Description"),
        plain("Path"),
        plain("RoleId"),
        plain("RoleName"),
    ],
);

pub(in super::super) static POLICY: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.Policy",
    &[
        plain("Arn"),
        plain("AttachmentCount"),
        date("CreateDate"),
        plain("DefaultVersionId"),
        plain("Description"),
        plain("IsAttachable"),
        plain("Path"),
        plain("PolicyId"),
        plain("PolicyName"),
        date("UpdateDate"),
    ],
);

pub(in super::super) static VIRTUAL_MFA_DEVICE: Shape = Shape::bean(
    "com.amazonaws.services.identitymanagement.model.VirtualMFADevice",
    &[plain("Base32StringSeed"), date("EnableDate"), plain("QRCodePNG"), plain("SerialNumber"), one("User", &USER)],
);
