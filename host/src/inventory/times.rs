//! Which moments a question is about. The host adds the times to a rule's path, so the same rule runs unchanged at any virtual time.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::fault::QueryError;
use crate::time_window::{EpochMillis, TimeWindow};

/// Which times a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// The state at the end of the window; over HTTP the current state.
    Now,
    /// As `Now`, for what only decorates a finding: it never holds the rule's progress back.
    Context,
    /// Every revision that was valid at some moment of the window.
    Window,
    /// Every revision that began in the window.
    Updated,
    /// The state at a moment inside the window or before it.
    At(EpochMillis),
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => formatter.write_str("now"),
            Self::Context => formatter.write_str("context"),
            Self::Window => formatter.write_str("window"),
            Self::Updated => formatter.write_str("updated"),
            Self::At(moment) => write!(formatter, "at {moment}"),
        }
    }
}

/// The times of a question, resolved against the window: equal questions are asked once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Moments {
    /// What the inventory holds at this moment.
    Current,
    /// The newest revisions that began before `until`, unless ended by then.
    Before { until: EpochMillis },
    /// What EDDA's `_since` and `_until` say.
    Valid(Span),
    /// What EDDA's `_since`, `_until` and `_updated` say.
    Begun(Span),
    /// What EDDA's `_at` says.
    At(EpochMillis),
}

/// A window that can be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Span {
    pub(super) since: EpochMillis,
    pub(super) until: EpochMillis,
}

impl From<TimeWindow> for Span {
    fn from(window: TimeWindow) -> Self {
        Self { since: window.since, until: window.until }
    }
}

impl From<Span> for TimeWindow {
    fn from(span: Span) -> Self {
        Self { since: span.since, until: span.until }
    }
}

impl Moments {
    /// For an EDDA over HTTP, which keeps to its own idea of now.
    pub(super) fn over_http(times: &Times, window: TimeWindow) -> Result<Self, QueryError> {
        Ok(match times {
            Times::Now | Times::Context => Self::Current,
            Times::Window => Self::Valid(window.into()),
            Times::Updated => Self::Begun(window.into()),
            Times::At(moment) => Self::At(before_the_end(*moment, window)?),
        })
    }

    /// For the archive, which knows every state that it ever had.
    pub(super) fn over_archive(times: &Times, window: TimeWindow) -> Result<Self, QueryError> {
        Ok(match times {
            Times::Now | Times::Context => Self::Before { until: window.until },
            Times::Window => Self::Valid(window.into()),
            Times::Updated => Self::Begun(window.into()),
            Times::At(moment) => Self::Before { until: before_the_end(*moment, window)? + 1 },
        })
    }

    /// The matrix arguments that say this to EDDA.
    pub(super) fn edda_arguments(self) -> String {
        match self {
            Self::Current | Self::Before { .. } => String::new(),
            Self::Valid(span) => TimeWindow::from(span).edda_arguments(),
            Self::Begun(span) => TimeWindow::from(span).edda_arguments() + ";_updated",
            Self::At(moment) => format!(";_at={moment}"),
        }
    }
}

fn before_the_end(moment: EpochMillis, window: TimeWindow) -> Result<EpochMillis, QueryError> {
    if moment < window.until {
        return Ok(moment);
    }
    let until = window.until;
    Err(QueryError::bad_request(format!("the moment {moment} is not before the end of the window, {until}: ask for an earlier one")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: TimeWindow = TimeWindow { since: 1, until: 3 };

    #[test]
    fn http_gets_the_times_as_matrix_arguments() {
        let arguments = |times| Moments::over_http(&times, WINDOW).map(Moments::edda_arguments);
        assert_eq!(arguments(Times::Now), Ok(String::new()));
        assert_eq!(arguments(Times::Context), Ok(String::new()));
        assert_eq!(arguments(Times::Window), Ok(";_since=1;_until=2".to_owned()));
        assert_eq!(arguments(Times::Updated), Ok(";_since=1;_until=2;_updated".to_owned()));
        assert_eq!(arguments(Times::At(2)), Ok(";_at=2".to_owned()));
    }

    #[test]
    fn the_archive_tells_states_from_the_records() {
        let moments = |times| Moments::over_archive(&times, WINDOW);
        assert_eq!(moments(Times::Now), Ok(Moments::Before { until: 3 }));
        assert_eq!(moments(Times::Context), moments(Times::Now));
        assert_eq!(moments(Times::At(1)), Ok(Moments::Before { until: 2 }));
    }

    #[test]
    fn a_moment_that_the_window_does_not_reach_is_refused() {
        assert!(Moments::over_http(&Times::At(3), WINDOW).is_err());
        let error = Moments::over_archive(&Times::At(i64::MAX), WINDOW).expect_err("after the window");
        assert!(error.message.contains("not before the end of the window, 3"), "{error}");
    }
}
