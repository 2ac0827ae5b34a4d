//! Which outputs a run has. Each kind is an output of its own name; the config may declare more, as
//! `"outputs": {"archive": {"kind": "jsonl", "file": "alerts.jsonl"}}`.

mod certificates;
mod choice;
mod elasticsearch;
mod hooks;
mod kind;
mod login;
mod mail;
mod section;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use self::certificates::TrustedCertificates;
pub use self::choice::InvalidOutput;
pub use self::elasticsearch::{DocumentTarget, ElasticsearchAccess, ElasticsearchSettings};
pub use self::hooks::{HookAddress, SigningKey, SlackSettings, WebhookSettings};
pub use self::kind::OutputKind;
pub(super) use self::kind::{OUTPUT_KEYS, OUTPUT_KINDS, OutputForm};
pub use self::login::Login;
pub use self::mail::{Encryption, MailSettings};
use self::section::OutputSection;
use super::key_values::severity;
use super::mistake::Mistake;
use super::reader::Entry;
use super::servers::OldServerKeys;
use super::subscriber::Subscriber;
use super::suggestion::did_you_mean;
use crate::rule_name::RuleName;

/// One output of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputSettings {
    /// Its name, and which alerts it wants.
    pub subscriber: Subscriber,
    /// Where they go.
    pub target: OutputTarget,
}

/// Where the alerts of an output go, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputTarget {
    /// Text, to a file that is appended to, or without one to standard output.
    Stream {
        /// One of the kinds that write text.
        kind: OutputKind,
        /// The file.
        file: Option<PathBuf>,
    },
    /// Mail.
    Mail(MailSettings),
    /// Elasticsearch or `OpenSearch`.
    Elasticsearch(ElasticsearchSettings),
    /// A webhook.
    Webhook(WebhookSettings),
    /// Slack.
    Slack(SlackSettings),
}

impl OutputSettings {
    /// Its name, by which the outbox knows it.
    pub fn name(&self) -> &str {
        &self.subscriber.name
    }

    /// Whether alerts are written to standard output.
    pub fn is_standard_output(&self) -> bool {
        matches!(self.target, OutputTarget::Stream { file: None, .. })
    }

    /// An output of its own kind's name that the config does not declare.
    fn undeclared(name: &str, kind: OutputKind, old: &OldServerKeys) -> Result<Self, InvalidOutput> {
        let needs_url = || InvalidOutput::NeedsSettings { name: name.to_owned(), needed: "`url` in its section" };
        let target = match kind {
            OutputKind::Stdout | OutputKind::StdoutTabsep | OutputKind::Jsonl => OutputTarget::Stream { kind, file: None },
            OutputKind::MailTxt | OutputKind::MailHtml => OutputTarget::Mail(MailSettings::of_old_keys(kind, &old.mail)),
            OutputKind::Elasticsearch => OutputTarget::Elasticsearch(ElasticsearchSettings::of_old_keys(name, &old.elasticsearch)?),
            OutputKind::Webhook | OutputKind::Slack => return Err(needs_url()),
        };
        Ok(Self { subscriber: Subscriber::to_everything(name), target })
    }
}

/// All outputs that can be chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KnownOutputs {
    /// What outputs use that do not say it themselves.
    pub(super) old_keys: OldServerKeys,
    declared: BTreeMap<String, OutputSettings>,
    /// For each rule that an output names, the mistake to tell when there is no such rule.
    wanted_rules: Vec<(RuleName, Mistake)>,
}

impl KnownOutputs {
    /// Takes in `outputs.<name>`. A relative file is taken from `directory`. The keys of old configs must be known by now.
    pub(super) fn declare(&mut self, section: &Entry<'_>, directory: &Path, mistakes: &mut Vec<Mistake>) {
        let known_mistakes = mistakes.len();
        let output = self.read(section, directory, mistakes).map_err(|mistake| mistakes.push(mistake)).ok().flatten();
        match output {
            Some(output) => drop(self.declared.insert(output.name().to_owned(), output)),
            // The name is taken, so that whoever chooses it is not told of a second mistake.
            None if mistakes.len() > known_mistakes => {
                let target = OutputTarget::Stream { kind: OutputKind::Stdout, file: None };
                let subscriber = Subscriber::to_everything(section.name());
                self.declared.insert(section.name().to_owned(), OutputSettings { subscriber, target });
            }
            None => {}
        }
    }

