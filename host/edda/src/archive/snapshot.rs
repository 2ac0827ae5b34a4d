//! All documents of one collection as the answers of one import show them. A document that needs several answers is there only when all of
//! them are; if any is missing, the whole collection is left out, since a part of it would look like the end of the rest.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::value::RawValue;

use super::answer::{Answer, Answers};
use super::answer_json::{RawMembers, elements_of, text_of};
use super::collections::{Collection, Naming, Origin, Part};
use super::commands::Command;
use super::document::Document;
use super::import_error::ImportError;
use super::import_report::NamedDocument;

/// The documents of a collection.
pub(super) struct Snapshot<'a> {
    pub collection: &'static Collection,
    /// Ordered by id and variant, each there once.
    pub documents: Vec<Document<'a>>,
    pub skipped: Vec<NamedDocument>,
    /// Documents that the answers hold more than once; the last counts.
    pub repeated: BTreeSet<NamedDocument>,
}

/// What the answers hold of a collection.
pub(super) enum Gathered<'a> {
    /// Nothing.
    Nothing,
    /// Some answers, while these are missing.
    Incomplete(Vec<String>),
    /// All.
    Whole(Snapshot<'a>),
}

/// Gathers the documents of a collection.
pub(super) fn gather<'a>(collection: &'static Collection, answers: &Answers<'a>) -> Result<Gathered<'a>, ImportError> {
    if !has_any(collection, answers) {
        return Ok(Gathered::Nothing);
    }
    let mut gathering =
        Gathering { collection, documents: Vec::new(), skipped: Vec::new(), missing: Vec::new(), parts: parts_of(collection, answers)? };
    match &collection.parent {
        None => {
            let found: Vec<_> = answers.of(collection.command).collect();
            if found.is_empty() {
                gathering.missing.push(file_name(collection.command, ""));
            }
            for answer in found {
                gathering.answer(answer, None)?;
            }
        }
        Some(parent) => gathering.parents(answers, parent.command, parent.key)?,
    }
    Ok(if gathering.missing.is_empty() { Gathered::Whole(gathering.snapshot()) } else { Gathered::Incomplete(gathering.missing) })
}

fn has_any(collection: &Collection, answers: &Answers<'_>) -> bool {
    let needed = collection.parts.iter().map(|part| part.command).chain([collection.command]);
    needed.chain(collection.parent.as_ref().map(|parent| parent.command)).any(|command| answers.of(command).next().is_some())
}

/// What one part says, by the name of the document.
type Named<'a> = HashMap<Cow<'a, str>, &'a RawValue>;

fn parts_of<'a>(collection: &Collection, answers: &Answers<'a>) -> Result<Vec<Named<'a>>, ImportError> {
    collection.parts.iter().map(|part| named_parts(part, answers)).collect()
}

fn named_parts<'a>(part: &Part, answers: &Answers<'a>) -> Result<Named<'a>, ImportError> {
    let mut named = Named::new();
    for answer in answers.of(part.command) {
        match part.naming {
            Naming::ByFile => {
                named.insert(Cow::Borrowed(answer.parent), answer.content);
            }
            Naming::ByMember { name, value } => {
                let members = answer.items()?.into_iter().filter_map(RawMembers::open);
                named.extend(members.filter_map(|members| members.text(name).zip(members.get(value))));
            }
        }
    }
    Ok(named)
}

struct Gathering<'a> {
    collection: &'static Collection,
    documents: Vec<Document<'a>>,
    skipped: Vec<NamedDocument>,
    missing: Vec<String>,
    parts: Vec<Named<'a>>,
}

impl<'a> Gathering<'a> {
    /// Answers that are given once for each parent.
    fn parents(&mut self, answers: &Answers<'a>, command: &'static Command, key: &'static str) -> Result<(), ImportError> {
        let mut by_parent: HashMap<&str, Vec<&Answer<'a>>> = HashMap::new();
        for answer in answers.of(self.collection.command) {
            by_parent.entry(answer.parent).or_default().push(answer);
        }
        let lists: Vec<_> = answers.of(command).collect();
        if lists.is_empty() {
            self.missing.push(file_name(command, ""));
        }
        // A parent that is listed again is not asked again; the last counts.
        let mut parents = BTreeMap::new();
        for list in lists {
            for parent in list.items()? {
                let Some(name) = RawMembers::open(parent).and_then(|members| members.text(key)) else { continue };
                parents.insert(last_segment(&name).to_owned(), parent);
            }
        }
        for (name, parent) in parents {
            match by_parent.get(name.as_str()) {
                Some(found) => found.iter().try_for_each(|answer| self.answer(answer, Some(parent)))?,
                None => self.missing.push(file_name(self.collection.command, &name)),
            }
        }
        Ok(())
    }

