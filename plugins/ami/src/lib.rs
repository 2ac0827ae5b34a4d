//! The rule `ami`: alerts about machines that were started from an AMI which no machine was started from before.

use std::collections::BTreeMap;

use reddalert_sdk::fields::Integer;
use reddalert_sdk::instances::{Instance, Surroundings, launched_so_far};
use reddalert_sdk::{Alert, EpochMillis, Error, Host, Rule, Severity};
use serde::Deserialize;

/// Where the rule remembers when it saw each AMI first. AMIs that are gone stay, so that one that comes back is not new.
const FIRST_SEEN: &str = "first_seen";

/// What an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Services that may run on new AMIs.
    allowed_tags: Vec<String>,
}

/// The rule.
pub struct Ami {
    settings: Settings,
}

reddalert_sdk::export!(Ami, manifest = "manifest.json");

impl Rule for Ami {
    type Settings = Settings;

    fn init(settings: Settings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let mut first_seen = remembered_first_seen(host)?;
        let mut new_machines = self.look_at_machines(host, &mut first_seen)?;
        host.remember(FIRST_SEEN, &first_seen)?;

        new_machines.retain(|ami, _| first_seen.get(ami).is_some_and(|&seen| seen >= host.window().since));
        if new_machines.is_empty() {
            return Ok(Vec::new());
        }
        let surroundings = Surroundings::load(host)?;
        Ok(new_machines.into_iter().map(|(ami, machines)| alert(&ami, machines, &surroundings)).collect())
    }
}

impl Ami {
    /// Moves `first_seen` back to the earliest launch from each AMI. Returns the machines of the window that run no allowed service,
    /// by AMI.
    fn look_at_machines(
        &self,
        host: &dyn Host,
        first_seen: &mut BTreeMap<String, EpochMillis>,
    ) -> Result<BTreeMap<String, Vec<Instance>>, Error> {
        let mut new_machines: BTreeMap<String, Vec<Instance>> = BTreeMap::new();
        for machine in launched_so_far(host) {
            let (machine, launched) = machine?;
            let Some(ami) = machine.image_id.clone() else {
                host.skipped(&machine.instance_id, "no AMI");
                continue;
            };
            let seen = first_seen.entry(ami.clone()).or_insert(launched);
            *seen = launched.min(*seen);
            if host.window().contains(launched) && !self.is_allowed(&machine) {
                new_machines.entry(ami).or_default().push(machine);
            }
        }
        Ok(new_machines)
    }

    fn is_allowed(&self, machine: &Instance) -> bool {
        machine.service_type().is_some_and(|service| self.settings.allowed_tags.iter().any(|allowed| allowed == service))
    }
}

/// The status file of the original may hold numbers as text.
fn remembered_first_seen(host: &dyn Host) -> Result<BTreeMap<String, EpochMillis>, Error> {
    let remembered: BTreeMap<String, Integer> = host.remembered(FIRST_SEEN)?.unwrap_or_default();
    Ok(remembered.into_iter().map(|(ami, moment)| (ami, EpochMillis::try_from(moment.value()).unwrap_or_default())).collect())
}

/// Each machine is let go of once it is in the alert: of a first run this is all of them.
fn alert(ami: &str, machines: Vec<Instance>, surroundings: &Surroundings) -> Alert {
    let title = format!("New AMI {ami} on {} machine{}", machines.len(), if machines.len() == 1 { "" } else { "s" });
    let alert = Alert::new(ami).title(title).severity(Severity::Medium).label("resource-type", "image");
    machines.into_iter().fold(alert, |alert, machine| alert.fields(&surroundings.report(&machine)))
}

#[cfg(test)]
mod tests;
