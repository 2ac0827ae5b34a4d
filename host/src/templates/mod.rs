//! What a new rule begins with: files with `{{name}}` where the name of the rule belongs, what rules in that language are written with, and the
//! contract. All of it is in the program, so a rule needs nothing else of this project.

mod files;

use crate::command_line::Language;
use crate::contract;
use crate::rule_name::RuleName;

/// Where the name of the rule belongs.
const NAME: &str = "{{name}}";

type Files = &'static [(&'static str, &'static str)];

struct Template {
    /// The rule's own files.
    rule: Files,
    /// Where the SDK goes.
    sdk_directory: &'static str,
    sdk: Files,
}

/// A name that cannot be used in every language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` cannot be the name of a new rule: a letter, then letters, digits and _ are expected, all small, at most 64")]
pub struct UnusableName(RuleName);

/// The files of a new rule: the path of each in its directory, and its text.
///
/// # Errors
/// The name would be none in one of the languages.
pub fn new_rule(language: Language, name: &RuleName) -> Result<Vec<(String, String)>, UnusableName> {
    let text = name.as_str();
    if !text.starts_with(|first: char| first.is_ascii_lowercase()) || text.contains('-') {
        return Err(UnusableName(name.clone()));
    }
    let Template { rule, sdk_directory, sdk } = files::template(language);
    let rule = rule.iter().map(|(path, content)| ((*path).to_owned(), content.replace(NAME, text)));
    let sdk = sdk.iter().map(|(path, content)| (format!("{sdk_directory}/{path}"), standing_alone(path, content)));
    let contract = contract::FILES.iter().map(|(path, content)| (format!("wit/{path}"), (*content).to_owned()));
    Ok(rule.chain(sdk).chain(contract).collect())
}

/// The Rust SDK's own tests need the shipped rules, and these are not there.
fn standing_alone(path: &str, content: &str) -> String {
    let tests_need = "[dev-dependencies]";
    match content.split_once(tests_need) {
        Some((before, after)) if path == "Cargo.toml" => {
            let next_section = after.find("\n[").map_or("", |place| &after[place + 1..]);
            format!("{}\n\n{next_section}", before.trim_end())
        }
        _ => content.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use clap::ValueEnum as _;

    use super::*;

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn name_of(language: Language) -> String {
        language.to_possible_value().expect("a value").get_name().to_owned()
    }

    /// Files below a directory, with their paths in it; what a build leaves there is none of them.
    fn listed(directory: &Path, below: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(directory.join(below)).expect("a directory") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if name == "__pycache__" || name == "node_modules" {
                continue;
            }
            if entry.file_type().expect("a type").is_dir() { found.extend(listed(directory, &path)) } else { drop(found.insert(path)) }
        }
        found
    }

    #[test]
    fn every_file_of_a_template_and_of_an_sdk_is_in_the_program() {
        for language in Language::value_variants() {
            let Template { rule, sdk, .. } = files::template(*language);
            let root = project().join("sdk").join(name_of(*language));
            let paths = |files: Files| files.iter().map(|(path, _)| (*path).to_owned()).collect::<BTreeSet<_>>();
            assert_eq!(paths(rule), listed(&root.join("template"), ""));
            let in_sdk = paths(sdk);
            let directories: BTreeSet<&str> = in_sdk.iter().filter_map(|path| Some(path.split_once('/')?.0)).collect();
            for directory in directories {
                let expected = listed(&root, directory);
                assert!(expected.is_subset(&in_sdk), "{:?}", expected.difference(&in_sdk));
            }
        }
    }

    #[test]
    fn the_name_stands_wherever_it_belongs() {
        let name: RuleName = "odd_ports".parse().expect("a name");
        for language in Language::value_variants() {
            let files = new_rule(*language, &name).expect("files");
            let makefile = &files.iter().find(|(path, _)| path == "Makefile").expect("a Makefile").1;
            assert!(makefile.contains("odd_ports.wasm:"), "{makefile}");
            assert!(files.iter().all(|(_, text)| !text.contains(NAME)));
            assert!(files.iter().any(|(path, _)| path == "wit/world.wit"));
        }
    }

    #[test]
    fn the_rust_sdk_stands_alone() {
        let files = new_rule(Language::Rust, &"x".parse().expect("a name")).expect("files");
        let manifest = &files.iter().find(|(path, _)| path == "sdk/rust/Cargo.toml").expect("the SDK").1;
        assert!(manifest.contains("[target.") && manifest.ends_with("[lints]\nworkspace = true\n"), "{manifest}");
        assert!(!manifest.contains("plugins"), "{manifest}");
    }

    #[test]
    fn a_name_that_is_none_in_some_language_is_refused() {
        for text in ["7th", "_x", "odd-ports"] {
            let name: RuleName = text.parse().expect("a rule's name");
            assert_eq!(new_rule(Language::Go, &name), Err(UnusableName(name)));
        }
    }
}
