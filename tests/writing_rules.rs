//! The commands of `docs/writing-rules.md`, run as they stand there, in each language.

use std::process::Command;

use crate::support::{Place, program, project, ran, skipped};

const PAGE: &str = "docs/writing-rules.md";

/// The commands below the heading `title`, up to the next heading of any level.
fn commands(title: &str) -> String {
    let page = std::fs::read_to_string(project().join(PAGE)).expect("the page");
    let (_, below) = page.split_once(&format!("# {title}\n")).unwrap_or_else(|| panic!("{PAGE} has no heading `{title}`"));
    let section = below.split_once("\n#").map_or(below, |(section, _)| section);
    let blocks = section.split("```sh\n").skip(1).filter_map(|block| block.split_once("```"));
    let commands: String = blocks.map(|(commands, _)| commands).collect();
    assert!(!commands.is_empty(), "{title}");
    commands
}

/// Runs them one after the other, as somebody who follows the page.
fn follow(place: &Place, directory: &str, commands: &str) -> String {
    let mut command = Command::new("bash");
    command.args(["-euc", commands]).current_dir(place.path(directory));
    for (name, value) in place.command().get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let program = program();
    let path = std::env::var("PATH").expect("a path");
    command.env("PATH", format!("{}:{path}", program.parent().expect("a directory").display())).env("CHECKOUT", project());
    // What is built lies in the rule's own directory, whatever builds these tests.
    command.env_remove("CARGO_TARGET_DIR").env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    ran(&mut command).exits(0).stdout
}

fn from_nothing_to_a_rule(language: &str, needs: &[&str]) {
    let test = format!("from_nothing_to_a_rule_in_{}", language.to_lowercase());
    for tool in needs {
        if !Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success()) {
            return skipped(&test, &format!("`{tool}` is missing"));
        }
    }
    let place = Place::new();
    follow(&place, ".", &commands("Before you begin"));
    let built = follow(&place, ".", &commands(language));
    assert!(built.contains("1 case"), "{built}");
    let tried = follow(&place, "nameless", &commands("Try it"));
    assert!(tried.contains("has no name"), "{tried}");
}

#[test]
fn from_nothing_to_a_rule_in_rust() {
    from_nothing_to_a_rule("Rust", &["cargo"]);
}

#[test]
fn from_nothing_to_a_rule_in_python() {
    from_nothing_to_a_rule("Python", &["python3"]);
}

#[test]
fn from_nothing_to_a_rule_in_javascript() {
    from_nothing_to_a_rule("JavaScript", &["node", "npm"]);
}

#[test]
fn from_nothing_to_a_rule_in_go() {
    from_nothing_to_a_rule("Go", &["python3"]);
}

#[test]
fn from_nothing_to_a_rule_in_c() {
    from_nothing_to_a_rule("C", &["python3"]);
}