    fn read(&mut self, section: &Entry<'_>, directory: &Path, mistakes: &mut Vec<Mistake>) -> Result<Option<OutputSettings>, Mistake> {
        let name = section.name().to_owned();
        if !is_output_name(&name) {
            return Err(section.wrong_key("this is no name of an output: 1 to 64 of the characters a-z, 0-9, _ and - are allowed"));
        }
        let kind = kind_of(section)?;
        let mut keys = OutputSection::new(section, kind, directory, mistakes);
        let min_severity = keys.take("min-severity", |entry, _| severity(entry));
        let rules = keys.take("rules", |entry, _| wanted_rules(entry));
        let target = match kind {
            OutputKind::Stdout | OutputKind::StdoutTabsep | OutputKind::Jsonl => {
                let file = keys.take("file", |entry, directory| entry.filled_text().map(|file| directory.join(file)));
                Some(OutputTarget::Stream { kind, file })
            }
            OutputKind::MailTxt | OutputKind::MailHtml => Some(OutputTarget::Mail(MailSettings::read(&mut keys, &self.old_keys.mail))),
            OutputKind::Elasticsearch => {
                ElasticsearchSettings::read(&mut keys, &self.old_keys.elasticsearch).map(OutputTarget::Elasticsearch)
            }
            OutputKind::Webhook => WebhookSettings::read(&mut keys).map(OutputTarget::Webhook),
            OutputKind::Slack => SlackSettings::read(&mut keys).map(OutputTarget::Slack),
        };
        let mut subscriber = Subscriber::to_everything(name);
        subscriber.min_severity = min_severity.unwrap_or(subscriber.min_severity);
        subscriber.rules = rules.as_ref().map(|rules| rules.keys().cloned().collect());
        self.wanted_rules.extend(rules.unwrap_or_default());
        Ok(target.map(|target| OutputSettings { subscriber, target }))
    }

    /// The rules that outputs name and that are not among `known`.
    pub(super) fn unknown_rules(&self, known: &[RuleName]) -> impl Iterator<Item = Mistake> {
        self.wanted_rules.iter().filter(|(rule, _)| !known.contains(rule)).map(|(rule, mistake)| {
            let suggestion = did_you_mean(rule.as_str(), known.iter().map(RuleName::as_str));
            Mistake { message: format!("there is no rule `{rule}`{suggestion}"), ..mistake.clone() }
        })
    }
}

/// The kind that the section names, or the one that the output is named after.
fn kind_of(section: &Entry<'_>) -> Result<OutputKind, Mistake> {
    let own_kind = OutputKind::of_name(section.name());
    let names = || OUTPUT_KINDS.map(|(name, _)| name).join(", ");
    let Some(entry) = section.object()?.into_iter().find(|entry| entry.name() == "kind") else {
        return own_kind.ok_or_else(|| section.wrong_value(format!("expected the key `kind`: one of {}", names())));
    };
    let name = entry.text()?;
    let Some(kind) = OutputKind::of_name(name) else {
        let suggestion = did_you_mean(name, OUTPUT_KINDS.map(|(name, _)| name));
        return Err(entry.wrong_value(format!("there is no such kind{suggestion} (kinds: {})", names())));
    };
    if own_kind.is_some_and(|own| own != kind) {
        return Err(entry.wrong_value("an output that has the name of a kind is of that kind: give this output another name"));
    }
    Ok(kind)
}

/// The rules, each with the mistake it would be if there were no such rule.
fn wanted_rules(entry: &Entry<'_>) -> Result<BTreeMap<RuleName, Mistake>, Mistake> {
    let names = entry.one_or_more()?;
    if names.is_empty() {
        return Err(entry.wrong_value("expected the name of at least one rule; leave the key out for all of them"));
    }
    names.iter().map(|name| Ok((name.text()?.parse().map_err(|error| wrong_rule(name, error))?, name.wrong_value("")))).collect()
}

fn wrong_rule(name: &Entry<'_>, error: impl std::fmt::Display) -> Mistake {
    name.wrong_value(error.to_string())
}

fn without_repetitions(outputs: Vec<OutputSettings>) -> Vec<OutputSettings> {
    let mut names = BTreeSet::new();
    outputs.into_iter().filter(|output| names.insert(output.name().to_owned())).collect()
}

fn is_output_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}
