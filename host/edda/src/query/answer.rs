//! Answering a query from a store, record by record: memory does not grow with the answer.

use std::borrow::Cow;
use std::io::Write;
use std::ops::ControlFlow;

use crate::query::refusal::Refusal;
use crate::query::request::{Query, Request, Shape};
use crate::query::unified_diff::RevisionDiff;
use crate::record::{Record, RecordStore, StoredText};
use crate::render::write_text;
use crate::value::Value;

/// What goes before the body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The media type; the body is UTF-8.
    pub content_type: &'static str,
}

/// Writes the body of the answer to `out` while the store is read. A refusal comes before anything is written, unless the store or `out`
/// fails on the way. Many small pieces are written: give it a buffer.
pub fn answer(request: &Request, store: &dyn RecordStore, out: &mut dyn Write) -> Result<Head, Refusal> {
    let query = request.resolve(&|name| store.has_collection(name))?;
    let mut body = Body { out, callback: query.callback.as_deref(), open: false };
    match query.shape {
        _ if query.diff => write_diff(request, &query, store, &mut body)?,
        Shape::Single { .. } => write_single(request, &query, store, &mut body)?,
        Shape::Ids | Shape::Documents => write_list(&query, store, &mut body)?,
    }
    body.close()?;
    Ok(query.head())
}

/// Hands over each element of the list that [`answer`] would write, as compact JSON, until `each` breaks; one for a single document, none
/// if its selector does not match. `_pp` and `_callback` have no effect; a difference is refused.
pub fn documents(request: &Request, store: &dyn RecordStore, each: &mut dyn FnMut(&str) -> ControlFlow<()>) -> Result<(), Refusal> {
    let query = request.resolve(&|name| store.has_collection(name))?;
    if query.diff {
        return Err(Refusal::DiffIsText);
    }
    let mut compact = String::new();
    let mut found = false;
    query.visit(store, &mut |record| {
        found = true;
        let Some(element) = query.element(&record)? else { return Ok(ControlFlow::Continue(())) };
        compact.clear();
        element.write_compact(&mut compact);
        Ok(each(&compact))
    })?;
    if found || !query.is_single() { Ok(()) } else { Err(missing(request, &query, store)) }
}

fn write_list(query: &Query, store: &dyn RecordStore, body: &mut Body<'_>) -> Result<(), Refusal> {
    let mut text = String::from("[");
    let mut empty = true;
    query.visit(store, &mut |record| {
        let Some(element) = query.element(&record)? else { return Ok(ControlFlow::Continue(())) };
        text.push_str(match (empty, query.pretty) {
            (true, false) => "",
            (true, true) => "\n  ",
            (false, false) => ",",
            (false, true) => ",\n  ",
        });
        empty = false;
        query.print(&record, &element, 1, &mut text)?;
        body.write(&text)?;
        text.clear();
        Ok(ControlFlow::Continue(()))
    })?;
    text.push_str(match (empty, query.pretty) {
        (_, false) => "]",
        (true, true) => " ]",
        (false, true) => "\n]",
    });
    body.write(&text)
}

/// A document that does not match its selector has an empty body, as in EDDA.
fn write_single(request: &Request, query: &Query, store: &dyn RecordStore, body: &mut Body<'_>) -> Result<(), Refusal> {
    let mut text = None;
    query.visit(store, &mut |record| {
        let text = text.insert(String::new());
        if let Some(element) = query.element(&record)? {
            query.print(&record, &element, 0, text)?;
        }
        Ok(ControlFlow::Break(()))
    })?;
    let text = text.ok_or_else(|| missing(request, query, store))?;
    body.write(&text)
}

