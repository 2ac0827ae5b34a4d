//! The span of time that a rule looks at in a run.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type EpochMillis = i64;

/// From `since` (included) to `until` (not included), in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeWindow {
    /// The first moment of the window. 0 for a rule that looks for the first time.
    pub since: EpochMillis,
    /// The first moment after the window.
    pub until: EpochMillis,
}

impl TimeWindow {
    /// True when no moment lies inside.
    pub fn is_empty(self) -> bool {
        self.until <= self.since
    }

    /// The last moment inside. EDDA's `_until` includes the moment that it names, ours does not.
    pub fn last_moment(self) -> EpochMillis {
        self.until - 1
    }

    /// The window as EDDA's matrix arguments.
    pub fn edda_arguments(self) -> String {
        format!(";_since={};_until={}", self.since, self.last_moment())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_in_a_row_ask_edda_for_each_moment_once() {
        let first = TimeWindow { since: 0, until: 100 };
        let second = TimeWindow { since: 100, until: 200 };
        assert_eq!(first.edda_arguments(), ";_since=0;_until=99");
        assert_eq!(second.edda_arguments(), ";_since=100;_until=199");
    }

    #[test]
    fn a_window_that_ends_where_it_begins_is_empty() {
        assert!(TimeWindow { since: 5, until: 5 }.is_empty());
        assert!(!TimeWindow { since: 5, until: 6 }.is_empty());
    }
}
