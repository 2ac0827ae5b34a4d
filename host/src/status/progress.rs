//! The arithmetic of time: when a run ends, and how far a rule has looked. Pure functions; these decide that no moment falls between two
//! runs. All moments are epoch milliseconds, all windows are half open.

use crate::rule_name::RuleName;
use crate::time_window::{EpochMillis, TimeWindow};

/// How far progress may be ahead of the clock: clocks of two machines differ a little.
pub const FUTURE_TOLERANCE: EpochMillis = 10 * 60 * 1000;

/// The end of all windows of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// The first moment that no rule looks at.
    pub until: EpochMillis,
    /// The operator asked for a later end, which is not yet known. Worth a word.
    pub cut: bool,
}

/// `--until` where given, else the newest moment that the inventory knows; never later than 1 ms after `now`.
pub fn run_end(asked: Option<EpochMillis>, newest_known: EpochMillis, now: EpochMillis) -> RunEnd {
    let latest = now + 1;
    RunEnd { until: asked.unwrap_or(newest_known).min(latest), cut: asked.is_some_and(|asked| asked > latest) }
}

/// How a window lies to the part that a rule has already looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// It begins where the rule has got to, or before, and goes beyond.
    Joined,
    /// Between what was looked at and the window lies a part that nobody has looked at. Progress has to wait for it.
    Gap,
    /// It ends before, or where, the rule has already got to. There is nothing to move.
    Passed,
}

impl Join {
    /// Progress may move only if `since <= progress < until`.
    pub fn of(window: TimeWindow, progress: EpochMillis) -> Self {
        if progress < window.since {
            Self::Gap
        } else if progress >= window.until {
            Self::Passed
        } else {
            Self::Joined
        }
    }
}

/// What a run does to the progress of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Before the run.
    pub from: EpochMillis,
    /// After the run. Never before `from`.
    pub to: EpochMillis,
    /// How the run's window lies to `from`. Worth a word unless it is joined.
    pub join: Join,
}

impl Advance {
    /// `looked_until` is the smallest moment up to which the collections that the rule asked are known; none when the rule failed or was
    /// incomplete. Progress goes there, at most to the end of the window, and only forward.
    pub fn of(progress: EpochMillis, window: TimeWindow, looked_until: Option<EpochMillis>) -> Self {
        let join = Join::of(window, progress);
        let to = match looked_until {
            Some(known) if join == Join::Joined => known.min(window.until).max(progress),
            _ => progress,
        };
        Self { from: progress, to, join }
    }
}

/// A rule has got to a moment that is yet to come: the clock was wrong then, or is wrong now.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "rule `{rule}` has looked up to {}, which is in the future; when the clock is right, name the moment from which the rule is to look \
     again: `reddalert status set-since {rule} T`",
    in_words(*.progress)
)]
pub struct ProgressInFuture {
    /// Whose progress.
    pub rule: RuleName,
    /// Where it stands.
    pub progress: EpochMillis,
}

/// Refuses progress that is more than [`FUTURE_TOLERANCE`] after `now`: until then the rule would silently look at nothing.
pub fn check_clock(rule: &RuleName, progress: EpochMillis, now: EpochMillis) -> Result<(), ProgressInFuture> {
    if progress.saturating_sub(now) > FUTURE_TOLERANCE {
        return Err(ProgressInFuture { rule: rule.clone(), progress });
    }
    Ok(())
}

fn in_words(moment: EpochMillis) -> String {
    jiff::Timestamp::from_millisecond(moment).map_or_else(|_| format!("{moment} ms"), |time| format!("{time} ({moment} ms)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: EpochMillis = 1_000_000;

    #[test]
    fn a_run_ends_where_the_operator_or_the_inventory_says_but_never_in_the_future() {
        let cases = [
            ((None, 700), (700, false)),
            ((Some(300), 700), (300, false)),
            ((Some(900), 700), (900, false)),
            ((Some(NOW + 1), 700), (NOW + 1, false)),
            ((Some(NOW + 2), 700), (NOW + 1, true)),
            ((Some(EpochMillis::MAX), 700), (NOW + 1, true)),
            ((None, NOW + 5), (NOW + 1, false)),
        ];
        for ((asked, known), (until, cut)) in cases {
            assert_eq!(run_end(asked, known, NOW), RunEnd { until, cut }, "asked {asked:?}, known {known}");
        }
    }

    #[test]
    fn progress_moves_forward_to_what_is_known_and_only_if_the_window_joins_it() {
        use Join::{Gap, Joined, Passed};
        // (progress, since, until, looked until) -> (progress afterwards, join)
        let cases = [
            ((100, 100, 200, Some(200)), (200, Joined)),
            ((100, 100, 200, Some(150)), (150, Joined)),
            ((100, 100, 200, Some(900)), (200, Joined)),
            ((100, 100, 200, Some(50)), (100, Joined)),
            ((100, 100, 200, None), (100, Joined)),
            ((100, 0, 200, Some(200)), (200, Joined)),
            ((100, 0, 101, Some(200)), (101, Joined)),
            ((100, 101, 200, Some(200)), (100, Gap)),
            ((100, 101, 200, None), (100, Gap)),
            ((100, 0, 100, Some(200)), (100, Passed)),
            ((100, 0, 50, Some(200)), (100, Passed)),
            ((100, 100, 100, Some(200)), (100, Passed)),
            ((0, 0, 200, Some(200)), (200, Joined)),
        ];
        for ((progress, since, until, looked), (to, join)) in cases {
            let advance = Advance::of(progress, TimeWindow { since, until }, looked);
            assert_eq!(advance, Advance { from: progress, to, join }, "progress {progress}, [{since}, {until}), looked until {looked:?}");
        }
    }

    #[test]
    fn progress_may_be_ten_minutes_ahead_and_no_more() {
        let rule: RuleName = "ami".parse().expect("a rule name");
        assert_eq!(check_clock(&rule, NOW + FUTURE_TOLERANCE, NOW), Ok(()));
        let error = check_clock(&rule, NOW + FUTURE_TOLERANCE + 1, NOW).expect_err("too far ahead");
        let message = error.to_string();
        assert!(message.contains("1970-01-01T00:26:40.001Z"), "{message}");
        assert!(message.contains("`reddalert status set-since ami T`"), "{message}");
        assert!(check_clock(&rule, EpochMillis::MAX, NOW).expect_err("far ahead").to_string().contains("9223372036854775807 ms"));
    }
}
