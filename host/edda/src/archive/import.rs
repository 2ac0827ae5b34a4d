//! An import: answers in, one transaction over all collections that are whole, a report out. Whatever is refused or fails leaves the archive
//! as it was.

use rusqlite::{Connection, TransactionBehavior};

use super::answer::{Answers, Input};
use super::collections::COLLECTIONS;
use super::error::ArchiveError;
use super::import_error::ImportError;
use super::import_report::{ImportReport, IncompleteCollection};
use super::reshape::Reshaper;
use super::revisions::{CurrentRevisions, RevisionWriter, last_import, source_number, sources_of};
use super::snapshot::{Gathered, Snapshot, gather};
use super::source::Place;
use super::store::Archive;
use crate::EpochMillis;

/// Below this many records that would end, an import is never taken for a mistake.
const FEW: usize = 10;

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The moment at which the answers were true.
    pub at: EpochMillis,
    /// Now.
    pub now: EpochMillis,
    /// The source of all answers; without it the data themselves say where they come from.
    pub source: Option<String>,
    /// Import even what would end most of a collection.
    pub force: bool,
}

/// Takes answers of the AWS command line into the archive. All answers of one collection are one snapshot: what they do not show is gone.
pub fn import(archive: &mut Archive, inputs: &[Input], options: &ImportOptions) -> Result<ImportReport, ImportError> {
    if options.at > options.now {
        return Err(ImportError::InFuture { at: options.at, now: options.now });
    }
    let answers = Answers::read(inputs)?;
    let mut report = ImportReport { left_out_answers: answers.left_out, ..ImportReport::default() };
    let snapshots = gather_all(&answers, &mut report)?;
    let place = if options.source.is_some() { Place::default() } else { Place::of(&snapshots)? };
    let path = archive.path().to_owned();
    let explain = |source| ImportError::Archive(ArchiveError::of(&path, source));
    let connection = archive.writer()?;
    // Dropped without a commit, a transaction leaves no trace.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let sources =
        snapshots.iter().map(|snapshot| source_of(&transaction, snapshot, &place, options, &explain)).collect::<Result<Vec<_>, _>>()?;
    let (reshaper, skipped) = (Reshaper::default(), Vec::new());
    let mut writer = RevisionWriter { connection: &transaction, at: options.at, reshaper, skipped };
    for (snapshot, source) in snapshots.iter().zip(&sources) {
        let number = source_number(&transaction, snapshot.collection.name, source).map_err(explain)?;
        let current = CurrentRevisions::read(&transaction, number).map_err(explain)?;
        must_not_end_most(snapshot, source, &current, options)?;
        report.collections.push(writer.write(snapshot, (number, source), current).map_err(explain)?);
    }
    report.skipped.append(&mut writer.skipped);
    report.left_out_fields = writer.reshaper.into_left_out();
    transaction.commit().map_err(explain)?;
    Ok(report)
}

fn gather_all<'a>(answers: &Answers<'a>, report: &mut ImportReport) -> Result<Vec<Snapshot<'a>>, ImportError> {
    let mut snapshots = Vec::new();
    for collection in COLLECTIONS {
        match gather(collection, answers)? {
            Gathered::Nothing => {}
            Gathered::Incomplete(missing) => {
                report.incomplete.push(IncompleteCollection { collection: collection.name.to_owned(), missing });
            }
            Gathered::Whole(mut snapshot) => {
                report.skipped.append(&mut snapshot.skipped);
                report.repeated.extend(std::mem::take(&mut snapshot.repeated));
                snapshots.push(snapshot);
            }
        }
    }
    if snapshots.is_empty() {
        return Err(ImportError::Nothing { missing: report.incomplete.iter().flat_map(|incomplete| incomplete.missing.clone()).collect() });
    }
    Ok(snapshots)
}

/// The source of a collection, when the import is later than its last one.
fn source_of(
    connection: &Connection,
    snapshot: &Snapshot<'_>,
    place: &Place,
    options: &ImportOptions,
    explain: &impl Fn(rusqlite::Error) -> ImportError,
) -> Result<String, ImportError> {
    let collection = snapshot.collection;
    let source_name = match &options.source {
        Some(given) => given.clone(),
        None => place.source_of(collection, &sources_of(connection, collection.name).map_err(explain)?)?,
    };
    match last_import(connection, collection.name, &source_name).map_err(explain)? {
        Some(last) if options.at <= last => {
            Err(ImportError::NotLater { collection: collection.name.to_owned(), source_name, at: options.at, last })
        }
        _ => Ok(source_name),
    }
}

fn must_not_end_most(
    snapshot: &Snapshot<'_>,
    source: &str,
    current: &CurrentRevisions,
    options: &ImportOptions,
) -> Result<(), ImportError> {
    let (ending, current) = (current.gone_from(snapshot), current.len());
    if options.force || ending < FEW || ending * 2 <= current {
        return Ok(());
    }
    let (collection, source_name) = (snapshot.collection.name.to_owned(), source.to_owned());
    Err(ImportError::MostlyGone { collection, source_name, ending, current })
}
