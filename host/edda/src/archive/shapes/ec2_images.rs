//! Images, and the snapshots and volumes behind them.

use super::super::shape::{Shape, date, many, one, plain, tags};
use super::ec2_instances::{PRODUCT_CODE, STATE_REASON};
use super::ec2_network::TAG;

// The creation date is a text here: the SDK has no date for it.
pub(in super::super) static IMAGE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Image",
    &[
        plain("Architecture"),
        many("BlockDeviceMappings", &BLOCK_DEVICE),
        plain("CreationDate"),
        plain("Description"),
        plain("EnaSupport"),
        plain("Hypervisor"),
        plain("ImageId"),
        plain("ImageLocation"),
        plain("ImageOwnerAlias"),
        plain("ImageType"),
        plain("KernelId"),
        plain("Name"),
        plain("OwnerId"),
        plain("Platform"),
        many("ProductCodes", &PRODUCT_CODE),
        plain("Public"),
        plain("RamdiskId"),
        plain("RootDeviceName"),
        plain("RootDeviceType"),
        plain("SriovNetSupport"),
        plain("State"),
        one("StateReason", &STATE_REASON),
        tags("Tags", &TAG),
        plain("VirtualizationType"),
    ],
);

static BLOCK_DEVICE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.BlockDeviceMapping",
    &[plain("DeviceName"), one("Ebs", &EBS_BLOCK_DEVICE), plain("NoDevice"), plain("VirtualName")],
);

static EBS_BLOCK_DEVICE: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.EbsBlockDevice",
    &[
        plain("DeleteOnTermination"),
        plain("Encrypted"),
        plain("Iops"),
        plain("KmsKeyId"),
        plain("SnapshotId"),
        plain("VolumeSize"),
        plain("VolumeType"),
    ],
);

pub(in super::super) static SNAPSHOT: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Snapshot",
    &[
        plain("DataEncryptionKeyId"),
        plain("Description"),
        plain("Encrypted"),
        plain("KmsKeyId"),
        plain("OwnerAlias"),
        plain("OwnerId"),
        plain("Progress"),
        plain("SnapshotId"),
        date("StartTime"),
        plain("State"),
        plain("StateMessage"),
        tags("Tags", &TAG),
        plain("VolumeId"),
        plain("VolumeSize"),
    ],
);

pub(in super::super) static VOLUME: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.Volume",
    &[
        many("Attachments", &VOLUME_ATTACHMENT),
        plain("AvailabilityZone"),
        date("CreateTime"),
        plain("Encrypted"),
        plain("Iops"),
        plain("KmsKeyId"),
        plain("Size"),
        plain("SnapshotId"),
        plain("State"),
        tags("Tags", &TAG),
        plain("VolumeId"),
        plain("VolumeType"),
    ],
);

static VOLUME_ATTACHMENT: Shape = Shape::bean(
    "com.amazonaws.services.ec2.model.VolumeAttachment",
    &[date("AttachTime"), plain("DeleteOnTermination"), plain("Device"), plain("InstanceId"), plain("State"), plain("VolumeId")],
);
