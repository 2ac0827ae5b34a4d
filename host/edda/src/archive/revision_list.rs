//! Lists told by the numbers of their revisions: for one who asks for the same list at many moments and has kept what it read before. A
//! revision does not change while it is kept in the archive.

use std::ops::ControlFlow;

use rusqlite::{Connection, params_from_iter};

use super::selection::Query;
use super::store::{Archive, number_of};
use crate::query::{Refusal, Request};
use crate::{RecordStore as _, Selection, StoreError, StoredText};

/// Reads the document of a revision, as compact JSON.
pub type Load<'a> = dyn FnMut() -> Result<String, StoreError> + 'a;

impl Archive {
    /// Hands over the number of each revision of which [`documents`](crate::query::documents) would show the document, in that order, until
    /// `each` breaks. Only documents that it loads are read. False: the request is not for a list of whole documents, and nothing was handed
    /// over.
    pub fn revisions(&self, request: &Request, each: &mut dyn FnMut(i64, &mut Load<'_>) -> ControlFlow<()>) -> Result<bool, Refusal> {
        let query = request.resolve(&|name| self.has_collection(name))?;
        if !query.is_list_of_whole_documents() {
            return Ok(false);
        }
        let selection = query.selection();
        self.query(|connection| visit(connection, &selection, each)).map_err(|error| StoreError(Box::new(error)))?;
        Ok(true)
    }
}

fn visit(
    connection: &Connection,
    selection: &Selection,
    each: &mut dyn FnMut(i64, &mut Load<'_>) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    // In KiB, negative by SQLite's convention. Whoever asks so asks again, and each time most pages are the same.
    connection.pragma_update(None, "cache_size", -131_072)?;
    // Never committed: it only keeps the state that is read.
    let _state = connection.unchecked_transaction()?;
    let Some(collection) = number_of(connection, &selection.collection)? else { return Ok(()) };
    let query = Query::of_numbers(selection, collection);
    let mut statement = connection.prepare_cached(&query.sql)?;
    let mut document = connection.prepare_cached("SELECT data FROM records WHERE number = ?1")?;
    let mut rows = statement.query(params_from_iter(query.parameters))?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let mut load = || {
            let stored = document.query_row([number], |row| Ok(StoredText::from_store(row.get(0)?)));
            let mut compact = String::new();
            stored.map_err(|error| StoreError(Box::new(error)))?.write_compact(&mut compact);
            Ok(compact)
        };
        if each(number, &mut load).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::archive::{ImportOptions, RecordLines, import_records};
    use crate::query::documents;

    fn archive(directory: &tempfile::TempDir) -> Archive {
        let record = |id: &str, stime: i64, ltime: &str| {
            format!(
                r#"{{"collection":"aws.x","source":"a","id":"{id}","stime":{stime},"ltime":{ltime},"data":{{"at":{{"$date":{stime}}}}}}}"#
            )
        };
        let lines = [record("a", 1, "5"), record("a", 4, "null"), record("b", 2, "8"), record("c", 3, "null")].join("\n");
        let mut archive = Archive::open_or_create(&directory.path().join("a.db")).expect("an archive");
        let options = ImportOptions { at: 0, now: 100, source: None, force: false };
        let mut files = [RecordLines { name: "-".into(), lines: Box::new(std::io::Cursor::new(lines)) }];
        import_records(&mut archive, &mut files, &options, false).expect("an import");
        archive
    }

    #[test]
    fn the_list_is_that_of_the_documents_and_only_new_ones_are_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let archive = archive(&directory);
        let base = Request::parse("aws/x;_expand").expect("a request");
        let (mut kept, mut read) = (HashMap::new(), Vec::new());
        for until in 1..10 {
            let requests = [base.clone().with_state_before(until), base.clone().with_window(until - 2, until - 1, until % 2 == 0)];
            for request in requests {
                let (mut expected, mut found) = (Vec::new(), Vec::new());
                documents(&request, &archive, &mut |document| {
                    expected.push(document.to_owned());
                    ControlFlow::Continue(())
                })
                .expect("an answer");
                let is_list = archive.revisions(&request, &mut |number, load| {
                    let document = kept.entry(number).or_insert_with(|| {
                        read.push(number);
                        load().expect("a document")
                    });
                    found.push(document.clone());
                    ControlFlow::Continue(())
                });
                assert!(is_list.expect("an answer"));
                assert_eq!(found, expected, "until {until}");
            }
        }
        read.sort_unstable();
        assert_eq!(read, [1, 2, 3, 4]);
    }

    #[test]
    fn other_questions_are_left_to_those_who_answer_them() {
        let directory = tempfile::tempdir().expect("a directory");
        let archive = archive(&directory);
        for path in [
            "aws/x",
            "aws/x/a",
            "aws/x/a,b;_expand",
            "aws/x;_expand;_meta",
            "aws/x;_expand;_limit=1",
            "aws/x;_expand;at=1",
            "aws/x;_expand:(at)",
        ] {
            let request = Request::parse(path).expect("a request");
            assert!(!archive.revisions(&request, &mut |_, _| panic!("{path}")).expect("an answer"), "{path}");
        }
    }
}
