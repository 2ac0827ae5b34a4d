//! The config file, typed and checked before anything else is done. It is JSON with comments, of the shape that old configs have.
//! A typo is never ignored: a key nobody knows, a value of the wrong kind, a name that stands twice are mistakes, each with its place.

mod credentials;
pub mod grants;
mod inventory_address;
mod key_values;
mod keys;
mod limits;
mod mistake;
mod monitoring;
mod outputs;
mod places;
mod reader;
mod rule_settings;
mod rules;
mod schema;
mod secret;
mod servers;
mod signatures;
mod source_text;
mod subscriber;
pub mod suggestion;
#[cfg(test)]
mod tests;
pub mod values;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::grants::Surroundings;
use self::key_values::{address, directories, duration, duration_or_never, severity, size};
use self::keys::{Form, KEYS, MOST_JOBS};
use self::outputs::KnownOutputs;
use self::reader::Entry;
use self::rules::RuleSections;
use self::source_text::SourceText;
use self::suggestion::did_you_mean;
use crate::alert::Severity;

pub use self::credentials::{AwsSettings, ChefVersion, CredentialSettings};
pub use self::inventory_address::{InvalidAddress, InventoryAddress};
pub use self::limits::Limits;
pub use self::mistake::{Mistake, Position, SettingsError, Warning};
pub use self::monitoring::{EXIT_PLACEHOLDER, MonitoringSettings, parse_dsn};
pub use self::outputs::{
    DocumentTarget, ElasticsearchAccess, ElasticsearchSettings, Encryption, HookAddress, InvalidOutput, Login, MailSettings, OutputKind,
    OutputSettings, OutputTarget, SigningKey, SlackSettings, TrustedCertificates, WebhookSettings,
};
pub use self::rules::ConfiguredRule;
pub use self::schema::json_schema;
pub use self::secret::Secret;
pub use self::signatures::SignatureSettings;
pub use self::subscriber::Subscriber;

/// The config file of a run that names none, in the working directory.
pub const DEFAULT_FILE: &str = "etc/configfile.json";

/// The inventory counts as stale when it lies further behind than this.
const STALE_AFTER: Duration = Duration::from_hours(3);

/// No rule runs while the outbox is larger than this, bytes: some hundred thousand alerts.
const OUTBOX_LIMIT: u64 = 256 << 20;

/// Everything that the config file says, and the defaults for what it does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The config file.
    pub file: PathBuf,
    /// Where the inventory is.
    pub edda: InventoryAddress,
    /// Whether a run remembers how far it has looked.
    pub store_until: bool,
    /// How far the inventory may lie behind. None: never too far.
    pub stale_after: Option<Duration>,
    /// More directories with rules; relative ones have been taken from the directory of the config file.
    pub plugin_directories: Vec<PathBuf>,
    /// No rule runs while the outbox is larger than this, bytes.
    pub outbox_limit: u64,
    /// Whether a rule without a manifest is refused.
    pub require_manifest: bool,
    /// Whether rule files count that others may write.
    pub trust_writable_rules: bool,
    /// The lock file, if the config names one.
    pub lock: Option<PathBuf>,
    /// Whose signatures make a rule file trusted. None: nobody asks for signatures.
    pub signatures: Option<SignatureSettings>,
    /// How long a run may take in all.
    pub max_time: Option<Duration>,
    /// How many rules run side by side. None: as many as there are processors.
    pub jobs: Option<NonZeroUsize>,
    /// The severity from which on an alert makes the exit code 1.
    pub fail_on: Option<Severity>,
    /// Who is told how a run went.
    pub monitoring: MonitoringSettings,
    /// What signs requests, by name.
    pub credentials: BTreeMap<String, CredentialSettings>,
    outputs: Vec<OutputSettings>,
    known_outputs: KnownOutputs,
    sections: RuleSections,
    text: SourceText,
}

