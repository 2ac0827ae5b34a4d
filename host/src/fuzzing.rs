//! What must hold whatever bytes a file, a server or a rule brings. Each check takes any bytes and panics where something does not hold.
//! The fuzz targets in `host/fuzz` call them; the seeds there are replayed by an ordinary test.

use std::fs;
use std::path::Path;

use crate::canonical_json;
use crate::exit_code::chain;
use crate::inventory;
use crate::json_value;
use crate::outputs;
use crate::plugin::manifest::Manifest;
use crate::settings::Settings;
use crate::status::{Ledger, OwedAlert, RunLock, StatusFiles};

/// Something that must hold of any bytes.
pub type Check = fn(&[u8]);

/// The checks, by the name of their fuzz target.
pub const CHECKS: [(&str, Check); 6] = [
    ("answer", answer),
    ("canonical", canonical),
    ("manifest", manifest),
    ("rendering", rendering),
    ("settings", settings),
    ("status", status),
];

/// An answer of an EDDA is cut into the same documents whatever the pieces in which it arrives, and each is reduced for all readers as for one.
///
/// # Panics
/// It does not hold.
pub fn answer(bytes: &[u8]) {
    inventory::fuzzing::answer(bytes);
}

/// JSON of a rule has the same canonical text, or is refused in the same words, as by way of a tree.
///
/// # Panics
/// It does not hold.
pub fn canonical(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let by_tree = json_value::of_rule(text).map(|value| value.to_string());
    let written = canonical_json::canonical(text);
    assert_eq!(written.as_deref().map_err(ToString::to_string), by_tree.as_deref().map_err(ToString::to_string));
}

/// Texts in every place of an alert that a rule can fill break out of no output.
///
/// # Panics
/// It does not hold.
pub fn rendering(bytes: &[u8]) {
    outputs::fuzzing::rendering(bytes);
}

/// A config is taken or refused in words that a terminal can show; grants, credentials, outputs and limits among it.
///
/// # Panics
/// It does not hold.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Settings::parse(text, Path::new("configfile.json")) {
        Ok(settings) => assert!(settings.outputs(None).is_ok(), "the outputs of a config that was taken are there"),
        Err(error) => assert_shown(&chain(error)),
    }
}

/// A status, an outbox and what was sent, with zero bytes between them, are taken or refused. What is refused stays as it is; what waits
/// waits again at the next start.
///
/// # Panics
/// It does not hold.
pub fn status(bytes: &[u8]) {
    let directory = tempfile::tempdir_in(memory_or_disk()).expect("a temporary directory");
    let files = StatusFiles::new(&directory.path().join("status.json"));
    let places = [files.status().to_owned(), files.outbox(), files.sent()];
    let parts: Vec<&[u8]> = bytes.splitn(places.len(), |byte| *byte == 0).collect();
    for (place, part) in places.iter().zip(&parts) {
        fs::write(place, part).expect("a file");
    }
    match waiting(&files) {
        Ok(first) => assert_eq!(waiting(&files).ok(), Some(first), "what waits is the same at the next start"),
        Err(refusal) => {
            assert_shown(&refusal);
            let kept = places.iter().zip(&parts).all(|(place, part)| fs::read(place).expect("the file is still there") == *part);
            assert!(kept, "what is refused stays as it is");
        }
    }
}

/// Everything that is owed, after a start and an end in good order.
fn waiting(files: &StatusFiles) -> Result<Vec<OwedAlert>, String> {
    let lock = RunLock::acquire(files).expect("nobody else holds it");
    let ledger = Ledger::open(lock).map_err(chain)?;
    let waiting = ledger.pending().cloned().collect();
    ledger.close().map_err(chain)?;
    Ok(waiting)
}

/// Each case writes several files and waits for the disk; in memory that costs nothing.
fn memory_or_disk() -> std::path::PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// What a rule says about itself is taken or refused, as a section of a component and as any file.
///
/// # Panics
/// It does not hold.
pub fn manifest(bytes: &[u8]) {
    for component in [with_section(bytes), bytes.to_vec()] {
        match Manifest::of_component(&component) {
            Ok(Some(manifest)) => assert!(!manifest.title.trim().is_empty(), "a manifest has a title"),
            Ok(None) => {}
            Err(error) => assert_shown(&chain(error)),
        }
    }
}

/// An empty component with these bytes as its manifest.
fn with_section(manifest: &[u8]) -> Vec<u8> {
    let name = "reddalert:manifest";
    let mut content = leb128(name.len());
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(manifest);
    let mut component = b"\0asm\x0d\0\x01\0\0".to_vec();
    component.extend(leb128(content.len()));
    component.extend(content);
    component
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let seven = u8::try_from(number & 0x7f).expect("proof: seven bits");
        number >>= 7;
        bytes.push(if number == 0 { seven } else { seven | 0x80 });
        if number == 0 {
            return bytes;
        }
    }
}

/// Whatever a message quotes, nothing of it acts on a terminal.
fn assert_shown(message: &str) {
    let acts = |character: char| character.is_control() && character != '\n' && character != '\t';
    assert!(!message.contains(acts), "{message:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_break_nothing() {
        for (target, check) in CHECKS {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
            let mut files: Vec<_> = directory.read_dir().expect("seeds").map(|entry| entry.expect("an entry").path()).collect();
            files.sort();
            assert!(files.len() >= 5, "{target} has seeds");
            for file in files {
                let bytes = fs::read(&file).expect("a readable seed");
                let outcome = std::panic::catch_unwind(|| check(&bytes));
                assert!(outcome.is_ok(), "{}", file.display());
            }
        }
    }

    /// So that the checks see more than refusals.
    #[test]
    fn some_seeds_are_taken() {
        let seed = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name)).expect("a seed");
        let config = String::from_utf8(seed("settings/full")).expect("text");
        assert!(Settings::parse(&config, Path::new("configfile.json")).is_ok());
        let manifest = Manifest::of_component(&with_section(&seed("manifest/full"))).expect("a good one");
        assert!(manifest.is_some_and(|manifest| !manifest.grants.is_empty()));
        let directory = tempfile::tempdir().expect("a temporary directory");
        let files = StatusFiles::new(&directory.path().join("status.json"));
        let status = seed("status/owed");
        for (place, part) in [files.status().to_owned(), files.outbox(), files.sent()].iter().zip(status.splitn(3, |byte| *byte == 0)) {
            fs::write(place, part).expect("a file");
        }
        assert_eq!(waiting(&files).map(|waiting| waiting.len()), Ok(1));
    }
}
