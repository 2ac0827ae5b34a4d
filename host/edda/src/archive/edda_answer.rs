//! What EDDA itself answers: a list of documents (`;_expand`), which is a snapshot of its collection, or of whole records (`;_meta`, with
//! `;_all` of all revisions), which bring their own times. Such an answer does not name its collection: the file's name does, or the class
//! of its documents, or who imports it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::answer::{Input, Manner};
use super::collections::{COLLECTIONS, Collection, Origin};
use super::entry::Finished;
use super::extended_json::{mended, moment_of, restore_dates};
use super::import_error::ImportError;
use super::import_report::NamedDocument;
use super::past::{PastRecord, text_of, variant_of};
use super::shape::{Kind, Shape, property_name};
use crate::{Object, Value};

/// All answers of EDDA among the inputs of an import; of one collection there is one.
pub(super) struct EddaAnswers(pub(super) Vec<EddaAnswer>);

/// An answer of EDDA's.
pub(super) enum EddaAnswer {
    /// The current documents of a collection.
    Snapshot { collection: &'static Collection, documents: Vec<Finished>, skipped: Vec<NamedDocument> },
    /// Revisions with their times.
    Past { collection: String, records: Vec<PastRecord>, skipped: Vec<NamedDocument> },
}

impl EddaAnswers {
    /// Reads EDDA's answers, and hands back the other inputs.
    pub(super) fn take_out<'a>(inputs: &'a [Input], manner: &Manner) -> Result<(Self, Vec<&'a Input>), ImportError> {
        let (of_edda, others): (Vec<_>, Vec<_>) = inputs.iter().partition(|input| is_of_edda(&input.bytes));
        let answers = of_edda.into_iter().map(|input| read(input, manner)).collect::<Result<Vec<_>, _>>()?;
        Ok((Self(joined(answers)), others))
    }
}

/// EDDA answers with lists, and its objects begin with other names than the AWS command line's: `code` for an error, `ctime` for a record.
fn is_of_edda(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    match bytes.split_first() {
        Some((b'[', _)) => true,
        Some((b'{', rest)) => [&b"\"code\""[..], b"\"ctime\""].iter().any(|name| rest.trim_ascii_start().starts_with(name)),
        _ => false,
    }
}

fn read(input: &Input, manner: &Manner) -> Result<EddaAnswer, ImportError> {
    let file = || input.name.clone();
    let text = input.whole()?.get();
    // Only numbers that are out of range can fail here.
    let elements = match Value::parse_stored(text).map(mended) {
        Ok(Value::Array(elements)) => elements,
        Ok(Value::Object(object)) => match object.get("message").and_then(Value::as_text) {
            Some(message) => return Err(ImportError::EddaError { file: file(), message: message.to_owned() }),
            None => vec![Value::Object(object)],
        },
        _ => return Err(ImportError::Unknown { file: file() }),
    };
    if matches!(elements.first(), Some(Value::Text(_))) {
        return Err(ImportError::OnlyIds { file: file() });
    }
    let name = manner.collection.clone().or_else(|| collection_in_name(&input.name)).or_else(|| collection_of_class(&elements));
    let Some(name) = name else {
        let is_documents = matches!(elements.first(), Some(Value::Object(_)));
        return Err(if is_documents { ImportError::WhichCollection { file: file() } } else { ImportError::Unknown { file: file() } });
    };
    if elements.is_empty() && !manner.is_part {
        return Err(ImportError::EmptyEdda { file: file() });
    }
    if elements.iter().any(is_record) {
        return Ok(past(name, elements));
    }
    let collection = COLLECTIONS.iter().find(|known| known.name == name).ok_or(ImportError::UnknownCollection { name })?;
    Ok(snapshot(collection, elements))
}

fn is_record(element: &Value) -> bool {
    element.as_object().is_some_and(|object| ["data", "id", "stime"].iter().all(|name| object.get(name).is_some()))
}

/// `aws.securityGroups.json` and `netflix.apps.json` are named after their collections.
fn collection_in_name(file: &str) -> Option<String> {
    let name = Path::new(file).file_name()?.to_str()?;
    let stem = name.strip_suffix(".json")?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_alphanumeric());
    (stem.contains('.') && stem.split('.').all(is_word)).then(|| stem.to_owned())
}

