//! Records as JSON lines: what the database of an old EDDA holds, or what `archive export` wrote. Each line names its collection, any name is
//! taken, and dates are written as `MongoDB` writes them. Lines are read one by one, so that memory does not grow with their number; nothing is
//! kept unless all of them could be read.

use std::collections::HashMap;
use std::io::BufRead;

use rusqlite::TransactionBehavior;

use super::error::ArchiveError;
use super::extended_json::mended;
use super::import::ImportOptions;
use super::import_error::ImportError;
use super::import_report::{ImportReport, NamedDocument};
use super::past::{PastRecord, PastWriter, text_of};
use super::revisions::sources_of;
use super::source::left_open;
use super::store::Archive;
use crate::{Object, Value};

/// A file of records.
pub struct RecordLines<'a> {
    /// The file's path, or `-`; for messages.
    pub name: String,
    /// Its lines.
    pub lines: Box<dyn BufRead + 'a>,
}

/// Takes records into the archive. Of `options` the moment does not count, since each record has its own times; the source is that of records
/// that name none. With `is_part` no revision that is there ends, and nothing is said about up to when a collection is known.
pub fn import_records(
    archive: &mut Archive,
    files: &mut [RecordLines<'_>],
    options: &ImportOptions,
    is_part: bool,
) -> Result<ImportReport, ImportError> {
    let path = archive.path().to_owned();
    let explain = |source| ImportError::Archive(ArchiveError::of(&path, source));
    let transaction = archive.writer()?.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let mut writer = PastWriter::new(&transaction, options.now, !is_part);
    let mut sources = Sources { given: options.source.clone(), found: HashMap::new() };
    let mut report = ImportReport::default();
    for file in files {
        let mut reading = Reading { file: &file.name, line: 0, records: 0, first: None };
        let mut text = Vec::new();
        while reading.next_line(file.lines.as_mut(), &mut text)? {
            match reading.record(&text)? {
                Ok((collection, source, record)) => {
                    let source = match source {
                        Some(source) => source,
                        None => sources.of(&collection, || sources_of(&transaction, &collection).map_err(explain))?,
                    };
                    writer.write(&collection, &source, record).map_err(explain)?;
                }
                Err(skipped) => report.skipped.push(skipped),
            }
        }
        reading.must_have_records()?;
    }
    let (written, skipped) = writer.finish().map_err(explain)?;
    report.collections = written;
    report.skipped.extend(skipped);
    transaction.commit().map_err(explain)?;
    Ok(report)
}

/// The sources of records that name none. Decided once, before this import makes some of its own.
struct Sources {
    given: Option<String>,
    found: HashMap<String, String>,
}

impl Sources {
    fn of(&mut self, collection: &str, known: impl FnOnce() -> Result<Vec<String>, ImportError>) -> Result<String, ImportError> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        if let Some(found) = self.found.get(collection) {
            return Ok(found.clone());
        }
        let found = left_open(collection, &known()?)?;
        self.found.insert(collection.to_owned(), found.clone());
        Ok(found)
    }
}

/// Where in a file the reading is.
struct Reading<'f> {
    file: &'f str,
    line: u64,
    records: u64,
    /// What is wrong with the first line that is no record.
    first: Option<String>,
}

type Placed = (String, Option<String>, PastRecord);

impl Reading<'_> {
    /// Reads the next line that is not blank.
    fn next_line(&mut self, lines: &mut dyn BufRead, text: &mut Vec<u8>) -> Result<bool, ImportError> {
        loop {
            text.clear();
            let unreadable = |source| ImportError::Unreadable { file: self.file.to_owned(), source };
            if lines.read_until(b'\n', text).map_err(unreadable)? == 0 {
                return Ok(false);
            }
            self.line += 1;
            if !text.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The record of a line. What is no JSON is an error; JSON that is no record is skipped.
    fn record(&mut self, text: &[u8]) -> Result<Result<Placed, NamedDocument>, ImportError> {
        let bad = |source| ImportError::BadLine { file: self.file.to_owned(), line: self.line, source };
        let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text);
        let text = std::str::from_utf8(text).map_err(|source| ImportError::NotText { file: self.file.to_owned(), source })?;
        let value = Value::parse_stored(text).map_err(|error| bad(Box::new(error)))?;
        let placed = match mended(value) {
            Value::Object(object) => placed(object),
            _ => Err((None, None, "it is no object".to_owned())),
        };
        Ok(match placed {
            Ok(placed) => {
                self.records += 1;
                Ok(placed)
            }
            Err((collection, id, reason)) => {
                self.first.get_or_insert_with(|| reason.clone());
                let collection = collection.unwrap_or_else(|| "records".to_owned());
                Err(NamedDocument { collection, id, reason: format!("{}:{}: {reason}", self.file, self.line) })
            }
        })
    }

    /// Lines of which none is a record are a file of another kind.
    fn must_have_records(self) -> Result<(), ImportError> {
        match (self.records, self.first) {
            (0, Some(first)) => Err(ImportError::NoRecord { file: self.file.to_owned(), first }),
            (0, None) => Err(ImportError::Empty { file: self.file.to_owned() }),
            _ => Ok(()),
        }
    }
}

/// A record with its collection and source, or what is known of it and why it is none.
fn placed(object: Object) -> Result<Placed, (Option<String>, Option<String>, String)> {
    let text = |name: &str| object.get(name).and_then(Value::as_text).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let (collection, source, id) = (text("collection"), text("source"), text_of(object.get("id")));
    let Some(collection) = collection else { return Err((None, id, "it has no `collection`".to_owned())) };
    match PastRecord::of(object) {
        Ok(record) => Ok((collection, source, record)),
        Err(reason) => Err((Some(collection), id, reason)),
    }
}
