//! Runs rules: compiles them, gives them what the contract in `wit/` names and nothing else, bounds what they use, and tells in words what
//! went wrong. Nothing that a rule does can harm the program or another rule.

mod assignment;
mod bindings;
mod budget;
mod compilation;
mod compiled_rules;
mod compiling_effort;
mod component_check;
mod engine;
mod execution;
mod findings;
mod fixed_chance;
mod guest_output;
mod held_answers;
mod host_functions;
mod instance_count;
mod limit_name;
mod linker;
mod load_error;
mod loaded_rule;
mod memory_limit;
mod outcome;
mod remembered;
mod reported;
mod rule_imports;
mod signature;
mod stop;
mod store;
#[cfg(test)]
mod tests;
mod trap;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

pub use self::assignment::{Assignment, Chance};
pub use self::compiled_rules::CacheTrouble;
pub(crate) use self::compiled_rules::hexadecimal as digest;
pub(crate) use self::component_check::{check as check_component, read as read_rule_file};
pub use self::limit_name::LimitName;
pub use self::load_error::{LoadError, LoadProblem};
pub use self::loaded_rule::LoadedRule;
pub use self::outcome::{Failure, FailureKind, Outcome, Skipped, Usage};
pub use self::rule_imports::CONTRACT_VERSION;
pub(crate) use self::rule_imports::check as check_world;
pub use self::signature::SignatureProblem;

use self::compiled_rules::CompiledRules;
use self::store::RuleState;
use crate::plugin::manifest::Manifest;
use crate::settings::SignatureSettings;

/// Everything that is the same for all rules. One a process is enough.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<RuleState>,
    cache: Option<CompiledRules>,
    cache_trouble: Option<CacheTrouble>,
    compiled: AtomicU64,
    require_manifest: bool,
    signatures: Option<SignatureSettings>,
}

/// There can be no sandbox on this machine.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox for rules cannot be set up")]
pub struct SandboxError(#[source] wasmtime::Error);

impl Sandbox {
    /// With compiled rules kept in `cache`. A directory that cannot be trusted is not used; [`Sandbox::cache_trouble`] says so.
    pub fn new(cache: Option<&Path>) -> Result<Self, SandboxError> {
        let engine = engine::new_engine().map_err(SandboxError)?;
        let linker = linker::new_linker(&engine).map_err(SandboxError)?;
        let (cache, cache_trouble) = match cache.map(|directory| CompiledRules::open(directory, &engine)) {
            Some(Ok(cache)) => (Some(cache), None),
            Some(Err(trouble)) => (None, Some(trouble)),
            None => (None, None),
        };
        Ok(Self { engine, linker, cache, cache_trouble, compiled: AtomicU64::new(0), require_manifest: false, signatures: None })
    }

    /// Whether a rule without a manifest is refused.
    #[must_use]
    pub fn requiring_manifest(self, require_manifest: bool) -> Self {
        Self { require_manifest, ..self }
    }

    /// Whose signatures make a rule trusted. None: nobody is asked.
    #[must_use]
    pub fn trusting_signatures(self, signatures: Option<SignatureSettings>) -> Self {
        Self { signatures, ..self }
    }

    /// Why the directory that was asked for is not used. Then every start compiles every rule.
    pub fn cache_trouble(&self) -> Option<&CacheTrouble> {
        self.cache_trouble.as_ref()
    }

    /// How many rules were compiled, and not taken from the cache.
    pub fn compiled(&self) -> u64 {
        self.compiled.load(Ordering::Relaxed)
    }

    /// Reads, checks and compiles a rule, or takes it from the cache. None of its code runs. Can be called for several rules at once.
    pub fn load(&self, file: &Path) -> Result<LoadedRule, LoadError> {
        self.load_rule(file).map_err(|problem| LoadError { file: file.to_owned(), problem })
    }

    fn load_rule(&self, file: &Path) -> Result<LoadedRule, LoadProblem> {
        let bytes = component_check::read(file)?;
        if let Some(signatures) = &self.signatures {
            signature::check(file, &bytes, signatures).map_err(LoadProblem::Signature)?;
        }
        let digest = compiled_rules::hexadecimal(&bytes);
        let cached = self.cache.as_ref().and_then(|cache| cache.take(&self.engine, &digest));
        if cached.is_none() {
            // What was compiled before has been checked then.
            component_check::check(&bytes)?;
        }
        let manifest = Manifest::of_component(&bytes).map_err(LoadProblem::Manifest)?;
        if self.require_manifest && manifest.is_none() {
            return Err(LoadProblem::NoManifest);
        }
        let component = match cached {
            Some(component) => component,
            None => self.compile(bytes, &digest)?,
        };
        LoadedRule::link(&self.engine, &self.linker, &component, digest, manifest.map(Arc::new))
    }

    fn compile(&self, bytes: Vec<u8>, digest: &str) -> Result<Component, LoadProblem> {
        let component = compilation::compile(&self.engine, bytes, compilation::PATIENCE)?;
        self.compiled.fetch_add(1, Ordering::Relaxed);
        if let Some(cache) = &self.cache {
            cache.keep(&component, digest);
        }
        Ok(component)
    }

    /// Lets a rule read its settings, and nothing else. Never panics.
    ///
    /// # Errors
    /// What the rule, or the sandbox, says against it.
    pub fn initialize(&self, rule: &LoadedRule, assignment: Assignment) -> Result<(), Failure> {
        execution::initialize(&self.engine, rule, assignment)
    }

    /// Runs a rule once, from its settings to its alerts, on the calling thread. Never panics.
    pub fn run(&self, rule: &LoadedRule, assignment: Assignment) -> Outcome {
        execution::run(&self.engine, rule, assignment)
    }
}
