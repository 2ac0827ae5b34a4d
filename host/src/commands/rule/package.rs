//! `reddalert rule package`: from what a compiler wrote to the file for a rule directory. What is written has been loaded as a run loads it.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use super::super::print;
use crate::command_line::PackageOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::packaging;
use crate::rule_name::RuleName;
use crate::sandbox::{Sandbox, digest, read_rule_file};

/// Writes the file and says what it is.
pub(super) fn package(options: &PackageOptions) -> Result<Exit, Refusal> {
    let output = options.output.as_deref().unwrap_or(&options.file);
    let name = rule_name(output).or_exit(Exit::CommandLine)?;
    let packaged = packaged(options).or_exit(Exit::RuleFailed)?;
    write(&packaged, output).or_exit(Exit::RuleFailed)?;
    print(&format!("{name}: {} bytes, sha-256 {}, written to {}\n", packaged.len(), digest(&packaged), output.display()));
    Ok(Exit::Done)
}

/// The stem of a rule's file is its name.
fn rule_name(file: &Path) -> anyhow::Result<RuleName> {
    let stem = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".wasm"));
    let stem = stem.with_context(|| {
        format!(
            "cannot write the rule file {}: its name is that of the rule with `.wasm` behind it; name another with `-o`",
            file.display()
        )
    })?;
    stem.parse().with_context(|| format!("cannot write the rule file {}; name another with `-o`", file.display()))
}

fn packaged(options: &PackageOptions) -> anyhow::Result<Vec<u8>> {
    let read = |file: &Path| fs::read(file).with_context(|| format!("cannot read the manifest {}", file.display()));
    let manifest = options.manifest.as_deref().map(read).transpose()?;
    let refused = || format!("cannot package {}", options.file.display());
    let bytes = read_rule_file(&options.file).with_context(refused)?;
    packaging::package(&bytes, manifest.as_deref()).with_context(refused)
}

/// Writes the rule beside its place, loads it there, and puts it into its place: whole, or not at all.
fn write(packaged: &[u8], output: &Path) -> anyhow::Result<()> {
    let refused = || format!("cannot write the rule file {}", output.display());
    let directory = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut written: NamedTempFile = tempfile::Builder::new()
        .prefix(".reddalert-")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(directory)
        .with_context(refused)?;
    written.write_all(packaged).and_then(|()| written.as_file().sync_all()).with_context(refused)?;
    Sandbox::new(None)?
        .load(written.path())
        .map_err(|error| error.problem)
        .with_context(|| format!("{} would be no rule", output.display()))?;
    written.persist(output).with_context(refused)?;
    Ok(())
}
