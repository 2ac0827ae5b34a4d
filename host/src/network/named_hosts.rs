//! The hosts that grants name by where they stand: `inventory:aws/hostedRecords.name`, `setting:chef_server_url`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use url::{Host, Url};

use super::error::NetworkError;
use super::target::Target;
use crate::failure_kind::FailureKind;
use crate::inventory::{Inventory, QueryError, Times};
use crate::json_value::{AnyJson, Json};
use crate::settings::grants::{HostPattern, InventoryField, Scheme, host_name, is_below};
use crate::special_address::unwrapped;
use crate::time_window::TimeWindow;
use crate::visible_text::visible;

/// How Route 53 writes the star of a record that stands for every name below another one, and how people do.
const STARS: [&str; 2] = ["\\052.", "*."];

/// Names and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HostSet {
    names: HashSet<String>,
    below: HashSet<String>,
    addresses: HashSet<IpAddr>,
}

impl HostSet {
    /// Adds all texts in a value, which lists and objects may lead to.
    fn add(&mut self, value: &Value, fields: &[&str]) {
        match (value, fields) {
            (Value::Array(elements), _) => elements.iter().for_each(|element| self.add(element, fields)),
            (Value::Object(members), [first, rest @ ..]) => {
                if let Some(value) = members.get(*first) {
                    self.add(value, rest);
                }
            }
            (Value::String(text), []) => self.add_text(text),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        let below = STARS.iter().find_map(|star| text.strip_prefix(star));
        if let Ok(address) = text.parse::<IpAddr>() {
            self.addresses.insert(unwrapped(address));
        } else if let Some(parent) = below {
            self.below.extend(host_name(parent));
        } else {
            self.names.extend(host_name(text));
        }
    }

    fn contains(&self, host: &Host<String>) -> bool {
        match host {
            Host::Domain(name) => {
                let mut parents = name.match_indices('.').map(|(dot, _)| &name[dot + 1..]);
                self.names.contains(name) || parents.any(|parent| self.below.contains(parent) && is_below(name, parent))
            }
            Host::Ipv4(address) => self.addresses.contains(&IpAddr::V4(*address)),
            Host::Ipv6(address) => self.addresses.contains(&IpAddr::V6(*address)),
        }
    }
}

/// What the inventory's fields name, by field. Read at the first call that a rule makes, and kept for its run.
#[derive(Clone, Debug, Default)]
pub(super) struct NamedByInventory(BTreeMap<InventoryField, Result<Arc<HostSet>, NetworkError>>);

/// The outermost fields of each collection that some pattern refers to: they are asked for together, which is one question.
type FieldsByCollection<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl NamedByInventory {
    /// Reads all fields among `patterns` that are not there yet. A field that cannot be read is tried again by the next call.
    pub(super) fn read<'a>(
        &mut self,
        patterns: impl Iterator<Item = &'a HostPattern> + Clone,
        inventory: &Inventory,
        window: TimeWindow,
        deadline: Instant,
    ) {
        self.0.retain(|_, hosts| hosts.is_ok());
        let fields = patterns.filter_map(|pattern| match pattern {
            HostPattern::Inventory(field) => Some(field),
            _ => None,
        });
        let mut together = FieldsByCollection::new();
        for field in fields.clone() {
            together.entry(&field.collection).or_default().insert(outermost(field));
        }
        for field in fields {
            if !self.0.contains_key(field) {
                let path = path(&field.collection, &together[field.collection.as_str()]);
                self.0.insert(field.clone(), read_field(field, &path, inventory, window, deadline).map(Arc::new));
            }
        }
    }

    /// Whether the field names the host.
    pub(super) fn names(&self, field: &InventoryField, host: &Host<String>) -> Result<bool, NetworkError> {
        match self.0.get(field) {
            Some(Ok(hosts)) => Ok(hosts.contains(host)),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(false),
        }
    }
}

fn outermost(field: &InventoryField) -> &str {
    field.field.split_once('.').map_or(&field.field, |(first, _)| first)
}

fn path(collection: &str, fields: &BTreeSet<&str>) -> String {
    format!("{collection};_expand:({})", fields.iter().copied().collect::<Vec<_>>().join(","))
}

