//! Every example of `docs/query-language.md` is asked of the demonstration account. `EDDA_WRITE_EXAMPLES=1` writes the answers into the page.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use edda::EpochMillis;
use edda::archive::{Archive, ImportOptions, Input, import};
use edda::query::{Request, answer};

const OPENING: &str = "```edda\n> ";
const CLOSING: &str = "\n```";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn take_in(archive: &mut Archive, directory: &str, at: EpochMillis) {
    let entries = repository().join("etc/demo").join(directory).read_dir().expect("the demonstration account");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let input = |path: &PathBuf| Input { name: path.display().to_string(), bytes: std::fs::read(path).expect("a readable file") };
    let inputs: Vec<Input> = paths.iter().map(input).collect();
    let options = ImportOptions { at, now: at, source: None, force: false };
    import(archive, &inputs, &options).expect("a whole account");
}

fn ask(archive: &Archive, request: &str) -> String {
    let mut body = Vec::new();
    match Request::parse(request).and_then(|request| answer(&request, archive, &mut body)) {
        Ok(_) => String::from_utf8(body).expect("text"),
        Err(refusal) => refusal.body(),
    }
}

/// The page with what the archive answers to its examples, and how many there are.
fn answered(page: &str, archive: &Archive) -> (String, usize) {
    let mut pieces = page.split(OPENING);
    let mut written = pieces.next().unwrap_or_default().to_owned();
    let mut examples = 0;
    for piece in pieces {
        let (example, after) = piece.split_once(CLOSING).expect("the end of an example");
        let request = example.lines().next().expect("a request");
        let body = ask(archive, request);
        let body = body.trim_end_matches('\n');
        write!(written, "{OPENING}{request}\n{body}{CLOSING}{after}").expect("writing to a String cannot fail");
        examples += 1;
    }
    (written, examples)
}

#[test]
fn the_examples_are_answered_as_the_page_says() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut archive = Archive::open_or_create(&directory.path().join("edda.archive")).expect("a new archive");
    take_in(&mut archive, "t0", 1_763_888_400_000);
    take_in(&mut archive, "t1", 1_763_974_800_000);
    let path = repository().join("docs/query-language.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (expected, examples) = answered(&page, &archive);
    assert!(examples > 20, "the page has examples");
    if std::env::var_os("EDDA_WRITE_EXAMPLES").is_some() {
        std::fs::write(&path, &expected).expect("a writable page");
        return;
    }
    for (found, expected) in page.lines().zip(expected.lines()) {
        assert_eq!(found, expected, "a line of {}", path.display());
    }
    assert_eq!(page, expected);
}

#[test]
fn the_page_names_every_deviation() {
    let page = std::fs::read_to_string(repository().join("docs/query-language.md")).expect("the page");
    let source = include_str!("../src/query/deviations.rs");
    let names: Vec<&str> = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split('"').nth(1)).collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("\n| `{name}` | ")), "{name}");
    }
}
