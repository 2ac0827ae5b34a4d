//! The inventory of a case: `{"view.instances": [document, ...], "aws.securityGroups": [{"stime": ..., "data": {...}}, ...]}`. A document is
//! there the whole time; a record, known by its `data`, from `stime` on.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use edda::archive::{document_id, known_collections};
use edda::{EpochMillis, MemoryStore, Record, StoredText};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use crate::moment::Moment;

/// Documents with their revisions. Every known collection is there, most of them empty.
#[derive(Clone, Debug)]
pub struct Inventory(Arc<MemoryStore>);

impl Inventory {
    /// What answers questions about it.
    pub fn store(&self) -> &Arc<MemoryStore> {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Inventory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collections)
    }
}

/// Reads the collections one by one, so that a mistake has its place.
struct Collections;

impl<'de> Visitor<'de> for Collections {
    type Value = Inventory;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with a list of documents for each collection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Inventory, A::Error> {
        let mut collections: BTreeMap<String, Vec<Record>> = known_collections().map(|name| (name.to_owned(), Vec::new())).collect();
        let mut seen = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            if !is_known(&name) {
                let known = known_collections().collect::<Vec<_>>().join(", ");
                return Err(A::Error::custom(format!("there is no collection `{}`; there are: {known}", name.escape_debug())));
            }
            if seen.contains(&name) {
                return Err(A::Error::custom(format!("the collection `{name}` stands twice")));
            }
            let entries: Vec<Entry> = members.next_value()?;
            collections.insert(name.clone(), records(&name, entries).map_err(A::Error::custom)?);
            seen.push(name);
        }
        let mut store = MemoryStore::new();
        for (name, records) in collections {
            store.set_collection(name, 0, records);
        }
        Ok(Inventory(Arc::new(store)))
    }
}

/// The name of a collection, behind the name of an account where there are several.
fn is_known(name: &str) -> bool {
    known_collections().any(|known| name.strip_suffix(known).is_some_and(|account| account.is_empty() || account.ends_with('.')))
}

