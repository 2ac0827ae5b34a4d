//! What Chef knows of machines.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use reddalert_sdk::hosted_records::is_private;
use reddalert_sdk::instances::Report;
use reddalert_sdk::{Error, Host, chef};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A machine as Chef knows it.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    name: Option<String>,
    machinename: Option<String>,
    fqdn: Option<String>,
    platform: Option<String>,
    os: Option<String>,
    os_version: Option<String>,
    ipaddress: Option<String>,
    cloud_public_ipv4: Option<String>,
    cloud_provider: Option<String>,
}

impl Node {
    pub(crate) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("None")
    }

    /// The public address, or else the one that the machine knows of itself.
    fn address(&self) -> Option<&str> {
        self.cloud_public_ipv4.as_deref().filter(|address| !address.is_empty()).or(self.ipaddress.as_deref())
    }
}

/// The machines with a public address that Chef knows.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    nodes: Vec<Node>,
    by_address: BTreeMap<IpAddr, usize>,
}

impl Nodes {
    /// Asks Chef for all of them.
    pub(crate) fn load(host: &dyn Host, server_url: &str) -> Result<Self, Error> {
        let wanted = json!({
            "name": ["name"], "machinename": ["machinename"], "fqdn": ["fqdn"], "platform": ["platform"], "os": ["os"],
            "os_version": ["os_version"], "ipaddress": ["ipaddress"], "cloud_public_ipv4": ["cloud", "public_ipv4"],
            "cloud_provider": ["cloud", "provider"]
        });
        let mut nodes = Self::default();
        for node in chef::nodes::<Node>(host, server_url, &wanted)? {
            nodes.add(host, node);
        }
        Ok(nodes)
    }

    /// Whether there is none at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The number of the node that has the address.
    pub(crate) fn of_address(&self, address: IpAddr) -> Option<usize> {
        self.by_address.get(&address).copied()
    }

    /// The node of a number that [`of_address`](Self::of_address) gave.
    pub(crate) fn get(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    /// Nodes that are not on EC2 and have none of these addresses.
    pub(crate) fn outside_ec2<'a>(&'a self, addresses: &'a BTreeSet<IpAddr>) -> impl Iterator<Item = &'a Node> {
        let others = self.by_address.iter().filter(|(address, _)| !addresses.contains(*address));
        others.map(|(_, &number)| self.get(number)).filter(|node| node.cloud_provider.as_deref() != Some("ec2"))
    }

    fn add(&mut self, host: &dyn Host, node: Node) {
        let Some(address) = node.address() else { return };
        match address.parse() {
            Ok(address) if is_private(address) => {}
            Ok(address) => {
                self.by_address.insert(address, self.nodes.len());
                self.nodes.push(node);
            }
            Err(_) => host.skipped(node.name(), &format!("Chef says that its address is {address:?}, which is none")),
        }
    }
}

/// The detail about a machine that Chef knows.
#[derive(Serialize)]
pub(crate) struct ManagedMachine<'a> {
    #[serde(flatten)]
    report: Option<Report<'a>>,
    chef_node_name: Option<&'a str>,
    hostname: Option<&'a str>,
    fqdn: Option<&'a str>,
    platform: Option<&'a str>,
    operating_system: Option<&'a str>,
    operating_system_version: Option<&'a str>,
    /// Where no report has it.
    #[serde(rename = "publicIpAddress", skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
}

impl<'a> ManagedMachine<'a> {
    /// Without a report it is a machine that the inventory does not have.
    pub(crate) fn new(node: &'a Node, report: Option<Report<'a>>) -> Self {
        Self {
            address: if report.is_some() { None } else { node.address() },
            report,
            chef_node_name: node.name.as_deref(),
            hostname: node.machinename.as_deref(),
            fqdn: node.fqdn.as_deref(),
            platform: node.platform.as_deref(),
            operating_system: node.os.as_deref(),
            operating_system_version: node.os_version.as_deref(),
        }
    }
}
