//! The machines behind the groups: which of them was in a group at some moment of the window.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use reddalert_sdk::instances::{self, Instance};
use reddalert_sdk::{Error, Host, Times};

/// What an alert says of a machine.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The public address, or else the private one.
    pub(crate) address: Option<String>,
    pub(crate) region: String,
    /// `<id> (<address>): <tag values>`.
    pub(crate) description: String,
}

/// Machines by the group that they are in. Made in one pass over the inventory, whatever the number of groups.
#[derive(Debug)]
pub(crate) struct Machines(BTreeMap<String, Members>);

#[derive(Debug, Default)]
struct Members {
    machines: Vec<Rc<Machine>>,
    ids: BTreeSet<String>,
}

impl Machines {
    /// The machines of these groups. Of several revisions of a machine the newest that is in the group counts, once: it comes first.
    pub(crate) fn in_groups(host: &dyn Host, groups: impl Iterator<Item = String>) -> Result<Self, Error> {
        let mut members: BTreeMap<String, Members> = groups.map(|group| (group, Members::default())).collect();
        for instance in host.documents::<Instance>(instances::PATH, Times::Window) {
            let instance = instance?;
            let mut machine = None;
            for group in &instance.security_groups {
                let Some(members) = members.get_mut(&group.group_id) else { continue };
                if members.ids.insert(instance.instance_id.clone()) {
                    let machine = machine.get_or_insert_with(|| Rc::new(Machine::from(&instance)));
                    members.machines.push(Rc::clone(machine));
                }
            }
        }
        Ok(Self(members))
    }

    pub(crate) fn of(&self, group: &str) -> &[Rc<Machine>] {
        self.0.get(group).map_or(&[], |members| &members.machines)
    }
}

impl From<&Instance> for Machine {
    fn from(instance: &Instance) -> Self {
        let address = instance.address();
        let tags: Vec<&str> = instance.tags.iter().map(|tag| &*tag.value).collect();
        Self {
            address: address.map(ToOwned::to_owned),
            region: instance.region().to_owned(),
            description: format!("{} ({}): {}", instance.instance_id, address.unwrap_or("None"), tags.join(",")),
        }
    }
}
