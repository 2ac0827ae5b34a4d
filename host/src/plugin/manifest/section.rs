//! Finds the manifest in the bytes of a component. Nothing of the component is compiled or run.

use wasmparser::{Parser, Payload};

use super::error::ManifestError;

/// The name of the custom section.
pub(crate) const SECTION: &str = "reddalert:manifest";
/// How large it may be.
pub(super) const SECTION_BYTES: usize = 256 << 10;

/// The text of the only manifest: in the outermost component, or in a core module right in it, where a linker puts it. None: there is none.
pub(super) fn text(component: &[u8]) -> Result<Option<&str>, ManifestError> {
    let mut found = None;
    let mut inner_components = 0_usize;
    // What the parser is in: true for each component, false for each module.
    let mut around = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(ManifestError::Malformed)? {
            Payload::ComponentSection { .. } => {
                around.push(true);
                inner_components += 1;
            }
            Payload::ModuleSection { .. } => around.push(false),
            Payload::End(_) => inner_components -= usize::from(around.pop().unwrap_or(false)),
            Payload::CustomSection(section) if section.name() == SECTION => {
                if inner_components > 0 {
                    return Err(ManifestError::InnerComponent);
                }
                if found.replace(section.data()).is_some() {
                    return Err(ManifestError::Twice);
                }
            }
            _ => {}
        }
    }
    found.map(read).transpose()
}

/// The text of a manifest: not too long, and text.
pub(super) fn read(bytes: &[u8]) -> Result<&str, ManifestError> {
    if bytes.len() > SECTION_BYTES {
        return Err(ManifestError::TooLarge { bytes: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(ManifestError::NoText)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(text: &str) -> Vec<u8> {
        wat::parse_str(text).expect("WebAssembly text")
    }

    fn custom(data: &str) -> String {
        format!("(@custom \"{SECTION}\" \"{data}\")")
    }

    #[test]
    fn it_is_found_in_the_component_and_in_its_core_modules() {
        let (manifest, module) = (custom("{}"), "(core module (func))");
        for text in [
            format!("(component {manifest} {module})"),
            format!("(component {module} {manifest})"),
            format!("(component {module} (core module {manifest}) (component {module}))"),
            format!("(component (component {module} (component)) {module} {manifest})"),
            format!("(component (component {module}) (core module {manifest}))"),
        ] {
            assert!(matches!(super::text(&component(&text)), Ok(Some("{}"))), "{text}");
        }
    }

    #[test]
    fn other_sections_are_no_manifest() {
        for name in ["reddalert:manifests", "Reddalert:manifest", "", "name"] {
            let text = format!("(component (@custom \"{name}\" \"\"))");
            assert!(matches!(super::text(&component(&text)), Ok(None)), "{text}");
        }
    }

    #[test]
    fn two_are_refused_wherever_they_are() {
        let (one, other) = (custom("{}"), custom("{}"));
        for text in [
            format!("(component {one} {other})"),
            format!("(component {one} (core module {other}))"),
            format!("(component (core module {one}) (core module {other}))"),
            format!("(component (core module {one} {other}))"),
        ] {
            assert!(matches!(super::text(&component(&text)), Err(ManifestError::Twice)), "{text}");
        }
    }

    #[test]
    fn that_of_an_inner_component_is_refused() {
        let manifest = custom("{}");
        for text in [
            format!("(component (component {manifest}))"),
            format!("(component (component (core module {manifest})))"),
            format!("(component (component (component) (core module)) (component {manifest}))"),
        ] {
            assert!(matches!(super::text(&component(&text)), Err(ManifestError::InnerComponent)), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_or_no_text_is_refused() {
        let large = component(&format!("(component {})", custom(&" ".repeat(SECTION_BYTES + 1))));
        assert!(matches!(text(&large), Err(ManifestError::TooLarge { bytes }) if bytes == SECTION_BYTES + 1));
        let largest = component(&format!("(component {})", custom(&" ".repeat(SECTION_BYTES))));
        assert!(matches!(text(&largest), Ok(Some(_))));
        assert!(matches!(text(&component(&format!("(component {})", custom("\\ff")))), Err(ManifestError::NoText(_))));
    }

    #[test]
    fn a_file_that_is_cut_off_has_no_manifest_by_accident() {
        let whole = component(&format!("(component (core module (func)) {})", custom("{}")));
        for end in 0..whole.len() {
            assert!(!matches!(text(&whole[..end]), Ok(Some(_))), "{end}");
        }
    }
}
