//! Buckets.

use super::super::shape::{Shape, date, plain};

// The owner stands once at the top of the answer and is copied into each bucket.
pub(in super::super) static BUCKET: Shape = Shape::bean("com.amazonaws.services.s3.model.Bucket", &[date("CreationDate"), plain("Name")]);

pub(in super::super) static OWNER: Shape =
    Shape::bean("com.amazonaws.services.s3.model.Owner", &[plain("DisplayName"), plain("ID").named("id")]);
