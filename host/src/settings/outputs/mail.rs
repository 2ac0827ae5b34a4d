//! Where mail goes: `outputs.<name>` of the kinds `mail_txt` and `mail_html`. What is not said there is taken from the keys of old configs.

use lettre::message::Mailbox;

use super::certificates::TrustedCertificates;
use super::kind::{MOST_SHOWN, OutputKind, TLS_NAMES};
use super::login::{Login, is_this_machine};
use super::section::OutputSection;
use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;
use crate::settings::servers::{MailServer, OldMailKeys, header_text, mailbox, mailboxes, server};
use crate::settings::suggestion::did_you_mean;

/// So many alerts are shown in a mail when nobody says otherwise.
const SHOWN: usize = 100;

/// How mail is protected on its way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// The connection begins in the clear and must become encrypted before anything is said.
    StartTls,
    /// The connection is encrypted from its first byte.
    Implicit,
    /// Everybody on the way can read along.
    None,
}

/// A mail output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// Whether the mail has an HTML part beside its text.
    pub html: bool,
    /// The sender.
    pub from: Mailbox,
    /// The receivers, at least one.
    pub to: Vec<Mailbox>,
    /// How the subject begins.
    pub subject: String,
    /// The host of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How mail is encrypted.
    pub encryption: Encryption,
    /// Who logs in.
    pub login: Option<Login>,
    /// Trusted instead of the system's certificates.
    pub certificates: Option<TrustedCertificates>,
    /// How many alerts are shown; all of them are in the file attached.
    pub max_alerts: usize,
}

impl MailSettings {
    /// What the keys of old configs say.
    pub(super) fn of_old_keys(kind: OutputKind, old: &OldMailKeys) -> Self {
        let encryption = default_encryption(&old.server.host);
        Self {
            html: kind == OutputKind::MailHtml,
            from: old.from.clone(),
            to: old.to.clone(),
            subject: old.subject.clone(),
            host: old.server.host.clone(),
            port: old.server.port.unwrap_or_else(|| default_port(encryption, false)),
            encryption,
            login: None,
            certificates: None,
            max_alerts: SHOWN,
        }
    }

    /// Reads a section; what it does not say is taken from `old`.
    pub(super) fn read(section: &mut OutputSection<'_, '_>, old: &OldMailKeys) -> Self {
        let MailServer { host, port } = section.take("server", |entry, _| server(entry)).unwrap_or_else(|| old.server.clone());
        let encryption = section.take("tls", |entry, _| encryption(entry)).unwrap_or_else(|| default_encryption(&host));
        let login = Login::read(section);
        let in_the_clear = encryption == Encryption::None;
        section.refuse(
            "password",
            in_the_clear && !is_this_machine(&host),
            "with `\"tls\": \"none\"` anybody on the way could read this password: use `starttls` or `implicit`",
        );
        section.refuse("ca", in_the_clear, "with `\"tls\": \"none\"` no certificate is looked at");
        section.refuse("port", section_names_port(section, port), "the port stands in `server` already: remove one of the two");
        let own_port = section.take("port", |entry, _| entry.count(u16::MAX.into())).and_then(|port| u16::try_from(port).ok());
        let shown = section.take("max-alerts", |entry, _| entry.count(MOST_SHOWN)).and_then(|shown| usize::try_from(shown).ok());
        Self {
            html: section.kind == OutputKind::MailHtml,
            from: section.take("from", |entry, _| mailbox(entry)).unwrap_or_else(|| old.from.clone()),
            to: section.take("to", |entry, _| mailboxes(entry)).unwrap_or_else(|| old.to.clone()),
            subject: section.take("subject", |entry, _| header_text(entry)).unwrap_or_else(|| old.subject.clone()),
            port: own_port.or(port).unwrap_or_else(|| default_port(encryption, login.is_some())),
            host,
            encryption,
            login,
            certificates: section.take("ca", TrustedCertificates::read),
            max_alerts: shown.unwrap_or(SHOWN),
        }
    }
}

fn section_names_port(section: &OutputSection<'_, '_>, port: Option<u16>) -> bool {
    section.has("server") && port.is_some()
}

/// What never leaves this machine needs no encryption; everything else does, unless the operator says otherwise.
fn default_encryption(host: &str) -> Encryption {
    if is_this_machine(host) { Encryption::None } else { Encryption::StartTls }
}

/// Who logs in submits mail; who does not talks to a relay, as old configs did.
fn default_port(encryption: Encryption, logs_in: bool) -> u16 {
    match encryption {
        Encryption::Implicit => 465,
        Encryption::StartTls | Encryption::None if logs_in => 587,
        Encryption::StartTls | Encryption::None => 25,
    }
}

fn encryption(entry: &Entry<'_>) -> Result<Encryption, Mistake> {
    match entry.text()? {
        "starttls" => Ok(Encryption::StartTls),
        "implicit" => Ok(Encryption::Implicit),
        "none" => Ok(Encryption::None),
        other => {
            let suggestion = did_you_mean(other, TLS_NAMES.iter().copied());
            Err(entry.wrong_value(format!("expected one of {}{suggestion}", TLS_NAMES.join(", "))))
        }
    }
}
