//! `reddalert archive`: fills the embedded inventory.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use edda::archive::{Archive, ImportOptions as Import, Input, import};

use crate::command_line::{ArchiveCommand, ImportOptions};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;

/// Does what the sub-command says.
pub(super) fn archive(command: &ArchiveCommand, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        ArchiveCommand::Import(options) => take_in(options, terminal),
    }
}

/// Everything is read before anything is written.
fn take_in(options: &ImportOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let now = super::now();
    let inputs = read_all(&options.files).or_exit(Exit::Inventory)?;
    let progress = terminal.progress("importing files", inputs.len());
    let mut archive = Archive::open_or_create(&options.archive).or_exit(Exit::Inventory)?;
    let how =
        Import { at: options.at.map_or(now, |moment| moment.resolve(now)), now, source: options.source.clone(), force: options.force };
    let report = import(&mut archive, &inputs, &how).or_exit(Exit::Inventory)?;
    drop(progress);
    let all_is_well = report.incomplete.is_empty() && report.skipped.is_empty() && report.repeated.is_empty();
    if terminal.is_talkative() || !all_is_well {
        terminal.say(&format!("{report}\n"));
    }
    Ok(Exit::Done)
}

fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(read_standard_input().context("standard input cannot be read")?);
            continue;
        }
        let unreadable = || format!("`{}` cannot be read; name a file or a directory with answers of the AWS command line", path.display());
        for file in files_of(path).with_context(unreadable)? {
            inputs.push(read_file(&file).with_context(|| format!("`{}` cannot be read", file.display()))?);
        }
    }
    Ok(inputs)
}

/// The file itself, or the JSON files of a directory, sorted.
fn files_of(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    Ok(files)
}

fn read_file(path: &Path) -> io::Result<Input> {
    Ok(Input { name: path.display().to_string(), bytes: fs::read(path)? })
}

fn read_standard_input() -> io::Result<Input> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(Input { name: "-".to_owned(), bytes })
}