impl Default for Settings {
    /// The settings of an empty config file at its default place.
    fn default() -> Self {
        Self {
            file: PathBuf::from(DEFAULT_FILE),
            edda: InventoryAddress::default(),
            store_until: true,
            stale_after: Some(STALE_AFTER),
            plugin_directories: Vec::new(),
            outbox_limit: OUTBOX_LIMIT,
            require_manifest: false,
            trust_writable_rules: false,
            lock: None,
            signatures: None,
            max_time: None,
            jobs: None,
            fail_on: None,
            monitoring: MonitoringSettings::default(),
            credentials: BTreeMap::new(),
            outputs: vec![OutputSettings {
                subscriber: Subscriber::to_everything("stdout"),
                target: OutputTarget::Stream { kind: OutputKind::Stdout, file: None },
            }],
            known_outputs: KnownOutputs::default(),
            sections: RuleSections::default(),
            text: SourceText::default(),
        }
    }
}

impl Settings {
    /// Reads and checks the config file. A `file` that is named has to be there; the one at the default place may be absent.
    pub fn read(file: Option<&Path>) -> Result<Self, SettingsError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        match fs::read(path) {
            Ok(bytes) => Self::from_bytes(&bytes, path),
            Err(error) if error.kind() == ErrorKind::NotFound && file.is_none() => Ok(Self::default()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(SettingsError::Absent(path.to_owned())),
            Err(error) if error.kind() == ErrorKind::IsADirectory => Err(SettingsError::Directory(path.to_owned())),
            Err(source) => Err(SettingsError::Unreadable { file: path.to_owned(), source }),
        }
    }

    fn from_bytes(bytes: &[u8], file: &Path) -> Result<Self, SettingsError> {
        let text = std::str::from_utf8(bytes).map_err(|source| {
            let line = bytes[..source.valid_up_to()].split(|byte| *byte == b'\n').count();
            SettingsError::NotText { file: file.to_owned(), line, source }
        })?;
        Self::parse(text.strip_prefix('\u{feff}').unwrap_or(text), file)
    }

    /// Checks the text of a config file; `file` is its name in messages, and its directory is where relative paths begin.
    pub fn parse(text: &str, file: &Path) -> Result<Self, SettingsError> {
        let mut mistakes = Vec::new();
        let mut settings = Self { file: file.to_owned(), text: SourceText::new(text), ..Self::default() };
        if let Err(mistake) = reader::read_document(text, |root| settings.take_in(root, &mut mistakes)) {
            mistakes.push(mistake);
        }
        SettingsError::unless_empty(file, mistakes)?;
        Ok(settings)
    }

    /// The outputs of a run: those of the comma list `chosen` (`--output`), or else those of the config. Each once, in order.
    pub fn outputs(&self, chosen: Option<&str>) -> Result<Vec<OutputSettings>, InvalidOutput> {
        chosen.map_or_else(|| Ok(self.outputs.clone()), |list| self.known_outputs.choose(list))
    }

    fn directory(&self) -> PathBuf {
        self.file.parent().map(Path::to_owned).unwrap_or_default()
    }