/// A document, or a record.
#[derive(Deserialize)]
#[serde(try_from = "Value")]
enum Entry {
    Document(Value),
    Record(RecordEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordEntry {
    id: Option<String>,
    stime: Moment,
    ltime: Option<Moment>,
    ctime: Option<Moment>,
    data: Value,
}

impl TryFrom<Value> for Entry {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        // No document of AWS has both.
        if value.get("data").is_none() || value.get("stime").is_none() {
            return Ok(Self::Document(value));
        }
        let record: RecordEntry = serde_json::from_value(value).map_err(|error| format!("a record: {error}"))?;
        match record.ltime {
            Some(ltime) if ltime < record.stime => Err("a record: its `ltime` is before its `stime`".to_owned()),
            _ => Ok(Self::Record(record)),
        }
    }
}

/// What is not said of a record: its id is what the collection's documents go by, and a revision ends when the next one of its id begins.
fn records(collection: &str, entries: Vec<Entry>) -> Result<Vec<Record>, String> {
    let mut records = Vec::with_capacity(entries.len());
    for (number, entry) in entries.into_iter().enumerate() {
        let RecordEntry { id, stime: Moment(stime), ltime, ctime, data } = match entry {
            Entry::Document(data) => RecordEntry { id: None, stime: Moment(0), ltime: None, ctime: None, data },
            Entry::Record(record) => record,
        };
        let value = edda::Value::parse_stored(&data.to_string()).map_err(|error| format!("a document of `{collection}`: {error}"))?;
        // One that has no id is told from the others by its place.
        let id = id.or_else(|| document_id(collection, &value)).unwrap_or_else(|| format!("#{number:06}"));
        let ctime = ctime.map_or(stime, |Moment(ctime)| ctime);
        let ltime = ltime.map(|Moment(ltime)| ltime);
        let (tags, data) = (StoredText::from_store("{}".to_owned()), StoredText::from(&value));
        records.push(Record { id, source: Arc::from(""), ftime: ctime, ctime, stime, ltime, mtime: ltime.unwrap_or(stime), tags, data });
    }
    end_older_revisions(&mut records);
    Ok(records)
}

/// As EDDA does: the end is noticed a millisecond after the next one began.
fn end_older_revisions(records: &mut [Record]) {
    let mut begun: BTreeMap<String, Vec<EpochMillis>> = BTreeMap::new();
    for record in records.iter() {
        begun.entry(record.id.clone()).or_default().push(record.stime);
    }
    for record in records.iter_mut().filter(|record| record.ltime.is_none()) {
        let next = begun[&record.id].iter().filter(|stime| **stime > record.stime).min();
        record.ltime = next.map(|stime| stime + 1);
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use edda::query::{Request, documents};

    use super::*;

    fn read(json: &str) -> Result<Inventory, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    fn answer(inventory: &Inventory, path: &str, until: EpochMillis) -> Vec<String> {
        let request = Request::parse(path).expect("a path").with_state_before(until);
        let mut found = Vec::new();
        let each = &mut |text: &str| {
            found.push(text.to_owned());
            ControlFlow::Continue(())
        };
        documents(&request, &**inventory.store(), each).expect("an answer");
        found
    }

    #[test]
    fn a_document_is_there_the_whole_time_and_goes_by_its_own_id() {
        let inventory = read(r#"{"view.instances": [{"instanceId": "i-2"}, {"instanceId": "i-1"}]}"#).expect("an inventory");
        assert_eq!(answer(&inventory, "view/instances", 1), [r#""i-1""#, r#""i-2""#]);
        assert_eq!(answer(&inventory, "aws/securityGroups", 1), [""; 0]);
    }

    #[test]
    fn a_revision_ends_when_the_next_one_begins() {
        let inventory = read(
            r#"{"aws.securityGroups": [{"stime": 10, "data": {"groupId": "sg-1", "a": 1}}, {"stime": 20, "data": {"groupId": "sg-1", "a": 2}},
                {"stime": 5, "ltime": 15, "data": {"groupId": "sg-2"}}]}"#,
        )
        .expect("an inventory");
        let at = |until| answer(&inventory, "aws/securityGroups;_expand", until);
        assert_eq!(at(11), [r#"{"a":1,"groupId":"sg-1"}"#, r#"{"groupId":"sg-2"}"#]);
        assert_eq!(at(21), [r#"{"a":2,"groupId":"sg-1"}"#]);
    }

    #[test]
    fn documents_may_be_odd() {
        let inventory = read(r#"{"aws.buckets": [null, "text", 7, {"x": 1}]}"#).expect("an inventory");
        assert_eq!(answer(&inventory, "aws/buckets;_expand", 1), ["null", r#""text""#, "7", r#"{"x":1}"#]);
    }

    #[test]
    fn mistakes_are_refused() {
        let mistakes = [
            (r#"{"aws.nothing": []}"#, "there is no collection `aws.nothing`; there are: aws.addresses"),
            (r#"{"aws.buckets": [], "aws.buckets": []}"#, "stands twice"),
            (r#"{"aws.buckets": [{"stime": 5, "data": {}, "lime": 7}]}"#, "unknown field `lime`"),
            (r#"{"aws.buckets": [{"stime": "noon", "data": {}}]}"#, "expected a moment"),
            (r#"{"aws.buckets": [{"stime": 5, "ltime": 4, "data": {}}]}"#, "`ltime` is before"),
            (r#"{"aws.buckets": {}}"#, "expected a sequence"),
        ];
        for (json, message) in mistakes {
            let error = read(json).expect_err(json);
            assert!(error.contains(message), "{json}: {error}");
        }
        read(r#"{"test.eu-west-1.aws.buckets": []}"#).expect("an account's collection");
    }
}
