//! When virtual runs end.

use std::time::Duration;

use crate::moment::rfc3339_millis;
use crate::settings::values::duration_text;
use crate::time_window::EpochMillis;

/// More would take days. A year of runs five minutes apart is about as many.
const MOST: usize = 110_000;

/// The ends of virtual runs, and where the first one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instants {
    /// Where the first window begins.
    pub(super) from: EpochMillis,
    /// Where each window ends and the next one begins; never empty. The last one may be shorter.
    pub(super) ends: Vec<EpochMillis>,
    /// How long a window is.
    pub(super) every: Duration,
}

/// Why there are none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoInstants {
    #[error("--from {} is not before the end, {}; name an earlier one (--to is at most what the inventory knows)", rfc3339_millis(*.from), rfc3339_millis(*.to))]
    Empty { from: EpochMillis, to: EpochMillis },
    #[error("--every {}: that would be more than {MOST} virtual runs; name a longer time, or a part of the past", duration_text(*.0))]
    TooMany(Duration),
}

/// From `from` to `to`, `every` so often.
pub(super) fn instants(from: EpochMillis, to: EpochMillis, every: Duration) -> Result<Instants, NoInstants> {
    if to <= from {
        return Err(NoInstants::Empty { from, to });
    }
    let step = EpochMillis::try_from(every.as_millis()).unwrap_or(EpochMillis::MAX);
    let later = |end: &EpochMillis| Some(end.saturating_add(step)).filter(|end| *end < to);
    let ends = std::iter::successors(later(&from), later).take(MOST).chain([to]).collect::<Vec<_>>();
    if ends.len() > MOST { Err(NoInstants::TooMany(every)) } else { Ok(Instants { from, ends, every }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(from: EpochMillis, to: EpochMillis, every: u64) -> Result<Vec<EpochMillis>, NoInstants> {
        instants(from, to, Duration::from_millis(every)).map(|instants| instants.ends)
    }

    #[test]
    fn windows_follow_each_other_and_the_last_ends_at_the_end() {
        assert_eq!(ends(0, 10, 4), Ok(vec![4, 8, 10]));
        assert_eq!(ends(0, 8, 4), Ok(vec![4, 8]));
        assert_eq!(ends(0, 3, 4), Ok(vec![3]));
        assert_eq!(ends(5, 6, u64::MAX), Ok(vec![6]));
    }

    #[test]
    fn too_few_and_too_many_are_refused() {
        assert_eq!(ends(5, 5, 1), Err(NoInstants::Empty { from: 5, to: 5 }));
        assert_eq!(ends(0, 1_000_000, 1), Err(NoInstants::TooMany(Duration::from_millis(1))));
        assert!(ends(0, 110_000, 1).is_ok());
    }
}
