//! An import: answers in, one transaction over all collections that are whole, a report out. Whatever is refused or fails leaves the archive
//! as it was.

use rusqlite::{Connection, TransactionBehavior};

use super::answer::{Answers, Input, Manner};
use super::collections::{COLLECTIONS, Collection};
use super::derived::derive;
use super::edda_answer::{EddaAnswer, EddaAnswers};
use super::entry::Entry;
use super::error::ArchiveError;
use super::import_error::ImportError;
use super::import_report::{ImportReport, IncompleteCollection, NamedDocument};
use super::past::PastWriter;
use super::reshape::Reshaper;
use super::revisions::{CurrentRevisions, RevisionWriter, known_source, last_import, source_number, sources_of};
use super::snapshot::{Gathered, Snapshot, gather};
use super::source::{Place, left_open};
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

impl ImportOptions {
    pub(super) fn must_not_be_in_future(&self) -> Result<(), ImportError> {
        if self.at > self.now { Err(ImportError::InFuture { at: self.at, now: self.now }) } else { Ok(()) }
    }
}

/// Takes answers of the AWS command line, or of EDDA, into the archive. All answers of one collection are one snapshot: what they do not show
/// is gone.
pub fn import(archive: &mut Archive, inputs: &[Input], options: &ImportOptions) -> Result<ImportReport, ImportError> {
    import_with(archive, inputs, options, &Manner::default())
}

/// The same, told what the answers do not say themselves.
pub fn import_with(archive: &mut Archive, inputs: &[Input], options: &ImportOptions, manner: &Manner) -> Result<ImportReport, ImportError> {
    options.must_not_be_in_future()?;
    let (of_edda, inputs) = EddaAnswers::take_out(inputs, manner)?;
    let answers = Answers::read(inputs, manner)?;
    let mut report = ImportReport { left_out_answers: answers.left_out, ..ImportReport::default() };
    let snapshots = gather_all(&answers, &mut report)?;
    if snapshots.is_empty() && of_edda.0.is_empty() {
        let missing = report.incomplete.iter().flat_map(|incomplete| incomplete.missing.clone()).collect();
        return Err(ImportError::Nothing { missing });
    }
    let place = if options.source.is_some() { Place::default() } else { Place::of(&snapshots)? };
    let path = archive.path().to_owned();
    let explain = |source| ImportError::Archive(ArchiveError::of(&path, source));
    // Dropped without a commit, a transaction leaves no trace.
    let transaction = archive.writer()?.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let mut import = Import::new(&transaction, options, !manner.is_part, place, &explain);
    let mut sources = Vec::with_capacity(snapshots.len());
    for snapshot in &snapshots {
        sources.push(import.source_of(snapshot.collection)?);
    }
    for (snapshot, source) in snapshots.iter().zip(sources) {
        import.snapshot(snapshot.collection, &snapshot.documents, source)?;
    }
    import.derived()?;
    import.answers_of_edda(of_edda)?;
    import.finish(&mut report);
    transaction.commit().map_err(explain)?;
    Ok(report)
}

/// All collections that are whole. What is the matter with the others is in the report.
fn gather_all<'a>(answers: &Answers<'a>, report: &mut ImportReport) -> Result<Vec<Snapshot<'a>>, ImportError> {
    let mut snapshots = Vec::new();
    for collection in COLLECTIONS.iter().filter(|collection| !collection.is_derived) {
        snapshots.extend(report.note(collection, gather(collection, answers)?));
    }
    Ok(snapshots)
}

impl ImportReport {
    /// The snapshot, if it is whole.
    pub(super) fn note<'a>(&mut self, collection: &Collection, gathered: Gathered<'a>) -> Option<Snapshot<'a>> {
        match gathered {
            Gathered::Nothing => None,
            Gathered::Incomplete(missing) => {
                self.incomplete.push(IncompleteCollection { collection: collection.name.to_owned(), missing });
                None
            }
            Gathered::Whole(mut snapshot) => {
                self.skipped.append(&mut snapshot.skipped);
                self.repeated.extend(std::mem::take(&mut snapshot.repeated));
                Some(snapshot)
            }
        }
    }
}

/// An import while it goes on.
pub(super) struct Import<'i> {
    options: &'i ImportOptions,
    place: Place,
    writer: RevisionWriter<'i>,
    report: ImportReport,
    explain: &'i dyn Fn(rusqlite::Error) -> ImportError,
}