fn write_diff(request: &Request, query: &Query, store: &dyn RecordStore, body: &mut Body<'_>) -> Result<(), Refusal> {
    let mut diff = RevisionDiff::new(request.base(), &query.collection);
    query.visit(store, &mut |record| {
        let text = query.parse(&record, record.data.as_str())?.to_pretty();
        if let Some(pair) = diff.add(&record, text) {
            // Read only now, as in EDDA: a bad number beside fewer than two revisions is not looked at.
            let context = request.diff_context()?;
            body.write(&diff.print(&pair, context))?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    match diff.revisions() {
        0 if query.is_single() => Err(missing(request, query, store)),
        0 => Err(Refusal::DiffOfNone),
        _ if body.open => Ok(()),
        _ => Err(Refusal::DiffOfOne),
    }
}

/// Why a single document is not there: there never was one, or there is none any more.
fn missing(request: &Request, query: &Query, store: &dyn RecordStore) -> Refusal {
    let id = query.ids().and_then(<[String]>::first).cloned().unwrap_or_default();
    let collection = query.collection.clone();
    match last_seen(request, query, store) {
        Ok(Some(stime)) => Refusal::Gone { id, collection, stime },
        Ok(None) => Refusal::NotFound { id, collection },
        Err(refusal) => refusal,
    }
}

fn last_seen(request: &Request, query: &Query, store: &dyn RecordStore) -> Result<Option<i64>, Refusal> {
    if query.shape != (Shape::Single { travelling: false }) {
        return Ok(None);
    }
    let mut stime = None;
    let past = request.about_the_past().resolve(&|name| store.has_collection(name))?;
    past.visit(store, &mut |record| {
        stime = Some(record.stime);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(stime)
}

impl Query {
    /// What goes before the body when the query is answered: known before the store is asked.
    pub fn head(&self) -> Head {
        let content_type = match (&self.callback, self.diff) {
            (Some(_), _) => "application/javascript",
            (None, true) => "text/plain",
            (None, false) => "application/json",
        };
        Head { status: 200, content_type }
    }

    /// Hands over the records that the query is about, up to its limit.
    fn visit(&self, store: &dyn RecordStore, each: &mut dyn FnMut(Record) -> Result<ControlFlow<()>, Refusal>) -> Result<(), Refusal> {
        let mut left = self.limit.unwrap_or(usize::MAX);
        let mut outcome = Ok(());
        let mut accept = |record: Record| -> Result<ControlFlow<()>, Refusal> {
            if !self.accepts(&record)? {
                return Ok(ControlFlow::Continue(()));
            }
            left = left.saturating_sub(1);
            Ok(if each(record)?.is_break() || left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        store.records(&self.selection(), &mut |record| {
            accept(record).unwrap_or_else(|refusal| {
                outcome = Err(refusal);
                ControlFlow::Break(())
            })
        })?;
        outcome
    }

    fn accepts(&self, record: &Record) -> Result<bool, Refusal> {
        if self.selects.is_empty() {
            return Ok(true);
        }
        let root = self.parse(record, &self.root(record))?;
        Ok(self.selects.iter().all(|argument| argument.matches(&root)))
    }

    /// What the answer shows of a record, in stored form; None: its document does not match the selector.
    fn element(&self, record: &Record) -> Result<Option<StoredText>, Refusal> {
        if self.shape == Shape::Ids {
            let mut id = String::new();
            write_text(&record.id, &mut id);
            return Ok(Some(StoredText::from_store(id)));
        }
        let root = self.root(record);
        let Some(selector) = &self.selector else { return Ok(Some(StoredText::from_store(root.into_owned()))) };
        let selected = selector.project(&root).map_err(|error| self.damaged(record, error.into()))?;
        Ok(selected.map(StoredText::from_store))
    }

    /// Where select arguments and selectors begin, in stored form: the document, or with `_meta` the whole record.
    fn root<'a>(&self, record: &'a Record) -> Cow<'a, str> {
        if self.meta { Cow::Owned(record.to_stored()) } else { Cow::Borrowed(record.data.as_str()) }
    }

    fn print(&self, record: &Record, element: &StoredText, level: usize, out: &mut String) -> Result<(), Refusal> {
        if self.pretty {
            self.parse(record, element.as_str())?.write_pretty(level, out);
        } else {
            element.write_compact(out);
        }
        Ok(())
    }

    fn parse(&self, record: &Record, stored: &str) -> Result<Value, Refusal> {
        Value::parse_stored(stored).map_err(|error| self.damaged(record, error.into()))
    }

    fn damaged(&self, record: &Record, source: Box<dyn std::error::Error + Send + Sync>) -> Refusal {
        Refusal::Damaged { id: record.id.clone(), collection: self.collection.clone(), source }
    }
}

/// The body on its way, with what a callback puts around it. Nothing is written before the first piece.
struct Body<'a> {
    out: &'a mut dyn Write,
    callback: Option<&'a str>,
    open: bool,
}

impl Body<'_> {
    fn write(&mut self, text: &str) -> Result<(), Refusal> {
        if let (false, Some(callback)) = (self.open, self.callback) {
            write!(self.out, "{callback}(").map_err(Refusal::Write)?;
        }
        self.open = true;
        self.out.write_all(text.as_bytes()).map_err(Refusal::Write)
    }

    fn close(&mut self) -> Result<(), Refusal> {
        if self.callback.is_some() { self.out.write_all(b")").map_err(Refusal::Write) } else { Ok(()) }
    }
}
