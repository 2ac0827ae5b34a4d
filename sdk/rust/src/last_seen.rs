//! When things were last seen, so that what a rule remembers does not grow for ever: what has been gone for long is forgotten.

use std::collections::BTreeMap;

use crate::{EpochMillis, Error, Host};

/// Where it is remembered.
const KEY: &str = "last_seen";

/// How long a thing is remembered after it was last seen: 90 days, in milliseconds.
pub const KEPT_FOR: EpochMillis = 90 * 24 * 60 * 60 * 1000;

/// The moments at which things were last seen, remembered under `last_seen`.
#[derive(Clone, Debug)]
pub struct LastSeen {
    moments: BTreeMap<String, EpochMillis>,
    now: EpochMillis,
}

impl LastSeen {
    /// What is remembered.
    ///
    /// # Errors
    /// What is remembered cannot be read.
    pub fn load(host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { moments: host.remembered(KEY)?.unwrap_or_default(), now: host.window().until })
    }

    /// It is there now.
    pub fn saw(&mut self, thing: &str) {
        let moment = self.moments.entry(thing.to_owned()).or_default();
        *moment = self.now.max(*moment);
    }

    /// Whether it was seen within the last 90 days. A thing that nothing is known about counts as seen now: an older version of the rule did
    /// not write it down.
    pub fn keeps(&mut self, thing: &str) -> bool {
        let moment = *self.moments.entry(thing.to_owned()).or_insert(self.now);
        moment.saturating_add(KEPT_FOR) > self.now
    }

    /// Remembers the moments of these things, and forgets all others.
    ///
    /// # Errors
    /// The host refused.
    pub fn remember<'a>(self, host: &dyn Host, things: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        let moments: BTreeMap<&str, EpochMillis> =
            things.into_iter().map(|thing| (thing, self.moments.get(thing).copied().unwrap_or(self.now))).collect();
        if moments.is_empty() { Ok(host.forget(KEY)?) } else { host.remember(KEY, &moments) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Window;
    use crate::mock::MockHost;

    const NOW: EpochMillis = 200 * 24 * 60 * 60 * 1000;

    #[test]
    fn q9_what_is_gone_for_long_is_forgotten() {
        let remembered = json!({"gone": NOW - KEPT_FOR, "recent": NOW - KEPT_FOR + 1, "there": 1});
        let host = MockHost::new(Window { since: 0, until: NOW }).with_remembered(KEY, &remembered);
        let mut last_seen = LastSeen::load(&host).expect("moments");
        last_seen.saw("there");
        let kept: Vec<&str> = ["gone", "recent", "there", "unknown"].into_iter().filter(|thing| last_seen.keeps(thing)).collect();
        assert_eq!(kept, ["recent", "there", "unknown"]);
        last_seen.remember(&host, kept).expect("remembered");
        assert_eq!(host.remembered_values()[KEY], json!({"recent": NOW - KEPT_FOR + 1, "there": NOW, "unknown": NOW}));
    }

    #[test]
    fn nothing_is_remembered_of_nothing() {
        let host = MockHost::new(Window { since: 0, until: NOW });
        LastSeen::load(&host).expect("moments").remember(&host, []).expect("remembered");
        assert!(host.remembered_values().is_empty());
    }
}
