//! Choosing outputs by name: `output` in the config, `--output` on the command line.

use std::collections::BTreeSet;

use super::kind::OUTPUT_KINDS;
use super::{KnownOutputs, OutputKind, OutputSettings, without_repetitions};
use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;
use crate::settings::suggestion::did_you_mean;
use crate::visible_text::visible;

/// Why a list of outputs cannot be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidOutput {
    /// No name, or nothing between two commas.
    #[error("expected the name of an output, or several with commas between them, as in `stdout,jsonl`")]
    NoName,
    /// It is not known where its alerts go.
    #[error("the output `{name}` does not know where to send: the config needs {needed}, `\"outputs\": {{\"{name}\": {{...}}}}`")]
    NeedsSettings {
        /// The name that was asked for.
        name: String,
        /// What is missing.
        needed: &'static str,
    },
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

impl KnownOutputs {
    /// The outputs of a comma list such as `stdout,jsonl`, each once, in the order of the list.
    pub(in crate::settings) fn choose(&self, list: &str) -> Result<Vec<OutputSettings>, InvalidOutput> {
        let chosen = list.split(',').map(|name| self.find(name.trim())).collect::<Result<_, _>>()?;
        Ok(without_repetitions(chosen))
    }

    fn find(&self, name: &str) -> Result<OutputSettings, InvalidOutput> {
        if let Some(output) = self.declared.get(name) {
            return Ok(output.clone());
        }
        if let Some(kind) = OutputKind::of_name(name) {
            return OutputSettings::undeclared(name, kind, &self.old_keys);
        }
        if name.is_empty() {
            return Err(InvalidOutput::NoName);
        }
        let known: BTreeSet<&str> = OUTPUT_KINDS.iter().map(|(name, _)| *name).chain(self.declared.keys().map(String::as_str)).collect();
        let suggestion = visible(&did_you_mean(name, known.iter().copied())).into_owned();
        let known = Vec::from_iter(known).join(", ");
        Err(InvalidOutput::Unknown { name: name.to_owned(), suggestion, known: visible(&known).into_owned() })
    }

    /// The outputs that `entry`, a comma list or a list of names, chooses.
    pub(in crate::settings) fn choose_of(&self, entry: &Entry<'_>, mistakes: &mut Vec<Mistake>) -> Vec<OutputSettings> {
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
}

fn keep_mistake(mistake: Mistake, mistakes: &mut Vec<Mistake>) -> Vec<OutputSettings> {
    mistakes.push(mistake);
    Vec::new()
}
