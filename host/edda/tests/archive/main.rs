//! The archive from outside: answers go in, records and EDDA's answers come out.

mod collected;
mod demo;
mod edda_answers;
mod every_collection;
mod files;
mod keeping;
mod records;
mod refusals;
mod reshaping;
mod revisions;
mod sources;

use std::ops::ControlFlow;

use edda::archive::{Archive, ImportError, ImportOptions, ImportReport, Input, import};
use edda::{EpochMillis, Record, RecordStore, Selection, TimeConditions};
use tempfile::TempDir;

/// An archive in a directory of its own.
struct Fixture {
    directory: TempDir,
    archive: Archive,
}

impl Fixture {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let archive = Archive::open_or_create(&directory.path().join("edda.archive")).expect("a new archive");
        Self { directory, archive }
    }

    fn import(&mut self, at: EpochMillis, inputs: &[(&str, &str)]) -> Result<ImportReport, ImportError> {
        self.import_as(&ImportOptions { at, now: at, source: None, force: false }, inputs)
    }

    fn import_from(&mut self, source: &str, at: EpochMillis, inputs: &[(&str, &str)]) -> Result<ImportReport, ImportError> {
        self.import_as(&ImportOptions { at, now: at, source: Some(source.into()), force: false }, inputs)
    }

    fn import_as(&mut self, options: &ImportOptions, inputs: &[(&str, &str)]) -> Result<ImportReport, ImportError> {
        let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input { name: (*name).into(), bytes: (*text).into() }).collect();
        import(&mut self.archive, &inputs, options)
    }

    fn records(&self, collection: &str, times: TimeConditions) -> Vec<Record> {
        records(&self.archive, collection, times)
    }

    /// `id@stime` or `id@stime-ltime` of every revision, newest first.
    fn history(&self, collection: &str) -> Vec<String> {
        let records = self.records(collection, TimeConditions::all());
        let line =
            |record: Record| format!("{}@{}{}", record.id, record.stime, record.ltime.map(|end| format!("-{end}")).unwrap_or_default());
        records.into_iter().map(line).collect()
    }

    /// The one current document of a collection, in stored form.
    fn document(&self, collection: &str) -> String {
        let [record] = &self.records(collection, TimeConditions::current())[..] else { panic!("not one record in {collection}") };
        record.data.as_str().to_owned()
    }
}

fn records(store: &dyn RecordStore, collection: &str, times: TimeConditions) -> Vec<Record> {
    let mut records = Vec::new();
    let selection = Selection { collection: collection.into(), ids: None, times };
    let mut visit = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    store.records(&selection, &mut visit).expect("the store answers");
    records
}

/// An answer with one VPC for each id.
fn vpcs(ids: &[&str]) -> String {
    let items: Vec<String> = ids.iter().map(|id| format!(r#"{{"VpcId":"{id}","State":"available"}}"#)).collect();
    format!(r#"{{"Vpcs":[{}]}}"#, items.join(","))
}

const VPCS: &str = "ec2.describe-vpcs.json";
