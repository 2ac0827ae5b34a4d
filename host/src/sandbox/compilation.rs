//! Compiling on a thread of its own: a compiler cannot be stopped, but one need not wait for it for ever.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use wasmtime::Engine;
use wasmtime::component::Component;

use super::load_error::LoadProblem;

/// How long one rule may take. A Python rule takes six seconds.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// Compiles. When it takes longer than `patience`, the thread is left to itself.
pub(super) fn compile(engine: &Engine, bytes: Vec<u8>, patience: Duration) -> Result<Component, LoadProblem> {
    let (sender, receiver) = mpsc::channel();
    let engine = engine.clone();
    let work = move || sender.send(Component::new(&engine, bytes)).unwrap_or_default();
    thread::Builder::new().name("compiler".into()).spawn(work).map_err(|_| LoadProblem::CompilerFailed)?;
    match receiver.recv_timeout(patience) {
        Ok(Ok(component)) => Ok(component),
        Ok(Err(error)) => Err(LoadProblem::Invalid(error.into())),
        Err(RecvTimeoutError::Timeout) => Err(LoadProblem::CompilesTooLong { patience }),
        Err(RecvTimeoutError::Disconnected) => Err(LoadProblem::CompilerFailed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_ever() {
        let bytes = wat::parse_str("(component)").expect("WebAssembly text");
        let error = compile(&Engine::default(), bytes, Duration::ZERO).expect_err("no time at all");
        assert!(matches!(error, LoadProblem::CompilesTooLong { .. }), "{error:?}");
    }
}
