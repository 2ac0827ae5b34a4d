//! What a compiler would have to keep apart for each function. It grows faster than the function: wherever ways through it meet, each local variable
//! may have a value of its own, and a block or a call may hand on a thousand values in two bytes. So a few kilobytes can need all memory that there is.

use wasmparser::{
    BinaryReaderError, BlockType, CompositeInnerType, Encoding, FunctionBody, FunctionSectionReader, ImportSectionReader, Operator,
    Payload, TypeRef, TypeSectionReader,
};

use super::load_error::LoadProblem;

/// Local variables of all functions together. Four bytes declare thousands of them; interpreters have some hundred thousand.
const LOCALS: u64 = 10_000_000;
/// Values that one function may make the compiler keep apart. The main loops of interpreters come to 200,000; two million are half a minute.
const VALUES: u64 = 2_000_000;
/// A function of so many values is a large one: of those there are few, and they may be compiled side by side, so they count together.
const LARGE: u64 = 300_000;
/// Values of all large functions together.
const VALUES_OF_LARGE: u64 = 8_000_000;

/// Counts while a file is read from its beginning to its end.
#[derive(Default)]
pub(super) struct CompilingEffort {
    /// Of the module that is being read: how many values each type of a function takes and gives.
    widths: Vec<u64>,
    /// Of the same module: the type of each function, imported ones first.
    functions: Vec<u32>,
    locals: u64,
    of_large: u64,
}

impl CompilingEffort {
    /// Takes in the next part of the file.
    ///
    /// # Errors
    /// It is too much to compile.
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Result<(), LoadProblem> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } => {
                self.widths.clear();
                self.functions.clear();
            }
            Payload::TypeSection(section) => self.take_types(section).map_err(invalid)?,
            Payload::ImportSection(section) => self.take_imports(section).map_err(invalid)?,
            Payload::FunctionSection(section) => self.take_functions(section).map_err(invalid)?,
            Payload::CodeSectionEntry(body) => self.take_body(body)?,
            _ => {}
        }
        Ok(())
    }

    fn take_types(&mut self, section: &TypeSectionReader<'_>) -> Result<(), BinaryReaderError> {
        for group in section.clone() {
            self.widths.extend(group?.into_types().map(|declared| match declared.composite_type.inner {
                CompositeInnerType::Func(function) => (function.params().len() + function.results().len()) as u64,
                _ => 0,
            }));
        }
        Ok(())
    }

    fn take_imports(&mut self, section: &ImportSectionReader<'_>) -> Result<(), BinaryReaderError> {
        for import in section.clone().into_imports() {
            if let TypeRef::Func(of) | TypeRef::FuncExact(of) = import?.ty {
                self.functions.push(of);
            }
        }
        Ok(())
    }

    fn take_functions(&mut self, section: &FunctionSectionReader<'_>) -> Result<(), BinaryReaderError> {
        section.clone().into_iter().try_for_each(|of| of.map(|of| self.functions.push(of)))
    }

    fn take_body(&mut self, body: &FunctionBody<'_>) -> Result<(), LoadProblem> {
        let locals = number_of_locals(body).map_err(invalid)?;
        self.locals = self.locals.saturating_add(locals);
        if self.locals > LOCALS {
            return Err(LoadProblem::TooManyLocals { allowed: LOCALS });
        }
        // Most functions cannot come to so much, and need not be read.
        let widest = self.widths.iter().copied().max().unwrap_or(0).max(1);
        if (locals + widest).saturating_mul(body.range().len() as u64) <= LARGE {
            return Ok(());
        }
        let values = self.values(body, locals).map_err(invalid)?;
        if values > VALUES {
            return Err(LoadProblem::FunctionTooTangled { allowed: VALUES });
        }
        if values > LARGE {
            self.of_large = self.of_large.saturating_add(values);
        }
        if self.of_large > VALUES_OF_LARGE {
            return Err(LoadProblem::FunctionTooTangled { allowed: VALUES_OF_LARGE });
        }
        Ok(())
    }

    fn values(&self, body: &FunctionBody<'_>, locals: u64) -> Result<u64, BinaryReaderError> {
        let (mut values, mut widest_block) = (0_u64, 1);
        for operator in body.get_operators_reader()? {
            let more = match operator? {
                Operator::Loop { blockty } | Operator::Block { blockty } | Operator::If { blockty } => {
                    let width = self.width_of_block(blockty);
                    widest_block = widest_block.max(width);
                    locals.saturating_add(width)
                }
                Operator::BrTable { targets } => u64::from(targets.len()).saturating_mul(widest_block),
                Operator::Call { function_index } => self.functions.get(function_index as usize).map_or(0, |of| self.width(*of)),
                Operator::CallIndirect { type_index, .. } => self.width(type_index),
                _ => 0,
            };
            values = values.saturating_add(more);
        }
        Ok(values)
    }

    fn width_of_block(&self, of: BlockType) -> u64 {
        match of {
            BlockType::Empty => 0,
            BlockType::Type(_) => 1,
            BlockType::FuncType(of) => self.width(of),
        }
    }

    fn width(&self, of: u32) -> u64 {
        self.widths.get(of as usize).copied().unwrap_or(0)
    }
}

