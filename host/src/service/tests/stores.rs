//! What the service is given to serve.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use edda::{MemoryStore, Record, RecordStore, Selection, StoreError, StoredText, Value};
use serde_json::Value as Json;

/// Records and requests of EDDA's own.
pub(super) fn cases() -> Json {
    serde_json::from_str(include_str!("../../../edda/tests/edda-cases.json")).expect("the cases")
}

pub(super) fn case_store(cases: &Json) -> MemoryStore {
    let mut store = MemoryStore::new();
    for (name, collection) in cases["collections"].as_object().expect("collections") {
        let records = collection["records"].as_array().expect("records").iter().map(record);
        store.set_collection(name, time(&collection["mtime"]), records);
    }
    store
}

fn record(json: &Json) -> Record {
    let stored = |json: &Json| StoredText::from(&Value::from_extended(json.clone()));
    Record {
        id: json["id"].as_str().expect("an id").into(),
        source: "".into(),
        ftime: time(&json["ftime"]),
        ctime: time(&json["ctime"]),
        stime: time(&json["stime"]),
        ltime: json["ltime"].as_i64(),
        mtime: time(&json["mtime"]),
        tags: stored(&json["tags"]),
        data: stored(&json["data"]),
    }
}

fn time(json: &Json) -> i64 {
    json.as_i64().expect("a time")
}

/// `aws.x`: so many documents of 1000 characters each; then, perhaps, the disk fails.
pub(super) struct Rows {
    pub rows: usize,
    pub then_fails: bool,
}

impl RecordStore for Rows {
    fn has_collection(&self, name: &str) -> bool {
        name == "aws.x"
    }

    fn records(&self, _: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let row = serde_json::json!({"id": "", "ftime": 1, "ctime": 1, "stime": 1, "mtime": 1, "tags": {}, "data": "x".repeat(1000)});
        let row = record(&row);
        for number in 0..self.rows {
            if visit(Record { id: number.to_string(), ..row.clone() }).is_break() {
                return Ok(());
            }
        }
        if self.then_fails { Err(StoreError("the disk is gone".into())) } else { Ok(()) }
    }
}

/// `aws.x`, empty; each reading of it says that it began and waits until it may go on.
pub(super) struct Gate {
    pub begun: SyncSender<()>,
    pub go_on: Mutex<Receiver<()>>,
    pub at_once: Arc<MostAtOnce>,
}

/// How many readings went on at one time, at most.
#[derive(Default)]
pub(super) struct MostAtOnce {
    now: AtomicUsize,
    pub most: AtomicUsize,
}

impl RecordStore for Gate {
    fn has_collection(&self, name: &str) -> bool {
        name == "aws.x"
    }

    fn records(&self, _: &Selection, _: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
        let now = self.at_once.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.at_once.most.fetch_max(now, Ordering::SeqCst);
        // A test that has ended waits for nobody.
        let _ = self.begun.send(());
        let _ = self.go_on.lock().expect("no panic while locked").recv();
        self.at_once.now.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    }
}
