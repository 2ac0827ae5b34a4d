//! What counts as one's own: addresses of machines, and domains. Whatever else a record leads to is outside.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use super::{NameList, is_private, plain_name};
use crate::instances::{Instance, PATH};
use crate::{CallError, Host, Times};

/// One's own addresses and domains.
#[derive(Clone, Debug, Default)]
pub struct OwnPlaces {
    addresses: BTreeSet<IpAddr>,
    domains: NameList,
}

impl OwnPlaces {
    /// The public addresses of the machines of now, and these domains.
    ///
    /// # Errors
    /// The inventory did not answer.
    pub fn load(host: &dyn Host, domains: &NameList) -> Result<Self, CallError> {
        let mut places = Self { addresses: BTreeSet::new(), domains: domains.clone() };
        for machine in host.documents::<Instance>(PATH, Times::Now) {
            places.add_addresses(machine?.public_ip_address.as_deref());
        }
        Ok(places)
    }

    /// Adds addresses; what is none is left out.
    pub fn add_addresses<'a>(&mut self, addresses: impl IntoIterator<Item = &'a str>) {
        self.addresses.extend(addresses.into_iter().filter_map(|address| address.parse::<IpAddr>().ok()));
    }

    /// Whether a value of a record leads to a place that is not one's own. A private address leads nowhere outside.
    pub fn leads_outside(&self, value: &str) -> bool {
        if let Ok(address) = value.parse::<IpAddr>() {
            return !is_private(address) && !self.addresses.contains(&address);
        }
        if self.domains.covers(value) {
            return false;
        }
        address_of_ec2_name(value).is_none_or(|address| !self.addresses.contains(&IpAddr::V4(address)))
    }
}

/// The address in a name that EC2 gives: `ec2-192-0-2-1.compute-1.amazonaws.com`, and `ec2-192-0-2-1.eu-west-1.compute.amazonaws.com` in other
/// regions.
fn address_of_ec2_name(name: &str) -> Option<Ipv4Addr> {
    let name = plain_name(name);
    let (machine, place) = name.strip_prefix("ec2-")?.split_once('.')?;
    let place = place.strip_suffix(".amazonaws.com").or_else(|| place.strip_suffix(".amazonaws.com.cn"))?;
    let is_ec2 = place == "compute-1" || place.strip_suffix(".compute").is_some_and(|region| !region.contains('.'));
    if is_ec2 { machine.replace('-', ".").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Window;
    use crate::mock::MockHost;

    fn places() -> OwnPlaces {
        let machines =
            [json!({"instanceId": "i-1", "publicIpAddress": "192.0.2.1"}), json!({"instanceId": "i-2", "publicIpAddress": null})];
        let host = MockHost::new(Window { since: 0, until: 1 }).with_documents(PATH, machines);
        let mut places = OwnPlaces::load(&host, &NameList::from(vec![".legit.test".to_owned()])).expect("places");
        places.add_addresses(["2001:db8::1", "0A:00"]);
        places
    }

    #[test]
    fn own_addresses_and_domains_are_not_outside() {
        for value in ["192.0.2.1", "2001:db8:0::1", "lb.legit.test", "LB.legit.test."] {
            assert!(!places().leads_outside(value), "{value}");
        }
        for value in ["shop.partner.test", "evillegit.test", "\"a text\"", "2001:db8::2"] {
            assert!(places().leads_outside(value), "{value}");
        }
    }

    #[test]
    fn q32_foreign_public_addresses_are_outside_and_private_ones_are_not() {
        assert!(places().leads_outside("203.0.113.50"));
        assert!(!places().leads_outside("10.1.2.3"));
        assert!(!places().leads_outside("fd00::1"));
    }

    #[test]
    fn q31_names_of_machines_are_read_in_every_region() {
        let own = [
            "compute-1.amazonaws.com",
            "eu-west-1.compute.amazonaws.com",
            "cn-north-1.compute.amazonaws.com.cn.",
            "compute-1.amazonaws.com.",
        ];
        for place in own {
            assert!(!places().leads_outside(&format!("ec2-192-0-2-1.{place}")), "{place}");
            assert!(places().leads_outside(&format!("ec2-203-0-113-9.{place}")), "{place}");
        }
        for name in [
            "ec2-192-0-2-1.compute-1.amazonaws.com.evil.test",
            "ec2-192-0-2-1.compute-1.evil.test",
            "ec2-192-0-2-1.a.b.compute.amazonaws.com",
        ] {
            assert!(places().leads_outside(name), "{name}");
        }
    }
}
