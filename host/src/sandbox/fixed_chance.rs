//! Random numbers and a clock that are the same in each run.

use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime_wasi::{Deterministic, HostMonotonicClock, WasiCtxBuilder};

/// How far the clock goes on whenever somebody looks at it, in nanoseconds: whoever waits for it to go on does not wait for ever.
const STEP: u64 = 1_000;

/// Replaces everything that would differ from run to run.
pub(super) fn fix(builder: &mut WasiCtxBuilder) {
    builder
        .secure_random(Deterministic::new(numbers()))
        .insecure_random(Deterministic::new(numbers()))
        .insecure_random_seed(0)
        .monotonic_clock(SteadyClock::default());
}

/// Every byte once, in no obvious order: 167 and 256 have no common divisor.
fn numbers() -> Vec<u8> {
    (0..=u8::MAX).map(|number| number.wrapping_mul(167).wrapping_add(13)).collect()
}

#[derive(Default)]
struct SteadyClock(AtomicU64);

impl HostMonotonicClock for SteadyClock {
    fn resolution(&self) -> u64 {
        STEP
    }

    fn now(&self) -> u64 {
        self.0.fetch_add(STEP, Ordering::Relaxed)
    }
}
