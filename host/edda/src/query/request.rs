//! What is asked: a request as it is written, and the query that it is once it is known which collections there are.

use std::borrow::Cow;

use crate::query::arguments::Arguments;
use crate::query::path::{Ids, Path, decode, split_selector};
use crate::query::refusal::Refusal;
use crate::query::select::SelectArgument;
use crate::query::selector::Selector;
use crate::query::times::Times;
use crate::record::{Selection, TimeConditions};
use crate::value::EpochMillis;

/// The modifiers that say which times are meant and how the answer is dressed: whoever asks on another's behalf sets these alone.
const TIMES_AND_DRESS: [&str; 7] = ["_at", "_since", "_until", "_updated", "_live", "_pp", "_callback"];

/// A request, read and checked as far as its text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    path: Path,
    arguments: Arguments,
    times: Times,
    selector: Option<Selector>,
    /// What addresses begin with where this one is asked, for the heads of differences.
    base: Cow<'static, str>,
}

/// What EDDA's addresses begin with where it is installed as usual.
const USUAL_BASE: &str = "/edda/api/v2";

impl Request {
    /// Reads what follows `/api/v2/` in an address, without the query string.
    pub fn parse(rest: &str) -> Result<Self, Refusal> {
        let (path, selector) = split_selector(rest);
        let path = Path::parse(path)?;
        let selector = selector.map(|text| Selector::parse(&decode(text))).transpose()?;
        let arguments = Arguments::parse(&path.arguments)?;
        let times = Times::parse(&arguments.modifiers)?;
        Ok(Self { path, arguments, times, selector, base: Cow::Borrowed(USUAL_BASE) })
    }

    /// The same, asked where addresses begin with `base` in place of `/edda/api/v2`.
    #[must_use]
    pub fn below(mut self, base: impl Into<String>) -> Self {
        self.base = Cow::Owned(base.into());
        self
    }

    /// Whether a difference of revisions is asked: an answer that is a text and no document.
    pub fn is_diff(&self) -> bool {
        self.arguments.modifiers.has("_diff")
    }

