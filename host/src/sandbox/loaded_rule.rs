//! A rule that is compiled and fits: everything that it imports is there, everything that it must export it does.

use std::sync::Arc;

use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Store};

use super::bindings::{NetworkRule, NetworkRulePre};
use super::load_error::LoadProblem;
use super::rule_imports;
use super::store::RuleState;
use crate::network::{Ask, asks};
use crate::plugin::manifest::Manifest;

/// Can be run any number of times, on any thread.
#[derive(Clone)]
pub struct LoadedRule {
    rule: NetworkRulePre<RuleState>,
    imports: Vec<String>,
    digest: String,
    manifest: Option<Arc<Manifest>>,
    asks: Option<Arc<[Ask]>>,
}

impl LoadedRule {
    /// Checks imports and exports. Runs none of the rule's code.
    pub(super) fn link(
        engine: &Engine,
        linker: &Linker<RuleState>,
        component: &Component,
        digest: String,
        manifest: Option<Arc<Manifest>>,
    ) -> Result<Self, LoadProblem> {
        let asks = manifest.as_deref().map(asks).transpose().map_err(LoadProblem::Asks)?.map(Arc::from);
        let types = component.component_type();
        let imports: Vec<String> = types.imports(engine).map(|(name, _)| name.to_owned()).collect();
        let exports: Vec<String> = types.exports(engine).map(|(name, _)| name.to_owned()).collect();
        rule_imports::check(&imports, &exports)?;
        let complete: InstancePre<RuleState> = linker.instantiate_pre(component).map_err(|error| misfit(&imports, error))?;
        let rule = NetworkRulePre::new(complete).map_err(LoadProblem::Exports)?;
        Ok(Self { rule, imports, digest, manifest, asks })
    }

    /// The interfaces that it imports, as in `reddalert:rule/edda@1.0.0`. It can call nothing else; languages other than Rust may import
    /// what they never call.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// The SHA-256 of the file: 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it says about itself. None: nothing.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.manifest.as_ref()
    }

    /// What it asks to reach outside. None: it has no manifest to ask in.
    pub fn asks(&self) -> Option<&[Ask]> {
        self.asks.as_deref()
    }

    pub(super) fn instantiate(&self, store: &mut Store<RuleState>) -> wasmtime::Result<NetworkRule> {
        self.rule.instantiate(store)
    }
}

/// A rule that was built against a later version of the contract runs as long as it uses only what is here.
fn misfit(imports: &[String], error: wasmtime::Error) -> LoadProblem {
    match imports.iter().find(|import| rule_imports::is_newer(import)) {
        Some(interface) => rule_imports::needs_newer(interface, Some(error)),
        None => LoadProblem::Imports(error),
    }
}
