//! The manifest as the last section of a component.

use std::borrow::Cow;

use wasm_encoder::{CustomSection, Section as _};

use crate::plugin::manifest::SECTION;

/// Appends it. A custom section may stand at the very end.
pub(super) fn append(component: &mut Vec<u8>, manifest: &[u8]) {
    CustomSection { name: Cow::Borrowed(SECTION), data: Cow::Borrowed(manifest) }.append_to(component);
}