fn number_of_locals(body: &FunctionBody<'_>) -> Result<u64, BinaryReaderError> {
    body.get_locals_reader()?.into_iter().try_fold(0, |sum, locals| Ok(sum + u64::from(locals?.0)))
}

fn invalid(error: BinaryReaderError) -> LoadProblem {
    LoadProblem::Invalid(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effort(module: &str) -> Result<(), LoadProblem> {
        let bytes = wat::parse_str(format!("(component (core module {module}))")).expect("WebAssembly text");
        let mut effort = CompilingEffort::default();
        wasmparser::Parser::new(0).parse_all(&bytes).try_for_each(|payload| effort.take(&payload.expect("WebAssembly")))
    }

    fn is_tangled(module: &str) -> bool {
        match effort(module) {
            Ok(()) => false,
            Err(LoadProblem::FunctionTooTangled { .. }) => true,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// `count` times `word`.
    fn many(word: &str, count: usize) -> String {
        word.repeat(count)
    }

    #[test]
    fn many_variables_and_many_loops_are_too_much_together() {
        let function = |locals, loops| format!("(func (local {}) {})", many("i64 ", locals), many("(loop) ", loops));
        assert!(is_tangled(&function(2000, 1001)));
        assert!(!is_tangled(&function(2000, 1000)));
        assert!(!is_tangled(&many(&function(2000, 900), 4)), "7.2 million together");
        assert!(is_tangled(&many(&function(2000, 900), 5)), "9 million together");
        assert!(!is_tangled(&many(&function(1000, 299), 50)), "small ones do not count together");
    }

    #[test]
    fn what_blocks_hand_on_counts() {
        let wide = format!("(type $t (func (param {})))", many("i64 ", 1000));
        let blocks = |count| format!("{wide} (func unreachable {})", many("(block (type $t) unreachable) unreachable ", count));
        assert!(is_tangled(&blocks(2001)));
        assert!(!is_tangled(&blocks(2000)));
    }

    #[test]
    fn what_calls_and_tables_of_jumps_hand_on_counts() {
        let wide = format!("(type $t (func (result {})))", many("i64 ", 1000));
        let called = format!("(import \"a\" \"b\" (func $f (type $t))) (func {})", many("(call $f) unreachable ", 2001));
        assert!(is_tangled(&format!("{wide} {called}")));
        let jumps = format!("(func (result i64) (block (type $t) unreachable (br_table {})) unreachable)", many("0 ", 2001));
        assert!(is_tangled(&format!("{wide} {jumps}")));
    }

    #[test]
    fn variables_of_all_functions_count_together() {
        let function = format!("(func (local {}))", many("i64 ", 49_000));
        assert!(matches!(effort(&many(&function, 205)), Err(LoadProblem::TooManyLocals { .. })));
        assert!(effort(&many(&function, 204)).is_ok());
    }
}
