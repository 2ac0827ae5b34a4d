//! Which outputs a run has. Each kind is an output of its own name; the config may declare more, as
//! `"outputs": {"archive": {"kind": "jsonl", "file": "alerts.jsonl"}}`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::mistake::Mistake;
use super::reader::Entry;
use super::suggestion::did_you_mean;

/// In which form an output shows alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A block a detail, for people.
    Stdout,
    /// A line a detail, its parts separated by tabs.
    StdoutTabsep,
    /// A JSON object a line, each an alert.
    Jsonl,
}

/// The kinds there are, by the name that the config gives them.
pub(super) const OUTPUT_KINDS: [(&str, OutputKind); 3] =
    [("stdout", OutputKind::Stdout), ("stdout_tabsep", OutputKind::StdoutTabsep), ("jsonl", OutputKind::Jsonl)];

/// Outputs that old configs name and that this version does not have.
const NOT_YET: [&str; 3] = ["mail_txt", "mail_html", "elasticsearch"];

/// One output of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputSettings {
    /// Its name, by which the outbox knows it.
    pub name: String,
    /// Its form.
    pub kind: OutputKind,
    /// The file that it appends to. None: standard output.
    pub file: Option<PathBuf>,
}

/// Why a list of outputs cannot be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidOutput {
    /// No name, or nothing between two commas.
    #[error("expected the name of an output, or several with commas between them, as in `stdout,jsonl`")]
    NoName,
    /// An output of the future.
    #[error("the output `{0}` is not available yet in this version: use stdout, stdout_tabsep or jsonl for now")]
    NotYet(String),
    /// Nobody knows it.
    #[error("there is no output `{}`{suggestion} (outputs: {known})", .name.escape_debug())]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// `: did you mean ...?`, or nothing.
        suggestion: String,
        /// All names, with commas.
        known: String,
    },
}

/// All outputs that can be chosen, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownOutputs(BTreeMap<String, OutputSettings>);

impl Default for KnownOutputs {
    /// Each kind, on standard output.
    fn default() -> Self {
        let own_name = |(name, kind): (&str, OutputKind)| (name.to_owned(), OutputSettings { name: name.to_owned(), kind, file: None });
        Self(OUTPUT_KINDS.map(own_name).into())
    }
}

impl KnownOutputs {
    /// The outputs of a comma list such as `stdout,jsonl`, each once, in the order of the list.
    pub(super) fn choose(&self, list: &str) -> Result<Vec<OutputSettings>, InvalidOutput> {
        let chosen = list.split(',').map(|name| self.find(name.trim()).cloned()).collect::<Result<_, _>>()?;
        Ok(without_repetitions(chosen))
    }

    fn find(&self, name: &str) -> Result<&OutputSettings, InvalidOutput> {
        if let Some(output) = self.0.get(name) {
            return Ok(output);
        }
        Err(match name {
            "" => InvalidOutput::NoName,
            name if NOT_YET.contains(&name) => InvalidOutput::NotYet(name.to_owned()),
            name => {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                let suggestion = did_you_mean(name, known.iter().copied());
                InvalidOutput::Unknown { name: name.to_owned(), suggestion, known: known.join(", ") }
            }
        })
    }

    /// The outputs that `entry`, a comma list or a list of names, chooses.
    pub(super) fn choose_of(&self, entry: &Entry<'_>, mistakes: &mut Vec<Mistake>) -> Vec<OutputSettings> {
        let names = match entry.one_or_more() {
            Ok(names) => names,
            Err(mistake) => return keep_mistake(mistake, mistakes),
        };
        if names.is_empty() {
            return keep_mistake(entry.wrong_value(InvalidOutput::NoName.to_string()), mistakes);
        }
        let mut chosen = Vec::new();
        for name in names {
            match name.text().and_then(|text| self.choose(text).map_err(|error| name.wrong_value(error.to_string()))) {
                Ok(outputs) => chosen.extend(outputs),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        without_repetitions(chosen)
    }

    /// Takes in `outputs.<name>`. A relative file is taken from `directory`.
    pub(super) fn declare(&mut self, section: &Entry<'_>, directory: &Path, mistakes: &mut Vec<Mistake>) {
        match read_output(section, directory, mistakes) {
            Ok(output) => drop(self.0.insert(output.name.clone(), output)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
}

fn without_repetitions(outputs: Vec<OutputSettings>) -> Vec<OutputSettings> {
    let mut names = BTreeSet::new();
    outputs.into_iter().filter(|output| names.insert(output.name.clone())).collect()
}

fn keep_mistake(mistake: Mistake, mistakes: &mut Vec<Mistake>) -> Vec<OutputSettings> {
    mistakes.push(mistake);
    Vec::new()
}

fn read_output(section: &Entry<'_>, directory: &Path, mistakes: &mut Vec<Mistake>) -> Result<OutputSettings, Mistake> {
    let name = section.name().to_owned();
    if !is_output_name(&name) {
        return Err(section.wrong_key("this is no name of an output: 1 to 64 of the characters a-z, 0-9, _ and - are allowed"));
    }
    let own_kind = kind_of_name(&name);
    let (mut kind, mut file) = (own_kind, None);
    for entry in section.object()? {
        match entry.name() {
            "kind" => kind = read_kind(&entry, own_kind).map_err(|mistake| mistakes.push(mistake)).ok().or(Some(OutputKind::Stdout)),
            "file" => file = entry.filled_text().map(|file| directory.join(file)).map_err(|mistake| mistakes.push(mistake)).ok(),
            other => {
                let suggestion = did_you_mean(other, ["kind", "file"]);
                mistakes.push(entry.wrong_key(format!("an output has no such key{suggestion} (keys: kind, file)")));
            }
        }
    }
    let kind = kind.ok_or_else(|| section.wrong_value("expected the key `kind`: one of stdout, stdout_tabsep, jsonl"))?;
    Ok(OutputSettings { name, kind, file })
}

fn read_kind(entry: &Entry<'_>, own_kind: Option<OutputKind>) -> Result<OutputKind, Mistake> {
    let name = entry.text()?;
    let kind = match KnownOutputs::default().find(name) {
        Ok(output) => output.kind,
        Err(InvalidOutput::NotYet(name)) => return Err(entry.wrong_value(InvalidOutput::NotYet(name).to_string())),
        Err(_) => {
            let suggestion = did_you_mean(name, OUTPUT_KINDS.map(|(name, _)| name));
            return Err(entry.wrong_value(format!("there is no such kind{suggestion} (kinds: stdout, stdout_tabsep, jsonl)")));
        }
    };
    if own_kind.is_some_and(|own| own != kind) {
        return Err(entry.wrong_value("an output that has the name of a kind is of that kind: give this output another name"));
    }
    Ok(kind)
}

fn kind_of_name(name: &str) -> Option<OutputKind> {
    OUTPUT_KINDS.iter().find(|(kind, _)| *kind == name).map(|(_, kind)| *kind)
}

fn is_output_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}
