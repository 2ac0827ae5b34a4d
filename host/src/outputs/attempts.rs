//! Trying again: what passes in a moment is tried a few times, with pauses that grow and are not the same for everybody, so that many
//! clients of a server that was down do not all come back at once.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::verdict::{Again, Delivery, Trouble, Verdict};
use super::{Output, Patience};
use crate::alert::Alert;

/// How often an alert is tried in one run.
const TRIES: u32 = 4;
/// The pause before the second try is at most this long; before each further one at most [`GROWTH`] times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const GROWTH: u32 = 4;
/// A server that wants to be left alone for longer is asked again by the next run.
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// What became of some alerts for good: this may be written down.
#[derive(Debug, Default, PartialEq)]
pub struct Settled {
    /// The other side has them.
    pub taken: Vec<Arc<Alert>>,
    /// They will never be taken, for these reasons.
    pub refused: Vec<(Arc<Alert>, String)>,
    /// What the operator has to know.
    pub notes: Vec<String>,
}

impl Settled {
    fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.refused.is_empty() && self.notes.is_empty()
    }
}

/// Hands `alerts` to `output`, batch by batch, and tells `settle` what became of them. Returns why some are left, if some are.
pub fn deliver_all(
    output: &mut dyn Output,
    alerts: &[Arc<Alert>],
    patience: &Patience,
    settle: &mut dyn FnMut(Settled) -> ControlFlow<()>,
) -> Option<String> {
    let mut pause = |duration| patience.pause(duration);
    let mut sender = Sender { output, patience, pause: &mut pause, settle };
    sender.send(alerts)
}

struct Sender<'a> {
    output: &'a mut dyn Output,
    patience: &'a Patience,
    /// False when there is no time for it.
    pause: &'a mut dyn FnMut(Duration) -> bool,
    settle: &'a mut dyn FnMut(Settled) -> ControlFlow<()>,
}

impl Sender<'_> {
    fn send(&mut self, alerts: &[Arc<Alert>]) -> Option<String> {
        let (mut trouble, mut tries) = (None, TRIES);
        for batch in alerts.chunks(self.output.batch().max(1)) {
            if let Some(reason) = self.patience.over() {
                return trouble.or(Some(reason.to_owned()));
            }
            let Some(left) = self.send_batch(batch, tries) else { continue };
            let nothing_was_settled = left.alerts == batch.len();
            trouble.get_or_insert(left.reason);
            // One alert that is never taken must not hold up those behind it; a server that takes nothing is left alone.
            tries = 1;
            if nothing_was_settled {
                break;
            }
        }
        trouble
    }

    fn send_batch(&mut self, batch: &[Arc<Alert>], tries: u32) -> Option<Left> {
        let mut waiting = batch.to_vec();
        let mut longest_pause = FIRST_PAUSE;
        for tried in 1.. {
            let delivery = self.output.deliver(&waiting, self.patience);
            let (settled, left) = sort(waiting, delivery);
            if !settled.is_empty() && (self.settle)(settled).is_break() {
                return None;
            }
            let (_, Trouble { reason, again }) = left.first()?;
            let reason = if tried > 1 { format!("{reason} ({tried} tries)") } else { reason.clone() };
            let gives_up = tried >= tries || !self.pause_before_next(*again, longest_pause);
            if gives_up {
                return Some(Left { alerts: left.len(), reason });
            }
            longest_pause *= GROWTH;
            waiting = left.into_iter().map(|(alert, _)| alert).collect();
        }
        None
    }

    fn pause_before_next(&mut self, again: Again, longest: Duration) -> bool {
        match again {
            Again::NextRun => false,
            Again::After(wanted) => wanted <= LONGEST_PAUSE && (self.pause)(wanted),
            Again::Soon => (self.pause)(longest.mul_f64(fastrand::f64())),
        }
    }
}

struct Left {
    alerts: usize,
    reason: String,
}

/// What is settled, and what is left with the reason. An output that says nothing of an alert has not taken it.
fn sort(alerts: Vec<Arc<Alert>>, delivery: Delivery) -> (Settled, Vec<(Arc<Alert>, Trouble)>) {
    let mut settled = Settled { notes: delivery.notes, ..Settled::default() };
    let mut left = Vec::new();
    let silence = || Verdict::Later(Trouble::lasting("the output did not say what became of it"));
    let verdicts = delivery.verdicts.into_iter().chain(std::iter::repeat_with(silence));
    for (alert, verdict) in alerts.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Taken => settled.taken.push(alert),
            Verdict::Never(reason) => settled.refused.push((alert, reason)),
            Verdict::Later(trouble) => left.push((alert, trouble)),
        }
    }
    (settled, left)
}

#[cfg(test)]
mod tests {
    use super::super::tests::alerts;
    use super::*;

    /// What is said of an alert.
    type Say = Box<dyn Fn(&Alert) -> Verdict + Send>;

    /// Says what it is told to, try by try, and remembers what it was given.
    struct Scripted {
        batch: usize,
        script: Vec<Say>,
        given: Vec<Vec<String>>,
    }

    impl Output for Scripted {
        fn batch(&self) -> usize {
            self.batch
        }

        fn deliver(&mut self, alerts: &[Arc<Alert>], _: &Patience) -> Delivery {
            let say = &self.script[self.given.len().min(self.script.len() - 1)];
            self.given.push(alerts.iter().map(|alert| alert.id.clone()).collect());
            Delivery { verdicts: alerts.iter().map(|alert| say(alert)).collect(), notes: vec![] }
        }
    }

