//! The documents of one answer as a set of rules sees them, one text each, and the pages that they are handed out in.

/// A page has at most this many documents.
const PAGE_DOCUMENTS: usize = 256;
/// A page has about this many bytes, and at least one document.
const PAGE_BYTES: usize = 256 * 1024;

/// JSON texts in the order of the answer. Immutable, and shared by all rules that want the same fields.
#[derive(Debug, Default)]
pub struct Documents {
    text: String,
    /// Where each document ends in the text.
    ends: Vec<usize>,
}

/// Some documents in a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// One JSON text for each element of the answer.
    pub documents: Vec<String>,
    /// Where the next page begins. None: this was the last.
    pub next: Option<usize>,
    /// The size of the documents, bytes.
    pub bytes: u64,
}

impl Documents {
    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One document, none behind the last.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        Some(&self.text[self.start(index)..end])
    }

    /// The documents from number `from` on: at most 256 and about 256 KiB, but at least one. Behind the last one: an empty last page.
    pub fn page(&self, from: usize) -> Page {
        let start = self.start(from.min(self.len()));
        let fits = |end: &&usize| **end - start <= PAGE_BYTES;
        let rest = self.ends.get(from..).unwrap_or_default();
        let count = rest.iter().take(PAGE_DOCUMENTS).take_while(fits).count().max(1).min(rest.len());
        let documents: Vec<String> = (from..from + count).filter_map(|index| self.get(index)).map(str::to_owned).collect();
        let bytes = documents.iter().map(|document| document.len() as u64).sum();
        Page { documents, next: (count < rest.len()).then_some(from + count), bytes }
    }

    /// What they cost in memory, bytes.
    pub fn size(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    pub(super) fn push(&mut self, document: &str) {
        self.text.push_str(document);
        self.ends.push(self.text.len());
    }

    /// Adds the document that `write` appends, if it says that there is one.
    pub(super) fn push_written<E>(&mut self, write: impl FnOnce(&mut String) -> Result<bool, E>) -> Result<(), E> {
        let start = self.text.len();
        let written = write(&mut self.text);
        if let Ok(true) = written {
            self.ends.push(self.text.len());
        } else {
            self.text.truncate(start);
        }
        written.map(drop)
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

impl<'a> FromIterator<&'a str> for Documents {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut documents = Self::default();
        texts.into_iter().for_each(|text| documents.push(text));
        documents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(texts: impl IntoIterator<Item = String>) -> Documents {
        let mut documents = Documents::default();
        texts.into_iter().for_each(|text| documents.push(&text));
        documents
    }

    fn pages(documents: &Documents) -> Vec<Page> {
        let mut pages = vec![documents.page(0)];
        while let Some(next) = pages.last().and_then(|page| page.next) {
            pages.push(documents.page(next));
        }
        pages
    }

    #[test]
    fn pages_hold_every_document_once_and_in_order() {
        let texts: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        let pages = pages(&documents(texts.clone()));
        assert_eq!(pages.iter().map(|page| page.documents.len()).collect::<Vec<_>>(), [256, 256, 256, 232]);
        assert_eq!(pages.into_iter().flat_map(|page| page.documents).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn a_page_is_bounded_in_bytes_but_has_at_least_one_document() {
        let sizes = [100_000, 100_000, 100_000, 700_000, 1];
        let pages = pages(&documents(sizes.map(|size| "x".repeat(size))));
        assert_eq!(pages.iter().map(|page| page.bytes).collect::<Vec<_>>(), [200_000, 100_000, 700_000, 1]);
    }

    #[test]
    fn no_documents_are_one_empty_page() {
        let nothing = Page { documents: vec![], next: None, bytes: 0 };
        assert_eq!(documents([]).page(0), nothing);
        assert_eq!(documents(["1".to_owned()]).page(1), nothing);
        assert_eq!(documents(["1".to_owned()]).page(usize::MAX), nothing);
    }
}
