//! `reddalert archive import`: takes in answers of the AWS command line or of an EDDA, or records.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use edda::archive::{Archive, ImportOptions as Import, ImportReport, Input, Manner, RecordLines, import_records, import_with};

use crate::command_line::{ImportFormat, ImportOptions};
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::visible_text::visible;

/// Nothing is written unless everything can be read.
pub(super) fn import(options: &ImportOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let now = crate::commands::now();
    let how =
        Import { at: options.at.map_or(now, |moment| moment.resolve(now)), now, source: options.source.clone(), force: options.force };
    let report = match options.format {
        ImportFormat::Answers => import_answers(options, &how, terminal),
        ImportFormat::Records => take_in_records(options, &how),
    }
    .or_exit(Exit::Inventory)?;
    let all_is_well = report.incomplete.is_empty() && report.skipped.is_empty() && report.repeated.is_empty();
    if terminal.is_talkative() || !all_is_well {
        terminal.say(&lines_of(&report));
    }
    Ok(Exit::Done)
}

/// A report as it is shown: ids and file names are the words of others.
pub(super) fn lines_of(report: &ImportReport) -> String {
    report.to_string().lines().fold(String::new(), |text, line| text + &visible(line) + "\n")
}

fn import_answers(options: &ImportOptions, how: &Import, terminal: &Terminal) -> anyhow::Result<ImportReport> {
    let inputs = read_all(&options.files)?;
    let _progress = terminal.progress("importing files", inputs.len());
    let mut archive = Archive::open_or_create(&options.archive)?;
    let manner = Manner { collection: options.collection.clone(), parent: options.parent.clone(), is_part: options.add };
    Ok(import_with(&mut archive, &inputs, how, &manner)?)
}

/// Read line by line, so that the database of years needs no more memory than its longest line.
fn take_in_records(options: &ImportOptions, how: &Import) -> anyhow::Result<ImportReport> {
    let mut files = Vec::with_capacity(options.files.len());
    for path in &options.files {
        let name = path.display().to_string();
        let lines: Box<dyn io::BufRead> = if path == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(path).with_context(|| format!("`{name}` cannot be read; name a file with a record on each line"))?;
            Box::new(BufReader::new(file))
        };
        files.push(RecordLines { name, lines });
    }
    let mut archive = Archive::open_or_create(&options.archive)?;
    Ok(import_records(&mut archive, &mut files, how, options.add)?)
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
