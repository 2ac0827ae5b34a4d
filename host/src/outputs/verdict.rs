//! What became of an alert that was handed to an output.

use std::time::Duration;

/// What an output says of one alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The other side has it.
    Taken,
    /// Not now; it stays owed.
    Later(Trouble),
    /// Not this alert, however often it is tried, for this reason.
    Never(String),
}

/// Why an alert was not taken, and when trying again makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In words, for the operator. May hold what a server said.
    pub reason: String,
    /// When it makes sense.
    pub again: Again,
}

/// When trying again makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// In a moment.
    Soon,
    /// After this time, as the other side has asked.
    After(Duration),
    /// Not in this run: somebody has to change something first, or a moment will not do.
    NextRun,
}

impl Trouble {
    /// A trouble that may pass in a moment.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again: Again::Soon }
    }

    /// A trouble that stays until somebody sees to it.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again: Again::NextRun }
    }
}

/// What became of the alerts that were handed over at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// One for each alert, in their order.
    pub verdicts: Vec<Verdict>,
    /// What the operator has to know although the alerts were taken.
    pub notes: Vec<String>,
}

impl Delivery {
    /// The same for all of them.
    pub fn all(count: usize, verdict: &Verdict) -> Self {
        Self { verdicts: vec![verdict.clone(); count], notes: Vec::new() }
    }

    /// The first so many were taken, and the others were not for one reason.
    pub fn first(taken: usize, count: usize, trouble: &Trouble) -> Self {
        let verdict = |index| if index < taken { Verdict::Taken } else { Verdict::Later(trouble.clone()) };
        Self { verdicts: (0..count).map(verdict).collect(), notes: Vec::new() }
    }
}
