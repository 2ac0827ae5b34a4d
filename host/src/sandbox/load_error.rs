//! Why a rule file cannot be used: what is in the file, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::signature::SignatureProblem;
use crate::network::InvalidAsk;
use crate::plugin::manifest::ManifestError;

/// A rule file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot load the rule file {}", file.display())]
pub struct LoadError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: LoadProblem,
}

/// What is wrong with a rule file.
#[derive(Debug, thiserror::Error)]
pub enum LoadProblem {
    /// The operating system says no.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// A directory, a FIFO and the like.
    #[error("it is no regular file; a rule is a WebAssembly component in a file")]
    NoFile,
    /// Nobody who is trusted has signed it.
    #[error(transparent)]
    Signature(SignatureProblem),
    /// No bytes at all.
    #[error("it is empty; build the rule again")]
    Empty,
    /// Text, or a rule that is still in text form.
    #[error("it is text; a rule is a compiled WebAssembly component (for WebAssembly text: `wasm-tools parse`)")]
    Text,
    /// Machine code of our own making, which only the cache may hold.
    #[error("it is a precompiled component, which is never taken from a rule directory; put the `.wasm` file there")]
    Precompiled,
    /// Something else.
    #[error("it is no WebAssembly; a rule is a WebAssembly component")]
    NoWasm,
    /// A module without types.
    #[error("it is a core module; a rule is a component: build it for `wasm32-wasip2`, or make one with `reddalert rule package`")]
    CoreModule,
    /// The end is missing.
    #[error("it ends in the middle, at byte {bytes}; copy or build it again")]
    Truncated {
        /// How many bytes there are.
        bytes: usize,
    },
    /// More bytes than any rule needs.
    #[error("it has more than {} MiB, which is too large for a rule", allowed_bytes >> 20)]
    TooLarge {
        /// How many are allowed.
        allowed_bytes: u64,
    },
    /// More functions than can be compiled in reasonable time.
    #[error("it has more than {allowed} functions, too many to compile")]
    TooManyFunctions {
        /// How many are allowed.
        allowed: usize,
    },
    /// More variables than can be compiled in reasonable time.
    #[error("its functions have more than {allowed} local variables, too many to compile")]
    TooManyLocals {
        /// How many are allowed.
        allowed: u64,
    },
    /// A function that cannot be compiled in reasonable time.
    #[error("it has a function of {bytes} bytes, too large to compile; {allowed_bytes} are allowed")]
    FunctionTooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        allowed_bytes: usize,
    },
    /// More instances than can be compiled in reasonable time.
    #[error("it comes to more than {allowed} instances of the components and modules in it, too many to compile")]
    TooManyInstances {
        /// How many are allowed.
        allowed: u64,
    },
    /// It instantiates what is not in the file, or what another instance gives out.
    #[error(
        "it instantiates a component that it imports or takes out of an instance, so it cannot be told how large it becomes; put the component itself in that place"
    )]
    InstancesUnknown,
    /// The bytes are no valid component.
    #[error("it is no valid WebAssembly component; build the rule again")]
    Invalid(#[source] anyhow::Error),
    /// What it says about itself cannot be used. It might have restricted the rule, so the rule is refused.
    #[error(transparent)]
    Manifest(ManifestError),
    /// What it asks for is nothing that can be granted.
    #[error(transparent)]
    Asks(InvalidAsk),
    /// It says nothing about itself, and the operator wants that.
    #[error("it has no manifest, and the config says `\"require-manifest\": true`; add one to the rule, or take that out of the config")]
    NoManifest,
    /// The compiler did not come to an end.
    #[error("it is not compiled after {} s; make the rule smaller", patience.as_secs())]
    CompilesTooLong {
        /// How long it was waited for.
        patience: Duration,
    },
    /// The compiler panicked.
    #[error("the compiler failed on it, which is a fault of reddalert; please report it")]
    CompilerFailed,
    /// A component, but not of our worlds.
    #[error(
        "it is a component of another world: it exports {exports}, not `reddalert:rule/lifecycle`; build it against reddalert's `wit` directory"
    )]
    NoRule {
        /// What it exports.
        exports: String,
    },
    /// A contract that this program does not speak.
    #[error(
        "it was built for another version of the rule contract (`{interface}`), this reddalert speaks {ours}; build it against that, or take the reddalert it was built for"
    )]
    OtherContract {
        /// The import or export that says so.
        interface: String,
        /// What this program speaks.
        ours: &'static str,
    },
    /// A later version of our contract, and something of it that is not here.
    #[error(
        "it needs a reddalert that speaks {needed} of the rule contract (it imports `{interface}`), this one speaks {ours}; take a newer reddalert"
    )]
    NewerContract {
        /// The import that says so.
        interface: String,
        /// What the rule was built against.
        needed: String,
        /// What this program speaks.
        ours: &'static str,
        /// What is missing of an interface that is here.
        source: Option<wasmtime::Error>,
    },
    /// A way to the network that nobody can grant.
    #[error(
        "it imports `{import}`, which no rule gets; take the network out of it (componentize-py: `--stub-wasi`; componentize-js: `disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event']`; Rust, Go: nothing that uses sockets) and use `reddalert:rule/http` instead"
    )]
    ForbiddenImport {
        /// The name.
        import: String,
    },
    /// Something that nobody here offers.
    #[error("it imports `{import}`, which reddalert does not offer; `reddalert:rule` and the basic WASI interfaces are there")]
    UnknownImport {
        /// The name.
        import: String,
    },
    /// An interface of a known name with other functions.
    #[error("what it imports does not fit what reddalert {} offers", env!("CARGO_PKG_VERSION"))]
    Imports(#[source] wasmtime::Error),
    /// An export of the right name and the wrong type.
    #[error("what it exports is not what a rule exports")]
    Exports(#[source] wasmtime::Error),
}
