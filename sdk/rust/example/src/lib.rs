//! Reports machines that were launched with a public address and without a tag that says whose they are. A machine that was reported is
//! remembered, and told again only when it was launched anew.

use std::collections::{BTreeMap, BTreeSet};

use reddalert_sdk::fields::null_is_default;
use reddalert_sdk::{Alert, Error, Host, Rule, Severity, Times};
use serde::Deserialize;
use serde_json::{Value, json};

/// Where it is remembered which machines were reported, and when these were launched.
const REPORTED: &str = "reported";

/// How long a machine is remembered after its launch, in milliseconds.
const KEPT_FOR: u64 = 90 * 24 * 60 * 60 * 1000;

/// What an operator writes under `plugin.public_without_owner`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The tag that names the owner, in whatever case.
    tag: String,
    /// Ids of machines that are left out.
    ignore: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { tag: "owner".to_owned(), ignore: BTreeSet::new() }
    }
}

/// A document. Only these fields are fetched; one without a text as `instanceId` is reported as skipped.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Machine {
    instance_id: String,
    #[serde(default)]
    launch_time: Value,
    #[serde(default)]
    public_ip_address: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    placement: Placement,
    #[serde(default, deserialize_with = "null_is_default")]
    tags: Vec<Tag>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Placement {
    #[serde(default)]
    availability_zone: Option<String>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(default)]
    key: Value,
    #[serde(default)]
    value: Value,
}

impl Machine {
    /// Keys and values, by key; what is no text is left out.
    fn tag_texts(&self) -> BTreeMap<&str, &str> {
        self.tags.iter().filter_map(|tag| Some((tag.key.as_str()?, tag.value.as_str()?))).collect()
    }

    fn has(&self, tag: &str) -> bool {
        self.tag_texts().iter().any(|(key, value)| is_same(key, tag) && !value.trim().is_empty())
    }

    fn is_for_tests(&self) -> bool {
        self.tag_texts().iter().any(|(key, value)| is_same(key, "environment") && is_same(value, "test"))
    }

    /// The zone without its last letter; empty if it is not known.
    fn region(&self) -> &str {
        let zone = self.placement.availability_zone.as_deref().unwrap_or_default();
        zone.char_indices().next_back().map_or("", |(last, _)| &zone[..last])
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The rule.
pub struct PublicWithoutOwner {
    settings: Settings,
}

reddalert_sdk::export!(PublicWithoutOwner, manifest = "manifest.json");

impl Rule for PublicWithoutOwner {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let window = host.window();
        let mut reported: BTreeMap<String, u64> = host.remembered(REPORTED)?.unwrap_or_default();
        reported.retain(|_, launched| *launched >= window.until.saturating_sub(KEPT_FOR));
        let (mut alerts, mut seen) = (Vec::new(), BTreeSet::new());
        for machine in host.documents::<Machine>("view/instances;_expand", Times::Updated) {
            let machine = machine?;
            // The newest revision of a machine comes first, and it alone counts.
            if !seen.insert(machine.instance_id.clone()) {
                continue;
            }
            let launched = machine.launch_time.as_u64().filter(|launched| window.contains(*launched));
            let Some((launched, alert)) = launched.zip(self.alert(&machine)) else { continue };
            if reported.insert(machine.instance_id, launched) != Some(launched) {
                alerts.push(alert);
            }
        }
        host.remember(REPORTED, &reported)?;
        Ok(alerts)
    }
}

impl PublicWithoutOwner {
    /// None: the machine is private, owned, or to be ignored.
    fn alert(&self, machine: &Machine) -> Option<Alert> {
        let address = machine.public_ip_address.as_deref().filter(|address| !address.is_empty())?;
        let (id, tag) = (&machine.instance_id, &self.settings.tag);
        if self.settings.ignore.contains(id) || machine.has(tag) {
            return None;
        }
        let fields = json!({
            "instanceId": id, "publicIpAddress": address, "launchTime": machine.launch_time, "tags": machine.tag_texts(),
        });
        let alert = Alert::new(id)
            .title(format!("Machine {id} is public and has no {tag}"))
            .fields(&fields)
            .severity(if machine.is_for_tests() { Severity::Low } else { Severity::High })
            .label("region", machine.region())
            .label("resource-type", "instance");
        Some(alert)
    }
}
