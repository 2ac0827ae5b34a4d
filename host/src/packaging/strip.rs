//! A component without its custom sections: names, producers, what a debugger reads, and an old manifest. None of them changes what it does.

use wasm_encoder::{RawSection, Section as _};
use wasmparser::{BinaryReader, Parser};

use super::error::PackagingError;

/// Magic number, version and layer.
const HEADER_BYTES: usize = 8;
const CUSTOM: u8 = 0;
/// In a component: sections that hold a whole module or a whole component.
const NESTED: [u8; 2] = [1, 4];
/// Components that are composed of others are two or three deep.
const DEEPEST: usize = 100;

/// The same component or module without custom sections, neither its own nor those of what is in it.
pub(super) fn without_custom_sections(binary: &[u8]) -> Result<Vec<u8>, PackagingError> {
    strip(binary, 0)
}

fn strip(binary: &[u8], depth: usize) -> Result<Vec<u8>, PackagingError> {
    if depth > DEEPEST {
        return Err(PackagingError::TooDeep { allowed: DEEPEST });
    }
    let is_component = Parser::is_component(binary);
    let mut reader = BinaryReader::new(binary, 0);
    let mut stripped = reader.read_bytes(HEADER_BYTES).map_err(PackagingError::Malformed)?.to_vec();
    while !reader.eof() {
        let section = section(&mut reader).map_err(PackagingError::Malformed)?;
        if is_component && NESTED.contains(&section.id) {
            RawSection { data: &strip(section.data, depth + 1)?, ..section }.append_to(&mut stripped);
        } else if section.id != CUSTOM {
            section.append_to(&mut stripped);
        }
    }
    Ok(stripped)
}

fn section<'a>(reader: &mut BinaryReader<'a>) -> wasmparser::Result<RawSection<'a>> {
    let id = reader.read_u8()?;
    let size = reader.read_var_u32()?;
    Ok(RawSection { id, data: reader.read_bytes(size as usize)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> Vec<u8> {
        without_custom_sections(&wat::parse_str(text).expect("WebAssembly text")).expect("well formed")
    }

    #[test]
    fn custom_sections_go_at_every_depth_and_nothing_else_does() {
        let custom = r#"(@custom "producers" "\00") (@custom "reddalert:manifest" "{}")"#;
        let with = |custom: &str, name: &str| {
            format!(
                r#"(component {name} {custom}
                    (core module {name} (func (export "f") (result i32) i32.const 7) {custom})
                    (component (core module {custom} (memory 1) (data (i32.const 0) "text"))) {custom})"#
            )
        };
        let bare = stripped(&with("", ""));
        assert_eq!(stripped(&with(custom, "$named")), bare);
        assert!(wasmparser::Validator::new().validate_all(&bare).is_ok());
        assert!(bare.windows(4).any(|bytes| bytes == b"text"));
    }

    #[test]
    fn endless_nesting_is_refused() {
        let mut binary = b"\0asm\x0d\0\x01\0".to_vec();
        for _ in 0..=DEEPEST {
            let mut outer = b"\0asm\x0d\0\x01\0".to_vec();
            RawSection { id: 4, data: &binary }.append_to(&mut outer);
            binary = outer;
        }
        assert!(matches!(without_custom_sections(&binary), Err(PackagingError::TooDeep { .. })));
    }
}