    /// The first of `_at _since _until _updated _live _pp _callback` that is written.
    pub fn times_argument(&self) -> Option<&'static str> {
        TIMES_AND_DRESS.into_iter().find(|name| self.arguments.modifiers.has(name))
    }

    /// Whether any of `_at _since _until _updated _live _pp _callback` is written.
    pub fn has_times(&self) -> bool {
        self.times_argument().is_some()
    }

    /// The collection (its name with dots) that is asked about, whether it exists or not: all of the path if `knows` that collection, else
    /// what stands before the last slash.
    pub fn collection(&self, knows: &dyn Fn(&str) -> bool) -> String {
        self.path.names(knows).collection
    }

    /// Which fields are asked for; all without.
    pub fn selector(&self) -> Option<&Selector> {
        self.selector.as_ref()
    }

    /// The same with `_since` and `_until` (and `_updated`) in place of all times that are written. Both ends are included.
    #[must_use]
    pub fn with_window(mut self, since: EpochMillis, until: EpochMillis, updated: bool) -> Self {
        self.times = Times { since: Some(since), until: Some(until), updated, ..Times::default() };
        self
    }

    /// The same about the state just before a moment, in place of all times that are written: see
    /// [`TimeConditions::StateBefore`]. With `_all`: every revision that began before it.
    #[must_use]
    pub fn with_state_before(mut self, until: EpochMillis) -> Self {
        self.times = Times { state_before: Some(until), ..Times::default() };
        self
    }

    /// The request that EDDA makes for itself when a single document is not current: was there ever one? Only the first record counts.
    pub(crate) fn about_the_past(&self) -> Self {
        let mut past = self.clone();
        past.times.since = Some(0);
        past.arguments.modifiers.remove("_limit");
        past
    }

    /// Understands the request, given which collections (names with dots) there are.
    pub fn resolve(&self, knows: &dyn Fn(&str) -> bool) -> Result<Query, Refusal> {
        let names = self.path.names(knows);
        let modifiers = &self.arguments.modifiers;
        let has_id = names.ids != Ids::All;
        let all = modifiers.is_set("_all") || (has_id && (self.times.since.is_some() || self.times.until.is_some()));
        let single = matches!(names.ids, Ids::One(_)) && !all;
        let limit = if single { Some(1) } else { self.limit()? };
        if self.is_diff() && !has_id {
            return Err(Refusal::DiffWithoutId(names.collection));
        }
        let names = self.path.resolve(knows)?;
        let travelling = all || self.times.at.is_some() || self.times.since.is_some() || self.times.state_before.is_some();
        let expanded = has_id || all || modifiers.is_set("_meta") || modifiers.is_set("_expand");
        Ok(Query {
            conditions: self.times.conditions(all, travelling),
            selects: self.selects(has_id, travelling),
            selector: self.selector.clone(),
            shape: match (single, expanded) {
                (true, _) => Shape::Single { travelling },
                (false, true) => Shape::Documents,
                (false, false) => Shape::Ids,
            },
            limit,
            meta: modifiers.is_set("_meta"),
            pretty: modifiers.is_set("_pp"),
            callback: modifiers.value("_callback").map(ToOwned::to_owned),
            diff: self.is_diff(),
            collection: names.collection,
            ids: names.ids.into_list(),
        })
    }

    /// What addresses begin with.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The number of context lines of a difference; None for all.
    pub(crate) fn diff_context(&self) -> Result<Option<i64>, Refusal> {
        let modifiers = &self.arguments.modifiers;
        if modifiers.value("_diff").is_none() { Ok(None) } else { Ok(modifiers.integer("_diff")?.map(i64::from)) }
    }

    fn limit(&self) -> Result<Option<usize>, Refusal> {
        let modifiers = &self.arguments.modifiers;
        if modifiers.value("_limit").is_none() {
            return Ok(None);
        }
        let limit = modifiers.integer("_limit")?.and_then(|limit| usize::try_from(limit).ok());
        Ok(limit.filter(|limit| *limit > 0))
    }

    /// The select arguments, without those that EDDA's own conditions replace because they have the same key.
    fn selects(&self, has_id: bool, travelling: bool) -> Vec<SelectArgument> {
        let meta = self.arguments.modifiers.is_set("_meta");
        let replaced = |argument: &SelectArgument| match argument.path.as_slice() {
            [name] if meta => match name.as_str() {
                "id" => has_id,
                "stime" => self.times.sets_stime(),
                "ltime" => self.times.sets_ltime(travelling),
                _ => false,
            },
            _ => false,
        };
        let selects = self.arguments.selects.iter().map(|(name, value)| SelectArgument::parse(name, value.as_deref()));
        selects.filter(|argument| !replaced(argument)).collect()
    }
}

/// A request that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(crate) collection: String,
    pub(crate) ids: Option<Vec<String>>,
    pub(crate) conditions: TimeConditions,
    pub(crate) selects: Vec<SelectArgument>,
    pub(crate) selector: Option<Selector>,
    pub(crate) shape: Shape,
    /// How many revisions at most, before the selector is applied.
    pub(crate) limit: Option<usize>,
    /// Whole records in place of documents.
    pub(crate) meta: bool,
    pub(crate) pretty: bool,
    pub(crate) callback: Option<String>,
    pub(crate) diff: bool,
}

/// What the answer is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A list of ids.
    Ids,
    /// A list of documents.
    Documents,
    /// One document. `travelling`: it need not be current, so that there is no use in asking about the past.
    Single { travelling: bool },
}

impl Query {
    /// The collection's name with dots.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The ids that are asked for; None: all.
    pub fn ids(&self) -> Option<&[String]> {
        self.ids.as_deref()
    }

