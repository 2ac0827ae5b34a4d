//! An archive written out as JSON lines, one revision a line, in the form that an import of records takes in. All lines show one state of the
//! archive, whatever is imported meanwhile, and memory does not grow with their number.

use std::fmt::Write as _;
use std::io::{self, Write};

use rusqlite::{Connection, params};

use super::error::ArchiveError;
use super::store::{Archive, number_of, record_of};
use crate::render::write_text;
use crate::{EpochMillis, Record};

/// In the order of every answer: newest first.
const REVISIONS: &str = "SELECT r.id, s.name, r.ftime, r.ctime, r.stime, r.ltime, coalesce(r.mtime, s.mtime), r.tags, r.data, r.variant \
    FROM records AS r INDEXED BY records_by_start CROSS JOIN sources AS s ON s.number = r.source \
    WHERE r.collection = ?1 ORDER BY r.stime DESC, r.id, s.name, r.variant";

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The archive has no such collection.
    #[error("the archive has no collection `{}`; `reddalert archive stats` lists those that it has", .0.escape_debug())]
    UnknownCollection(String),
    /// The lines cannot be written to where they should go.
    #[error("the export cannot be written")]
    Write(#[source] io::Error),
}

impl Archive {
    /// Writes all revisions of the named collections (of all collections, if none is named) and says how many. Nothing is written when one of
    /// them is unknown. Many small pieces are written: give it a buffer.
    pub fn export(&self, collections: &[String], out: &mut dyn Write) -> Result<u64, ExportError> {
        self.query(|connection| {
            // Never committed: it only keeps the state that is read.
            let _state = connection.unchecked_transaction()?;
            let names = if collections.is_empty() { all_collections(connection)? } else { collections.to_vec() };
            let mut numbers = Vec::with_capacity(names.len());
            for name in names {
                match number_of(connection, &name)? {
                    Some(number) => numbers.push((name, number)),
                    None => return Ok(Err(ExportError::UnknownCollection(name))),
                }
            }
            let mut written = 0;
            for (name, number) in numbers {
                match export_collection(connection, &name, number, out)? {
                    Ok(count) => written += count,
                    Err(error) => return Ok(Err(ExportError::Write(error))),
                }
            }
            Ok(Ok(written))
        })?
    }
}

fn all_collections(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection.prepare("SELECT name FROM collections ORDER BY name")?.query_map([], |row| row.get(0))?.collect()
}

fn export_collection(connection: &Connection, name: &str, number: i64, out: &mut dyn Write) -> rusqlite::Result<io::Result<u64>> {
    let mut statement = connection.prepare_cached(REVISIONS)?;
    let mut rows = statement.query(params![number])?;
    let (mut source, mut line, mut written) = ("".into(), String::new(), 0);
    while let Some(row) = rows.next()? {
        let record = record_of(row, &mut source)?;
        line.clear();
        write_line(name, &record, row.get_ref(9)?.as_str()?, &mut line);
        if let Err(error) = out.write_all(line.as_bytes()) {
            return Ok(Err(error));
        }
        written += 1;
    }
    Ok(Ok(written))
}

/// `variant` tells documents of one id apart; it is written where there is one.
fn write_line(collection: &str, record: &Record, variant: &str, line: &mut String) {
    let mut text = |name: &str, text: &str| {
        line.push_str(name);
        write_text(text, line);
    };
    text("{\"collection\":", collection);
    text(",\"source\":", &record.source);
    text(",\"id\":", &record.id);
    if !variant.is_empty() {
        text(",\"variant\":", variant);
    }
    let times = [
        ("ftime", Some(record.ftime)),
        ("ctime", Some(record.ctime)),
        ("stime", Some(record.stime)),
        ("ltime", record.ltime),
        ("mtime", Some(record.mtime)),
    ];
    for (name, moment) in times {
        write!(line, ",\"{name}\":{}", date(moment)).expect("writing to a String cannot fail");
    }
    let (tags, data) = (record.tags.as_str(), record.data.as_str());
    writeln!(line, ",\"tags\":{tags},\"data\":{data}}}").expect("writing to a String cannot fail");
}

/// As `MongoDB` writes dates in its extended JSON.
fn date(moment: Option<EpochMillis>) -> String {
    moment.map_or_else(|| "null".to_owned(), |moment| format!("{{\"$date\":{moment}}}"))
}
