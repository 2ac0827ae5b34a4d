//! What was made of revisions, kept over many questions: one who asks for the same list at many moments of the past reads and reduces each
//! revision once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::reducer::FieldSet;
use super::statistics::locked;

/// When more is kept for a field set, it begins anew: most of it has ended by then. Bytes.
const KEPT_BYTES: usize = 128 * 1024 * 1024;
/// What an entry costs beside its text, about. Bytes.
const ENTRY: usize = 64;

/// What is kept for each field set.
#[derive(Debug, Default)]
pub(super) struct RevisionCache(Mutex<HashMap<FieldSet, Arc<KeptRevisions>>>);

impl RevisionCache {
    /// What is kept for one of them; there for all who ask. Nothing leaves it while somebody has it: what is too much is replaced as a whole.
    pub(super) fn of(&self, fields: &FieldSet) -> Arc<KeptRevisions> {
        let mut all = locked(&self.0);
        let kept = all.entry(fields.clone()).or_default();
        if kept.open().bytes > KEPT_BYTES {
            *kept = Arc::default();
        }
        Arc::clone(kept)
    }
}

/// The documents of one field set.
#[derive(Debug, Default)]
pub(super) struct KeptRevisions(Mutex<Kept>);

/// What was made of a revision.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    Document(Box<str>),
    /// The selector leaves the document out.
    Nothing,
}

/// By the number of the revision.
#[derive(Debug, Default)]
pub(super) struct Kept {
    documents: HashMap<i64, Made>,
    bytes: usize,
}

impl KeptRevisions {
    /// All of it.
    pub(super) fn open(&self) -> MutexGuard<'_, Kept> {
        locked(&self.0)
    }
}

impl Kept {
    /// None: it was not looked at yet.
    pub(super) fn get(&self, number: i64) -> Option<&Made> {
        self.documents.get(&number)
    }

    /// Keeps what was made of a revision.
    pub(super) fn keep(&mut self, number: i64, document: Option<&str>) {
        self.bytes += ENTRY + document.map_or(0, str::len);
        self.documents.insert(number, document.map_or(Made::Nothing, |document| Made::Document(document.into())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_begins_anew_for_those_who_come_later() {
        let cache = RevisionCache::default();
        let early = cache.of(&None);
        early.open().keep(1, Some("{}"));
        early.open().keep(2, None);
        let (document, late) = (Made::Document("{}".into()), cache.of(&None));
        assert_eq!(late.open().get(1), Some(&document));
        assert_eq!(late.open().get(2), Some(&Made::Nothing));
        assert_eq!(late.open().get(3), None);
        drop(late);
        early.open().bytes = KEPT_BYTES;
        early.open().keep(3, Some("[]"));
        assert_eq!(cache.of(&None).open().get(1), None);
        assert_eq!(early.open().get(1), Some(&document));
    }
}
