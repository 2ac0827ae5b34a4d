//! `docs/security-tests.md`, made from the tables.

use std::fmt::Write as _;

use super::attack::{Attack, Ends};
use super::groups;
use crate::support::project;

const PAGE: &str = "docs/security-tests.md";

const BEGINNING: &str = "\
# Security tests

Each row is a hostile rule that `make test` runs beside an honest one, with the whole program. The attack has to fail and to be named, the honest rule has to
deliver its alert, and the program has to stay within 1.5 GB of memory, 100 s of processor time and 300 kB of messages. \"Gets through when lifted\": the test also
shows that the same rule ends well once the limit is raised or the grant is given, so that it is this and nothing else which stops it.

The sources are in `tests/hostile`, the tables in `tests/security`, and this page is made from them: `cargo test --release -p reddalert --test program
write_the_page_of_security_tests -- --ignored`. What is promised, and against whom: [`SECURITY.md`](../SECURITY.md).
";

fn page() -> String {
    let groups = groups();
    let count: usize = groups.iter().map(|group| group.attacks.len()).sum();
    let mut text = format!("{BEGINNING}\n{count} attacks.\n");
    for group in &groups {
        let _ = writeln!(text, "\n## {}\n\n| rule | tries to | what stops it | source |\n| --- | --- | --- | --- |", group.title);
        for attack in &group.attacks {
            let _ =
                writeln!(text, "| `{}` | {} | {}{} | {} |", attack.name, attack.tries, attack.stopped_by, lifted(attack), source(attack));
        }
    }
    text
}

fn lifted(attack: &Attack) -> &'static str {
    if attack.lifted.is_some() { ". Gets through when lifted" } else { "" }
}

fn source(attack: &Attack) -> String {
    match attack.ends {
        Ends::ShownBy(file, test) => format!("`{test}` in [`{file}`](../{file})"),
        _ => format!("[`{0}`](../tests/hostile/{0})", attack.source),
    }
}

#[test]
fn the_page_of_security_tests_is_up_to_date() {
    let checked_in = std::fs::read_to_string(project().join(PAGE)).unwrap_or_default();
    let command = "cargo test --release -p reddalert --test program write_the_page_of_security_tests -- --ignored";
    assert!(checked_in == page(), "{PAGE} is out of date: run `{command}`");
}

#[test]
#[ignore = "writes docs/security-tests.md"]
fn write_the_page_of_security_tests() {
    std::fs::write(project().join(PAGE), page()).expect("a writable file");
}