/// Asked as what only decorates a finding: which hosts may be reached is nothing that the rule has looked at.
fn read_field(
    field: &InventoryField,
    path: &str,
    inventory: &Inventory,
    window: TimeWindow,
    deadline: Instant,
) -> Result<HostSet, NetworkError> {
    let fields: Vec<&str> = field.field.split('.').collect();
    let answer = inventory.documents(path, &Times::Context, window, deadline).map_err(|error| unreadable(field, &error))?;
    let mut hosts = HostSet::default();
    for document in (0..answer.documents.len()).filter_map(|index| answer.documents.get(index)) {
        if let Ok(Json(document)) = serde_json::from_str::<AnyJson>(document) {
            hosts.add(&document, &fields);
        }
    }
    Ok(hosts)
}

fn unreadable(field: &InventoryField, error: &QueryError) -> NetworkError {
    let kind = match error.kind {
        kind @ (FailureKind::TimedOut | FailureKind::OverLimit | FailureKind::Other) => kind,
        _ => FailureKind::Unavailable,
    };
    let InventoryField { collection, field } = field;
    NetworkError::new(kind, format!("what `inventory:{collection}.{field}` grants is not known: {}", visible(&error.to_string())))
}

/// A host that a setting names. With a scheme and a port when the setting is an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedBySetting {
    host: Host<String>,
    address: Option<(Scheme, u16)>,
}

impl NamedBySetting {
    /// What the setting `key` names: nothing, a host, or several as a list.
    pub(super) fn read(settings: &Value, key: &str) -> Vec<Self> {
        let value = settings.get(key).unwrap_or(&Value::Null);
        let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().filter_map(Value::as_str);
        texts.filter_map(Self::of_text).collect()
    }

    fn of_text(text: &str) -> Option<Self> {
        if text.contains("://") {
            let target = Target::of_request("", &Url::parse(text).ok()?).ok()?;
            return Some(Self { host: target.host, address: Some((target.scheme, target.port)) });
        }
        let target = Target::of_probe(text, 1).ok()?;
        Some(Self { host: target.host, address: None })
    }

    /// Whether this is the host of the target. Scheme and port are those of the setting, where that is an address; else `by_scheme` says whether
    /// the grant covers them.
    pub(super) fn covers(&self, target: &Target, by_scheme: bool) -> bool {
        self.host == target.host && self.address.map_or(by_scheme, |address| address == (target.scheme, target.port))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(documents: &Value, field: &str) -> HostSet {
        let mut hosts = HostSet::default();
        hosts.add(documents, &field.split('.').collect::<Vec<_>>());
        hosts
    }

    fn contains(hosts: &HostSet, host: &str) -> bool {
        hosts.contains(&Target::of_probe(host, 1).expect(host).host)
    }

    #[test]
    fn records_name_hosts_as_route_53_writes_them() {
        let hosts = set(
            &json!([{"name": "WWW.example.com."}, {"name": "\\052.apps.example.com."}, {"name": "*.example.org"}, {"name": null}, {}, "x"]),
            "name",
        );
        for host in ["www.example.com", "a.apps.example.com", "a.b.apps.example.com", "x.example.org"] {
            assert!(contains(&hosts, host), "{host}");
        }
        for host in ["example.com", "apps.example.com", "example.org", "a.www.example.com", "evil-apps.example.com"] {
            assert!(!contains(&hosts, host), "{host}");
        }
    }

    #[test]
    fn nested_fields_lead_through_lists() {
        let hosts =
            set(&json!([{"a": [{"b": "192.0.2.1"}, {"b": ["::ffff:192.0.2.2"]}]}, {"a": {"b": "2001:DB8::1"}}, {"a": "192.0.2.9"}]), "a.b");
        for host in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
            assert!(contains(&hosts, host), "{host}");
        }
        assert!(!contains(&hosts, "192.0.2.9"));
    }

    #[test]
    fn a_setting_names_a_host_or_an_address() {
        let settings = json!({"url": "https://Chef.example.com/organizations/x", "host": "chef.example.com", "several": ["a", 1, "http://b:81"], "no": 1});
        let target = Target::of_request("GET", &Url::parse("https://chef.example.com/").expect("an address")).expect("a target");
        let covers = |key: &str, target: &Target, by_scheme| {
            NamedBySetting::read(&settings, key).iter().any(|named| named.covers(target, by_scheme))
        };
        assert!(covers("url", &target, false) && covers("host", &target, true));
        assert!(!covers("host", &target, false) && !covers("several", &target, true));
        assert_eq!(NamedBySetting::read(&settings, "several").len(), 2);
        assert!(NamedBySetting::read(&settings, "no").is_empty() && NamedBySetting::read(&settings, "absent").is_empty());
        let other = Target { port: 8443, ..target };
        assert!(!covers("url", &other, true));
    }
}
