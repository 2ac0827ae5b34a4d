//! `reddalert archive serve`: the archive over HTTP, until a signal ends it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context as _;
use edda::archive::Archive;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use crate::command_line::ServeOptions;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::log::Terminal;
use crate::service::{Base, Limits, Service};

/// How long answers may still take after the signal to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT; the second one ends the process at once.
pub(super) fn serve(options: &ServeOptions, terminal: &Terminal) -> Result<Exit, Refusal> {
    let base: Base = options.base.parse().or_exit(Exit::CommandLine)?;
    let archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let signals = signals().or_exit(Exit::Internal)?;
    let listener = listen(&options.listen)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().or_exit(Exit::Internal)?;
    terminal.say(&announcement(listener.local_addr().or_exit(Exit::Internal)?, &base));
    let service = Arc::new(Service::new(Arc::new(archive), base, limits(options)));
    let all_ended = runtime.block_on(async { service.serve(listener, signalled(signals)?).await }).or_exit(Exit::Internal)?;
    // A thread that still reads for a client that is no longer served is not waited for.
    runtime.shutdown_background();
    if !all_ended {
        terminal.say("reddalert: answers that were not done after 10 s were broken off\n");
    }
    Ok(Exit::Done)
}

fn limits(options: &ServeOptions) -> Limits {
    Limits { answers: options.jobs.into(), connections: options.connections.into(), answer_time: options.time_limit, grace: GRACE }
}

fn listen(address: &str) -> Result<TcpListener, Refusal> {
    let cannot_listen = || format!("cannot listen on `{address}`; an address and a free port are wanted, as in 127.0.0.1:8080");
    TcpListener::bind(address).with_context(cannot_listen).or_exit(Exit::CommandLine)
}

/// Said however little is logged: who starts the service needs the port, and should know who can read along.
fn announcement(address: SocketAddr, base: &Base) -> String {
    let mut words = format!("listening on http://{address}{}/\n", base.of_diffs());
    if !address.ip().is_loopback() {
        words.push_str("everybody who reaches this address can read the whole archive: there is no password and no encryption\n");
    }
    words
}

/// Becomes readable with the first signal.
fn signals() -> io::Result<UnixStream> {
    let (told, tells) = UnixStream::pair()?;
    let ending = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT] {
        // In this order: the first signal finds the flag still down, and only raises it.
        flag::register_conditional_shutdown(signal, Exit::Inventory as i32, Arc::clone(&ending))?;
        flag::register(signal, Arc::clone(&ending))?;
        low_level::pipe::register(signal, tells.try_clone()?)?;
    }
    Ok(told)
}

fn signalled(signals: UnixStream) -> io::Result<impl Future<Output = ()>> {
    signals.set_nonblocking(true)?;
    let signals = tokio::net::UnixStream::from_std(signals)?;
    Ok(async move {
        // An error means that no signal can be waited for any more.
        let _ = signals.readable().await;
    })
}
