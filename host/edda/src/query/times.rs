//! From time modifiers to conditions on revisions, with EDDA's rules for their combinations.

use crate::query::arguments::Modifiers;
use crate::query::refusal::Refusal;
use crate::record::{TimeCondition, TimeConditions};
use crate::value::EpochMillis;

/// The times that a request asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) at: Option<EpochMillis>,
    pub(crate) since: Option<EpochMillis>,
    pub(crate) until: Option<EpochMillis>,
    pub(crate) updated: bool,
    /// Our own: see [`TimeConditions::StateBefore`]. In place of all others.
    pub(crate) state_before: Option<EpochMillis>,
}

impl Times {
    /// All of them are read, used or not, as EDDA does.
    pub(crate) fn parse(modifiers: &Modifiers) -> Result<Self, Refusal> {
        Ok(Self {
            at: modifiers.time("_at")?,
            since: modifiers.time("_since")?,
            until: modifiers.time("_until")?,
            updated: modifiers.is_set("_updated"),
            state_before: None,
        })
    }

    /// What EDDA asks its store. `travelling`: revisions that are not current count as well.
    ///
    /// EDDA keeps conditions in a map, so that of two with one key the later replaces the earlier: with `_updated` the start that `_at` sets,
    /// without it the end that `_at` sets, unless both `_since` and `_until` are given.
    pub(crate) fn conditions(&self, all: bool, travelling: bool) -> TimeConditions {
        if let Some(until) = self.state_before {
            // With `_all`, every revision that had begun before.
            let begun = || TimeConditions::Every(vec![TimeCondition::BeganUntil(until.saturating_sub(1))]);
            return if all { begun() } else { TimeConditions::StateBefore { until } };
        }
        let mut start: Vec<_> = self.at.map(TimeCondition::BeganUntil).into_iter().collect();
        let mut end: Vec<_> = self.at.map(TimeCondition::NotEndedBefore).into_iter().collect();
        let mut rest = Vec::new();
        if self.at.is_none() && !travelling {
            rest.push(TimeCondition::Current);
        }
        if self.replaces_start() {
            start.clear();
            start.extend(self.since.map(TimeCondition::BeganSince));
            start.extend(self.until.map(TimeCondition::BeganUntil));
        } else if !self.updated {
            let alive = [self.since.map(TimeCondition::AliveSince), self.until.map(TimeCondition::AliveUntil)];
            if alive.iter().flatten().count() == 1 {
                end.clear();
            }
            rest.extend(alive.into_iter().flatten());
        }
        TimeConditions::Every([start, end, rest].concat())
    }

    /// Whether a condition has the key `stime`, so that it replaces a select argument of that name.
    pub(crate) fn sets_stime(&self) -> bool {
        self.state_before.is_none() && (self.at.is_some() || self.replaces_start())
    }

    /// Whether a condition has the key `ltime`, so that it replaces a select argument of that name.
    pub(crate) fn sets_ltime(&self, travelling: bool) -> bool {
        self.state_before.is_none() && self.at.is_none() && !travelling
    }

    fn replaces_start(&self) -> bool {
        self.updated && (self.since.is_some() || self.until.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::TimeCondition::{AliveSince, AliveUntil, BeganSince, BeganUntil, Current, NotEndedBefore};
    use super::*;

    fn conditions(times: &Times, travelling: bool) -> Vec<TimeCondition> {
        match times.conditions(false, travelling) {
            TimeConditions::Every(conditions) => conditions,
            TimeConditions::StateBefore { .. } => panic!("not asked for"),
        }
    }

    #[test]
    fn each_modifier_has_its_condition() {
        let none = Times::default();
        assert_eq!(conditions(&none, false), [Current]);
        assert_eq!(conditions(&none, true), []);
        assert_eq!(conditions(&Times { updated: true, ..none.clone() }, false), [Current]);
        let at = Times { at: Some(1), ..none.clone() };
        assert_eq!(conditions(&at, true), [BeganUntil(1), NotEndedBefore(1)]);
        let window = Times { since: Some(1), until: Some(2), ..none.clone() };
        assert_eq!(conditions(&window, true), [AliveSince(1), AliveUntil(2)]);
        assert_eq!(conditions(&Times { updated: true, ..window }, true), [BeganSince(1), BeganUntil(2)]);
        assert_eq!(conditions(&Times { until: Some(2), ..none }, false), [Current, AliveUntil(2)]);
    }

    #[test]
    fn a_later_condition_replaces_an_earlier_one_of_its_key() {
        let at = Times { at: Some(9), ..Times::default() };
        let since = Times { since: Some(1), ..at.clone() };
        assert_eq!(conditions(&since, true), [BeganUntil(9), AliveSince(1)]);
        assert_eq!(conditions(&Times { until: Some(2), ..at.clone() }, true), [BeganUntil(9), AliveUntil(2)]);
        let both = Times { until: Some(2), ..since.clone() };
        assert_eq!(conditions(&both, true), [BeganUntil(9), NotEndedBefore(9), AliveSince(1), AliveUntil(2)]);
        assert_eq!(conditions(&Times { updated: true, ..since }, true), [BeganSince(1), NotEndedBefore(9)]);
        assert_eq!(conditions(&Times { updated: true, ..at }, true), [BeganUntil(9), NotEndedBefore(9)]);
    }

    #[test]
    fn the_state_before_a_moment_is_in_place_of_all_others() {
        let times = Times { at: Some(1), state_before: Some(5), ..Times::default() };
        assert_eq!(times.conditions(false, true), TimeConditions::StateBefore { until: 5 });
        assert_eq!(times.conditions(true, true), TimeConditions::Every(vec![BeganUntil(4)]));
        assert!(!times.sets_stime() && !times.sets_ltime(false));
    }
}