impl<'i> Import<'i> {
    pub(super) fn new(
        connection: &'i Connection,
        options: &'i ImportOptions,
        is_whole: bool,
        place: Place,
        explain: &'i dyn Fn(rusqlite::Error) -> ImportError,
    ) -> Self {
        let writer = RevisionWriter { connection, at: options.at, is_whole, reshaper: Reshaper::default(), skipped: Vec::new() };
        Self { options, place, writer, report: ImportReport::default(), explain }
    }

    /// The source of a collection, when the import is later than its last one.
    pub(super) fn source_of(&self, collection: &Collection) -> Result<String, ImportError> {
        let known = || sources_of(self.writer.connection, collection.name).map_err(self.explain);
        let source_name = match &self.options.source {
            Some(given) => given.clone(),
            None => self.place.source_of(collection, &known()?)?,
        };
        match last_import(self.writer.connection, collection.name, &source_name).map_err(self.explain)? {
            Some(last) if self.options.at <= last => {
                Err(ImportError::NotLater { collection: collection.name.to_owned(), source_name, at: self.options.at, last })
            }
            _ => Ok(source_name),
        }
    }

    /// Writes all documents of a collection.
    pub(super) fn snapshot(&mut self, collection: &Collection, documents: &[impl Entry], source: String) -> Result<(), ImportError> {
        let connection = self.writer.connection;
        let current = match known_source(connection, collection.name, &source).map_err(self.explain)? {
            Some(number) => CurrentRevisions::read(connection, number).map_err(self.explain)?,
            None => CurrentRevisions::default(),
        };
        let (ending, of) = (current.gone_from(documents), current.len());
        let is_mistake = self.writer.is_whole && !self.options.force && !collection.is_derived && ending >= FEW && ending * 2 > of;
        if is_mistake {
            let collection = collection.name.to_owned();
            return Err(ImportError::MostlyGone { collection, source_name: source, ending, current: of });
        }
        let number = source_number(connection, collection.name, &source).map_err(self.explain)?;
        let written = self.writer.write(collection, documents, (number, &source), current).map_err(self.explain)?;
        self.report.collections.push(written);
        Ok(())
    }

    /// Writes the views whose collections were all written just now.
    pub(super) fn derived(&mut self) -> Result<(), ImportError> {
        for collection in COLLECTIONS.iter().filter(|collection| collection.is_derived) {
            for (source, documents) in derive(self.writer.connection, self.options.at, &self.report.collections).map_err(self.explain)? {
                self.snapshot(collection, &documents, source)?;
            }
        }
        Ok(())
    }

    fn answers_of_edda(&mut self, answers: EddaAnswers) -> Result<(), ImportError> {
        let mut past = PastWriter::new(self.writer.connection, self.options.now, self.writer.is_whole);
        for answer in answers.0 {
            match answer {
                EddaAnswer::Snapshot { collection, documents, skipped } => {
                    let source = self.source_of(collection)?;
                    self.snapshot(collection, &documents, source)?;
                    self.report.skipped.extend(skipped);
                }
                EddaAnswer::Past { collection, records, skipped } => {
                    let known = sources_of(self.writer.connection, &collection).map_err(self.explain)?;
                    let source = match &self.options.source {
                        Some(given) => given.clone(),
                        None => left_open(&collection, &known)?,
                    };
                    for record in records {
                        past.write(&collection, &source, record).map_err(self.explain)?;
                    }
                    self.report.skipped.extend(skipped);
                }
            }
        }
        let (written, skipped) = past.finish().map_err(self.explain)?;
        self.report.collections.extend(written);
        self.report.skipped.extend(skipped);
        Ok(())
    }

    /// A collection that is left as it was.
    pub(super) fn refuse(&mut self, collection: &Collection, error: &ImportError) {
        let reason = super::import_error::chain(error);
        self.report.refused.push(NamedDocument { collection: collection.name.to_owned(), id: None, reason });
    }

    /// Adds what this import did to a report.
    pub(super) fn finish(self, report: &mut ImportReport) {
        let Self { mut writer, report: done, .. } = self;
        report.collections.extend(done.collections);
        report.collections.sort_by(|left, right| (&left.collection, &left.source).cmp(&(&right.collection, &right.source)));
        report.skipped.extend(done.skipped);
        report.skipped.append(&mut writer.skipped);
        report.refused.extend(done.refused);
        report.left_out_fields = writer.reshaper.into_left_out();
    }
}