fn collection_of_class(elements: &[Value]) -> Option<String> {
    let element = elements.first()?.as_object()?;
    let document = element.get("data").and_then(Value::as_object).unwrap_or(element);
    let class = |object: &Object| object.get("class").and_then(Value::as_text).map(ToOwned::to_owned);
    let class = class(document).or_else(|| class(document.get("attributes")?.as_object()?))?;
    COLLECTIONS.iter().find(|collection| class_of(collection) == Some(class.as_str())).map(|collection| collection.name.to_owned())
}

/// The class of a collection's documents, or of the item inside them.
fn class_of(collection: &Collection) -> Option<&'static str> {
    let inside = |shape: &'static Shape| shape.class;
    collection.shape.and_then(inside).or_else(|| {
        collection.added.iter().find_map(|added| match (added.origin, added.kind) {
            (Origin::Item, Kind::One(shape)) => shape.class,
            _ => None,
        })
    })
}

fn past(collection: String, elements: Vec<Value>) -> EddaAnswer {
    let known = COLLECTIONS.iter().find(|known| known.name == collection);
    let (mut records, mut skipped) = (Vec::with_capacity(elements.len()), Vec::new());
    for element in elements {
        let record = match element {
            Value::Object(object) => {
                let id = text_of(object.get("id"));
                PastRecord::of(object).map_err(|reason| (id, reason))
            }
            _ => Err((None, "it is no record".to_owned())),
        };
        match record {
            Ok(mut record) => {
                if let (Some(known), Value::Object(data)) = (known, &mut record.data) {
                    restore_dates(known, data);
                }
                records.push(record);
            }
            Err((id, reason)) => skipped.push(NamedDocument { collection: collection.clone(), id, reason }),
        }
    }
    EddaAnswer::Past { collection, records, skipped }
}

fn snapshot(collection: &'static Collection, elements: Vec<Value>) -> EddaAnswer {
    let (mut documents, mut skipped) = (BTreeMap::new(), Vec::new());
    for element in elements {
        let id = element.as_object().and_then(|object| id_of(collection, object));
        let (Value::Object(mut object), Some(id)) = (element, id) else {
            let reason = "a document does not show its id".to_owned();
            skipped.push(NamedDocument { collection: collection.name.to_owned(), id: None, reason });
            continue;
        };
        restore_dates(collection, &mut object);
        let created = collection.created.and_then(|name| created_of(&object, &property_name(name)));
        let value = Value::Object(object);
        let variant = variant_of(collection, &value);
        documents.insert((id.clone(), variant.clone()), Finished { id, variant, created, value });
    }
    EddaAnswer::Snapshot { collection, documents: documents.into_values().collect(), skipped }
}

/// The id that a document of a known collection shows, or none.
pub fn document_id(collection: &str, document: &Value) -> Option<String> {
    let collection = COLLECTIONS.iter().find(|known| known.name == collection)?;
    id_of(collection, document.as_object()?)
}

/// The id that a document shows.
fn id_of(collection: &Collection, document: &Object) -> Option<String> {
    let Some(shape) = collection.shape else { return text_of(document.get("name")) };
    let property = |member: &str| {
        let field = shape.fields.iter().find(|field| field.from == member);
        field.map_or_else(|| property_name(member), super::shape::Field::name)
    };
    let parts: Option<Vec<_>> = collection.id.iter().map(|member| text_of(document.get(&property(member)))).collect();
    let id = parts?.join("|");
    Some(if collection.id_after_slash { id.rsplit('/').next().unwrap_or(&id).to_owned() } else { id })
}

fn created_of(document: &Object, name: &str) -> Option<crate::EpochMillis> {
    let inside = || document.get("attributes").and_then(Value::as_object)?.get(name);
    document.get(name).or_else(inside).and_then(moment_of)
}

/// Answers of one collection are one.
fn joined(answers: Vec<EddaAnswer>) -> Vec<EddaAnswer> {
    let mut joined: Vec<EddaAnswer> = Vec::new();
    for answer in answers {
        let EddaAnswer::Snapshot { collection, documents, skipped } = answer else {
            joined.push(answer);
            continue;
        };
        let same = joined.iter_mut().find_map(|known| match known {
            EddaAnswer::Snapshot { collection: known, documents, skipped } if known.name == collection.name => Some((documents, skipped)),
            _ => None,
        });
        match same {
            Some((known, known_skipped)) => {
                let new: BTreeSet<_> = documents.iter().map(|document| (document.id.clone(), document.variant.clone())).collect();
                known.retain(|known| !new.contains(&(known.id.clone(), known.variant.clone())));
                known.extend(documents);
                known_skipped.extend(skipped);
            }
            None => joined.push(EddaAnswer::Snapshot { collection, documents, skipped }),
        }
    }
    joined
}
