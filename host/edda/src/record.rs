//! One revision of a document with its times, and the seam behind which revisions are kept. A store answers *which* revisions at *which*
//! times; everything else of the query language works on what it gives.

use std::ops::ControlFlow;
use std::sync::Arc;

use memchr::memmem::Finder;

use crate::parse::ParseError;
use crate::value::{EpochMillis, Value};

/// A value in stored form, kept as text so that most answers need no parsing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredText(String);

impl StoredText {
    /// Takes text that [`Value::to_stored`] has written, unchecked: it is meant for what comes back from a store.
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the text.
    pub fn parse(&self) -> Result<Value, ParseError> {
        Value::parse_stored(&self.0)
    }

    /// Appends EDDA's compact text: the same, with dates as numbers.
    pub fn write_compact(&self, out: &mut String) {
        const BEGIN: &str = "{\"$date\":";
        let begin = Finder::new(BEGIN);
        let mut rest = self.0.as_str();
        // Inside a JSON text every quote is escaped, so what looks like the beginning of a date is one.
        while let Some(at) = begin.find(rest.as_bytes()) {
            out.push_str(&rest[..at]);
            let after = &rest[at + BEGIN.len()..];
            let digits = after.len() - after.trim_start_matches(|digit: char| digit == '-' || digit.is_ascii_digit()).len();
            if digits > 0 && after[digits..].starts_with('}') {
                out.push_str(&after[..digits]);
                rest = &after[digits + 1..];
            } else {
                out.push_str(BEGIN);
                rest = after;
            }
        }
        out.push_str(rest);
    }
}

impl From<&Value> for StoredText {
    fn from(value: &Value) -> Self {
        Self(value.to_stored())
    }
}

/// One revision of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The document's id in its collection.
    pub id: String,
    /// Where it comes from (account and region); empty where there is only one source. Not shown in answers: it keeps revisions of different
    /// sources from being compared.
    pub source: Arc<str>,
    /// When this id was first seen in the current run of its life.
    pub ftime: EpochMillis,
    /// The resource's own creation, or its first sight.
    pub ctime: EpochMillis,
    /// When this revision began.
    pub stime: EpochMillis,
    /// When its end was noticed; None while it is current.
    pub ltime: Option<EpochMillis>,
    /// When the record was last written; for a current one, when its collection was.
    pub mtime: EpochMillis,
    /// An object; empty so far.
    pub tags: StoredText,
    /// The document.
    pub data: StoredText,
}

impl Record {
    /// The whole record in stored form, as `_meta` shows it.
    pub fn to_stored(&self) -> String {
        let time = |moment: EpochMillis| Value::Date(moment).to_stored();
        let ltime = self.ltime.map_or_else(|| "null".to_owned(), time);
        let id = Value::from(self.id.as_str()).to_stored();
        let (ctime, ftime, mtime, stime) = (time(self.ctime), time(self.ftime), time(self.mtime), time(self.stime));
        let (data, tags) = (&self.data.0, &self.tags.0);
        format!(
            r#"{{"ctime":{ctime},"data":{data},"ftime":{ftime},"id":{id},"ltime":{ltime},"mtime":{mtime},"stime":{stime},"tags":{tags}}}"#
        )
    }
}

/// Which revisions a query is about, before its select arguments are tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The collection's name, with dots.
    pub collection: String,
    /// Only these ids; all without. The order is of no meaning, repeated ids count once.
    pub ids: Option<Vec<String>>,
    /// At which times.
    pub times: TimeConditions,
}

/// Which revisions of a document count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeConditions {
    /// EDDA's way: every revision that meets all of these; all revisions when there are none.
    Every(Vec<TimeCondition>),
    /// Our own: of each id and source the newest revision (the largest stime) with `stime < until`, unless its ltime is set and `<= until`.
    StateBefore {
        /// The moment whose eve is meant.
        until: EpochMillis,
    },
}

impl TimeConditions {
    /// The current revisions.
    pub fn current() -> Self {
        Self::Every(vec![TimeCondition::Current])
    }

    /// All revisions.
    pub fn all() -> Self {
        Self::Every(Vec::new())
    }
}