    fn answer(&mut self, answer: &Answer<'a>, parent: Option<&'a RawValue>) -> Result<(), ImportError> {
        let origins = self.collection.added.iter().map(|added| added.origin);
        let names = origins.filter_map(|origin| if let Origin::Answer(name) = origin { Some(name) } else { None });
        let beside: Vec<_> = names.filter_map(|name| answer.members.get(name).map(|raw| (name, raw))).collect();
        let items = self.items(answer)?;
        let before = self.documents.len();
        for item in &items {
            match self.identity(item, parent) {
                Some((id, variant)) => self.document(id, variant, item, parent, &beside),
                None => self.skip(answer),
            }
        }
        if before == self.documents.len() && !items.is_empty() {
            return Err(answer.wrong_shape(format!("elements with `{}`", self.collection.id.join("`, `"))));
        }
        Ok(())
    }

    fn items(&self, answer: &Answer<'a>) -> Result<Vec<&'a RawValue>, ImportError> {
        let items = answer.items()?;
        let Some(inside) = self.collection.inside else { return Ok(items) };
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            let list = RawMembers::open(item).and_then(|members| members.get(inside)).and_then(elements_of);
            found.extend(list.ok_or_else(|| answer.wrong_shape(format!("a list `{inside}` in each element")))?);
        }
        Ok(found)
    }

    /// The id and what tells it from others of the same id.
    fn identity(&self, item: &RawValue, parent: Option<&RawValue>) -> Option<(String, String)> {
        let Some(members) = RawMembers::open(item) else {
            let id = if self.collection.id.is_empty() { text_of(item)? } else { return None };
            return Some((last_segment(&id).to_owned(), String::new()));
        };
        if self.collection.id.is_empty() {
            return None;
        }
        let id: Option<Vec<_>> = self.collection.id.iter().map(|name| members.text(name)).collect();
        let mut variant: Vec<_> = self.collection.variant.iter().map(|name| members.text(name).unwrap_or_default().into_owned()).collect();
        if let (Some(parent), Some(raw)) = (&self.collection.parent, parent) {
            variant.extend(RawMembers::open(raw).and_then(|members| members.text(parent.key)).map(Cow::into_owned));
        }
        let id = id?.join("|");
        let id = if self.collection.id_after_slash { last_segment(&id).to_owned() } else { id };
        Some((id, variant.join("|")))
    }

    fn document(
        &mut self,
        id: String,
        variant: String,
        item: &'a RawValue,
        parent: Option<&'a RawValue>,
        beside: &[(&'static str, &'a RawValue)],
    ) {
        let mut parts = Vec::with_capacity(self.parts.len());
        for (part, named) in self.collection.parts.iter().zip(&self.parts) {
            match named.get(id.as_str()) {
                Some(raw) => parts.push(*raw),
                None => self.missing.push(file_name(part.command, &id)),
            }
        }
        self.documents.push(Document { id, variant, item, parts, parent, beside: beside.to_vec() });
    }

    fn skip(&mut self, answer: &Answer<'_>) {
        let wanted = self.collection.id.join("`, `");
        self.skipped.push(NamedDocument {
            collection: self.collection.name.to_owned(),
            id: None,
            reason: format!("an element of {} has no `{wanted}`", answer.file),
        });
    }

    fn snapshot(mut self) -> Snapshot<'a> {
        // Stable, so that of equal ones the last in the answers stays the last.
        self.documents.sort_by(|left, right| (&left.id, &left.variant).cmp(&(&right.id, &right.variant)));
        let mut repeated = BTreeSet::new();
        let collection = self.collection;
        self.documents.dedup_by(|later, kept| {
            let same = later.id == kept.id && later.variant == kept.variant;
            if same {
                std::mem::swap(later, kept);
                let reason = "is there more than once; the last counts".to_owned();
                repeated.insert(NamedDocument { collection: collection.name.to_owned(), id: Some(kept.id.clone()), reason });
            }
            same
        });
        Snapshot { collection, documents: self.documents, skipped: self.skipped, repeated }
    }
}

fn last_segment(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

fn file_name(command: &Command, parent: &str) -> String {
    let dot = if parent.is_empty() { "" } else { "." };
    format!("{}{dot}{parent}.json", command.name)
}
