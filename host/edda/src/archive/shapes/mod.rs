//! The shapes of all documents, one file an AWS service. They are the property lists of the SDK for Java, version 1.11.264, which EDDA uses.

pub(super) mod auto_scaling;
pub(super) mod auto_scaling_policies;
pub(super) mod cloudformation;
pub(super) mod cloudwatch;
pub(super) mod ec2_images;
pub(super) mod ec2_instances;
pub(super) mod ec2_network;
pub(super) mod ec2_reserved;
pub(super) mod elasticache;
pub(super) mod elb;
pub(super) mod elbv2;
pub(super) mod iam;
pub(super) mod rds;
pub(super) mod route53;
pub(super) mod s3;
