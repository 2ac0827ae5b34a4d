//! A core module made a component: its imports and exports get the types that the contract gives them. Authors need no tool for it but this program.

use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::error::PackagingError;
use crate::contract;
use crate::sandbox::{LoadProblem, check_world};

/// Where compilers for WASI preview 1 look for the operating system, and what they find: see `preview1.wat`.
const PREVIEW1: &str = "wasi_snapshot_preview1";
const ADAPTER: &[u8] = include_bytes!("preview1.wasm");
/// Sections in which a linker leaves the types of imports and exports.
const TYPES: &str = "component-type";
const LIFECYCLE: &str = "reddalert:rule/lifecycle";

/// The component. A module without types gets those of our world that fits.
pub(super) fn componentize(module: &[u8]) -> Result<Vec<u8>, PackagingError> {
    let surface = Surface::of(module).map_err(PackagingError::Malformed)?;
    surface.check()?;
    let mut module = module.to_vec();
    if !surface.has_types {
        embed_types(&mut module, surface.world()).map_err(PackagingError::NoComponent)?;
    }
    encode(&module).map_err(PackagingError::NoComponent)
}

fn embed_types(module: &mut Vec<u8>, world: &str) -> anyhow::Result<()> {
    let (resolve, package) = contract::parsed();
    let world = resolve.select_world(&[package], Some(world))?;
    embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
}

fn encode(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    ComponentEncoder::default().module(module)?.adapter(PREVIEW1, ADAPTER)?.validate(true).encode()
}

/// What a module shows to the outside.
#[derive(Default)]
struct Surface {
    /// The interfaces that it imports functions of.
    imports: Vec<String>,
    /// The functions and memories that it exports.
    exports: Vec<String>,
    has_types: bool,
}

impl Surface {
    fn of(module: &[u8]) -> wasmparser::Result<Self> {
        let mut surface = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        surface.imports.push(import?.module.to_owned());
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        surface.exports.push(export?.name.to_owned());
                    }
                }
                Payload::CustomSection(section) if section.name().starts_with(TYPES) => surface.has_types = true,
                _ => {}
            }
        }
        surface.imports.dedup();
        surface.exports.sort();
        Ok(surface)
    }

    fn check(&self) -> Result<(), PackagingError> {
        if !self.exports.iter().any(|name| name.contains(LIFECYCLE)) {
            let exports = if self.exports.is_empty() { "nothing".to_owned() } else { self.exports.join(", ") };
            return Err(PackagingError::OtherWorld { exports });
        }
        // Of the rest the encoder knows more than a look at the names.
        match check_world(&self.imports, &self.exports) {
            Err(problem @ (LoadProblem::OtherContract { .. } | LoadProblem::ForbiddenImport { .. })) => {
                Err(PackagingError::Unusable(problem))
            }
            _ => Ok(()),
        }
    }

    fn world(&self) -> &'static str {
        if self.imports.iter().any(|name| contract::is_of_the_network(name)) { contract::NETWORK_RULE } else { contract::RULE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("preview1.wat");

    #[test]
    fn preview1_in_binary_is_preview1_in_text() {
        let built = wat::parse_str(TEXT).expect("WebAssembly text");
        if std::env::var_os("UPDATE_ADAPTER").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/packaging/preview1.wasm"), &built).expect("a file");
        }
        assert!(built == ADAPTER, "preview1.wat has changed: run this test again with UPDATE_ADAPTER=1, then once more without");
    }
}
