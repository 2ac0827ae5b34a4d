//! Takes in what was collected from one account: of each collection that came whole, and of no other. Unlike answers that somebody hands over,
//! where one that is odd stops the import, here the others go in, and it is said which collections stay as they were and why.

use rusqlite::TransactionBehavior;

use super::answer::{Answers, Input, Manner};
use super::calls::Wanted;
use super::collections::COLLECTIONS;
use super::error::ArchiveError;
use super::import::{Import, ImportOptions};
use super::import_error::ImportError;
use super::import_report::ImportReport;
use super::snapshot::gather;
use super::source::Place;
use super::store::Archive;

/// Where answers were collected.
#[derive(Clone, Debug)]
pub struct CollectedFrom {
    /// The account's number.
    pub account: String,
    /// The region; of no meaning for what belongs to the whole account.
    pub region: String,
}

/// Takes in the wanted collections, as far as they came whole. Of `options` the source counts only if there is one.
pub fn import_collected(
    archive: &mut Archive,
    inputs: &[Input],
    options: &ImportOptions,
    from: &CollectedFrom,
    wanted: &Wanted,
) -> Result<ImportReport, ImportError> {
    options.must_not_be_in_future()?;
    let manner = Manner::default();
    let answers = Answers::read(inputs, &manner)?;
    let path = archive.path().to_owned();
    let explain = |source| ImportError::Archive(ArchiveError::of(&path, source));
    let transaction = archive.writer()?.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let mut import = Import::new(&transaction, options, true, Place::known(&from.account, &from.region), &explain);
    let mut report = ImportReport::default();
    for collection in COLLECTIONS.iter().filter(|collection| wanted.holds(collection) && !collection.is_derived) {
        let taken = gather(collection, &answers).and_then(|gathered| match report.note(collection, gathered) {
            Some(snapshot) => import.source_of(collection).and_then(|source| import.snapshot(collection, &snapshot.documents, source)),
            None => Ok(()),
        });
        match taken {
            // A failing archive fails for all.
            Err(error @ ImportError::Archive(_)) => return Err(error),
            Err(error) => import.refuse(collection, &error),
            Ok(()) => {}
        }
    }
    import.derived()?;
    import.finish(&mut report);
    report.collections.retain(|of| COLLECTIONS.iter().all(|known| known.name != of.collection || wanted.holds(known)));
    transaction.commit().map_err(explain)?;
    Ok(report)
}
