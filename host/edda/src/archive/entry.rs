//! What an import writes: a document under its id, whatever it was made of.

use sha2::{Digest, Sha256};

use super::collections::Collection;
use super::document::{Document, PiecesDigest};
use super::reshape::{Odd, Reshaper};
use crate::{EpochMillis, StoredText, Value};

/// A document that is to be compared with what the archive has of it.
pub(super) trait Entry {
    /// The document's id.
    fn id(&self) -> &str;
    /// What tells it from others of the same id; mostly empty.
    fn variant(&self) -> &str;
    /// A digest over what the document is made of. With the same digest the document is the same.
    fn digest(&self, collection: &Collection) -> PiecesDigest;
    /// The document.
    fn value(&self, collection: &Collection, reshaper: &mut Reshaper) -> Result<Value, Odd>;
    /// When the resource itself was created, if that is known.
    fn created(&self, collection: &Collection) -> Option<EpochMillis>;
}

impl Entry for Document<'_> {
    fn id(&self) -> &str {
        &self.id
    }

    fn variant(&self) -> &str {
        &self.variant
    }

    fn digest(&self, collection: &Collection) -> PiecesDigest {
        self.digest(collection)
    }

    fn value(&self, collection: &Collection, reshaper: &mut Reshaper) -> Result<Value, Odd> {
        self.reshape(collection, reshaper)
    }

    fn created(&self, collection: &Collection) -> Option<EpochMillis> {
        self.created(collection)
    }
}

/// A document that already has its form.
#[derive(Debug)]
pub(super) struct Finished {
    pub id: String,
    pub variant: String,
    pub created: Option<EpochMillis>,
    pub value: Value,
}

impl Entry for Finished {
    fn id(&self) -> &str {
        &self.id
    }

    fn variant(&self) -> &str {
        &self.variant
    }

    fn digest(&self, _: &Collection) -> PiecesDigest {
        /// Not to be mistaken for the digest of an answer's pieces.
        const FINISHED: &[u8] = b"finished";
        Sha256::new_with_prefix(FINISHED).chain_update(StoredText::from(&self.value).as_str()).finalize().into()
    }

    fn value(&self, _: &Collection, _: &mut Reshaper) -> Result<Value, Odd> {
        Ok(self.value.clone())
    }

    fn created(&self, _: &Collection) -> Option<EpochMillis> {
        self.created
    }
}
