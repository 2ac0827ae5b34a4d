//! Records kept in memory: for tests of rules, examples, and small inventories that need no file.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use crate::record::{Record, RecordStore, Selection, StoreError, TimeConditions};
use crate::value::EpochMillis;

/// Collections of records in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    collections: BTreeMap<String, Vec<Record>>,
}

impl MemoryStore {
    /// Without any collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a collection (its name with dots), in place of what it held. The current records' mtime becomes that of the collection.
    pub fn set_collection(&mut self, name: impl Into<String>, mtime: EpochMillis, records: impl IntoIterator<Item = Record>) {
        let mut records: Vec<Record> = records.into_iter().collect();
        for record in records.iter_mut().filter(|record| record.ltime.is_none()) {
            record.mtime = mtime;
        }
        records.sort_by(|left, right| {
            right.stime.cmp(&left.stime).then_with(|| left.id.cmp(&right.id)).then_with(|| left.source.cmp(&right.source))
        });
        self.collections.insert(name.into(), records);
    }
}

impl RecordStore for MemoryStore {
    fn has_collection(&self, name: &str) -> bool {
        self.collections.contains_key(name)
    }

    fn records(&self, selection: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let ids: Option<HashSet<&str>> = selection.ids.as_ref().map(|ids| ids.iter().map(String::as_str).collect());
        // Records are sorted newest first, so the first of an id and source that began in time is the newest of them.
        let mut seen = HashSet::new();
        for record in self.collections.get(&selection.collection).into_iter().flatten() {
            if ids.as_ref().is_some_and(|ids| !ids.contains(record.id.as_str())) {
                continue;
            }
            let selected = match &selection.times {
                TimeConditions::Every(conditions) => conditions.iter().all(|condition| condition.holds(record.stime, record.ltime)),
                TimeConditions::StateBefore { until } => {
                    record.stime < *until && seen.insert((&record.id, &record.source)) && record.ltime.is_none_or(|ltime| ltime > *until)
                }
            };
            if selected && visit(record.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{StoredText, TimeCondition};

    fn record(id: &str, source: &str, stime: EpochMillis, ltime: Option<EpochMillis>) -> Record {
        let empty = StoredText::from_store("{}".into());
        let mtime = ltime.unwrap_or_default();
        Record { id: id.into(), source: source.into(), ftime: 0, ctime: 0, stime, ltime, mtime, tags: empty.clone(), data: empty }
    }

    fn store() -> MemoryStore {
        let records = [
            record("a", "", 10, Some(21)),
            record("a", "", 20, Some(31)),
            record("b", "eu", 20, None),
            record("a", "eu", 20, None),
            record("c", "", 40, None),
        ];
        let mut store = MemoryStore::new();
        store.set_collection("aws.x", 99, records);
        store
    }

    fn visited(ids: Option<&[&str]>, times: TimeConditions) -> Vec<String> {
        let ids = ids.map(|ids| ids.iter().map(ToString::to_string).collect());
        let mut found = Vec::new();
        let selection = Selection { collection: "aws.x".into(), ids, times };
        let mut visit = |record: Record| {
            found.push(format!("{}{}@{}", record.id, record.source, record.stime));
            ControlFlow::Continue(())
        };
        store().records(&selection, &mut visit).expect("memory answers");
        found
    }

    #[test]
    fn records_come_newest_first_then_by_id_and_source() {
        assert_eq!(visited(None, TimeConditions::all()), ["c@40", "a@20", "aeu@20", "beu@20", "a@10"]);
        assert_eq!(visited(Some(&["b", "a", "b"]), TimeConditions::current()), ["aeu@20", "beu@20"]);
        assert_eq!(visited(None, TimeConditions::Every(vec![TimeCondition::BeganSince(21)])), ["c@40"]);
    }

    #[test]
    fn the_state_before_a_moment_has_one_revision_of_each_id_and_source() {
        let before = |until| visited(None, TimeConditions::StateBefore { until });
        assert_eq!(before(10), [""; 0]);
        assert_eq!(before(11), ["a@10"]);
        assert_eq!(before(20), ["a@10"]);
        assert_eq!(before(21), ["a@20", "aeu@20", "beu@20"]);
        assert_eq!(before(31), ["aeu@20", "beu@20"]);
        assert_eq!(before(41), ["c@40", "aeu@20", "beu@20"]);
    }

    #[test]
    fn a_visitor_may_stop_and_current_records_have_the_collections_mtime() {
        let mut mtimes = Vec::new();
        let selection = Selection { collection: "aws.x".into(), ids: None, times: TimeConditions::all() };
        let mut visit = |record: Record| {
            mtimes.push(record.mtime);
            if mtimes.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        store().records(&selection, &mut visit).expect("memory answers");
        assert_eq!(mtimes, [99, 31]);
    }
}
