//! A webhook: one request an alert, signed as Standard Webhooks 1.0 says. `webhook-id` is the alert's id, the same at every try, so that the
//! other side can tell a repetition.

use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use super::http_client::{Answer, HttpClient};
use super::{Delivery, Output, OutputError, Patience, Trouble, Verdict};
use crate::alert::Alert;
use crate::settings::{HookAddress, SigningKey, WebhookSettings};

/// So many requests are made before it is written down what became of them.
const BATCH: usize = 20;

/// What the event is called.
const EVENT: &str = "reddalert.alert";

/// A webhook.
#[derive(Debug)]
pub(super) struct Webhook {
    client: HttpClient,
    address: HookAddress,
    key: Option<SigningKey>,
    clock: fn() -> SystemTime,
}

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'static str,
    timestamp: &'a str,
    data: &'a Alert,
}

/// What became of one alert, and whether the next ones need not be tried now.
struct Outcome {
    verdict: Verdict,
    ends_batch: bool,
}

impl Webhook {
    /// Nothing is sent yet.
    pub(super) fn new(settings: &WebhookSettings, clock: fn() -> SystemTime) -> Result<Self, OutputError> {
        let client = HttpClient::new(settings.address.expose(), settings.certificates.as_ref(), clock)?;
        Ok(Self { client, address: settings.address.clone(), key: settings.key.clone(), clock })
    }

    fn send(&self, alert: &Alert, patience: &Patience) -> Outcome {
        let body = body(alert);
        let timestamp = (self.clock)().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut request = self.client.post(self.address.expose()).header("content-type", "application/json");
        request = request.header("webhook-id", &alert.alert_id).header("webhook-timestamp", timestamp);
        if let Some(key) = &self.key {
            request = request.header("webhook-signature", signature(key, &alert.alert_id, timestamp, body.as_bytes()));
        }
        let place = self.address.origin();
        match self.client.send(request.body(body), &place, patience) {
            Ok(answer) => judge(&answer, &place),
            Err(trouble) => Outcome { verdict: Verdict::Later(trouble), ends_batch: true },
        }
    }
}

impl Output for Webhook {
    fn batch(&self) -> usize {
        BATCH
    }

    fn deliver(&mut self, alerts: &[Arc<Alert>], patience: &Patience) -> Delivery {
        let mut delivery = Delivery::default();
        for alert in alerts {
            let Outcome { verdict, ends_batch } = self.send(alert, patience);
            delivery.verdicts.push(verdict.clone());
            if ends_batch {
                delivery.verdicts.resize(alerts.len(), verdict);
                break;
            }
        }
        delivery
    }
}

fn judge(answer: &Answer, place: &str) -> Outcome {
    let later = |advice: &str| Verdict::Later(answer.trouble(place, advice));
    let lasting = |advice: &str| Outcome { verdict: Verdict::Later(Trouble::lasting(answer.words(place, advice))), ends_batch: true };
    match answer.status.as_u16() {
        200..=299 => Outcome { verdict: Verdict::Taken, ends_batch: false },
        300..=399 => lasting("redirects are not followed, name the right `url`"),
        401 | 403 => lasting("see to `secret`, or to the rights at the other side"),
        404 | 405 => lasting("see to `url`"),
        410 => lasting("it wants no more alerts, take this output out of `output`"),
        _ if answer.may_pass() => Outcome { verdict: later(""), ends_batch: answer.is_busy() },
        _ => Outcome { verdict: Verdict::Never(answer.words(place, "")), ends_batch: false },
    }
}

pub(super) fn body(alert: &Alert) -> String {
    let event = Event { r#type: EVENT, timestamp: &alert.detected_at, data: alert };
    serde_json::to_string(&event).expect("proof: an alert holds only texts, numbers and maps with text keys")
}

/// `v1,` and the base64 of the HMAC-SHA256 of id, time and body.
fn signature(key: &SigningKey, id: &str, timestamp: u64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("proof: a key of any length will do");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // The example of the specification of Standard Webhooks.
        let key = SigningKey::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key");
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_answer_has_its_meaning() {
        let judged = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            judge(&Answer { status, text: String::new(), retry_after: None }, "https://x")
        };
        for status in [200, 202, 204] {
            assert_eq!(judged(status).verdict, Verdict::Taken, "{status}");
        }
        for status in [400, 413, 422] {
            assert!(matches!(judged(status).verdict, Verdict::Never(_)) && !judged(status).ends_batch, "{status}");
        }
        for status in [301, 307, 401, 403, 404, 410] {
            let outcome = judged(status);
            assert!(matches!(outcome.verdict, Verdict::Later(Trouble { again: super::super::Again::NextRun, .. })), "{status}");
            assert!(outcome.ends_batch, "{status}");
        }
        for (status, ends_batch) in [(429, true), (503, true), (500, false), (408, false)] {
            let outcome = judged(status);
            assert!(matches!(outcome.verdict, Verdict::Later(Trouble { again: super::super::Again::Soon, .. })), "{status}");
            assert_eq!(outcome.ends_batch, ends_batch, "{status}");
        }
    }
}