    fn take_in(&mut self, root: &Entry<'_>, mistakes: &mut Vec<Mistake>) {
        let entries = match root.object() {
            Ok(entries) => entries,
            Err(mistake) => return mistakes.push(mistake),
        };
        mistakes.extend(root.repeated_keys());
        let (mut dotted, mut nested) = (Vec::new(), Vec::new());
        for entry in &entries {
            if let Some((kind, name)) = entry.name().split_once('.') {
                dotted.push((kind, entry.clone().named(name)));
            } else if is_kind_of_section(entry.name()) {
                match entry.object() {
                    Ok(sections) => nested.extend(sections.into_iter().map(|section| (entry.name(), section))),
                    Err(mistake) => mistakes.push(mistake),
                }
            } else if let Err(mistake) = self.take_key(entry) {
                mistakes.push(mistake);
            }
        }
        mistakes.extend(sections_in_both(&dotted, &nested));
        dotted.iter().chain(&nested).for_each(|(kind, section)| self.take_section(kind, section, mistakes));
        // After all credentials, which they name.
        let named = |(kind, section): &'_ (&str, Entry<'_>)| (*kind == "credentials").then(|| section.name().to_owned());
        let credentials: Vec<String> = dotted.iter().chain(&nested).filter_map(named).collect();
        self.take_grants(dotted.iter().chain(&nested), &credentials, mistakes);
        // Chosen last, so that it does not matter where in the file the outputs are declared.
        if let Some(entry) = entries.iter().find(|entry| entry.name() == "output") {
            self.outputs = self.known_outputs.choose_of(entry, mistakes);
        }
    }

    fn take_grants<'s, 'a: 's>(
        &mut self,
        sections: impl Iterator<Item = &'s (&'s str, Entry<'a>)>,
        credentials: &[String],
        mistakes: &mut Vec<Mistake>,
    ) {
        let directory = self.directory();
        let surroundings = Surroundings { directory: &directory, credentials };
        for (_, section) in sections.filter(|(kind, _)| *kind == "grants") {
            self.sections.set_grants(section, &surroundings, mistakes);
        }
    }

    fn take_key(&mut self, entry: &Entry<'_>) -> Result<(), Mistake> {
        match entry.name() {
            "edda" => self.edda = address(entry)?.relative_to(&self.directory()),
            "store-until" => self.store_until = entry.boolean()?,
            "stale-after" => self.stale_after = duration_or_never(entry)?,
            "plugins" => self.plugin_directories = directories(entry, &self.directory())?,
            "outbox-limit" => self.outbox_limit = size(entry)?,
            "require-manifest" => self.require_manifest = entry.boolean()?,
            "trust-writable-rules" => self.trust_writable_rules = entry.boolean()?,
            "lock" => self.lock = Some(self.directory().join(entry.filled_text()?)),
            "signatures" => self.signatures = Some(signatures::read(entry)?),
            "max-time" => self.max_time = Some(duration(entry)?),
            "jobs" => self.jobs = usize::try_from(entry.count(MOST_JOBS)?).ok().and_then(NonZeroUsize::new),
            "fail-on" => self.fail_on = Some(severity(entry)?),
            "email_from" | "email_to" | "email_subject" | "smtp_host" | "es_host" | "es_port" => self.known_outputs.old_keys.set(entry)?,
            "metrics-file" | "ping-url" | "sentry" => {
                let directory = self.directory();
                self.monitoring.set(entry, &directory)?;
            }
            "$schema" => drop(entry.text()?),
            "output" => {}
            _ => return Err(unknown_key(entry)),
        }
        Ok(())
    }

    fn take_section(&mut self, kind: &str, section: &Entry<'_>, mistakes: &mut Vec<Mistake>) {
        match kind {
            "plugin" => self.sections.set_plugin(section, mistakes),
            "limits" => self.sections.set_limits(section, mistakes),
            "grants" => {}
            "outputs" => self.known_outputs.declare(section, &self.directory(), mistakes),
            "credentials" => match credentials::read(section, &self.directory()) {
                Ok(credential) => drop(self.credentials.insert(section.name().to_owned(), credential)),
                Err(mistake) => mistakes.push(mistake),
            },
            _ => mistakes.push(unknown_section(kind, section)),
        }
    }
}

fn is_kind_of_section(name: &str) -> bool {
    kinds_of_sections().any(|kind| kind == name)
}

fn kinds_of_sections() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter(|key| key.form == Form::Sections).map(|key| key.name)
}

/// The sections that stand both at the top (`limits.iam`) and inside (`iam` in `limits`).
fn sections_in_both(dotted: &[(&str, Entry<'_>)], nested: &[(&str, Entry<'_>)]) -> Vec<Mistake> {
    let lines: HashMap<&str, usize> = dotted.iter().map(|(_, section)| (section.key(), section.position().line)).collect();
    let again = |(_, section): &(&str, Entry<'_>)| {
        let line = lines.get(section.key())?;
        Some(section.wrong_key(format!("this section stands twice, here and in line {line}: make one of the two")))
    };
    nested.iter().filter_map(again).collect()
}

fn unknown_key(entry: &Entry<'_>) -> Mistake {
    let suggestion = did_you_mean(entry.name(), KEYS.iter().map(|key| key.name));
    entry.wrong_key(format!("there is no such key{suggestion}"))
}

fn unknown_section(kind: &str, section: &Entry<'_>) -> Mistake {
    let nearest = suggestion::nearest(kind, kinds_of_sections());
    let suggestion = nearest.map(|kind| format!(": did you mean `{kind}.{}`?", section.name().escape_debug()));
    section.wrong_key(format!("there is no such key{}", suggestion.unwrap_or_default()))
}
