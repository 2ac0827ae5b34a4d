//! The one wasmtime configuration of the program, and the clock that lets running rules be looked at every ten milliseconds.

use std::thread;
use std::time::Duration;

use wasmtime::{Config, Engine, WasmBacktraceDetails};

/// How often a rule that computes is interrupted to see whether it may go on.
const TICK: Duration = Duration::from_millis(10);

/// Makes the engine. Every command uses this one, so compiled rules fit them all.
///
/// # Errors
/// This machine cannot run the code that wasmtime makes, or no thread can be started.
pub(super) fn new_engine() -> wasmtime::Result<Engine> {
    let engine = Engine::new(&configuration())?;
    start_ticking(&engine)?;
    Ok(engine)
}

fn configuration() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        // 64-bit memories need slower bounds checks, and no rule needs more than 4 GiB.
        .wasm_memory64(false)
        // The same rule gives the same answer on every machine.
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true)
        // The default looks at an environment variable, and the value is part of what compiled rules must agree with.
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config
}

/// The thread ends by itself soon after the engine is dropped.
fn start_ticking(engine: &Engine) -> wasmtime::Result<()> {
    let weak = engine.weak();
    thread::Builder::new().name("rule-clock".into()).spawn(move || {
        loop {
            thread::sleep(TICK);
            let Some(engine) = weak.upgrade() else { break };
            engine.increment_epoch();
        }
    })?;
    Ok(())
}
