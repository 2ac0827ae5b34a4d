//! A mail as it goes over the wire: headers, the text, the HTML, and when not all is shown the alerts themselves as a file.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use super::super::format::{Format, severity_counts, severity_name};
use super::digest::Digest;
use super::{html, text};
use crate::alert::{Alert, Severity};
use crate::settings::MailSettings;

/// The file that has all alerts of a mail.
const ATTACHMENT: &str = "alerts.jsonl";
/// So many names of rules stand in a header.
const RULES_IN_HEADER: usize = 20;

/// What all mails of an output have in common.
#[derive(Debug)]
pub(super) struct Composer {
    name: String,
    html: bool,
    from: Mailbox,
    to: Vec<Mailbox>,
    subject: String,
    max_alerts: usize,
}

impl Composer {
    /// `name` is the output's.
    pub(super) fn new(name: &str, settings: &MailSettings) -> Self {
        let MailSettings { html, from, to, subject, max_alerts, .. } = settings.clone();
        Self { name: name.to_owned(), html, from, to, subject, max_alerts }
    }

    /// One mail with all of `alerts`.
    pub(super) fn compose(&self, alerts: &[Arc<Alert>], now: SystemTime) -> Result<Message, lettre::error::Error> {
        let domain = self.from.email.domain();
        let counts = severity_counts(alerts.iter().map(AsRef::as_ref));
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(format!("{}: {counts}", self.subject))
            .date(now)
            .message_id(Some(format!("<{}@{domain}>", self.identity(alerts))));
        for receiver in &self.to {
            builder = builder.to(receiver.clone());
        }
        for (header, value) in self.headers(alerts, domain) {
            builder = builder.raw_header(HeaderValue::new(header, value));
        }
        let digest = Digest::new(alerts, self.max_alerts);
        let body = self.body(&digest);
        match (body, digest.rest.is_some()) {
            (Parts::One(text), false) => builder.singlepart(text),
            (Parts::One(text), true) => builder.multipart(MultiPart::mixed().singlepart(text).singlepart(attachment(alerts))),
            (Parts::Two(both), false) => builder.multipart(both),
            (Parts::Two(both), true) => builder.multipart(MultiPart::mixed().multipart(both).singlepart(attachment(alerts))),
        }
    }

    /// The same for a mail with the same alerts, so that a reader can fold one that came twice.
    fn identity(&self, alerts: &[Arc<Alert>]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        for alert in alerts {
            hash.update(b"\n");
            hash.update(alert.alert_id.as_bytes());
        }
        let number = hash.finalize().iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        format!("{number:032x}")
    }

    /// For filters, and so that no holiday message comes back.
    fn headers(&self, alerts: &[Arc<Alert>], domain: &str) -> Vec<(HeaderName, String)> {
        let worst = alerts.iter().map(|alert| alert.severity).max().unwrap_or(Severity::Info);
        let rules: BTreeSet<&str> = alerts.iter().map(|alert| alert.plugin_name.as_str()).collect();
        let rules: Vec<&str> = rules.into_iter().take(RULES_IN_HEADER).collect();
        vec![
            (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()),
            (HeaderName::new_from_ascii_str("List-Id"), format!("reddalert <reddalert.{domain}>")),
            (HeaderName::new_from_ascii_str("X-Reddalert-Output"), self.name.clone()),
            (HeaderName::new_from_ascii_str("X-Reddalert-Severity"), severity_name(worst).to_owned()),
            (HeaderName::new_from_ascii_str("X-Reddalert-Rules"), rules.join(", ")),
            (HeaderName::new_from_ascii_str("X-Reddalert-Alerts"), alerts.len().to_string()),
        ]
    }

    fn body(&self, digest: &Digest) -> Parts {
        let text = quoted_printable(ContentType::TEXT_PLAIN, text::text(digest));
        if !self.html {
            return Parts::One(text);
        }
        // Readers show the last form that they can.
        Parts::Two(MultiPart::alternative().singlepart(text).singlepart(quoted_printable(ContentType::TEXT_HTML, html::page(digest))))
    }
}

