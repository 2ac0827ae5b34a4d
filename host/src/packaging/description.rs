//! What the file of a rule says, without compiling or running anything of it.

use serde::Serialize;
use serde_json::Value;
use wasmparser::{Parser, Payload};

use crate::contract;
use crate::plugin::manifest::Manifest;
use crate::sandbox::{LoadProblem, check_component, check_world, digest};

const OURS: &str = "reddalert:rule/";

/// Everything that can be told from a rule's file.
#[derive(Clone, Debug, Serialize)]
pub struct RuleDescription {
    /// `rule`, or `network-rule` when it imports an interface that only that has.
    pub world: &'static str,
    /// The version of the contract that it was built against.
    pub contract: Option<String>,
    /// The interfaces that it imports, as in `reddalert:rule/edda@1.0.0`.
    pub imports: Vec<String>,
    /// The interfaces that it exports.
    pub exports: Vec<String>,
    /// The size of the file in bytes.
    pub size: usize,
    /// The SHA-256 of the file: 64 hexadecimal digits.
    pub digest: String,
    /// Its manifest, as it stands in the file. None: it has none.
    pub manifest: Option<Value>,
}

/// Reads a rule.
///
/// # Errors
/// It is no component, not of our worlds, or its manifest cannot be used.
pub fn describe(bytes: &[u8]) -> Result<RuleDescription, LoadProblem> {
    check_component(bytes)?;
    let (imports, exports) = interfaces(bytes).map_err(|error| LoadProblem::Invalid(error.into()))?;
    check_world(&imports, &exports)?;
    let manifest = Manifest::of_component(bytes).map_err(LoadProblem::Manifest)?;
    let text = manifest.and(Manifest::text_of(bytes).map_err(LoadProblem::Manifest)?);
    let is_networked = imports.iter().any(|name| contract::is_of_the_network(name));
    Ok(RuleDescription {
        world: if is_networked { contract::NETWORK_RULE } else { contract::RULE },
        contract: exports.iter().find_map(|name| version(name)),
        imports,
        exports,
        size: bytes.len(),
        digest: digest(bytes),
        manifest: text.and_then(|text| serde_json::from_str(text).ok()),
    })
}

/// `1.0.0` of `reddalert:rule/lifecycle@1.0.0`.
fn version(export: &str) -> Option<String> {
    Some(export.strip_prefix(OURS)?.split_once('@')?.1.to_owned())
}

/// What the outermost component imports and exports.
fn interfaces(component: &[u8]) -> wasmparser::Result<(Vec<String>, Vec<String>)> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}
