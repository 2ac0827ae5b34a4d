//! The rule `secgroups`: alerts about a security group, new or changed in the window, that lets addresses in which are not allowed.

mod exposure;
mod group;
mod machines;
mod network;
mod port_probe;
mod settings;

use std::collections::BTreeSet;

use reddalert_sdk::{Alert, Error, Host, Rule, Times};

use crate::exposure::{Exposure, first_address};
use crate::group::SecurityGroup;
use crate::machines::Machines;
use crate::port_probe::PortProbe;
pub use crate::settings::Settings;

/// The rule.
pub struct Secgroups {
    settings: Settings,
}

reddalert_sdk::export!(Secgroups, manifest = "manifest.json");

impl Rule for Secgroups {
    type Settings = Settings;

    fn init(settings: Settings, host: &dyn Host) -> Result<Self, Error> {
        settings.warn(host);
        Ok(Self { settings })
    }

    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error> {
        let exposures = self.exposures(host)?;
        if exposures.is_empty() {
            return Ok(Vec::new());
        }
        let groups = exposures.iter().map(|exposure| exposure.group.group_id.clone());
        let machines = Machines::in_groups(host, groups)?;
        let machines_of = |exposure: &Exposure| machines.of(&exposure.group.group_id);
        let could_be_asked = exposures.iter().flat_map(|exposure| {
            let address = first_address(machines_of(exposure));
            exposure.permissions.iter().map(move |permission| (permission, address))
        });
        let probe = PortProbe::ask(host, could_be_asked);
        Ok(exposures.iter().map(|exposure| exposure.alert(machines_of(exposure), &probe)).collect())
    }
}

impl Secgroups {
    /// The groups that let somebody in who is not allowed, each with the permissions that do so.
    fn exposures(&self, host: &dyn Host) -> Result<Vec<Exposure>, Error> {
        let mut exposures = Vec::new();
        let mut seen = BTreeSet::new();
        for group in host.documents::<SecurityGroup>("aws/securityGroups;_expand", Times::Updated) {
            let group = group?;
            // The newest revision comes first, and it alone counts.
            if !seen.insert(group.group_id.clone()) {
                continue;
            }
            let is_suspicious = |permission: &_| self.settings.is_suspicious(host, &group, permission);
            let permissions: Vec<_> = group.ip_permissions.iter().filter(|permission| is_suspicious(permission)).cloned().collect();
            if !permissions.is_empty() {
                exposures.push(Exposure { group, permissions });
            }
        }
        Ok(exposures)
    }
}

#[cfg(test)]
mod tests;
