//! A conversation with a mail server. A mail counts as taken when the server has taken it for at least one receiver; those that it was refused
//! for are named.

use std::time::Duration;

use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use super::super::Trouble;
use super::super::http_client::quoted;
use crate::settings::{Encryption, Login, MailSettings};

/// For each answer of the server.
const PATIENCE: Duration = Duration::from_secs(30);
/// In the order of preference. Servers speak at least one of them; the connection is encrypted, so that none of them gives anything away.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
/// The size is more than the server takes: of the mail, or of its part of a mailbox.
const TOO_LARGE: [u16; 2] = [552, 523];

/// Why a mail was not taken.
pub(super) enum Refusal {
    /// With fewer alerts it may be.
    TooLarge(String),
    /// Never, whatever is done about the settings: the server does not like what is in it.
    Content(String),
    /// Not now.
    Other(Trouble),
}

/// A server, and how to talk to it.
pub(super) struct Smtp {
    /// The output's name, for advice.
    name: String,
    host: String,
    port: u16,
    encryption: Encryption,
    /// None: nothing is encrypted.
    tls: Option<TlsParameters>,
    login: Option<Login>,
    from: Address,
    to: Vec<Address>,
}

impl Smtp {
    /// Does not connect yet.
    pub(super) fn new(name: &str, settings: &MailSettings) -> Result<Self, Error> {
        let address = |mailbox: &Mailbox| mailbox.email.clone();
        Ok(Self {
            name: name.to_owned(),
            host: settings.host.clone(),
            port: settings.port,
            encryption: settings.encryption,
            tls: if settings.encryption == Encryption::None { None } else { Some(tls_parameters(settings)?) },
            login: settings.login.clone(),
            from: address(&settings.from),
            to: settings.to.iter().map(address).collect(),
        })
    }

    /// Sends a whole mail. Returns what the operator has to know of it: the receivers that it was refused for.
    pub(super) fn send(&self, mail: &[u8]) -> Result<Vec<String>, Refusal> {
        let mut connection = self.connect()?;
        let sent = self.converse(&mut connection, mail);
        match sent {
            Ok(_) => drop(connection.quit()),
            Err(_) => connection.abort(),
        }
        sent
    }

