//! Makes of each document of an answer what each of its readers wants of it: whole, or reduced to some fields.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use edda::query::Selector;
use serde::de::IgnoredAny;

use super::documents::Documents;

/// The fields that a rule wants. None: whole documents.
pub(super) type FieldSet = Option<Selector>;

/// The documents of an answer, once for each field set.
pub(super) type Products = Vec<(FieldSet, Documents)>;

/// A document that was cut out well, but is no JSON.
#[derive(Debug)]
pub(super) struct NotJson {
    /// Which one, counted from 1.
    pub(super) number: u64,
    pub(super) error: serde_json::Error,
}

/// See the module.
#[derive(Default)]
pub(super) struct Reducer {
    products: Products,
    /// All fields that somebody wants. The long document is read once for these; what is left is short.
    common: Option<Selector>,
    narrow: String,
    documents: u64,
    spent: Duration,
}

impl Reducer {
    pub(super) fn new(wanted: Vec<FieldSet>) -> Self {
        let common = common_fields(&wanted);
        let products = wanted.into_iter().map(|fields| (fields, Documents::default())).collect();
        Self { products, common, ..Self::default() }
    }

    /// True when nobody waits.
    pub(super) fn is_idle(&self) -> bool {
        self.products.is_empty()
    }

    /// Forgets all documents, but not who waits for them.
    pub(super) fn begin_again(&mut self) {
        self.documents = 0;
        for (_, documents) in &mut self.products {
            documents.clear();
        }
    }

    /// Takes the next document.
    pub(super) fn reduce(&mut self, document: &str) -> Result<(), NotJson> {
        let start = Instant::now();
        self.documents += 1;
        self.narrow.clear();
        let is_narrow = self.common.as_ref().is_some_and(|common| matches!(common.project_into(document, &mut self.narrow), Ok(true)));
        let narrow = if is_narrow { &self.narrow } else { document };
        for (fields, documents) in &mut self.products {
            let projected = match fields {
                Some(selector) => documents.push_written(|out| selector.project_into(narrow, out)).is_ok(),
                None => false,
            };
            if !projected {
                // Whole, as it is: for who wants all fields, and an odd one that a projection cannot read.
                serde_json::from_str::<IgnoredAny>(document).map_err(|error| NotJson { number: self.documents, error })?;
                documents.push(document);
            }
        }
        self.spent += start.elapsed();
        Ok(())
    }

    /// The time spent since this was last asked.
    pub(super) fn take_spent(&mut self) -> Duration {
        std::mem::take(&mut self.spent)
    }

    /// What was made of all documents.
    pub(super) fn finish(mut self) -> Products {
        for (_, documents) in &mut self.products {
            documents.shrink();
        }
        self.products
    }
}

/// The union of several field sets. None: there are not several, or one of them does more than name fields.
fn common_fields(wanted: &[FieldSet]) -> Option<Selector> {
    let texts: Vec<String> = wanted.iter().flatten().map(ToString::to_string).collect();
    let is_plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"(),_.-".contains(&byte));
    if texts.len() < 2 || !texts.iter().all(is_plain) {
        return None;
    }
    let names: BTreeSet<&str> = texts.iter().flat_map(|text| text.trim_matches(['(', ')']).split(',')).collect();
    Selector::parse(&format!("({})", Vec::from_iter(names).join(","))).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn selectors(texts: &[&str]) -> Vec<FieldSet> {
        texts.iter().map(|text| Selector::parse(text).ok()).collect()
    }

    fn common(texts: &[&str]) -> Option<String> {
        common_fields(&selectors(texts)).map(|selector| selector.to_string())
    }

    #[test]
    fn plain_field_sets_have_a_union() {
        assert_eq!(common(&["(b,a)", "(c,b)", "()"]).as_deref(), Some("(,a,b,c)"));
        for apart in [&["(a,b)"] as &[&str], &[], &["(a)", "(b:(c))"], &["(a)", "(b=1)"], &["(a)", "(b::())"]] {
            assert_eq!(common(apart), None, "{apart:?}");
        }
    }

    #[test]
    fn a_document_that_is_no_json_is_named() {
        let mut reducer = Reducer::new(selectors(&["(a)", "(b)"]));
        assert!(reducer.reduce("{}").is_ok());
        assert_eq!(reducer.reduce(r#"{"a":}"#).map_err(|error| error.number), Err(2));
    }

    proptest! {
        #[test]
        fn reduced_together_is_reduced_alone(
            members in proptest::collection::vec(("[abc.$]|date|\\$date", "1|null|\"x\"|\\{\"a\":1\\}|\\[\\{\"b\":2\\},3\\]"), 0..6),
            is_list: bool,
        ) {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
            let object = format!("{{ {} }}", members.join(", "));
            let document = if is_list { format!("[{object},5]") } else { object };
            let wanted = selectors(&["(a,b)", "(b,c,date)", "(missing)", "()"]);
            let mut reducer = Reducer::new(wanted.clone());
            reducer.reduce(&document).expect("JSON");
            for ((_, documents), fields) in reducer.finish().iter().zip(wanted) {
                let alone = fields.and_then(|selector| selector.project(&document).expect("JSON"));
                prop_assert_eq!(documents.get(0), alone.as_deref());
            }
        }
    }
}
