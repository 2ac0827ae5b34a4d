//! What an import did, for people and for programs.

use std::collections::BTreeSet;
use std::fmt;

/// How many missing files a line names before it only counts.
const SHOWN: usize = 12;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// What was taken in, ordered by collection.
    pub collections: Vec<CollectionReport>,
    /// Collections of which some answers were there, but not all. They stay as they were.
    pub incomplete: Vec<IncompleteCollection>,
    /// Collections that were not taken in, and why. They stay as they were.
    pub refused: Vec<NamedDocument>,
    /// Odd documents that were not taken in. What the archive had of them stays.
    pub skipped: Vec<NamedDocument>,
    /// Documents that the answers hold more than once.
    pub repeated: Vec<NamedDocument>,
    /// Where the answers say more than EDDA's documents do, such as `Users[].Tags`. A document that is as it was last time is not looked at.
    pub left_out_fields: BTreeSet<String>,
    /// How many answers no collection takes.
    pub left_out_answers: usize,
}

/// What became of one collection of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionReport {
    /// The collection.
    pub collection: String,
    /// The account and region.
    pub source: String,
    /// Documents that were not there before.
    pub new: usize,
    /// Documents with a new revision.
    pub changed: usize,
    /// Documents that are gone.
    pub ended: usize,
    /// Documents that are as they were.
    pub unchanged: usize,
}

/// A collection that could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteCollection {
    /// The collection.
    pub collection: String,
    /// The files that are missing.
    pub missing: Vec<String>,
}

/// A document and what is the matter with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedDocument {
    /// The collection.
    pub collection: String,
    /// The document's id, if it has one.
    pub id: Option<String>,
    /// What is the matter.
    pub reason: String,
}

impl fmt::Display for NamedDocument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(out, "{} {id}: {}", self.collection, self.reason),
            None => write!(out, "{}: {}", self.collection, self.reason),
        }
    }
}

impl fmt::Display for CollectionReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { collection, source, new, changed, ended, unchanged } = self;
        write!(out, "{collection} ({source}): {new} new, {changed} changed, {ended} ended, {unchanged} unchanged")
    }
}

/// One line for each thing; the last line has no line feed.
impl fmt::Display for ImportReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<String> = self.collections.iter().map(ToString::to_string).collect();
        lines.extend(self.incomplete.iter().map(|incomplete| {
            let IncompleteCollection { collection, missing } = incomplete;
            format!("{collection}: left as it was, since answers are missing: {}", listed(missing.iter().map(String::as_str)))
        }));
        lines.extend(self.refused.iter().map(|refused| format!("{}: left as it was: {}", refused.collection, refused.reason)));
        lines.extend(self.repeated.iter().map(ToString::to_string));
        lines.extend(self.skipped.iter().map(|document| format!("skipped {document}")));
        if !self.left_out_fields.is_empty() {
            let fields = self.left_out_fields.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            lines.push(format!("left out, since EDDA has no such fields: {fields}"));
        }
        if self.left_out_answers > 0 {
            lines.push(format!("left out: {} answers that no collection takes", self.left_out_answers));
        }
        out.write_str(&lines.join("\n"))
    }
}

fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_each_thing_in_a_line() {
        let document = |id: Option<&str>| NamedDocument { collection: "aws.x".into(), id: id.map(Into::into), reason: "is odd".into() };
        let missing = (10..24).map(|number| format!("part.{number}.json")).collect();
        let report = ImportReport {
            collections: vec![CollectionReport {
                collection: "aws.x".into(),
                source: "1/eu".into(),
                new: 1,
                changed: 2,
                ended: 3,
                unchanged: 4,
            }],
            incomplete: vec![IncompleteCollection { collection: "aws.y".into(), missing }],
            refused: vec![document(None)],
            skipped: vec![document(Some("i-1")), document(None)],
            repeated: vec![document(Some("i-2"))],
            left_out_fields: ["X[].Old", "X[].New"].map(Into::into).into(),
            left_out_answers: 5,
        };
        let missing = (10..22).map(|number| format!("part.{number}.json")).collect::<Vec<_>>().join(", ");
        let expected = [
            "aws.x (1/eu): 1 new, 2 changed, 3 ended, 4 unchanged",
            &format!("aws.y: left as it was, since answers are missing: {missing} and 2 more"),
            "aws.x: left as it was: is odd",
            "aws.x i-2: is odd",
            "skipped aws.x i-1: is odd",
            "skipped aws.x: is odd",
            "left out, since EDDA has no such fields: X[].New, X[].Old",
            "left out: 5 answers that no collection takes",
        ];
        assert_eq!(report.to_string(), expected.join("\n"));
        assert_eq!(ImportReport::default().to_string(), "");
    }
}
