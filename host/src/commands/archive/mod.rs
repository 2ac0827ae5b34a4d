//! `reddalert archive`: fills, asks and keeps the embedded inventory. One file for each sub-command.

mod collect;
mod export;
mod import;
mod log;
mod output;
mod prune;
mod query;
mod serve;
mod stats;

use crate::command_line::ArchiveCommand;
use crate::exit_code::{Exit, Refusal};
use crate::log::Terminal;

/// Does what the sub-command says.
pub(super) fn archive(command: &ArchiveCommand, terminal: &Terminal) -> Result<Exit, Refusal> {
    match command {
        ArchiveCommand::Collect(options) => collect::collect(options, terminal),
        ArchiveCommand::Import(options) => import::import(options, terminal),
        ArchiveCommand::Serve(options) => serve::serve(options, terminal),
        ArchiveCommand::Query(options) => query::query(options),
        ArchiveCommand::Export(options) => export::export(options, terminal),
        ArchiveCommand::Stats(options) => stats::stats(options),
        ArchiveCommand::Prune(options) => prune::prune(options),
        ArchiveCommand::Log(options) => log::log(options),
    }
}
