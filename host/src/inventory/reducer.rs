//! Makes of each document of an answer what each of its readers wants of it: whole, or reduced to some fields.

use std::sync::Arc;
use std::time::{Duration, Instant};

use edda::query::{Cover, ProjectionError, Selector};
use serde::de::IgnoredAny;

use super::documents::Documents;
use super::revision_cache::{KeptRevisions, Made, RevisionCache};

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
    /// How each of the products is made.
    cuts: Vec<Cut>,
    /// What is kept for each of the products, if anything is to be kept.
    kept: Vec<Arc<KeptRevisions>>,
    /// All fields that somebody wants, if several want some. The long document is read once for these; what is left is short.
    common: Option<Cover>,
    narrow: String,
    documents: u64,
    spent: Duration,
}

/// How a document becomes what a reader wants.
enum Cut {
    Nothing,
    /// A selector that only names fields leaves no document out, as a reader of these fields would never hear of it.
    Fields(Cover),
    /// A selector that also tests or flattens does what EDDA does.
    Selection(Selector),
}

impl Cut {
    fn new(fields: &FieldSet) -> Self {
        match fields {
            None => Self::Nothing,
            Some(selector) if selector.only_names_fields() => Self::Fields(Cover::of([selector])),
            Some(selector) => Self::Selection(selector.clone()),
        }
    }

    /// Appends what is left of the document. False: it is left out.
    fn write(&self, document: &str, out: &mut String) -> Result<bool, ProjectionError> {
        match self {
            Self::Nothing => {
                serde_json::from_str::<IgnoredAny>(document)?;
                out.push_str(document);
                Ok(true)
            }
            Self::Fields(cover) => cover.project_into(document, out).map(|()| true),
            Self::Selection(selector) => selector.project_into(document, out),
        }
    }
}

impl Reducer {
    pub(super) fn new(wanted: Vec<FieldSet>) -> Self {
        let selectors: Vec<&Selector> = wanted.iter().flatten().collect();
        let common = (selectors.len() > 1).then(|| Cover::of(selectors));
        let cuts = wanted.iter().map(Cut::new).collect();
        let products = wanted.into_iter().map(|fields| (fields, Documents::default())).collect();
        Self { products, cuts, common, ..Self::default() }
    }

    /// The same, with what is made of revisions kept in `cache`.
    pub(super) fn keeping(self, cache: &RevisionCache) -> Self {
        let kept = self.products.iter().map(|(fields, _)| cache.of(fields)).collect();
        Self { kept, ..self }
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
        let is_narrow = self.common.as_ref().is_some_and(|common| common.project_into(document, &mut self.narrow).is_ok());
        for ((_, documents), cut) in self.products.iter_mut().zip(&self.cuts) {
            let text = if is_narrow && !matches!(cut, Cut::Nothing) { &self.narrow } else { document };
            if documents.push_written(|out| cut.write(text, out)).is_err() {
                // Whole, as it is: an odd one that a projection cannot read.
                serde_json::from_str::<IgnoredAny>(document).map_err(|error| NotJson { number: self.documents, error })?;
                documents.push(document);
            }
        }
        self.spent += start.elapsed();
        Ok(())
    }

    /// Takes the next document, of a revision of which some may be kept. It is loaded only if something has to be made of it.
    pub(super) fn reduce_revision<E: From<NotJson>>(&mut self, number: i64, load: impl FnOnce() -> Result<String, E>) -> Result<(), E> {
        if self.kept.iter().all(|kept| kept.open().get(number).is_some()) {
            self.documents += 1;
            for (kept, (_, documents)) in self.kept.iter().zip(&mut self.products) {
                if let Some(Made::Document(document)) = kept.open().get(number) {
                    documents.push(document);
                }
            }
            return Ok(());
        }
        let before: Vec<usize> = self.products.iter().map(|(_, documents)| documents.len()).collect();
        self.reduce(&load()?)?;
        for ((kept, (_, documents)), before) in self.kept.iter().zip(&self.products).zip(before) {
            kept.open().keep(number, documents.get(before));
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn selectors(texts: &[&str]) -> Vec<FieldSet> {
        texts.iter().map(|text| Selector::parse(text).ok()).collect()
    }

    #[test]
    fn naming_fields_leaves_no_document_out_and_testing_them_may() {
        let wanted = selectors(&["(a:(b))", "(a:(b=1))"]);
        let mut reducer = Reducer::new(wanted);
        for document in [r#"{"a":null,"c":1}"#, r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":2}}"#, "5"] {
            reducer.reduce(document).expect("JSON");
        }
        let all = |documents: &Documents| (0..documents.len()).filter_map(|at| documents.get(at).map(str::to_owned)).collect::<Vec<_>>();
        let products = reducer.finish();
        assert_eq!(all(&products[0].1), [r#"{"a":null}"#, r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "5"]);
        assert_eq!(all(&products[1].1), [r#"{"a":{"b":1}}"#, "5"]);
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
            let wanted = selectors(&["(a,b)", "(b,c:(a),date)", "(a:(b=2))", "(c::())", "(missing)", "()"]);
            let mut reducer = Reducer::new(wanted.clone());
            reducer.reduce(&document).expect("JSON");
            for ((_, documents), fields) in reducer.finish().iter().zip(wanted) {
                let mut alone = String::new();
                let fits = Cut::new(&fields).write(&document, &mut alone).expect("JSON");
                prop_assert_eq!(documents.get(0), fits.then_some(&*alone));
            }
        }
    }
}
