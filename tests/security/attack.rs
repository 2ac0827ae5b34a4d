//! One attack as data: a row of `docs/security-tests.md`, and a test.

use std::path::Path;

use crate::support::{Place, Ran};

/// Attacks of one kind.
pub(super) struct Group {
    /// What they are after, as a heading.
    pub(super) title: &'static str,
    /// The attacks.
    pub(super) attacks: Vec<Attack>,
}

/// What a hostile rule tries, and what comes of it.
pub(super) struct Attack {
    /// The name of the hostile rule.
    pub(super) name: &'static str,
    /// Its source, in `tests/hostile`.
    pub(super) source: &'static str,
    /// What it tries.
    pub(super) tries: &'static str,
    /// What stops it.
    pub(super) stopped_by: &'static str,
    /// What takes the place of the words in capital letters in its source.
    pub(super) words: Vec<(&'static str, String)>,
    /// The members of the config, as JSON without the braces; `HOSTILE` stands for the rule's name.
    pub(super) config: &'static str,
    /// A config under which the same rule ends well: proof that what stops it is what stops it.
    pub(super) lifted: Option<&'static str>,
    /// The output that gets the alerts.
    pub(super) output: &'static str,
    /// Puts the file where the rules are, if not as `<name>.wasm`.
    pub(super) arrange: Option<fn(&Path, &[u8])>,
    /// What comes of it.
    pub(super) ends: Ends,
}

/// What comes of an attack.
pub(super) enum Ends {
    /// The rule fails, and the summary holds each of these texts.
    Fails(&'static [&'static str]),
    /// The rule cannot be loaded or is no rule at all, and the summary holds each of these texts.
    IsRefused(&'static [&'static str]),
    /// The whole run is refused with exit code 78 and these texts.
    Refuses(&'static [&'static str]),
    /// The rule ends well, and nothing came of it, as this makes sure.
    Harmless(fn(&Attack, &Place, &Ran)),
    /// A test elsewhere shows it, because it needs a stand-in that the whole program cannot be given: its file and its name.
    ShownBy(&'static str, &'static str),
}

/// An attack without anything special about it.
pub(super) fn attack(name: &'static str, source: &'static str, tries: &'static str, stopped_by: &'static str, ends: Ends) -> Attack {
    Attack { name, source, tries, stopped_by, words: Vec::new(), config: "", lifted: None, output: "jsonl", arrange: None, ends }
}

impl Attack {
    /// With a word of its source replaced. Where the source has `<word>-TEXT` and `<word>-LENGTH`, it is data; else WebAssembly text.
    pub(super) fn with(mut self, word: &'static str, content: impl Into<String>) -> Self {
        self.words.push((word, content.into()));
        self
    }

    /// Under this config.
    pub(super) fn under(self, config: &'static str) -> Self {
        Self { config, ..self }
    }

    /// Gets through under this config.
    pub(super) fn unless(self, lifted: &'static str) -> Self {
        Self { lifted: Some(lifted), ..self }
    }
}
