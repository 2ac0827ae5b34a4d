//! Everything that a rule can call, in one place: the interfaces of `wit/`, and of WASI what the languages' own start-up code needs.
//!
//! There is no `wasi:sockets` and no `wasi:http`, the file system has no directory in it, and nothing in here lets a guest wait.

use wasmtime::component::{HasData, HasSelf, Linker, Resource, ResourceTable};
use wasmtime::{Engine, Result};
use wasmtime_wasi::WasiView as _;
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView as _};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::{cli, clocks, filesystem::preopens, random, sync};
use wasmtime_wasi::p2::{DynPollable, bindings};
use wasmtime_wasi::random::WasiRandom;

use super::bindings::NetworkRule;
use super::stop::Stop;
use super::store::RuleState;

/// The `wasi:io` that is linked. A guest built for any 0.2 finds it.
const POLL: &str = "wasi:io/poll@0.2.12";

pub(super) fn new_linker(engine: &Engine) -> Result<Linker<RuleState>> {
    let mut linker = Linker::new(engine);
    NetworkRule::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    add_input_and_output(&mut linker)?;
    add_command_line(&mut linker)?;
    add_clocks_and_random(&mut linker)?;
    add_empty_file_system(&mut linker)?;
    forbid_waiting(&mut linker)?;
    Ok(linker)
}

struct Handles;

impl HasData for Handles {
    type Data<'a> = &'a mut ResourceTable;
}

fn add_input_and_output(linker: &mut Linker<RuleState>) -> Result<()> {
    bindings::io::error::add_to_linker::<_, Handles>(linker, |state| state.ctx().table)?;
    sync::io::poll::add_to_linker::<_, Handles>(linker, |state| state.ctx().table)?;
    sync::io::streams::add_to_linker::<_, Handles>(linker, |state| state.ctx().table)
}

fn add_command_line(linker: &mut Linker<RuleState>) -> Result<()> {
    cli::exit::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::environment::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::stdin::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::stdout::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::stderr::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::terminal_input::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::terminal_output::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::terminal_stdin::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::terminal_stdout::add_to_linker::<_, WasiCli>(linker, RuleState::cli)?;
    cli::terminal_stderr::add_to_linker::<_, WasiCli>(linker, RuleState::cli)
}

fn add_clocks_and_random(linker: &mut Linker<RuleState>) -> Result<()> {
    clocks::wall_clock::add_to_linker::<_, WasiClocks>(linker, RuleState::clocks)?;
    clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(linker, RuleState::clocks)?;
    random::random::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())?;
    random::insecure::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())?;
    random::insecure_seed::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())
}

/// Go's start-up code imports it.
fn add_empty_file_system(linker: &mut Linker<RuleState>) -> Result<()> {
    preopens::add_to_linker::<_, WasiFilesystem>(linker, RuleState::filesystem)?;
    sync::filesystem::types::add_to_linker::<_, WasiFilesystem>(linker, RuleState::filesystem)
}

/// The two functions of WASI that wait, replaced: time that passes inside them would be seen by no limit.
fn forbid_waiting(linker: &mut Linker<RuleState>) -> Result<()> {
    linker.allow_shadowing(true);
    let mut poll = linker.instance(POLL)?;
    poll.func_wrap("poll", |_, (_,): (Vec<Resource<DynPollable>>,)| Err::<(Vec<u32>,), _>(Stop::Waits.into()))?;
    poll.func_wrap("[method]pollable.block", |_, (_,): (Resource<DynPollable>,)| Err::<(), _>(Stop::Waits.into()))?;
    linker.allow_shadowing(false);
    Ok(())
}
