//! Revisions that bring their own times, from an EDDA or from another archive: each is put where it belongs, and one that is there already is
//! not taken twice. Nothing ends because it is not among them.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::collections::{COLLECTIONS, Collection};
use super::extended_json::moment_of;
use super::import_report::{CollectionReport, NamedDocument};
use super::revisions::source_number;
use super::shape::property_name;
use crate::{EpochMillis, Object, StoredText, Value};

/// A revision.
#[derive(Debug, PartialEq)]
pub(super) struct PastRecord {
    pub id: String,
    pub variant: Option<String>,
    pub ftime: EpochMillis,
    pub ctime: EpochMillis,
    pub stime: EpochMillis,
    pub ltime: Option<EpochMillis>,
    pub mtime: EpochMillis,
    pub tags: Value,
    pub data: Value,
}

impl PastRecord {
    /// Takes a record apart; the error says what is wrong with it.
    pub(super) fn of(mut record: Object) -> Result<Self, String> {
        let id = text_of(record.get("id")).ok_or("it has no `id`")?;
        let time = |name: &str| match record.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => moment_of(value).map(Some).ok_or_else(|| format!("its `{name}` is no moment")),
        };
        let stime = time("stime")?.ok_or("it has no `stime`")?;
        let (ltime, ftime, ctime, mtime) = (time("ltime")?, time("ftime")?, time("ctime")?, time("mtime")?);
        if ltime.is_some_and(|ltime| ltime < stime) {
            return Err("it ended before it began".to_owned());
        }
        let mtime = ltime.or(mtime).unwrap_or(stime);
        let variant = record.get("variant").and_then(Value::as_text).map(ToOwned::to_owned);
        let tags = record.remove("tags").filter(|tags| tags.as_object().is_some()).unwrap_or_else(|| Value::Object(Object::new()));
        let data = record.remove("data").filter(|data| data.as_object().is_some()).ok_or("its `data` is no object")?;
        Ok(Self { id, variant, ftime: ftime.unwrap_or(stime), ctime: ctime.unwrap_or(stime), stime, ltime, mtime, tags, data })
    }

    /// The newest moment that it tells of; while it is current, its collection was seen at `mtime`.
    fn newest(&self) -> EpochMillis {
        self.ltime.map_or(self.mtime.max(self.stime), |ltime| (ltime - 1).max(self.stime))
    }
}

/// The text that an id is; a number counts as its text.
pub(super) fn text_of(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Int(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// What tells a document from others of the same id, as far as the document itself says it.
pub(super) fn variant_of(collection: &Collection, data: &Value) -> String {
    let member = |object: &Value, name: &str| text_of(object.as_object().and_then(|object| object.get(&property_name(name))));
    let mut variant: Vec<_> = collection.variant.iter().map(|name| member(data, name).unwrap_or_default()).collect();
    if let Some(parent) = &collection.parent {
        let mut shown = collection.added.iter().filter_map(|added| data.as_object()?.get(added.name));
        variant.extend(shown.find_map(|shown| member(shown, parent.key)));
    }
    variant.join("|")
}

/// Writes revisions of any collections and sources.
pub(super) struct PastWriter<'c> {
    connection: &'c Connection,
    now: EpochMillis,
    /// Whether the revisions may end others, and say up to when their collection is known.
    is_whole: bool,
    sources: HashMap<(String, String), Source>,
    skipped: Vec<NamedDocument>,
}

struct Source {
    number: i64,
    collection: Option<&'static Collection>,
    newest: EpochMillis,
    report: CollectionReport,
}

impl<'c> PastWriter<'c> {
    pub(super) fn new(connection: &'c Connection, now: EpochMillis, is_whole: bool) -> Self {
        Self { connection, now, is_whole, sources: HashMap::new(), skipped: Vec::new() }
    }

    /// Puts a revision where it belongs.
    pub(super) fn write(&mut self, collection: &str, source: &str, record: PastRecord) -> rusqlite::Result<()> {
        if record.newest() > self.now {
            let reason = "it tells of the future; is the clock right?".to_owned();
            self.skipped.push(NamedDocument { collection: collection.to_owned(), id: Some(record.id), reason });
            return Ok(());
        }
        let key = (collection.to_owned(), source.to_owned());
        if !self.sources.contains_key(&key) {
            let number = source_number(self.connection, collection, source)?;
            let report = CollectionReport { collection: collection.to_owned(), source: source.to_owned(), ..CollectionReport::default() };
            let collection = COLLECTIONS.iter().find(|known| known.name == collection);
            self.sources.insert(key.clone(), Source { number, collection, newest: EpochMillis::MIN, report });
        }
        if let Some(source) = self.sources.get_mut(&key) {
            source.newest = source.newest.max(record.newest());
            Revision { connection: self.connection, is_whole: self.is_whole }.write(source, record)?;
        }
        Ok(())
    }

    /// Notes up to when each collection is known, and says what became of each, and of what was left out.
    pub(super) fn finish(self) -> rusqlite::Result<(Vec<CollectionReport>, Vec<NamedDocument>)> {
        let seen = if self.is_whole {
            "UPDATE sources SET mtime = max(mtime, ?2), known_until = max(known_until, ?2 + 1) WHERE number = ?1"
        } else {
            "UPDATE sources SET mtime = max(mtime, ?2) WHERE number = ?1"
        };
        let ordered: BTreeMap<_, _> = self.sources.into_iter().collect();
        let mut reports = Vec::with_capacity(ordered.len());
        for source in ordered.into_values() {
            self.connection.execute(seen, params![source.number, source.newest])?;
            reports.push(source.report);
        }
        Ok((reports, self.skipped))
    }
}

struct Revision<'c> {
    connection: &'c Connection,
    is_whole: bool,
}

