//! One document before it is reshaped: the pieces of the answers that make it, and a digest over them. A document whose pieces are the same
//! as last time is recognised by the digest and never parsed.

use std::borrow::Cow;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::answer_json::{Json, RawMembers, text_of};
use super::collections::{Added, Collection, Origin};
use super::reshape::{Odd, Reshaper, milliseconds, moment};
use super::shape::Kind;
use crate::{EpochMillis, Object, Value};

/// Part of each digest. To be raised when reshaping changes, so that every document is looked at again.
const RESHAPING_VERSION: u8 = 1;

/// SHA-256 over the pieces of a document.
pub(super) type PiecesDigest = [u8; 32];

/// The pieces of a document.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub id: String,
    /// What tells it from others of the same id; mostly empty.
    pub variant: String,
    pub item: &'a RawValue,
    /// What each part of the collection says of it.
    pub parts: Vec<&'a RawValue>,
    pub parent: Option<&'a RawValue>,
    /// What the answer says beside its items, one for each property added from there.
    pub beside: Vec<(&'static str, &'a RawValue)>,
}

impl<'a> Document<'a> {
    /// The digest over all pieces.
    pub(super) fn digest(&self, collection: &Collection) -> PiecesDigest {
        let mut digest = Sha256::new_with_prefix([RESHAPING_VERSION]);
        let mut add = |piece: &str| {
            digest.update(piece.len().to_le_bytes());
            digest.update(piece);
        };
        add(self.item.get());
        self.parts.iter().for_each(|part| add(part.get()));
        self.beside.iter().for_each(|(_, piece)| add(piece.get()));
        // Of the parent only what is shown counts: it says, for one, how many records its zone has.
        for (added, parent) in collection.added.iter().filter(|added| matches!(added.origin, Origin::Parent)).zip(self.parent) {
            let members = RawMembers::open(parent).unwrap_or_default();
            shown_members(added).for_each(|name| add(members.get(name).map_or("", RawValue::get)));
        }
        digest.finalize().into()
    }

    /// The document in EDDA's form.
    pub(super) fn reshape(&self, collection: &Collection, reshaper: &mut Reshaper) -> Result<Value, Odd> {
        let place = place_of(collection);
        let item = read(self.item, &place)?;
        let mut document = match collection.shape {
            Some(shape) => match reshaper.value(&place, Kind::One(shape), Some(&item))? {
                Value::Object(object) => object,
                _ => return Err(Odd::new(place, "an object")),
            },
            None => Object::new(),
        };
        for added in collection.added {
            document.insert(added.name, self.added(added, collection, &item, reshaper)?);
        }
        Ok(Value::Object(document))
    }

    fn added(&self, added: &Added, collection: &Collection, item: &Json<'_>, reshaper: &mut Reshaper) -> Result<Value, Odd> {
        let mut from = |place: &str, raw: Option<&RawValue>| {
            let json = raw.map(|raw| read(raw, place)).transpose()?;
            reshaper.value(place, added.kind, json.as_ref())
        };
        match added.origin {
            Origin::Id => Ok(Value::from(self.id.as_str())),
            Origin::Item => reshaper.value(&place_of(collection), added.kind, Some(item)),
            Origin::Part(number) => from(collection.parts[number].command.key, Some(self.parts[number])),
            Origin::Parent => {
                let shown = self.parent.map(|parent| shown_of(parent, added)).transpose()?;
                reshaper.value("parent", added.kind, shown.as_ref())
            }
            Origin::Answer(name) => from(name, self.beside.iter().find(|(known, _)| *known == name).map(|(_, raw)| *raw)),
        }
    }

    /// When the resource itself was created, if it says so.
    pub(super) fn created(&self, collection: &Collection) -> Option<EpochMillis> {
        let raw = self.find(collection.created?)?;
        let json = Json::read(raw).ok()?;
        moment(&json).or_else(|| text_of(raw)?.parse().ok().and_then(milliseconds))
    }

    /// The text, or the texts, of a member (its path) of the item or of one of the parts.
    pub(super) fn texts(&self, path: &str) -> Vec<Cow<'a, str>> {
        let mut names = path.split('.');
        let first = names.next().and_then(|name| self.find(name));
        let found = names.fold(first, |raw, name| raw.and_then(|raw| RawMembers::open(raw)?.get(name)));
        match found.map(serde_json::value::RawValue::get) {
            Some(list) if list.starts_with('[') => serde_json::from_str(list).unwrap_or_default(),
            _ => found.and_then(text_of).into_iter().collect(),
        }
    }

    fn find(&self, name: &str) -> Option<&'a RawValue> {
        let mut pieces = std::iter::once(self.item).chain(self.parts.iter().copied());
        pieces.find_map(|piece| RawMembers::open(piece)?.get(name))
    }
}

/// Where an item is in its answer, for messages.
fn place_of(collection: &Collection) -> String {
    match collection.inside {
        Some(inside) => format!("{}[].{inside}[]", collection.command.key),
        None => format!("{}[]", collection.command.key),
    }
}

fn read<'a>(raw: &'a RawValue, place: &str) -> Result<Json<'a>, Odd> {
    Json::read(raw).map_err(|_| Odd::new(place.to_owned(), "made of readable values"))
}

/// The members of the parent that a property shows.
fn shown_members(added: &Added) -> impl Iterator<Item = &'static str> {
    let fields = if let Kind::One(shape) = added.kind { shape.fields } else { &[] };
    fields.iter().map(|field| field.from)
}

/// Only what is shown of a parent, so that its other members are not named as left out: they are shown in a collection of their own.
fn shown_of<'a>(parent: &'a RawValue, added: &Added) -> Result<Json<'a>, Odd> {
    let Json::Object(mut members) = read(parent, "parent")? else { return Ok(Json::Null) };
    members.retain(|(name, _)| shown_members(added).any(|shown| shown == name));
    Ok(Json::Object(members))
}
