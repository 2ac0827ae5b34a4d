//! From what a compiler wrote to the file that goes into a rule directory: a component of one of our worlds, without what only a debugger
//! reads, with its manifest at the end. Plain functions from bytes to bytes; nothing here runs a rule.

mod componentize;
mod description;
mod error;
mod manifest_section;
mod strip;

use std::borrow::Cow;

use wasmparser::Parser;

pub use self::description::{RuleDescription, describe};
pub use self::error::PackagingError;
use crate::plugin::manifest::Manifest;
use crate::sandbox::check_component;

/// A finished rule: from a component, or from a core module that is made one. `manifest` replaces the one that is in the bytes.
///
/// # Errors
/// What is wrong with the bytes or with the manifest.
pub fn package(bytes: &[u8], manifest: Option<&[u8]>) -> Result<Vec<u8>, PackagingError> {
    let component = if Parser::is_core_wasm(bytes) {
        Cow::Owned(componentize::componentize(bytes)?)
    } else {
        check_component(bytes).map_err(PackagingError::Unusable)?;
        Cow::Borrowed(bytes)
    };
    let manifest = match manifest {
        Some(manifest) => manifest,
        None => Manifest::text_of(bytes).map_err(PackagingError::Manifest)?.ok_or(PackagingError::NoManifest)?.as_bytes(),
    };
    Manifest::read(manifest).map_err(PackagingError::Manifest)?;
    let mut packaged = strip::without_custom_sections(&component)?;
    manifest_section::append(&mut packaged, manifest);
    Ok(packaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &[u8] = br#"{"title": "Anything"}"#;
    /// What a compiler makes of a rule in C that finds nothing.
    const MODULE: &str = r#"(module
        (import "reddalert:rule/status@1.0.0" "remove" (func (param i32 i32 i32)))
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "reddalert:rule/lifecycle@1.0.0#init") (param i32 i32) (result i32) (i32.const 0))
        (func (export "reddalert:rule/lifecycle@1.0.0#run") (result i32) (i32.const 0))
        (@custom "name" "") (@custom "producers" "\00"))"#;

    fn module(text: &str) -> Vec<u8> {
        wat::parse_str(text).expect("WebAssembly text")
    }

    fn importing(import: &str) -> Vec<u8> {
        module(&MODULE.replacen("(import", &format!("(import {import}) (import"), 1))
    }

    #[test]
    fn a_core_module_becomes_a_component_that_imports_what_it_uses() {
        let packaged = package(&module(MODULE), Some(MANIFEST)).expect("a component");
        let description = describe(&packaged).expect("a rule");
        assert_eq!(description.world, "rule");
        assert_eq!(description.imports, ["reddalert:rule/types@1.0.0", "reddalert:rule/status@1.0.0", "reddalert:rule/alerts@1.0.0"]);
        assert_eq!(description.manifest.expect("a manifest")["title"], "Anything");
    }

    #[test]
    fn the_world_is_told_from_the_imports() {
        let networked = importing(r#""reddalert:rule/tcp@1.0.0" "probe" (func (param i32 i32 i32 i32))"#);
        let packaged = package(&networked, Some(MANIFEST)).expect("a component");
        assert_eq!(describe(&packaged).expect("a rule").world, "network-rule");
    }

    #[test]
    fn the_operating_system_becomes_an_empty_one() {
        let asking = importing(r#""wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32))"#);
        let description = describe(&package(&asking, Some(MANIFEST)).expect("a component")).expect("a rule");
        assert!(description.imports.iter().all(|name| name.starts_with("reddalert:rule/")), "{:?}", description.imports);
    }

    #[test]
    fn packaging_twice_changes_nothing_and_a_new_manifest_replaces_the_old_one() {
        let once = package(&module(MODULE), Some(MANIFEST)).expect("a component");
        assert_eq!(package(&once, None).expect("a component"), once);
        let other = package(&once, Some(br#"{"title": "Other"}"#)).expect("a component");
        assert_eq!(package(&other, Some(MANIFEST)).expect("a component"), once);
    }

    #[test]
    fn a_manifest_that_a_linker_put_into_the_module_is_moved_to_the_end() {
        let with_manifest = MODULE.replace(r#"(@custom "name" "")"#, r#"(@custom "reddalert:manifest" "{\"title\": \"Inside\"}")"#);
        let packaged = package(&module(&with_manifest), None).expect("a component");
        assert_eq!(Manifest::of_component(&packaged).expect("one manifest").expect("a manifest").title, "Inside");
        assert!(packaged.ends_with(br#"{"title": "Inside"}"#));
    }

    #[test]
    fn what_cannot_become_a_rule_is_refused_with_what_to_do() {
        let words = |bytes: &[u8], manifest: Option<&[u8]>| crate::exit_code::chain(package(bytes, manifest).expect_err("no rule"));
        let other_world = module(r#"(module (memory (export "memory") 1) (func (export "_start")))"#);
        let other_version = module(&MODULE.replace("1.0.0", "2.0.0"));
        let unknown = importing(r#""env" "curl_easy_init" (func (result i32))"#);
        for (problem, expected) in [
            (words(b"package main", Some(MANIFEST)), "it is text"),
            (words(&other_world, Some(MANIFEST)), "it is a core module of another world: it exports _start, memory"),
            (
                words(&other_version, Some(MANIFEST)),
                "it was built for another version of the rule contract (`reddalert:rule/status@2.0.0`)",
            ),
            (words(&unknown, Some(MANIFEST)), "no component can be made of it: "),
            (words(&module(MODULE), None), "it has no manifest; name a file with `--manifest`"),
            (words(&module(MODULE), Some(b"{}")), "its manifest is wrong: missing field `title`"),
            (words(&module(MODULE)[..40], Some(MANIFEST)), "it is no valid WebAssembly"),
        ] {
            assert!(problem.starts_with(expected), "{problem}");
        }
        assert!(words(&unknown, Some(MANIFEST)).contains("env"), "{}", words(&unknown, Some(MANIFEST)));
    }
}
