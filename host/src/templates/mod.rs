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

/// The Rust SDK without what needs other crates of this project: its own tests, and the feature `cases`.
fn standing_alone(path: &str, content: &str) -> String {
    match path {
        "Cargo.toml" => {
            let sections = ["[dev-dependencies]", "[target.'cfg(not(target_arch = \"wasm32\"))'.dependencies]"];
            let alone = sections.iter().fold(content.to_owned(), |content, section| without_section(&content, section));
            without_lines(&alone, |line| line.starts_with("cases = ") || line.starts_with("# `cases`"))
        }
        "src/lib.rs" => without_lines(content, |line| line.contains("feature = \"cases\"") || line == "pub mod cases;"),
        _ => content.to_owned(),
    }
}

/// Up to the next section, or to the end; with the comment above it.
fn without_section(manifest: &str, section: &str) -> String {
    let Some((before, after)) = manifest.split_once(section) else { return manifest.to_owned() };
    let next_section = after.find("\n[").map_or("", |place| &after[place + 1..]);
    let before: Vec<&str> = before.trim_end().lines().collect();
    let kept = before.iter().rposition(|line| !line.starts_with('#')).map_or(0, |last| last + 1);
    format!("{}\n\n{next_section}", before[..kept].join("\n").trim_end())
}

fn without_lines(content: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    content.lines().filter(|line| !is_left_out(line)).flat_map(|line| [line, "\n"]).collect()
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
            if entry.file_type().expect("a type").is_dir() {
                found.extend(listed(directory, &path));
            } else {
                found.insert(path);
            }
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
                let mut expected = listed(&root, directory);
                // Needs crates that a new rule does not have.
                expected.retain(|path| !path.starts_with("src/cases/"));
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
        assert!(!["plugins", "cases", "edda =", "dev-dependencies"].iter().any(|other| manifest.contains(other)), "{manifest}");
        let library = &files.iter().find(|(path, _)| path == "sdk/rust/src/lib.rs").expect("the SDK").1;
        assert!(library.contains("pub mod mock;") && !library.contains("\"cases\""), "{library}");
    }

    #[test]
    fn a_name_that_is_none_in_some_language_is_refused() {
        for text in ["7th", "_x", "odd-ports"] {
            let name: RuleName = text.parse().expect("a rule's name");
            assert_eq!(new_rule(Language::Go, &name), Err(UnusableName(name)));
        }
    }
}
