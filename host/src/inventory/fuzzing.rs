//! What must hold of any answer of an EDDA.

use super::reducer::{FieldSet, Reducer};
use super::splitter::{Expected, SplitError, Splitter};
use edda::query::Selector;

/// Three selectors that rules could ask with, and whole documents.
const SELECTORS: [&str; 3] = ["(a,b:(c))", "(b,d:(a,$date))", "(a=1,b:(c~/x/))"];

/// Cut into documents, whatever the pieces in which it arrives; each is reduced for all readers at once as for each alone.
pub(crate) fn answer(bytes: &[u8]) {
    for expected in [Expected::List, Expected::ListOrDocument] {
        let whole = split(&[bytes], expected);
        let pieces: Vec<&[u8]> = bytes.chunks(3).collect();
        let in_pieces = split(&pieces, expected);
        match (&whole, &in_pieces) {
            (Ok(one), Ok(other)) => assert_eq!(one, other, "the size of the pieces does not matter"),
            (Err(_), Err(_)) => {}
            _ => panic!("in one piece {whole:?}, in many {in_pieces:?}"),
        }
        for document in whole.iter().flatten() {
            reduced_together_as_alone(document);
        }
    }
}

fn split(pieces: &[&[u8]], expected: Expected) -> Result<Vec<String>, SplitError> {
    let mut splitter = Splitter::new(expected);
    let mut documents = Vec::new();
    for piece in pieces {
        splitter.feed(piece, &mut |document: &str| {
            documents.push(document.to_owned());
            Ok::<(), SplitError>(())
        })?;
    }
    splitter.finish().map(|()| documents)
}

fn reduced_together_as_alone(document: &str) {
    let selectors = SELECTORS.iter().map(|text| Selector::parse(text).ok());
    let wanted: Vec<FieldSet> = selectors.chain([None]).collect();
    let together = reduced(wanted.clone(), document);
    for (number, fields) in wanted.into_iter().enumerate() {
        let alone = reduced(vec![fields], document);
        assert_eq!(alone.as_ref().map(|alone| &alone[0]), together.as_ref().map(|together| &together[number]), "{document}");
    }
    assert_eq!(together.is_some(), serde_json::from_str::<serde::de::IgnoredAny>(document).is_ok(), "{document}");
}

/// What each reader gets. None: the document is no JSON.
fn reduced(wanted: Vec<FieldSet>, document: &str) -> Option<Vec<Option<String>>> {
    let mut reducer = Reducer::new(wanted);
    reducer.reduce(document).ok()?;
    Some(reducer.finish().iter().map(|(_, documents)| documents.get(0).map(str::to_owned)).collect())
}
