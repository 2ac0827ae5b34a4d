//! Makes of each document of an answer what each of its readers wants of it: whole, or reduced to some fields.

use std::sync::Arc;
use std::time::{Duration, Instant};

use edda::query::{Cover, Covered, ProjectionError, Selector};
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
    /// How the products that are not whole documents are made.
    cuts: Vec<Cuts>,
    /// What is kept for each of the products, if anything is to be kept.
    kept: Vec<Arc<KeptRevisions>>,
    documents: u64,
    spent: Duration,
}

/// The long document is read once for as many readers as a cover can have; what is left for each is short.
struct Cuts {
    cover: Cover,
    covered: Covered,
    /// By number in the cover.
    readers: Vec<Reader>,
}

/// Who wants some fields.
struct Reader {
    product: usize,
    /// A selector that only names fields leaves no document out, as a reader of these fields would never hear of it: what is covered is what
    /// it gets. One that also tests or flattens, which is this one, does what EDDA does.
    selection: Option<Selector>,
}

impl Cuts {
    fn new(wanted: &[(usize, &Selector)]) -> Self {
        let readers = wanted.iter().map(|(product, selector)| {
            let selection = (!selector.only_names_fields()).then(|| (*selector).clone());
            Reader { product: *product, selection }
        });
        Self { cover: Cover::of(wanted.iter().map(|(_, selector)| *selector)), covered: Covered::default(), readers: readers.collect() }
    }

    fn cut(&mut self, document: &str, products: &mut Products) -> Result<(), ProjectionError> {
        self.cover.project(document, &mut self.covered)?;
        for (number, reader) in self.readers.iter().enumerate() {
            let (documents, text) = (&mut products[reader.product].1, self.covered.of(number));
            match &reader.selection {
                None => documents.push(text),
                // An odd one that cannot be selected from is kept, whole.
                Some(selector) if documents.push_written(|out| selector.project_into(text, out)).is_err() => documents.push(document),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

impl Reducer {
    pub(super) fn new(wanted: Vec<FieldSet>) -> Self {
        let selectors: Vec<_> = wanted.iter().enumerate().filter_map(|(product, fields)| Some((product, fields.as_ref()?))).collect();
        let cuts = selectors.chunks(Cover::MOST).map(Cuts::new).collect();
        let products = wanted.into_iter().map(|fields| (fields, Documents::default())).collect();
        Self { products, cuts, ..Self::default() }
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
        let outcome = self.reduce_for_all(document);
        self.spent += start.elapsed();
        outcome
    }

    fn reduce_for_all(&mut self, document: &str) -> Result<(), NotJson> {
        let number = self.documents;
        if self.cuts.is_empty() {
            serde_json::from_str::<IgnoredAny>(document).map_err(|error| NotJson { number, error })?;
        }
        for cuts in &mut self.cuts {
            cuts.cut(document, &mut self.products).map_err(|ProjectionError(error)| NotJson { number, error })?;
        }
        let whole = self.products.iter_mut().filter(|(fields, _)| fields.is_none());
        whole.for_each(|(_, documents)| documents.push(document));
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
                let selector = fields.clone().expect("all of them are selectors");
                let alone = if selector.only_names_fields() {
                    let mut alone = Reducer::new(vec![fields]);
                    alone.reduce(&document).expect("JSON");
                    alone.finish()[0].1.get(0).map(str::to_owned)
                } else {
                    selector.project(&document).expect("JSON")
                };
                prop_assert_eq!(documents.get(0), alone.as_deref());
            }
        }
    }
}
