//! The rule `newtag`: alerts about a service (the tag `service_name`) all of whose machines were launched in the window.

use std::collections::BTreeMap;
use std::rc::Rc;

use reddalert_sdk::instances::{Instance, Surroundings, launched_so_far};
use reddalert_sdk::{Alert, Error, Host, NoSettings, Rule, Severity};

const SERVICE_TAG: &str = "service_name";

/// A service that is started and stopped by tests all the time.
const IGNORED_SERVICE: &str = "testapp";

/// The rule.
pub struct Newtag;

reddalert_sdk::export!(Newtag, manifest = "manifest.json");

impl Rule for Newtag {
    type Settings = NoSettings;

    fn init(NoSettings {}: NoSettings, _host: &dyn Host) -> Result<Self, Error> {
        Ok(Self)
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let new_services = new_services(host)?;
        if new_services.is_empty() {
            return Ok(Vec::new());
        }
        let surroundings = Surroundings::load(host)?;
        Ok(new_services.into_iter().map(|(service, machines)| alert(&service, machines, &surroundings)).collect())
    }
}

/// The services whose machines were all launched in the window, with these machines.
fn new_services(host: &dyn Host) -> Result<BTreeMap<String, Vec<Rc<Instance>>>, Error> {
    let since = host.window().since;
    // None: the service has an older machine.
    let mut services: BTreeMap<String, Option<Vec<Rc<Instance>>>> = BTreeMap::new();
    for machine in launched_so_far(host) {
        let (machine, launched) = machine?;
        let machine = Rc::new(machine);
        for tag in machine.tags.iter().filter(|tag| tag.key == SERVICE_TAG && tag.value != IGNORED_SERVICE) {
            let machines = services.entry(tag.value.clone()).or_insert_with(|| Some(Vec::new()));
            match machines {
                // A tag that is repeated with its value makes no second machine.
                Some(machines) if machines.last().is_some_and(|last| last.instance_id == machine.instance_id) => {}
                Some(machines) if launched >= since => machines.push(Rc::clone(&machine)),
                _ => *machines = None,
            }
        }
    }
    Ok(services.into_iter().filter_map(|(service, machines)| Some((service, machines?))).collect())
}

/// Each machine is let go of once it is in the alert: of a first run this is all of them.
fn alert(service: &str, machines: Vec<Rc<Instance>>, surroundings: &Surroundings) -> Alert {
    let title = format!("New service {service:?} on {} machine{}", machines.len(), if machines.len() == 1 { "" } else { "s" });
    let alert = Alert::new(service).title(title).severity(Severity::Low).label("resource-type", "instance");
    machines.into_iter().fold(alert, |alert, machine| alert.fields(&surroundings.report(&machine)))
}

#[cfg(test)]
mod tests;
