//! A second start compiles nothing, and nothing is taken from where somebody else could have put it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{assignment, fixture, rule_file};
use crate::sandbox::{CacheTrouble, Sandbox};
use crate::settings::Limits;

/// A rule file, and a cache into which it has been compiled.
fn warm() -> (TempDir, PathBuf, PathBuf) {
    let (directory, file) = rule_file(&fixture("reports"));
    let cache = directory.path().join("cache");
    assert_eq!(compiled(&cache, &file), 1);
    (directory, file, cache)
}

/// Starts, loads the rule and runs it. How often was something compiled?
fn compiled(cache: &Path, file: &Path) -> u64 {
    let sandbox = Sandbox::new(Some(cache)).expect("a sandbox");
    let rule = sandbox.load(file).expect("a rule");
    assert!(sandbox.run(&rule, assignment(Limits::default())).result.is_ok());
    sandbox.compiled()
}

fn only_file(cache: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(cache).expect("a directory").flatten().map(|entry| entry.path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn a_second_start_compiles_nothing() {
    let (_directory, file, cache) = warm();
    assert_eq!(compiled(&cache, &file), 0);
    assert_eq!(fs::metadata(&cache).expect("a directory").mode() & 0o7777, 0o700);
    assert_eq!(fs::metadata(only_file(&cache)).expect("a file").mode() & 0o7777, 0o600);
}

#[test]
fn a_changed_rule_is_compiled_again() {
    let (_directory, file, cache) = warm();
    fs::write(&file, fixture("empty")).expect("a file");
    assert_eq!((compiled(&cache, &file), compiled(&cache, &file)), (1, 0));
}

#[test]
fn a_damaged_file_is_not_used_and_is_replaced() {
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2);
    let flip = |bytes: &mut Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    };
    let damages: [fn(&mut Vec<u8>); 3] = [cut, flip, Vec::clear];
    for damage in damages {
        let (_directory, file, cache) = warm();
        let compiled_file = only_file(&cache);
        let mut bytes = fs::read(&compiled_file).expect("a file");
        damage(&mut bytes);
        fs::write(&compiled_file, bytes).expect("a file");
        assert_eq!((compiled(&cache, &file), compiled(&cache, &file)), (1, 0));
    }
}

#[test]
fn a_file_that_others_can_write_or_that_is_a_link_is_not_used() {
    let (_directory, file, cache) = warm();
    fs::set_permissions(only_file(&cache), Permissions::from_mode(0o660)).expect("new permissions");
    assert_eq!(compiled(&cache, &file), 1);
    let (compiled_file, elsewhere) = (only_file(&cache), cache.with_file_name("elsewhere"));
    fs::rename(&compiled_file, &elsewhere).expect("moved");
    std::os::unix::fs::symlink(&elsewhere, &compiled_file).expect("a link");
    assert_eq!(compiled(&cache, &file), 1);
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let (_directory, file, cache) = warm();
    fs::set_permissions(&cache, Permissions::from_mode(0o770)).expect("new permissions");
    let sandbox = Sandbox::new(Some(&cache)).expect("a sandbox");
    let trouble = sandbox.cache_trouble().expect("the group can write it").to_string();
    assert!(trouble.ends_with("can be written by others (mode 770); `chmod 700` it"), "{trouble}");
    assert_eq!(compiled(&cache, &file), 1);
}

#[test]
fn a_directory_of_another_user_is_not_used() {
    let directory = tempfile::tempdir().expect("a directory");
    let given_away = chown(directory.path(), Some(65_534), None).is_ok();
    let foreign = if given_away { directory.path() } else { Path::new("/usr") };
    let sandbox = Sandbox::new(Some(foreign)).expect("a sandbox");
    assert!(matches!(sandbox.cache_trouble(), Some(CacheTrouble::OtherOwner { .. })), "{:?}", sandbox.cache_trouble());
}

#[test]
fn a_directory_that_cannot_be_is_said_and_no_hindrance() {
    let (_directory, file) = rule_file(&fixture("reports"));
    let sandbox = Sandbox::new(Some(&file)).expect("a sandbox");
    assert!(matches!(sandbox.cache_trouble(), Some(CacheTrouble::Unusable { .. })), "{:?}", sandbox.cache_trouble());
    assert!(sandbox.load(&file).is_ok());
}