    /// Whether a difference of revisions is asked.
    pub fn is_diff(&self) -> bool {
        self.diff
    }

    /// Whether one document is asked for and not a list.
    pub fn is_single(&self) -> bool {
        matches!(self.shape, Shape::Single { .. })
    }

    /// Whether the answer is a list in which each document is what was taken in and depends on nothing else that is asked.
    pub(crate) fn is_list_of_whole_documents(&self) -> bool {
        let plain = self.selects.is_empty() && self.selector.is_none() && self.ids.is_none() && self.limit.is_none();
        plain && self.shape == Shape::Documents && !self.meta && !self.diff
    }

    pub(crate) fn selection(&self) -> Selection {
        Selection { collection: self.collection.clone(), ids: self.ids.clone(), times: self.conditions.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::TimeCondition;

    fn query(rest: &str) -> Query {
        resolve(&Request::parse(rest).expect(rest))
    }

    fn resolve(request: &Request) -> Query {
        request.resolve(&|name| name == "aws.x").expect("a known collection")
    }

    #[test]
    fn the_shape_follows_from_ids_and_modifiers() {
        assert_eq!(query("aws/x").shape, Shape::Ids);
        assert_eq!(query("aws/x;_since=1").shape, Shape::Ids);
        for rest in ["aws/x;_expand", "aws/x;_meta", "aws/x;_all", "aws/x/a,b", "aws/x/a;_all", "aws/x/a;_since=1", "aws/x/a;_until=1"] {
            assert_eq!(query(rest).shape, Shape::Documents, "{rest}");
        }
        assert_eq!(query("aws/x/a").shape, Shape::Single { travelling: false });
        assert_eq!(query("aws/x/a;_at=1").shape, Shape::Single { travelling: true });
        assert_eq!(query("aws/x/a;_updated").shape, Shape::Single { travelling: false });
    }

    #[test]
    fn a_limit_is_read_for_lists_alone() {
        let limit = |rest| query(rest).limit;
        assert_eq!((limit("aws/x;_limit=3"), limit("aws/x;_limit=-1"), limit("aws/x;_limit"), limit("aws/x")), (Some(3), None, None, None));
        assert_eq!(limit("aws/x/a;_limit=x"), Some(1));
        assert!(Request::parse("aws/x;_limit=x").expect("a request").resolve(&|_| true).is_err());
    }

    #[test]
    fn whoever_asks_for_another_sees_and_sets_the_times() {
        for name in TIMES_AND_DRESS {
            assert_eq!(Request::parse(&format!("aws/x;a;{name}=1")).expect("a request").times_argument(), Some(name));
        }
        assert!(!Request::parse("aws/x;_all;_expand;_limit=1;_meta;_diff=1;at").expect("a request").has_times());
        let request = Request::parse("aws/x/a").expect("a request");
        let updated = resolve(&request.clone().with_window(1, 9, true));
        assert_eq!(updated.conditions, TimeConditions::Every(vec![TimeCondition::BeganSince(1), TimeCondition::BeganUntil(9)]));
        assert_eq!(updated.shape, Shape::Documents);
        let before = resolve(&request.with_state_before(9));
        assert_eq!(before.conditions, TimeConditions::StateBefore { until: 9 });
        assert_eq!(before.shape, Shape::Single { travelling: true });
    }

    #[test]
    fn a_condition_replaces_the_argument_of_its_key() {
        let names = |rest| query(rest).selects.into_iter().map(|argument| argument.path.join(".")).collect::<Vec<_>>();
        assert_eq!(names("aws/x;_meta;ltime;stime=1;id=a"), ["stime", "id"]);
        assert_eq!(names("aws/x/a;_meta;_at=1;ltime;stime=1;id=a;data.id=b"), ["ltime", "data.id"]);
        assert_eq!(names("aws/x/a;_at=1;ltime;stime=1;id=a"), ["ltime", "stime", "id"]);
    }
}
