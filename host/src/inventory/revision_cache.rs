//! What was made of revisions, kept over many questions: one who asks for the same list at many moments of the past reads and reduces each
//! revision once.

use std::collections::HashMap;
use std::sync::Mutex;

use super::reducer::FieldSet;
use super::statistics::locked;

/// When more is kept, it begins anew: most of it has ended by then. Bytes.
const KEPT_BYTES: usize = 256 * 1024 * 1024;
/// What an entry costs beside its text, about. Bytes.
const ENTRY: usize = 64;

/// By field set and the revision's number. None: the selector leaves the document out.
#[derive(Debug, Default)]
pub(super) struct RevisionCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    documents: HashMap<FieldSet, HashMap<i64, Option<Box<str>>>>,
    bytes: usize,
}

impl RevisionCache {
    /// Hands over what is kept of a revision. False: nothing is.
    pub(super) fn with(&self, fields: &FieldSet, number: i64, take: impl FnOnce(Option<&str>)) -> bool {
        let kept = locked(&self.0);
        match kept.documents.get(fields).and_then(|documents| documents.get(&number)) {
            Some(document) => {
                take(document.as_deref());
                true
            }
            None => false,
        }
    }

    /// Keeps what was made of a revision.
    pub(super) fn keep(&self, fields: &FieldSet, number: i64, document: Option<&str>) {
        let mut kept = locked(&self.0);
        kept.bytes += ENTRY + document.map_or(0, str::len);
        if kept.bytes > KEPT_BYTES {
            *kept = Kept::default();
        }
        match kept.documents.get_mut(fields) {
            Some(documents) => drop(documents.insert(number, document.map(Into::into))),
            None => drop(kept.documents.insert(fields.clone(), HashMap::from([(number, document.map(Into::into))]))),
        }
    }
}
