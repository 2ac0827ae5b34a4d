//! What tests do between two steps on the disk: look, or let the next one fail.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use super::super::durable_file::Step;

type Observer = Box<dyn FnMut(Step, &Path) -> io::Result<()>>;

thread_local! {
    static OBSERVER: RefCell<Option<Observer>> = const { RefCell::new(None) };
}

/// Called by the product, in tests only, before each step.
pub(crate) fn before(step: Step, file: &Path) -> io::Result<()> {
    OBSERVER.with_borrow_mut(|observer| observer.as_mut().map_or(Ok(()), |observe| observe(step, file)))
}

/// Runs `act` while `observe` is asked before each step of this thread.
pub(super) fn observed<T>(observe: impl FnMut(Step, &Path) -> io::Result<()> + 'static, act: impl FnOnce() -> T) -> T {
    OBSERVER.set(Some(Box::new(observe)));
    let result = act();
    OBSERVER.set(None);
    result
}