/// A condition on the times of one revision. `ltime > t` and the like are false without an ltime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCondition {
    /// `ltime IS NULL`.
    Current,
    /// `stime >= t`.
    BeganSince(EpochMillis),
    /// `stime <= t`.
    BeganUntil(EpochMillis),
    /// `ltime IS NULL OR ltime >= t`.
    NotEndedBefore(EpochMillis),
    /// `stime >= t OR ltime IS NULL OR ltime > t`.
    AliveSince(EpochMillis),
    /// `stime <= t OR ltime < t`.
    AliveUntil(EpochMillis),
}

impl TimeCondition {
    /// Whether a revision with these times meets the condition.
    pub fn holds(self, stime: EpochMillis, ltime: Option<EpochMillis>) -> bool {
        match self {
            Self::Current => ltime.is_none(),
            Self::BeganSince(moment) => stime >= moment,
            Self::BeganUntil(moment) => stime <= moment,
            Self::NotEndedBefore(moment) => ltime.is_none_or(|ltime| ltime >= moment),
            Self::AliveSince(moment) => stime >= moment || ltime.is_none_or(|ltime| ltime > moment),
            Self::AliveUntil(moment) => stime <= moment || ltime.is_some_and(|ltime| ltime < moment),
        }
    }
}

/// Why a store could not answer, for people.
#[derive(Debug, thiserror::Error)]
#[error("the inventory's records cannot be read")]
pub struct StoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What keeps revisions.
pub trait RecordStore {
    /// Whether there is a collection of that name (with dots), even an empty one.
    fn has_collection(&self, name: &str) -> bool;

    /// Hands over each selected revision until `visit` breaks: stime descending, then id ascending (bytes), then source ascending. What is
    /// visited in one call is one state of the store. An unknown collection has no records.
    fn records(&self, selection: &Selection, visit: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(stored: &str) -> String {
        let mut out = String::new();
        StoredText::from_store(stored.to_owned()).write_compact(&mut out);
        out
    }

    #[test]
    fn dates_become_numbers_without_parsing() {
        assert_eq!(compact(r#"{"a":{"$date":5},"b":[{"$date":-7}]}"#), r#"{"a":5,"b":[-7]}"#);
        assert_eq!(compact(r#"{"$date":5}"#), "5");
        assert_eq!(compact("{}"), "{}");
    }

    #[test]
    fn what_only_resembles_a_date_stays() {
        for text in [r#""{\"$date\":5}""#, r#"{"$date":"5"}"#, r#"{"$date":5,"x":1}"#, r#"{"$date":{"x":1}}"#, r#"{"$date":5.5}"#] {
            assert_eq!(compact(text), text);
        }
        assert_eq!(compact(r#"{"$date":{"$date":5}}"#), r#"{"$date":5}"#);
    }

    #[test]
    fn scanning_and_parsing_print_the_same() {
        let stored = r#"{"a":"{\"$date\":1}","b":{"$date":12},"c":[{"$date":0},{"x":{"$date":-3}}]}"#;
        assert_eq!(compact(stored), Value::parse_stored(stored).expect("stored form").to_compact());
    }

    #[test]
    fn each_condition_has_its_bounds() {
        let ended = |condition: TimeCondition| condition.holds(10, Some(20));
        assert!(!ended(TimeCondition::Current) && TimeCondition::Current.holds(10, None));
        assert!(ended(TimeCondition::BeganSince(10)) && !ended(TimeCondition::BeganSince(11)));
        assert!(ended(TimeCondition::BeganUntil(10)) && !ended(TimeCondition::BeganUntil(9)));
        assert!(ended(TimeCondition::NotEndedBefore(20)) && !ended(TimeCondition::NotEndedBefore(21)));
        assert!(ended(TimeCondition::AliveSince(19)) && !ended(TimeCondition::AliveSince(20)));
        assert!(ended(TimeCondition::AliveUntil(10)) && !ended(TimeCondition::AliveUntil(9)));
        assert!(TimeCondition::AliveSince(99).holds(10, None) && !TimeCondition::AliveUntil(9).holds(10, None));
    }
}
