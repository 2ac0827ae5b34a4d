//! `reddalert rule new`: a directory that holds all that a rule needs, and a case that it passes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::super::print;
use crate::command_line::NewOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::templates;

/// Writes the directory and says what to do next.
pub(super) fn new(options: &NewOptions) -> Result<Exit, Refusal> {
    let files = templates::new_rule(options.language, &options.name).or_exit(Exit::CommandLine)?;
    let directory = options.directory.clone().unwrap_or_else(|| PathBuf::from(options.name.as_str()));
    refuse_what_is_there(&directory).or_exit(Exit::CommandLine)?;
    for (path, text) in &files {
        write(&directory.join(path), text).or_exit(Exit::CommandLine)?;
    }
    print(&format!(
        "{directory}: a rule that reports machines without a name. Next:\n  cd {directory}\n  make           builds {name}.wasm\n  make test      \
         runs its cases\n  README.md      says what is what\n",
        directory = directory.display(),
        name = options.name
    ));
    Ok(Exit::Done)
}

/// Somebody's work may be there.
fn refuse_what_is_there(directory: &Path) -> anyhow::Result<()> {
    match fs::read_dir(directory) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => bail!("{} is there already, and not empty; name another directory with `--directory`", directory.display()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => {
            Err(error).with_context(|| format!("cannot begin a rule in {}; name another directory with `--directory`", directory.display()))
        }
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let refused = || format!("cannot write {}", file.display());
    file.parent().map_or(Ok(()), fs::create_dir_all).with_context(refused)?;
    fs::write(file, text).with_context(refused)
}
