//! The shapes of all documents, one file an AWS service. They are the property lists of the SDK for Java, version 1.11.264, which EDDA uses.

pub(super) mod auto_scaling;
pub(super) mod ec2_images;
pub(super) mod ec2_instances;
pub(super) mod ec2_network;
pub(super) mod elb;
pub(super) mod iam;
pub(super) mod route53;
pub(super) mod s3;
