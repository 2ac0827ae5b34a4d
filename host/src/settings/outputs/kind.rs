//! The kinds of outputs, and which keys each of them has: one table for the reader, its suggestions and the JSON Schema.

use super::super::values::SEVERITIES;

/// What an output does with alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A block a detail, for people.
    Stdout,
    /// A line a detail, its parts separated by tabs.
    StdoutTabsep,
    /// A JSON object a line, each an alert.
    Jsonl,
    /// One mail a run, as text.
    MailTxt,
    /// One mail a run, as text and as HTML.
    MailHtml,
    /// A document a detail, for Elasticsearch or `OpenSearch`.
    Elasticsearch,
    /// A signed request an alert (Standard Webhooks).
    Webhook,
    /// One message a run.
    Slack,
}

/// The kinds there are, by the name that the config gives them.
pub(in crate::settings) const OUTPUT_KINDS: [(&str, OutputKind); 8] = [
    ("stdout", OutputKind::Stdout),
    ("stdout_tabsep", OutputKind::StdoutTabsep),
    ("jsonl", OutputKind::Jsonl),
    ("mail_txt", OutputKind::MailTxt),
    ("mail_html", OutputKind::MailHtml),
    ("elasticsearch", OutputKind::Elasticsearch),
    ("webhook", OutputKind::Webhook),
    ("slack", OutputKind::Slack),
];

const STREAMS: &[OutputKind] = &[OutputKind::Stdout, OutputKind::StdoutTabsep, OutputKind::Jsonl];
const MAIL: &[OutputKind] = &[OutputKind::MailTxt, OutputKind::MailHtml];
const ELASTICSEARCH: &[OutputKind] = &[OutputKind::Elasticsearch];
const WEBHOOK: &[OutputKind] = &[OutputKind::Webhook];
const HOOKS: &[OutputKind] = &[OutputKind::Webhook, OutputKind::Slack];
const LOGINS: &[OutputKind] = &[OutputKind::MailTxt, OutputKind::MailHtml, OutputKind::Elasticsearch];
const TLS: &[OutputKind] = &[OutputKind::MailTxt, OutputKind::MailHtml, OutputKind::Elasticsearch, OutputKind::Webhook, OutputKind::Slack];
const ALL: &[OutputKind] = &[
    OutputKind::Stdout,
    OutputKind::StdoutTabsep,
    OutputKind::Jsonl,
    OutputKind::MailTxt,
    OutputKind::MailHtml,
    OutputKind::Elasticsearch,
    OutputKind::Webhook,
    OutputKind::Slack,
];

/// What stands behind a key of an output. Decides nothing but its form in the JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::settings) enum OutputForm {
    /// Any text that is not empty.
    Text,
    /// One such text or a list of them.
    Texts,
    /// A secret: a text, `{"$file": ...}` or `{"$env": ...}`.
    Secret,
    /// A whole number from 1 to this one.
    Count(u64),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// true or an object.
    DataStream,
}

/// One key of an output.
pub(in crate::settings) struct OutputKey {
    /// The key.
    pub(in crate::settings) name: &'static str,
    /// What stands behind it.
    pub(in crate::settings) form: OutputForm,
    /// What it means, for people.
    pub(in crate::settings) about: &'static str,
    /// The kinds that have it.
    pub(in crate::settings) kinds: &'static [OutputKind],
}

const KIND_NAMES: &[&str] = &["stdout", "stdout_tabsep", "jsonl", "mail_txt", "mail_html", "elasticsearch", "webhook", "slack"];
const SEVERITY_NAMES: &[&str] = &[SEVERITIES[0].0, SEVERITIES[1].0, SEVERITIES[2].0, SEVERITIES[3].0, SEVERITIES[4].0];

/// The names of the ways to encrypt mail on its way to the server.
pub(in crate::settings) const TLS_NAMES: &[&str] = &["starttls", "implicit", "none"];

/// The greatest number of alerts that a mail shows.
pub(in crate::settings) const MOST_SHOWN: u64 = 10_000;

const fn key(name: &'static str, form: OutputForm, kinds: &'static [OutputKind], about: &'static str) -> OutputKey {
    OutputKey { name, form, about, kinds }
}

/// Every key that an output can have.
pub(in crate::settings) const OUTPUT_KEYS: [OutputKey; 20] = [
    key("kind", OutputForm::OneOf(KIND_NAMES), ALL, "What the output is. May be left out when the output has the name of a kind."),
    key("min-severity", OutputForm::OneOf(SEVERITY_NAMES), ALL, "Less severe alerts are not for this output."),
    key("rules", OutputForm::Texts, ALL, "Only alerts of these rules are for this output."),
    key("file", OutputForm::Text, STREAMS, "The file that the output appends to (relative to this file). Default: standard output."),
    key("from", OutputForm::Text, MAIL, "The sender. Default: `email_from`."),
    key("to", OutputForm::Texts, MAIL, "The receivers. Default: `email_to`."),
    key("subject", OutputForm::Text, MAIL, "How the subject begins; counts by severity follow. Default: `email_subject`."),
    key("server", OutputForm::Text, MAIL, "The mail server, as `host` or `host:port`. Default: `smtp_host`."),
    key("port", OutputForm::Count(65535), MAIL, "The port of the mail server. Default: 465 for implicit TLS, 587 with a user, else 25."),
    key("tls", OutputForm::OneOf(TLS_NAMES), MAIL, "How mail is encrypted. Default: none to a server on this machine, else starttls."),
    key("max-alerts", OutputForm::Count(MOST_SHOWN), MAIL, "How many alerts a mail shows; all are in the file attached. Default: 100."),
    key("url", OutputForm::Secret, HOOKS, "Where requests go. Never shown, because it often is a secret."),
    key("url", OutputForm::Text, ELASTICSEARCH, "The address of the server, `https://host:port`. Default: from `es_host` and `es_port`."),
    key("secret", OutputForm::Secret, WEBHOOK, "The key that signs requests: `whsec_` and base64. Without it nothing is signed."),
    key("index", OutputForm::Text, ELASTICSEARCH, "The index that documents go to. Default: reddalert."),
    key("data-stream", OutputForm::DataStream, ELASTICSEARCH, "Writes documents of the Elastic Common Schema to a data stream instead."),
    key("api-key", OutputForm::Secret, ELASTICSEARCH, "The API key, encoded as Kibana shows it, or as `id:key`."),
    key("user", OutputForm::Text, LOGINS, "The user name to log in with; needs `password`."),
    key("password", OutputForm::Secret, LOGINS, "The password to log in with; needs `user`."),
    key("ca", OutputForm::Text, TLS, "A PEM file with the certificates that are trusted instead of the system's (relative to this file)."),
];
impl OutputKind {
    /// The kind that is called so.
    pub(in crate::settings) fn of_name(name: &str) -> Option<Self> {
        OUTPUT_KINDS.iter().find(|(kind, _)| *kind == name).map(|(_, kind)| *kind)
    }

    /// Its name in the config.
    pub(in crate::settings) fn name(self) -> &'static str {
        OUTPUT_KINDS.iter().find(|(_, kind)| *kind == self).map(|(name, _)| *name).expect("the table has every kind")
    }

    /// The names of its keys.
    pub(in crate::settings) fn keys(self) -> impl Iterator<Item = &'static str> {
        OUTPUT_KEYS.iter().filter(move |key| key.kinds.contains(&self)).map(|key| key.name)
    }
}