/// What people read: one form, or a choice of two.
enum Parts {
    One(SinglePart),
    Two(MultiPart),
}

fn quoted_printable(content_type: ContentType, text: String) -> SinglePart {
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).expect("proof: quoted-printable takes any text");
    SinglePart::builder().header(content_type).body(body)
}

fn attachment(alerts: &[Arc<Alert>]) -> SinglePart {
    let mut lines = String::new();
    for alert in alerts {
        Format::JsonLines.write(alert, &mut lines);
    }
    let body = Body::new_with_encoding(lines.into_bytes(), ContentTransferEncoding::Base64).expect("proof: base64 takes any bytes");
    let content_type = ContentType::parse("application/x-ndjson").expect("proof: a type and a subtype");
    Attachment::new(ATTACHMENT.to_owned()).body(body, content_type)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{alert, alerts};
    use super::*;
    use crate::alert::Detail;

    fn composer(html: bool, max_alerts: usize) -> Composer {
        let (from, to) = ("Réd <red@example.com>".parse().expect("a sender"), vec!["ops@example.com".parse().expect("a receiver")]);
        Composer { name: "ops".into(), html, from, to, subject: "[reddalert] Bericht für Zoltán".into(), max_alerts }
    }

    fn composed(composer: &Composer, alerts: &[Arc<Alert>]) -> String {
        let message = composer.compose(alerts, SystemTime::UNIX_EPOCH).expect("a mail");
        String::from_utf8(message.formatted()).expect("a mail is ASCII")
    }

    #[test]
    fn a_mail_has_the_headers_that_mail_needs() {
        let mail = composed(&composer(false, 9), &alerts(2));
        for line in [
            "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
            "To: ops@example.com\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "List-Id: reddalert <reddalert.example.com>\r\n",
            "X-Reddalert-Severity: medium\r\n",
            "X-Reddalert-Rules: iam\r\n",
            "X-Reddalert-Alerts: 2\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Transfer-Encoding: quoted-printable\r\n",
        ] {
            assert!(mail.contains(line), "{line:?} in {mail}");
        }
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 998), "{mail}");
    }

    #[test]
    fn the_same_alerts_have_the_same_message_id() {
        let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID: ")).map(str::to_owned).expect("an id");
        let (one, other) = (composer(true, 9), Composer { name: "other".into(), ..composer(true, 9) });
        assert_eq!(id(&composed(&one, &alerts(2))), id(&composed(&one, &alerts(2))));
        assert_ne!(id(&composed(&one, &alerts(2)[..1])), id(&composed(&one, &alerts(2)[1..])), "another alert");
        assert_ne!(id(&composed(&one, &alerts(2))), id(&composed(&other, &alerts(2))));
    }

    #[test]
    fn text_comes_before_html_and_alerts_are_attached_when_not_all_are_shown() {
        let mail = composed(&composer(true, 9), &alerts(2));
        let (plain, html) = (mail.find("text/plain"), mail.find("text/html"));
        assert!(mail.contains("multipart/alternative") && plain < html && plain.is_some(), "{mail}");
        assert!(!mail.contains(ATTACHMENT));
        let mail = composed(&composer(true, 1), &alerts(2));
        assert!(mail.contains("multipart/mixed") && mail.contains("filename=\"alerts.jsonl\""), "{mail}");
    }

    #[test]
    fn no_text_of_a_rule_gets_into_a_header() {
        let hostile = alert("iam", "x\r\nBcc: all@example.com", Severity::High, vec![Detail::Text("y\r\n.\r\nMAIL FROM:<x@y>".into())]);
        let mail = composed(&composer(true, 9), &[hostile]);
        assert!(!mail.lines().any(|line| line.starts_with("Bcc:") || line.starts_with("MAIL FROM") || line == "."), "{mail}");
    }
}
