//! Any sequence of runs, with any lag of the crawls, failures, `--since`, `--until` and named rules: no event falls between two runs, and
//! none is delivered twice unless the operator asked for its time again.

use proptest::prelude::*;

use super::super::{EndedRule, FinishedRule, RuleEnd, RunTerms, StatusFile, run_end};
use super::{alert, rule, terms};
use crate::time_window::{EpochMillis, TimeWindow};

const RULES: [&str; 2] = ["ami", "iam"];

/// Something that rule number `rule` reports once a crawl has brought it.
#[derive(Clone, Debug)]
struct Event {
    rule: usize,
    happened: EpochMillis,
    arrived: EpochMillis,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Well,
    Incomplete { found: u64 },
    Failed,
    NotRun,
}

#[derive(Clone, Debug)]
struct Run {
    pause: EpochMillis,
    since: Option<EpochMillis>,
    until: Option<EpochMillis>,
    store_until: bool,
    narrowed: bool,
    known: usize,
    how: [How; 2],
    lag: [EpochMillis; 2],
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        4 => Just(How::Well),
        1 => any::<u64>().prop_map(|found| How::Incomplete { found }),
        1 => Just(How::Failed),
        1 => Just(How::NotRun),
    ]
}

fn some_run() -> impl Strategy<Value = Run> {
    let moment = || prop_oneof![4 => Just(None), 1 => (0..400_i64).prop_map(Some)];
    let switches = (prop::bool::weighted(0.85), prop::bool::weighted(0.2), 1..=2_usize);
    (1..40_i64, moment(), moment(), switches, [how(), how()], [0..30_i64, 0..30_i64]).prop_map(
        |(pause, since, until, (store_until, narrowed, known), how, lag)| Run {
            pause,
            since,
            until,
            store_until,
            narrowed,
            known,
            how,
            lag,
        },
    )
}

fn some_event() -> impl Strategy<Value = Event> {
    (0..2_usize, 0..300_i64, 0..40_i64).prop_map(|(rule, happened, late)| Event { rule, happened, arrived: happened + late })
}

/// What a model keeps beside the status: who got what, and where each rule began.
struct World {
    events: Vec<Event>,
    now: EpochMillis,
    status: StatusFile,
    known: usize,
    began: [Option<EpochMillis>; 2],
    /// Deliveries of each event: all, and by runs that keep progress.
    delivered: Vec<(usize, usize)>,
}

impl World {
    fn new(events: Vec<Event>) -> Self {
        let delivered = vec![(0, 0); events.len()];
        Self { events, now: 0, status: StatusFile::default(), known: 0, began: [None; 2], delivered }
    }

    /// A promise that holds: everything that happened before has arrived.
    fn known_until(&self, number: usize, lag: EpochMillis) -> EpochMillis {
        let missing = self.events.iter().filter(|event| event.rule == number && event.arrived > self.now).map(|event| event.happened);
        missing.min().unwrap_or(self.now).min(self.now - lag).max(0)
    }

    fn terms(&self, run: &Run) -> RunTerms {
        let newest = self.known_until(0, run.lag[0]).max(self.known_until(1, run.lag[1]));
        let known_rules = RULES[..self.known].iter().map(|name| rule(name)).collect();
        let until = run_end(run.until, newest, self.now).until;
        RunTerms { since: run.since, store_until: run.store_until, narrowed: run.narrowed, known_rules, ..terms(until) }
    }

    fn find(&self, number: usize, window: TimeWindow, found: u64) -> Vec<usize> {
        let inside =
            |event: &Event| event.rule == number && event.arrived <= self.now && (window.since..window.until).contains(&event.happened);
        (0..self.events.len()).filter(|index| inside(&self.events[*index]) && found >> (index % 64) & 1 == 1).collect()
    }

    fn run(&mut self, run: &Run) -> Result<(), TestCaseError> {
        self.now += run.pause;
        self.known = self.known.max(run.known);
        let terms = self.terms(run);
        let before = [0, 1].map(|number| self.status.progress_of(&rule(RULES[number])));
        let since = self.status.since();
        for (number, progress) in before.into_iter().enumerate().take(self.known) {
            if terms.store_until && self.began[number].is_none() {
                self.began[number] = Some(progress);
            }
            self.run_rule(number, run, &terms, progress)?;
        }
        self.status.conclude(&terms);
        prop_assert!(self.status.since() >= since && (!run.narrowed || self.status.since() == since));
        self.check_progress(before)
    }

    fn run_rule(&mut self, number: usize, run: &Run, terms: &RunTerms, progress: EpochMillis) -> Result<(), TestCaseError> {
        let window = terms.window_of(&self.status, &rule(RULES[number]));
        let (found, incomplete) = match run.how[number] {
            How::Well => (u64::MAX, false),
            How::Incomplete { found } => (found, true),
            How::Failed | How::NotRun => (0, true),
        };
        if matches!(run.how[number], How::NotRun) || window.is_empty() {
            return Ok(());
        }
        let name = |index: &usize| index.to_string();
        let alerts = self.find(number, window, found).iter().map(|index| alert(RULES[number], &name(index), window)).collect();
        let known_until = Some(self.known_until(number, run.lag[number]));
        let end = match run.how[number] {
            How::Failed => RuleEnd::Failed,
            _ => RuleEnd::Ended(EndedRule { alerts, remembered: serde_json::Map::new(), incomplete, known_until }),
        };
        let taken = self.status.take_in(terms, FinishedRule { name: rule(RULES[number]), window, end });
        for alert in &taken.alerts {
            let index: usize = alert.id.parse().expect("the number of an event");
            self.deliver(index, terms.store_until, progress)?;
        }
        Ok(())
    }

    fn deliver(&mut self, index: usize, kept: bool, progress: EpochMillis) -> Result<(), TestCaseError> {
        let asked_again = self.events[index].happened < progress;
        let (all, by_kept) = &mut self.delivered[index];
        prop_assert!(!kept || *by_kept == 0 || asked_again, "event {index} is delivered twice");
        *all += 1;
        *by_kept += usize::from(kept);
        Ok(())
    }

    fn check_progress(&self, before: [EpochMillis; 2]) -> Result<(), TestCaseError> {
        for (number, began) in self.began.iter().enumerate() {
            let progress = self.status.progress_of(&rule(RULES[number]));
            prop_assert!(progress >= before[number], "progress moves forward only");
            let Some(began) = *began else { continue };
            for (index, event) in self.events.iter().enumerate() {
                let passed = event.rule == number && (began..progress).contains(&event.happened);
                prop_assert!(!passed || self.delivered[index].0 > 0, "event {index} fell between two runs");
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_event_is_lost_and_none_is_delivered_twice(
        events in prop::collection::vec(some_event(), 0..40),
        runs in prop::collection::vec(some_run(), 1..25),
    ) {
        let mut world = World::new(events);
        for run in &runs {
            world.run(run)?;
        }
        // The status that was kept is also what a next program reads.
        let text = serde_json::to_string(&world.status).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<StatusFile>(&text).expect("its own JSON"), world.status);
    }
}
