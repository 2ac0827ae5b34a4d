//! How many instances a component comes to. Components stand inside components, and each may be instantiated several times, so a few lines can stand
//! for a billion instances, which the compiler would write out one by one. Counted before anything is compiled.

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind, ComponentTypeRef, Payload,
};

use super::load_error::LoadProblem;

/// How many there may be, of components and of core modules together. Rules have some ten.
const INSTANCES: u64 = 10_000;

/// Counts while a file is read from its beginning to its end.
#[derive(Default)]
pub(super) struct InstanceCount {
    /// The components and modules that are being read, from the outermost to the innermost.
    open: Vec<Open>,
}

/// A component or a module whose end has not come yet.
#[derive(Default)]
struct Open {
    /// What each component of its index space comes to when it is instantiated. None: it comes from elsewhere, so nobody knows.
    components: Vec<Option<u64>>,
    /// What it comes to itself, so far.
    instances: u64,
    is_component: bool,
}

impl InstanceCount {
    /// Takes in the next part of the file.
    ///
    /// # Errors
    /// There are too many instances, or it cannot be told how many.
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Result<(), LoadProblem> {
        match payload {
            Payload::Version { encoding, .. } => {
                self.open.push(Open { instances: 1, is_component: *encoding == wasmparser::Encoding::Component, ..Open::default() });
            }
            Payload::End(_) => self.end(),
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    if matches!(import.map_err(invalid)?.ty, ComponentTypeRef::Component(_)) {
                        self.add(None);
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    self.alias(&alias.map_err(invalid)?);
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export.map_err(invalid)?;
                    if export.kind == ComponentExternalKind::Component {
                        self.add(self.component(0, export.index));
                    }
                }
            }
            Payload::InstanceSection(section) => self.instantiate(Some(u64::from(section.count())))?,
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    if let ComponentInstance::Instantiate { component_index, .. } = instance.map_err(invalid)? {
                        self.instantiate(self.component(0, component_index))?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A component that ends becomes one of those that the component around it has.
    fn end(&mut self) {
        if let Some(ended) = self.open.pop()
            && ended.is_component
        {
            self.add(Some(ended.instances));
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match *alias {
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => self.add(None),
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => self.add(self.component(count, index)),
            _ => {}
        }
    }

    fn add(&mut self, component: Option<u64>) {
        if let Some(around) = self.open.last_mut() {
            around.components.push(component);
        }
    }

    /// The component of that index, so many levels outside the one that is being read.
    fn component(&self, levels: u32, index: u32) -> Option<u64> {
        let around = self.open.iter().rev().filter(|open| open.is_component).nth(levels as usize)?;
        around.components.get(index as usize).copied().flatten()
    }

    fn instantiate(&mut self, instances: Option<u64>) -> Result<(), LoadProblem> {
        let instances = instances.ok_or(LoadProblem::InstancesUnknown)?;
        if let Some(around) = self.open.last_mut() {
            around.instances = around.instances.saturating_add(instances);
            if around.instances > INSTANCES {
                return Err(LoadProblem::TooManyInstances { allowed: INSTANCES });
            }
        }
        Ok(())
    }
}

fn invalid(error: BinaryReaderError) -> LoadProblem {
    LoadProblem::Invalid(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Result<(), LoadProblem> {
        let bytes = wat::parse_str(format!("(component {text})")).expect("WebAssembly text");
        let mut count = InstanceCount::default();
        wasmparser::Parser::new(0).parse_all(&bytes).try_for_each(|payload| count.take(&payload.expect("WebAssembly")))
    }

    /// A component that comes to `levels` doublings, and is instantiated.
    fn doubled(levels: usize, inner: &str) -> String {
        let mut text = format!("(component $c0 {inner})");
        for level in 0..levels {
            let twice = "(instance (instantiate $c)) (instance (instantiate $c))";
            text += &format!("(component $c{} (alias outer 1 $c{level} (component $c)) {twice})", level + 1);
        }
        text + &format!("(instance (instantiate $c{levels}))")
    }

    #[test]
    fn what_is_doubled_again_and_again_is_refused() {
        assert!(count(&doubled(10, "")).is_ok());
        assert!(matches!(count(&doubled(13, "")), Err(LoadProblem::TooManyInstances { .. })));
        assert!(matches!(count(&doubled(63, "")), Err(LoadProblem::TooManyInstances { .. })));
    }

    #[test]
    fn instances_of_modules_count_too() {
        let inner = "(core module $m)".to_owned() + &"(core instance (instantiate $m))".repeat(99);
        assert!(count(&doubled(6, &inner)).is_ok());
        assert!(matches!(count(&doubled(7, &inner)), Err(LoadProblem::TooManyInstances { .. })));
    }

    #[test]
    fn one_under_another_name_counts_as_the_one_that_it_is() {
        let twice = |name: &str| format!("(component $d (alias outer 1 {name} (component $c)) (instance (instantiate $c)))");
        let many = doubled(12, "").replace("(instance (instantiate $c12))", "");
        let exported =
            format!("{many} (export $e \"e\" (component $c12)) {} (instance (instantiate $d)) (instance (instantiate $d))", twice("$e"));
        assert!(matches!(count(&exported), Err(LoadProblem::TooManyInstances { .. })));
    }

    #[test]
    fn what_comes_from_elsewhere_is_refused_where_it_is_instantiated() {
        let imported = r#"(import "c" (component $c)) (instance (instantiate $c))"#;
        assert!(matches!(count(imported), Err(LoadProblem::InstancesUnknown)));
        let taken_out = r#"(component $a (component $b) (export "b" (component $b))) (instance $i (instantiate $a))
            (alias export $i "b" (component $c)) (instance (instantiate $c))"#;
        assert!(matches!(count(taken_out), Err(LoadProblem::InstancesUnknown)));
        assert!(count(r#"(import "c" (component $c))"#).is_ok());
    }
}
