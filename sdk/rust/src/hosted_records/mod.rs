//! DNS records (`aws/hostedRecords`): the document, and which of them lead to places that are not one's own.

mod addresses;
mod names;
mod own_places;

pub use addresses::is_private;
pub use names::{NameList, is_host_name, plain_name};
pub use own_places::OwnPlaces;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fields::null_is_default;
use crate::{Error, Host, Times};

/// A record set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordSet {
    /// With the final dot, and with `\052` for `*`, as Route 53 writes it.
    pub name: String,
    /// `A`, `CNAME`, `TXT`, ...
    #[serde(rename = "type", default, deserialize_with = "null_is_default")]
    pub kind: String,
    /// Tells apart sets of one name and type, such as weighted ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_identifier: Option<String>,
    /// Where it leads to; empty for an alias.
    #[serde(default, deserialize_with = "null_is_default")]
    pub resource_records: Vec<ResourceRecord>,
    /// The zone it is in.
    pub zone: Option<Zone>,
}

/// One value of a record set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResourceRecord {
    /// An address, a name, a text in quotes, ...
    pub value: String,
}

/// A hosted zone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Zone {
    /// `/hostedzone/Z...`. Two zones can have one name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// With the final dot.
    pub name: Option<String>,
}

impl RecordSet {
    /// Its values.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.resource_records.iter().map(|record| record.value.as_str())
    }

    /// Whether the name leads to machines by it: an address, or another name for the place.
    pub fn is_about_a_place(&self) -> bool {
        ["A", "AAAA", "CNAME"].contains(&self.kind.as_str())
    }
}

/// A zone that an operator names, as in `example.com.`; empty means all zones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ZoneName(String);

impl TryFrom<String> for ZoneName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(text));
        }
        if !is_host_name(&text) {
            return Err(format!("{text:?} is no zone such as \"example.com.\""));
        }
        let dot = if text.ends_with('.') { "" } else { "." };
        Ok(Self(text + dot))
    }
}

impl ZoneName {
    fn path(&self) -> String {
        if self.0.is_empty() { "aws/hostedRecords;_expand".to_owned() } else { format!("aws/hostedRecords;zone.name={};_expand", self.0) }
    }
}

/// All record sets of a zone, or of all zones, as they are now. Of equal ones, by zone, name, type and identifier, the last one counts.
///
/// # Errors
/// The inventory has no records, or did not answer.
pub fn record_sets(host: &dyn Host, zone: &ZoneName) -> Result<Vec<RecordSet>, Error> {
    let mut distinct = BTreeMap::new();
    for record_set in host.documents::<RecordSet>(&zone.path(), Times::Now) {
        let record_set = record_set?;
        let key = (record_set.name.clone(), record_set.kind.clone(), record_set.set_identifier.clone(), record_set.zone.clone());
        distinct.insert(key, record_set);
    }
    Ok(distinct.into_values().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Window;
    use crate::mock::MockHost;

    fn record(name: &str, kind: &str, value: &str) -> Value {
        json!({"name": name, "type": kind, "resourceRecords": [{"value": value}], "zone": {"name": "example.com."}})
    }

    #[test]
    fn q29_records_of_one_name_stay_apart_by_type_and_identifier() {
        let mut weighted = record("a.example.com.", "A", "192.0.2.2");
        weighted["setIdentifier"] = json!("second");
        let documents = [
            record("a.example.com.", "A", "192.0.2.1"),
            weighted,
            record("a.example.com.", "TXT", "\"x\""),
            record("a.example.com.", "TXT", "\"y\""),
        ];
        let host = MockHost::new(Window { since: 0, until: 1 }).with_documents("aws/hostedRecords;_expand", documents);
        let found = record_sets(&host, &ZoneName::default()).expect("records");
        let values: Vec<&str> = found.iter().flat_map(RecordSet::values).collect();
        assert_eq!(values, ["192.0.2.1", "192.0.2.2", "\"y\""]);
    }

    #[test]
    fn a_zone_is_asked_for_with_its_dot() {
        let zone = |text: &str| serde_json::from_value::<ZoneName>(json!(text));
        for text in ["example.com", "example.com."] {
            assert_eq!(zone(text).expect("a zone").path(), "aws/hostedRecords;zone.name=example.com.;_expand");
        }
        assert_eq!(zone("").expect("all").path(), "aws/hostedRecords;_expand");
        for text in ["a;_at=1", "a,b", "a b", ".", "a:(b)"] {
            assert!(zone(text).is_err(), "{text}");
        }
    }

    #[test]
    fn q14_a_null_list_and_a_missing_zone_are_no_fault() {
        let documents = [json!({"name": "a.", "type": "A", "resourceRecords": null}), json!({"name": "b.", "resourceRecords": 7})];
        let host = MockHost::new(Window { since: 0, until: 1 }).with_documents("aws/hostedRecords;_expand", documents);
        assert_eq!(record_sets(&host, &ZoneName::default()).expect("records").len(), 1);
        assert_eq!(host.skipped_things()[0].0, "b.");
    }
}
