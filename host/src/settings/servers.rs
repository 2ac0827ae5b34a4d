//! The servers that alerts are sent to: the keys of old configs that say which. They are read and checked now, so that an old
//! config is taken as it is; the outputs that use them come later.

use super::mistake::Mistake;
use super::reader::Entry;

/// Where mail goes (`email_*`, `smtp_host`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// The sender.
    pub from: String,
    /// The receivers, at least one.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The server, with or without a port: `localhost`, `mail.example.com:587`.
    pub server: String,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            from: "reddalert@localhost".to_owned(),
            to: vec!["root@localhost".to_owned()],
            subject: "[reddalert] Report".to_owned(),
            server: "localhost".to_owned(),
        }
    }
}

/// Where documents go (`es_host`, `es_port`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElasticsearchSettings {
    /// The host; there is no default.
    pub host: Option<String>,
    /// The port; there is no default.
    pub port: Option<u16>,
}

/// The servers that alerts are sent to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// Where mail goes.
    pub mail: MailSettings,
    /// Where documents go.
    pub elasticsearch: ElasticsearchSettings,
}

impl Servers {
    /// Takes in one of the keys of this page.
    pub(super) fn set(&mut self, entry: &Entry<'_>) -> Result<(), Mistake> {
        match entry.name() {
            "email_from" => self.mail.from = header_text(entry)?,
            "email_to" => self.mail.to = receivers(entry)?,
            "email_subject" => self.mail.subject = header_text(entry)?,
            "smtp_host" => self.mail.server = header_text(entry)?,
            "es_host" => self.elasticsearch.host = Some(header_text(entry)?),
            _ => self.elasticsearch.port = u16::try_from(entry.count(u16::MAX.into())?).ok(),
        }
        Ok(())
    }
}

/// One text, or a list of them: an old config that gave one text meant one receiver.
fn receivers(entry: &Entry<'_>) -> Result<Vec<String>, Mistake> {
    let receivers = entry.one_or_more()?;
    if receivers.is_empty() {
        return Err(entry.wrong_value("expected at least one receiver"));
    }
    receivers.iter().map(header_text).collect()
}

/// A text that cannot begin a new line of a mail header.
fn header_text(entry: &Entry<'_>) -> Result<String, Mistake> {
    let text = entry.filled_text()?;
    if text.chars().any(char::is_control) { Err(entry.wrong_value("expected a text without line breaks")) } else { Ok(text.to_owned()) }
}
