//! The rule `missingtag`: alerts about a machine launched in the window that does not say, by the tag `service_name`, what it is there for.

use reddalert_sdk::instances::{Instance, Surroundings, launched_so_far};
use reddalert_sdk::{Alert, Error, Host, NoSettings, Rule, Severity};

const SERVICE_TAG: &str = "service_name";

/// The rule.
pub struct Missingtag;

reddalert_sdk::export!(Missingtag, manifest = "manifest.json");

impl Rule for Missingtag {
    type Settings = NoSettings;

    fn init(NoSettings {}: NoSettings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self)
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let nameless = new_machines_without_a_service(host)?;
        if nameless.is_empty() {
            return Ok(Vec::new());
        }
        let surroundings = Surroundings::load(host)?;
        Ok(nameless.iter().map(|machine| alert(machine, &surroundings)).collect())
    }
}

fn new_machines_without_a_service(host: &dyn Host) -> Result<Vec<Instance>, Error> {
    let window = host.window();
    let mut nameless = Vec::new();
    for machine in launched_so_far(host) {
        let (machine, launched) = machine?;
        if window.contains(launched) && machine.tag(SERVICE_TAG).is_none() {
            nameless.push(machine);
        }
    }
    Ok(nameless)
}

/// The id is the name that the machine goes by: `Name`, stack, scaling group or AMI.
fn alert(machine: &Instance, surroundings: &Surroundings) -> Alert {
    let name = machine.service_type().unwrap_or(&machine.instance_id);
    Alert::new(name)
        .title(format!("New machine {} ({name}) has no tag {SERVICE_TAG}", machine.instance_id))
        .fields(&surroundings.report(machine))
        .severity(Severity::Low)
        .label("account", machine.account().unwrap_or_default())
        .label("region", machine.region())
        .label("resource-type", "instance")
}

#[cfg(test)]
mod tests;
