//! Mail: what a run owes to an output goes out as one mail, in several only when its attachment would become too large for mail servers.

pub(super) mod digest;
pub(super) mod html;
mod message;
mod smtp;
pub(super) mod text;

use std::sync::Arc;
use std::time::SystemTime;

use self::message::Composer;
use self::smtp::{Refusal, Smtp};
use super::format::Format;
use super::{Delivery, Output, OutputError, Patience, Trouble, Verdict};
use crate::alert::Alert;
use crate::settings::MailSettings;

/// Alerts of one mail, as JSON lines. Many servers take 10 MB, and the attachment grows by a third on its way.
const ALERT_BYTES: usize = 5_000_000;

/// Mail to the receivers of one output.
pub(super) struct Mail {
    composer: Composer,
    smtp: Smtp,
    clock: fn() -> SystemTime,
}

impl Mail {
    /// Nothing is sent yet. `name` is the output's.
    pub(super) fn new(name: &str, settings: &MailSettings, clock: fn() -> SystemTime) -> Result<Self, OutputError> {
        let smtp = Smtp::new(name, settings).map_err(OutputError::Tls)?;
        Ok(Self { composer: Composer::new(name, settings), smtp, clock })
    }

    fn send(&self, alerts: &[Arc<Alert>], delivery: &mut Delivery) {
        let message = match self.composer.compose(alerts, (self.clock)()) {
            Ok(message) => message,
            Err(error) => return fill(delivery, alerts.len(), &Verdict::Never(format!("no mail can be made of it: {error}"))),
        };
        match self.smtp.send(&message.formatted()) {
            Ok(notes) => {
                delivery.notes.extend(notes);
                fill(delivery, alerts.len(), &Verdict::Taken);
            }
            Err(Refusal::TooLarge(_)) if alerts.len() > 1 => {
                let (first, second) = alerts.split_at(alerts.len() / 2);
                self.send(first, delivery);
                self.send(second, delivery);
            }
            Err(Refusal::TooLarge(reason) | Refusal::Content(reason)) => fill(delivery, alerts.len(), &Verdict::Never(reason)),
            Err(Refusal::Other(trouble)) => fill(delivery, alerts.len(), &Verdict::Later(trouble)),
        }
    }
}

fn fill(delivery: &mut Delivery, count: usize, verdict: &Verdict) {
    delivery.verdicts.extend(std::iter::repeat_n(verdict.clone(), count));
}

impl Output for Mail {
    fn batch(&self) -> usize {
        usize::MAX
    }

    fn deliver(&mut self, alerts: &[Arc<Alert>], patience: &Patience) -> Delivery {
        let mut delivery = Delivery::default();
        let mut rest = alerts;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(first_mail(rest));
            if let Some(reason) = patience.over() {
                fill(&mut delivery, rest.len(), &Verdict::Later(Trouble::lasting(reason)));
                break;
            }
            self.send(now, &mut delivery);
            // A server that does not answer is not asked again for each mail.
            if let Some(Verdict::Later(trouble)) = delivery.verdicts.last().cloned() {
                fill(&mut delivery, later.len(), &Verdict::Later(trouble));
                break;
            }
            rest = later;
        }
        delivery
    }
}

/// How many alerts go into the next mail.
fn first_mail(alerts: &[Arc<Alert>]) -> usize {
    let mut lines = String::new();
    let fits = |alert: &&Arc<Alert>| {
        Format::JsonLines.write(alert, &mut lines);
        lines.len() <= ALERT_BYTES
    };
    alerts.iter().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert, alerts};
    use super::*;
    use crate::alert::{Detail, Severity};

    #[test]
    fn a_mail_has_a_bounded_size_and_at_least_one_alert() {
        let large = |index: usize| alert("iam", &index.to_string(), Severity::Low, vec![Detail::Text("x".repeat(2_000_000))]);
        assert_eq!(first_mail(&alerts(1000)), 1000);
        assert_eq!(first_mail(&[large(1), large(2), large(3)]), 2);
        assert_eq!(first_mail(&[alert("iam", "0", Severity::Low, vec![Detail::Text("x".repeat(6_000_000))])]), 1);
    }
}
