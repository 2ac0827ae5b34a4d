//! Reports machines that were launched in the window and have no name.

use std::collections::BTreeSet;

use reddalert_sdk::fields::null_is_default;
use reddalert_sdk::{Alert, Error, Host, Rule, Severity, Times};
use serde::Deserialize;

/// What an operator writes under the key of this rule in the config. `manifest.json` describes it too.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    ignore: BTreeSet<String>,
}

/// A document. Only these fields are fetched; one that does not fit is reported as skipped, under its first field.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Machine {
    instance_id: String,
    #[serde(default)]
    launch_time: Option<u64>,
    #[serde(default, deserialize_with = "null_is_default")]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    key: String,
    #[serde(default)]
    value: Option<String>,
}

pub struct Nameless {
    settings: Settings,
}

reddalert_sdk::export!(Nameless, manifest = "manifest.json");

impl Rule for Nameless {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let mut alerts = Vec::new();
        let mut seen = self.settings.ignore;
        for machine in host.documents::<Machine>("view/instances;_expand", Times::Updated) {
            let machine = machine?;
            // The newest revision of a machine comes first, and older ones behind it.
            if !seen.insert(machine.instance_id.clone()) {
                continue;
            }
            let is_new = machine.launch_time.is_some_and(|launched| host.window().contains(launched));
            let has_name = machine.tags.iter().any(|tag| tag.key == "Name" && tag.value.as_ref().is_some_and(|name| !name.is_empty()));
            if is_new && !has_name {
                let title = format!("Machine {} has no name", machine.instance_id);
                alerts.push(Alert::new(machine.instance_id).title(title).severity(Severity::Low));
            }
        }
        Ok(alerts)
    }
}
