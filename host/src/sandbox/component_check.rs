//! A look at a rule file before it is compiled: is it a component, and small enough to be compiled in reasonable time? A compiler cannot be
//! stopped, so what it is given is bounded.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use wasmparser::{BinaryReaderError, FunctionBody, Parser, Payload};
use wasmtime::Engine;

use super::instance_count::InstanceCount;
use super::load_error::LoadProblem;

/// Python rules have 20 to 40 MiB.
const FILE_BYTES: u64 = 64 << 20;
/// Interpreters have some ten thousand.
const FUNCTIONS: usize = 200_000;
/// The main loops of interpreters have some hundred KiB.
const FUNCTION_BYTES: usize = 2 << 20;
/// Of all functions together. Four bytes declare thousands of them; interpreters have some hundred thousand.
const LOCALS: u64 = 10_000_000;

/// The bytes of a rule file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, LoadProblem> {
    // Opening a FIFO would wait for somebody to write.
    if !fs::metadata(file).map_err(LoadProblem::Unreadable)?.is_file() {
        return Err(LoadProblem::NoFile);
    }
    let mut bytes = Vec::new();
    let file = File::open(file).map_err(LoadProblem::Unreadable)?;
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(LoadProblem::Unreadable)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(LoadProblem::TooLarge { allowed_bytes: FILE_BYTES });
    }
    Ok(bytes)
}

/// Refuses what is no component, or too large to compile.
pub(crate) fn check(bytes: &[u8]) -> Result<(), LoadProblem> {
    if !Parser::is_component(bytes) {
        return Err(what_else(bytes));
    }
    let (mut functions, mut locals, mut instances) = (0, 0, InstanceCount::default());
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| malformed(error, bytes.len()))?;
        instances.take(&payload)?;
        match payload {
            Payload::CodeSectionStart { count, .. } => functions += count as usize,
            Payload::CodeSectionEntry(body) => {
                check_size(body.range().len())?;
                locals += number_of_locals(&body).map_err(|error| malformed(error, bytes.len()))?;
            }
            _ => {}
        }
        if functions > FUNCTIONS {
            return Err(LoadProblem::TooManyFunctions { allowed: FUNCTIONS });
        }
        if locals > LOCALS {
            return Err(LoadProblem::TooManyLocals { allowed: LOCALS });
        }
    }
    Ok(())
}

fn check_size(bytes: usize) -> Result<(), LoadProblem> {
    if bytes > FUNCTION_BYTES {
        return Err(LoadProblem::FunctionTooLarge { bytes, allowed_bytes: FUNCTION_BYTES });
    }
    Ok(())
}

fn number_of_locals(body: &FunctionBody<'_>) -> Result<u64, BinaryReaderError> {
    body.get_locals_reader()?.into_iter().try_fold(0, |sum, locals| Ok(sum + u64::from(locals?.0)))
}

fn what_else(bytes: &[u8]) -> LoadProblem {
    if bytes.is_empty() {
        LoadProblem::Empty
    } else if Parser::is_core_wasm(bytes) {
        LoadProblem::CoreModule
    } else if Engine::detect_precompiled(bytes).is_some() {
        LoadProblem::Precompiled
    } else if b"\0asm".starts_with(bytes) || (bytes.starts_with(b"\0asm") && bytes.len() < 8) {
        LoadProblem::Truncated { bytes: bytes.len() }
    } else if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        LoadProblem::Text
    } else {
        LoadProblem::NoWasm
    }
}

fn malformed(error: BinaryReaderError, bytes: usize) -> LoadProblem {
    // Cut inside a section, or between two that belong together.
    if error.message().contains("unexpected end") || error.offset() >= bytes {
        LoadProblem::Truncated { bytes }
    } else {
        LoadProblem::Invalid(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_component_is_named() {
        assert!(matches!(check(b""), Err(LoadProblem::Empty)));
        assert!(matches!(check(b"print('hello')"), Err(LoadProblem::Text)));
        assert!(matches!(check(b"\0asm\x01\0\0\0"), Err(LoadProblem::CoreModule)));
        assert!(matches!(check(b"\0as"), Err(LoadProblem::Truncated { bytes: 3 })));
        assert!(matches!(check(b"\0asm\x0d\0"), Err(LoadProblem::Truncated { bytes: 6 })));
        assert!(matches!(check(b"\x7fELF\x02\x01\0\0\xff"), Err(LoadProblem::NoWasm)));
    }

    #[test]
    fn every_beginning_of_a_component_is_cut_off_or_complete_between_two_sections() {
        let whole = wat::parse_str("(component (core module (func (export \"f\") i32.const 1 drop)))").expect("WebAssembly text");
        assert!(check(&whole).is_ok());
        for end in 1..whole.len() {
            match check(&whole[..end]) {
                Ok(()) | Err(LoadProblem::Truncated { .. }) => {}
                Err(other) => panic!("{end}: {other:?}"),
            }
        }
    }

    #[test]
    fn too_many_functions_are_refused() {
        let text = format!("(component (core module {}))", "(func)".repeat(FUNCTIONS + 1));
        let bytes = wat::parse_str(text).expect("WebAssembly text");
        assert!(matches!(check(&bytes), Err(LoadProblem::TooManyFunctions { .. })));
    }

    #[test]
    fn a_function_too_large_is_refused() {
        let text = format!("(component (core module (func {})))", "nop ".repeat(FUNCTION_BYTES + 1));
        let bytes = wat::parse_str(text).expect("WebAssembly text");
        assert!(matches!(check(&bytes), Err(LoadProblem::FunctionTooLarge { .. })));
    }
}