    fn connect(&self) -> Result<SmtpConnection, Refusal> {
        let unreachable = |error: Error| self.trouble("cannot be talked to", &error, "see to `server`, `port`, `tls` and `ca`");
        let implicit = self.tls.as_ref().filter(|_| self.encryption == Encryption::Implicit);
        let name = own_name();
        let mut connection =
            SmtpConnection::connect((self.host.as_str(), self.port), Some(PATIENCE), &name, implicit, None).map_err(unreachable)?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.encryption == Encryption::StartTls) {
            if !connection.can_starttls() {
                connection.abort();
                return Err(self.no_starttls());
            }
            connection.starttls(tls, &name).map_err(|error| self.lasting("refuses STARTTLS", &error, "see to `tls` and `ca`"))?;
        }
        if let Some(login) = &self.login {
            let credentials = Credentials::new(login.user.clone(), login.password.expose().to_owned());
            let refused = connection.auth(&MECHANISMS, &credentials);
            refused.map_err(|error| self.lasting("refuses the login", &error, "see to `user` and `password`"))?;
        }
        Ok(connection)
    }

    fn no_starttls(&self) -> Refusal {
        let Self { name, host, port, .. } = self;
        Refusal::Other(Trouble::lasting(format!(
            "the mail server {host}:{port} does not offer STARTTLS, and without it anybody on the way could read the alerts; to allow that, \
             set `\"tls\": \"none\"` in `outputs.{name}`"
        )))
    }

    fn converse(&self, connection: &mut SmtpConnection, mail: &[u8]) -> Result<Vec<String>, Refusal> {
        let mail_options = self.mail_options(connection)?;
        let sender = connection.command(Mail::new(Some(self.from.clone()), mail_options));
        sender
            .map_err(|error| self.trouble(&format!("refuses the sender {}", self.from), &error, "see to `from`, `user` and `password`"))?;
        let refused = self.name_receivers(connection)?;
        connection.command(Data).map_err(|error| self.trouble("refuses mail", &error, ""))?;
        connection.message(mail).map_err(|error| self.refused_content(&error))?;
        Ok(refused)
    }

    /// Receivers outside ASCII need a server that knows them.
    fn mail_options(&self, connection: &SmtpConnection) -> Result<Vec<MailParameter>, Refusal> {
        let all_ascii = self.to.iter().chain([&self.from]).all(|address| AsRef::<str>::as_ref(address).is_ascii());
        if all_ascii {
            return Ok(vec![]);
        }
        if connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Ok(vec![MailParameter::SmtpUtfEight]);
        }
        let reason = format!("the mail server {} takes no addresses outside ASCII; see to `from` and `to`", self.host);
        Err(Refusal::Other(Trouble::lasting(reason)))
    }

    /// Returns the receivers that the server refuses, with its reasons. An error when it refuses all of them.
    fn name_receivers(&self, connection: &mut SmtpConnection) -> Result<Vec<String>, Refusal> {
        let (mut refused, mut may_pass) = (Vec::new(), false);
        for receiver in &self.to {
            let Err(error) = connection.command(Rcpt::new(receiver.clone(), vec![])) else { continue };
            if !error.is_permanent() && !error.is_transient() {
                return Err(self.trouble("broke off", &error, ""));
            }
            may_pass |= error.is_transient();
            refused.push(format!("{} refuses {receiver}: {}", self.host, shown(&error)));
        }
        if refused.len() < self.to.len() {
            return Ok(refused.into_iter().map(|reason| format!("{reason}; the other receivers have the mail")).collect());
        }
        let reason = format!("the mail server {}; see to `to`", refused.join("; "));
        Err(Refusal::Other(if may_pass { Trouble::passing(reason) } else { Trouble::lasting(reason) }))
    }

    fn refused_content(&self, error: &Error) -> Refusal {
        let reason = format!("the mail server {}:{} refuses the mail: {}", self.host, self.port, shown(error));
        match error.status().map(u16::from) {
            Some(code) if TOO_LARGE.contains(&code) => Refusal::TooLarge(reason),
            Some(_) if error.is_permanent() => Refusal::Content(reason),
            _ => Refusal::Other(Trouble::passing(reason)),
        }
    }

    /// What may pass unless the server says that it will not.
    fn trouble(&self, what: &str, error: &Error, advice: &str) -> Refusal {
        let may_pass = !error.is_permanent() && !error.is_tls() && !error.is_client();
        let lasting = self.lasting(what, error, advice);
        match lasting {
            Refusal::Other(trouble) if may_pass => Refusal::Other(Trouble::passing(trouble.reason)),
            other => other,
        }
    }

    fn lasting(&self, what: &str, error: &Error, advice: &str) -> Refusal {
        let advice = if advice.is_empty() { String::new() } else { format!("; {advice} in `outputs.{}`", self.name) };
        let reason = format!("the mail server {}:{} {what}: {}{advice}", self.host, self.port, shown(error));
        let passes = error.is_transient();
        Refusal::Other(if passes { Trouble::passing(reason) } else { Trouble::lasting(reason) })
    }
}

/// Without certificates of its own an output trusts those of the system.
fn tls_parameters(settings: &MailSettings) -> Result<TlsParameters, Error> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(certificates) = &settings.certificates {
        tls = tls.certificate_store(CertificateStore::None);
        tls = tls.add_root_certificate(Certificate::from_pem(&certificates.pem)?);
    }
    tls.build()
}

/// The error with its causes, as far as they say something new, harmless on a terminal.
fn shown(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
        let text = cause.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
    }
    quoted(&words)
}

/// How this machine calls itself.
fn own_name() -> ClientId {
    let node = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let plain = node.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    if plain && !node.is_empty() { ClientId::Domain(node) } else { ClientId::default() }
}