    struct Outcome {
        given: Vec<Vec<String>>,
        taken: Vec<String>,
        refused: Vec<String>,
        pauses: Vec<Duration>,
        trouble: Option<String>,
    }

    /// Sends alerts `0`, `1`, ... Pauses take no time; none is longer than `time_left`.
    fn send(count: usize, batch: usize, time_left: Duration, script: Vec<Say>) -> Outcome {
        let mut output = Scripted { batch, script, given: vec![] };
        let (mut taken, mut refused, mut pauses) = (vec![], vec![], vec![]);
        let mut pause = |duration| {
            pauses.push(duration);
            duration <= time_left
        };
        let mut settle = |settled: Settled| {
            taken.extend(settled.taken.iter().map(|alert| alert.id.clone()));
            refused.extend(settled.refused.iter().map(|(alert, reason)| format!("{} {reason}", alert.id)));
            ControlFlow::Continue(())
        };
        let patience = Patience::new(Arc::default(), None);
        let trouble = Sender { output: &mut output, patience: &patience, pause: &mut pause, settle: &mut settle }.send(&alerts(count));
        Outcome { given: output.given, taken, refused, pauses, trouble }
    }

    fn later(again: Again) -> Say {
        Box::new(move |_| Verdict::Later(Trouble { reason: "down".into(), again }))
    }

    const MUCH: Duration = Duration::from_hours(1);

    #[test]
    fn what_passes_is_tried_again_with_growing_pauses() {
        let outcome = send(1, 10, MUCH, vec![later(Again::Soon), later(Again::Soon), Box::new(|_| Verdict::Taken)]);
        assert_eq!((outcome.taken.len(), outcome.trouble), (1, None));
        assert!(outcome.pauses[0] <= FIRST_PAUSE && outcome.pauses[1] <= FIRST_PAUSE * GROWTH, "{:?}", outcome.pauses);
    }

    #[test]
    fn it_is_given_up_after_a_few_tries_and_kept() {
        let outcome = send(30, 10, MUCH, vec![later(Again::Soon)]);
        assert_eq!(outcome.given.len(), 4, "only the first batch of a server that takes nothing");
        assert_eq!(outcome.trouble.as_deref(), Some("down (4 tries)"));
        assert_eq!(outcome.taken.len(), 0);
    }

    #[test]
    fn only_what_was_not_settled_is_tried_again() {
        let mixed = |alert: &Alert| match alert.id.as_str() {
            "0" => Verdict::Taken,
            "1" => Verdict::Never("malformed".into()),
            _ => Verdict::Later(Trouble::passing("busy")),
        };
        let outcome = send(3, 10, MUCH, vec![Box::new(mixed), Box::new(|_| Verdict::Taken)]);
        assert_eq!(outcome.given, [vec!["0", "1", "2"], vec!["2"]]);
        assert_eq!(
            (outcome.taken.as_slice(), outcome.refused.as_slice()),
            (&["0".to_owned(), "2".into()][..], &["1 malformed".to_owned()][..])
        );
    }

    #[test]
    fn a_pause_that_was_asked_for_is_kept_when_there_is_time() {
        let asked = Duration::from_secs(7);
        let outcome = send(1, 10, MUCH, vec![later(Again::After(asked)), Box::new(|_| Verdict::Taken)]);
        assert_eq!((outcome.pauses, outcome.trouble), (vec![asked], None));
        let outcome = send(1, 10, Duration::from_secs(6), vec![later(Again::After(asked))]);
        assert_eq!((outcome.given.len(), outcome.trouble.as_deref()), (1, Some("down")));
        let outcome = send(1, 10, MUCH, vec![later(Again::After(LONGEST_PAUSE * 2))]);
        assert_eq!((outcome.given.len(), outcome.pauses.len()), (1, 0));
    }

    #[test]
    fn what_somebody_must_see_to_is_not_tried_again_in_this_run() {
        let outcome = send(2, 1, MUCH, vec![later(Again::NextRun)]);
        assert_eq!((outcome.given.len(), outcome.pauses.len(), outcome.trouble.as_deref()), (1, 0, Some("down")));
    }

    #[test]
    fn one_alert_that_is_never_taken_does_not_hold_up_the_others() {
        let picky = |alert: &Alert| if alert.id == "1" { Verdict::Later(Trouble::passing("500")) } else { Verdict::Taken };
        let outcome = send(6, 2, MUCH, vec![Box::new(picky)]);
        assert_eq!(outcome.taken, ["0", "2", "3", "4", "5"]);
        assert_eq!(outcome.trouble.as_deref(), Some("500 (4 tries)"));
    }

    #[test]
    fn an_output_that_says_too_little_has_not_taken_the_rest() {
        let (settled, left) = sort(alerts(2), Delivery { verdicts: vec![Verdict::Taken], notes: vec![] });
        assert_eq!((settled.taken.len(), left.len()), (1, 1));
    }

    #[test]
    fn nothing_more_is_sent_after_a_stop() {
        let patience = Patience::new(Arc::new(true.into()), None);
        let mut output = Scripted { batch: 1, script: vec![Box::new(|_| Verdict::Taken)], given: vec![] };
        let trouble = deliver_all(&mut output, &alerts(1), &patience, &mut |_| ControlFlow::Continue(()));
        assert_eq!((trouble.as_deref(), output.given.len()), (Some("the run was told to stop"), 0));
        assert!(!patience.pause(Duration::from_mins(1)));
    }
}
