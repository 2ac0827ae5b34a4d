//! The views that EDDA makes of other collections. `group.autoScalingGroups` shows each Auto Scaling group with what is known of its
//! instances; a member has a slot, the smallest free number when it came, and keeps it as long as it stays.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::entry::Finished;
use super::import_report::CollectionReport;
use super::revisions::known_source;
use crate::{EpochMillis, Object, StoredText, Value};

const VIEW: &str = "group.autoScalingGroups";
const GROUPS: &str = "aws.autoScalingGroups";
const INSTANCES: &str = "view.instances";

/// What a view shows of its group, and of each instance.
const OF_GROUP: [&str; 5] = ["desiredCapacity", "launchConfigurationName", "loadBalancerNames", "maxSize", "minSize"];
const OF_MEMBER: [&str; 3] = ["availabilityZone", "instanceId", "lifecycleState"];
const OF_INSTANCE: [&str; 8] =
    ["imageId", "instanceType", "launchTime", "platform", "privateIpAddress", "publicDnsName", "publicIpAddress", "vpcId"];

/// The documents of the view for each source of which both collections were written just now.
pub(super) fn derive(
    connection: &Connection,
    at: EpochMillis,
    written: &[CollectionReport],
) -> rusqlite::Result<Vec<(String, Vec<Finished>)>> {
    let sources_of = |name: &str| written.iter().filter(|of| of.collection == name).map(|of| of.source.clone()).collect::<BTreeSet<_>>();
    let sources = &sources_of(GROUPS) & &sources_of(INSTANCES);
    sources
        .into_iter()
        .map(|source| {
            let documents = groups(connection, at, &source)?;
            Ok((source, documents))
        })
        .collect()
}

fn groups(connection: &Connection, at: EpochMillis, source: &str) -> rusqlite::Result<Vec<Finished>> {
    const CURRENT: &str = "SELECT id, ctime, data FROM records INDEXED BY records_current WHERE source = ?1 AND ltime IS NULL";
    let [groups, instances] = [GROUPS, INSTANCES].map(|name| known_source(connection, name, source));
    let (Some(groups), Some(instances)) = (groups?, instances?) else { return Ok(Vec::new()) };
    let view = known_source(connection, VIEW, source)?;
    let mut statement = connection.prepare_cached(CURRENT)?;
    let rows = statement.query_map([groups], |row| Ok((row.get::<_, String>(0)?, row.get::<_, EpochMillis>(1)?, text(row.get(2)?))))?;
    let mut documents = Vec::new();
    for row in rows {
        let (id, created, group) = row?;
        let before = view.map(|view| current(connection, view, &id)).transpose()?.flatten();
        let members = members_of(&group);
        let mut known = BTreeMap::new();
        for member in members.iter().filter_map(id_of) {
            known.insert(member.to_owned(), current(connection, instances, member)?.unwrap_or_default());
        }
        let value = view_of(&id, created, at, &group, &known, before.as_ref());
        documents.push(Finished { id, variant: String::new(), created: Some(created), value: Value::Object(value) });
    }
    Ok(documents)
}

/// The current document of that id.
fn current(connection: &Connection, source: i64, id: &str) -> rusqlite::Result<Option<Object>> {
    const BY_ID: &str =
        "SELECT data FROM records INDEXED BY records_current WHERE source = ?1 AND id = ?2 AND variant = '' AND ltime IS NULL";
    connection.prepare_cached(BY_ID)?.query_row(params![source, id], |row| Ok(text(row.get(0)?))).optional()
}

fn text(stored: String) -> Object {
    match StoredText::from_store(stored).parse() {
        Ok(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

fn members_of(group: &Object) -> &[Value] {
    group.get("instances").and_then(Value::as_array).unwrap_or_default()
}

fn id_of(member: &Value) -> Option<&str> {
    member.as_object()?.get("instanceId")?.as_text()
}

fn view_of(
    name: &str,
    created: EpochMillis,
    at: EpochMillis,
    group: &Object,
    instances: &BTreeMap<String, Object>,
    before: Option<&Object>,
) -> Object {
    let none = Object::new();
    let old_members: BTreeMap<&str, &Object> =
        members_of(before.unwrap_or(&none)).iter().filter_map(|member| Some((id_of(member)?, member.as_object()?))).collect();
    let stayed = members_of(group).iter().filter_map(id_of).filter_map(|id| slot_of(old_members.get(id)?));
    let mut taken: BTreeSet<i64> = stayed.collect();
    let mut view = copied(group, &OF_GROUP);
    let mut members = Vec::new();
    for (member, id) in members_of(group).iter().filter_map(|member| Some((member.as_object()?, id_of(member)?))) {
        let old = old_members.get(id);
        let slot = old.and_then(|old| slot_of(old)).unwrap_or_else(|| free_slot(&mut taken));
        let start = old.and_then(|old| old.get("start")).cloned().unwrap_or(Value::Date(at));
        let mut shown = copied(member, &OF_MEMBER);
        for (name, value) in copied(instances.get(id).unwrap_or(&none), &OF_INSTANCE) {
            shown.insert(name, value);
        }
        shown.insert("slot", Value::Int(slot));
        shown.insert("start", start);
        members.push(Value::Object(shown));
    }
    view.insert("instances", Value::Array(members));
    view.insert("name", Value::from(name));
    view.insert("start", Value::Date(created));
    view
}

fn copied(from: &Object, names: &[&str]) -> Object {
    names.iter().map(|name| ((*name).to_owned(), from.get(name).cloned().unwrap_or(Value::Null))).collect()
}

fn slot_of(member: &Object) -> Option<i64> {
    match member.get("slot") {
        Some(Value::Int(slot)) => Some(*slot),
        _ => None,
    }
}

fn free_slot(taken: &mut BTreeSet<i64>) -> i64 {
    let mut slot = 0;
    while !taken.insert(slot) {
        slot += 1;
    }
    slot
}
