//! The keys of old configs that say where mail and documents go: what outputs of these kinds use when their own section does not say it.

use lettre::message::Mailbox;

use super::mistake::Mistake;
use super::reader::Entry;

/// A mail server as `host` or `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MailServer {
    /// A name or an address, without brackets.
    pub(super) host: String,
    /// None: the usual one.
    pub(super) port: Option<u16>,
}

/// `email_*` and `smtp_host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OldMailKeys {
    pub(super) from: Mailbox,
    /// At least one.
    pub(super) to: Vec<Mailbox>,
    pub(super) subject: String,
    pub(super) server: MailServer,
}

impl Default for OldMailKeys {
    fn default() -> Self {
        let address = |text: &str| text.parse().expect("proof: a name, an @ and a host");
        Self {
            from: address("reddalert@localhost"),
            to: vec![address("root@localhost")],
            subject: "[reddalert] Report".to_owned(),
            server: MailServer { host: "localhost".to_owned(), port: None },
        }
    }
}

/// `es_host` and `es_port`. There are no defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OldElasticsearchKeys {
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OldServerKeys {
    pub(super) mail: OldMailKeys,
    pub(super) elasticsearch: OldElasticsearchKeys,
}

impl OldServerKeys {
    /// Takes in one of the keys of this page.
    pub(super) fn set(&mut self, entry: &Entry<'_>) -> Result<(), Mistake> {
        match entry.name() {
            "email_from" => self.mail.from = mailbox(entry)?,
            "email_to" => self.mail.to = mailboxes(entry)?,
            "email_subject" => self.mail.subject = header_text(entry)?,
            "smtp_host" => self.mail.server = server(entry)?,
            "es_host" => self.elasticsearch.host = Some(host(entry)?),
            _ => self.elasticsearch.port = u16::try_from(entry.count(u16::MAX.into())?).ok(),
        }
        Ok(())
    }
}

/// A mail address, with or without a name before it.
pub(super) fn mailbox(entry: &Entry<'_>) -> Result<Mailbox, Mistake> {
    let wrong = |_| entry.wrong_value("expected a mail address, as in `ops@example.com` or `Operations <ops@example.com>`");
    header_text(entry)?.parse().map_err(wrong)
}

/// One address, or a list of them: an old config that gave one text meant one receiver.
pub(super) fn mailboxes(entry: &Entry<'_>) -> Result<Vec<Mailbox>, Mistake> {
    let receivers = entry.one_or_more()?;
    if receivers.is_empty() {
        return Err(entry.wrong_value("expected at least one receiver"));
    }
    receivers.iter().map(mailbox).collect()
}

/// `host`, `host:port`, or an IPv6 address in brackets, with or without a port.
pub(super) fn server(entry: &Entry<'_>) -> Result<MailServer, Mistake> {
    let wrong = || entry.wrong_value("expected a mail server, as in `localhost` or `mail.example.com:587`");
    let text = header_text(entry)?;
    let (host, port) = match text.rsplit_once(':') {
        // An IPv6 address without brackets has colons of its own.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port.parse().map_err(|_| wrong())?)),
        _ => (text.as_str(), None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let bare = !host.is_empty() && !host.contains(['/', '@', ' ']);
    if bare && port != Some(0) { Ok(MailServer { host: host.to_owned(), port }) } else { Err(wrong()) }
}

fn host(entry: &Entry<'_>) -> Result<String, Mistake> {
    let text = header_text(entry)?;
    if text.contains(['/', '@', '?', '#', ' ']) {
        return Err(entry.wrong_value("expected the name of a host, as in `es.example.com`; for a whole address use `url` in `outputs`"));
    }
    Ok(text)
}

/// A text that cannot begin a new line of a mail header.
pub(super) fn header_text(entry: &Entry<'_>) -> Result<String, Mistake> {
    let text = entry.filled_text()?;
    if text.chars().any(char::is_control) { Err(entry.wrong_value("expected a text without line breaks")) } else { Ok(text.to_owned()) }
}
