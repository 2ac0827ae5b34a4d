//! Why no rule can be made of a file.

use wasmparser::BinaryReaderError;

use crate::plugin::manifest::ManifestError;
use crate::sandbox::LoadProblem;

/// What is wrong with the file, or with the manifest. Each text goes on from the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum PackagingError {
    /// Neither a component nor a core module, or for another version of the contract.
    #[error(transparent)]
    Unusable(LoadProblem),
    /// Bytes that are no WebAssembly after the first few.
    #[error("it is no valid WebAssembly; build it again")]
    Malformed(#[source] BinaryReaderError),
    /// Components in components, without end.
    #[error("components are nested in it more than {allowed} deep")]
    TooDeep {
        /// How deep they may be.
        allowed: usize,
    },
    /// A core module that exports no rule.
    #[error(
        "it is a core module of another world: it exports {exports}, not `reddalert:rule/lifecycle`; build it with the bindings of reddalert's `wit` directory, as a library (C: `-mexec-model=reactor`, Go: `-buildmode=c-shared`)"
    )]
    OtherWorld {
        /// What it exports.
        exports: String,
    },
    /// A core module that no component can be made of, most often because of what it imports.
    #[error("no component can be made of it")]
    NoComponent(#[source] anyhow::Error),
    /// A rule says what it is.
    #[error("it has no manifest; name a file with `--manifest` (docs/manifest.md says what it holds)")]
    NoManifest,
    /// The manifest.
    #[error(transparent)]
    Manifest(ManifestError),
}
