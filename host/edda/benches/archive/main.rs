//! How long an archive takes, how much memory and how large a file, at 10,000, 100,000 and 1,000,000 documents of which a tenth has ten
//! revisions; and how each grows. Prints Markdown.
//!
//! ```text
//! cargo bench -p reddalert-edda --bench archive [-- DOCUMENTS...]
//! ```
//!
//! Each step is a process of its own, so that its peak memory is its own too.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

mod account;
mod step;

use std::path::Path;

use account::{AT_FIRST, IMPORTS, LAST};
use step::{Measured, Step};

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == step::FLAG) {
        return step::work(&arguments[at + 1..]);
    }
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };
    let directory = tempfile::tempdir().expect("a directory");
    let columns: Vec<Vec<(String, Measured)>> = sizes.iter().map(|size| measure(directory.path(), *size)).collect();
    print_table(&sizes, &columns);
}

/// All steps at one size.
fn measure(directory: &Path, documents: usize) -> Vec<(String, Measured)> {
    let archive = directory.join(format!("{documents}.archive"));
    let answer = directory.join("ec2.describe-security-groups.json");
    let import = |step| {
        account::write(&answer, documents, step);
        Step::Import { at: AT_FIRST + i64::try_from(step).expect("a handful"), answer: &answer }.measure(&archive)
    };
    let mut rows = vec![("first import".to_owned(), import(0))];
    let mut imports: Vec<Measured> = (1..IMPORTS).map(import).collect();
    rows.extend(imports.pop().map(|last| ("import, a tenth changed".to_owned(), last)));
    rows.push(("import, 100 changed".to_owned(), import(IMPORTS)));
    let unchanged = Step::Import { at: LAST + 1, answer: &answer }.measure(&archive);
    rows.push(("import, nothing changed".to_owned(), unchanged));
    let path = "aws/securityGroups";
    for (name, request) in [
        ("list of ids", path.to_owned()),
        ("list of documents", format!("{path};_expand")),
        ("list, three fields", format!("{path};_expand:(groupId,ipPermissions:(fromPort,ipRanges))")),
        ("list, select argument", format!("{path};_expand;ipPermissions.fromPort=8443")),
        ("100 changed: `_since;_updated`", format!("{path};_since={LAST};_until={LAST};_updated;_expand")),
        ("one id", format!("{path}/{}", account::id(documents / 2))),
        ("one id, all revisions", format!("{path}/{};_all", account::id(0))),
        ("`_at`, in the middle", format!("{path};_at={};_expand", AT_FIRST + 5)),
    ] {
        rows.push((name.to_owned(), Step::Ask(&request).measure(&archive)));
    }
    rows.push(("the state before a moment".to_owned(), Step::StateBefore(AT_FIRST + 5).measure(&archive)));
    std::fs::remove_file(&archive).expect("the archive can go");
    rows
}

fn print_table(sizes: &[usize], columns: &[Vec<(String, Measured)>]) {
    println!("| |{}", sizes.iter().map(|size| format!(" {size} |")).collect::<Vec<_>>().concat());
    println!("|---|{}", "---|".repeat(sizes.len()));
    for (row, (name, _)) in columns[0].iter().enumerate() {
        let cells = columns.iter().map(|column| format!(" {} |", column[row].1)).collect::<Vec<_>>().concat();
        println!("| {name} |{cells}");
    }
}