impl Revision<'_> {
    fn write(&self, source: &mut Source, record: PastRecord) -> rusqlite::Result<()> {
        const KNOWN: &str = "SELECT number, ltime, data FROM records WHERE source = ?1 AND id = ?2 AND variant = ?3 AND stime = ?4";
        let derived = || source.collection.map(|collection| variant_of(collection, &record.data)).unwrap_or_default();
        let variant = record.variant.clone().unwrap_or_else(derived);
        let known = self.connection.prepare_cached(KNOWN)?.query_row(params![source.number, record.id, variant, record.stime], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Option<EpochMillis>>(1)?, StoredText::from_store(row.get(2)?)))
        });
        match known.optional()? {
            Some((number, ltime, data)) => self.again(source, &record, number, ltime, &data),
            None => self.first(source, record, &variant),
        }
    }

    /// A revision that is there: the file may know of its end, or hold what was changed in place.
    fn again(
        &self,
        source: &mut Source,
        record: &PastRecord,
        number: i64,
        ltime: Option<EpochMillis>,
        data: &StoredText,
    ) -> rusqlite::Result<()> {
        let given = StoredText::from(&record.data);
        let ends = self.is_whole && ltime.is_none() && record.ltime.is_some();
        if ends {
            self.end(number, record.ltime.unwrap_or(record.stime))?;
            source.report.ended += 1;
        }
        if given != *data {
            let replace = "UPDATE records SET data = ?2, digest = NULL WHERE number = ?1";
            self.connection.prepare_cached(replace)?.execute(params![number, given.as_str()])?;
            source.report.changed += 1;
        } else if !ends {
            source.report.unchanged += 1;
        }
        Ok(())
    }

    /// Of two current revisions the older one ended when the newer one began.
    fn first(&self, source: &mut Source, mut record: PastRecord, variant: &str) -> rusqlite::Result<()> {
        const CURRENT: &str = "SELECT number, stime FROM records INDEXED BY records_current \
            WHERE source = ?1 AND id = ?2 AND variant = ?3 AND ltime IS NULL";
        const INSERT: &str = "INSERT INTO records (collection, source, id, variant, stime, ltime, ftime, ctime, mtime, tags, data) \
            SELECT collection, number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM sources WHERE number = ?1";
        if record.ltime.is_none() {
            let mut current = self.connection.prepare_cached(CURRENT)?;
            let current = current
                .query_row(params![source.number, record.id, variant], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, EpochMillis>(1)?)));
            match current.optional()? {
                Some((_, stime)) if stime > record.stime => record.ltime = Some(stime + 1),
                Some((number, _)) => {
                    self.end(number, record.stime + 1)?;
                    source.report.ended += 1;
                }
                None => {}
            }
        }
        let (tags, data) = (StoredText::from(&record.tags), StoredText::from(&record.data));
        let PastRecord { id, ftime, ctime, stime, ltime, .. } = record;
        let mut insert = self.connection.prepare_cached(INSERT)?;
        insert.execute(params![source.number, id, variant, stime, ltime, ftime, ctime, ltime, tags.as_str(), data.as_str()])?;
        source.report.new += 1;
        Ok(())
    }

    fn end(&self, number: i64, ltime: EpochMillis) -> rusqlite::Result<()> {
        self.connection.prepare_cached("UPDATE records SET ltime = ?2, mtime = ?2 WHERE number = ?1")?.execute(params![number, ltime])?;
        Ok(())
    }
}
