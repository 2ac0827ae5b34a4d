//! Why an import is refused as a whole. Nothing of it is written then.

use super::error::ArchiveError;
use crate::EpochMillis;
use crate::render::iso_text;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The moment of the import is later than now.
    #[error("the import's moment {} is in the future, it is now {}; `--at` takes the moment at which the calls were made", iso_text(*at), iso_text(*now))]
    InFuture {
        /// The import's moment.
        at: EpochMillis,
        /// Now.
        now: EpochMillis,
    },
    /// The moment of the import is not later than that of the last one.
    #[error("the import's moment {} is not later than {}, when {collection} of {source_name} was last imported; imports go forward in time", iso_text(*at), iso_text(*last))]
    NotLater {
        /// The collection.
        collection: String,
        /// The account and region.
        source_name: String,
        /// The import's moment.
        at: EpochMillis,
        /// The moment of the last one.
        last: EpochMillis,
    },
    /// Not text.
    #[error("{file} is not UTF-8 text; write the answer with `--output json > {file}`, not through a shell that recodes it")]
    NotText {
        /// The file.
        file: String,
        /// Where it stops being text.
        source: std::str::Utf8Error,
    },
    /// Nothing inside, which is what a failed call leaves behind.
    #[error("{file} is empty, as after a failed call; make the call again, or leave the file out")]
    Empty {
        /// The file.
        file: String,
    },
    /// No JSON, or cut off.
    #[error("{file} is not the whole JSON of an answer; make the call again with `--output json`")]
    NotJson {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// JSON of another shape than the call's answer.
    #[error("{file} is not an answer of `{command}`: it needs {wanted}; leave `--query` out, or name the file after the call it holds")]
    WrongShape {
        /// The file.
        file: String,
        /// The call.
        command: &'static str,
        /// What was expected.
        wanted: String,
    },
    /// An answer that neither name nor content makes known.
    #[error(
        "{file} is not known by its name or its content; name it `<service>.<command>[.<parent>].json`, such as `ec2.describe-instances.json` or `iam.list-access-keys.alice.json`"
    )]
    Unknown {
        /// The file.
        file: String,
    },
    /// A collection that is not known, of which only records with their times can be taken in.
    #[error("`{}` is no collection that answers can be made into; `_all;_meta` of EDDA and `--format records` take any", .name.escape_debug())]
    UnknownCollection {
        /// The name.
        name: String,
    },
    /// What EDDA answered is an error.
    #[error("{file} is an error of EDDA's: {}", .message.escape_debug())]
    EddaError {
        /// The file.
        file: String,
        /// What EDDA said.
        message: String,
    },
    /// Ids instead of documents.
    #[error("{file} lists ids and no documents; ask EDDA with `;_expand`, or with `;_all;_meta` for all revisions")]
    OnlyIds {
        /// The file.
        file: String,
    },
    /// No document, which is also what EDDA answers when it could not ask its store.
    #[error("{file} has no document; EDDA answers so, too, when its store fails, so this is not taken for an empty collection")]
    EmptyEdda {
        /// The file.
        file: String,
    },
    /// Documents of which it is not known to which collection they belong.
    #[error(
        "{file} does not say of which collection its documents are; name it with `--collection`, or call the file `<collection>.json`, such as `aws.securityGroups.json`"
    )]
    WhichCollection {
        /// The file.
        file: String,
    },
    /// A line that is no JSON; the file may be cut off.
    #[error("{file}:{line} is not the whole JSON of a record; nothing was imported")]
    BadLine {
        /// The file.
        file: String,
        /// The line's number, from 1.
        line: u64,
        /// What is wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file that cannot be read to its end.
    #[error("{file} cannot be read to its end; nothing was imported")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Lines of which none is a record.
    #[error(
        "{file} has no record; each line is to be `{{\"collection\":..,\"id\":..,\"stime\":{{\"$date\":..}},\"data\":{{..}}}}`; the first line was skipped, since {first}"
    )]
    NoRecord {
        /// The file.
        file: String,
        /// What is wrong with the first line.
        first: String,
    },
    /// A part of an answer; taking it for the whole would end the rest.
    #[error("{file} is one page of several (`{token}`); make the call without `--max-items` and `--no-paginate`")]
    OnePage {
        /// The file.
        file: String,
        /// The member that says so.
        token: &'static str,
    },
    /// Nothing that a collection could be made of.
    #[error("nothing to import: no collection is whole{}", missing_parts(missing))]
    Nothing {
        /// What collections of which some answers are there still need.
        missing: Vec<String>,
    },
    /// The data are of several accounts or regions.
    #[error("the answers are of several {what} ({}); import each alone, or name the source with `--source`", found.join(", "))]
    SeveralSources {
        /// Accounts or regions.
        what: &'static str,
        /// Their names.
        found: Vec<String>,
    },
    /// The archive has other sources, and it is not clear to which the data belong.
    #[error("it is not clear to which source of {collection} the answers belong (found {found}, the archive has {}); name it with `--source`", known.join(", "))]
    UnclearSource {
        /// The collection.
        collection: String,
        /// The source that the data name.
        found: String,
        /// The sources that the archive has of it.
        known: Vec<String>,
    },
    /// The import would end most of a collection.
    #[error("the import would end {ending} of {current} records of {collection} ({source_name}); if they are really gone, add `--force`")]
    MostlyGone {
        /// The collection.
        collection: String,
        /// The account and region.
        source_name: String,
        /// How many would end.
        ending: usize,
        /// How many are current.
        current: usize,
    },
    /// The archive itself failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// An error and all its causes.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn missing_parts(missing: &[String]) -> String {
    if missing.is_empty() { String::new() } else { format!("; missing: {}", missing.join(", ")) }
}
