//! A group that lets somebody in, and the alert about it.
//!
//! | open to everybody (a range of length 0) | severity |
//! |---|---|
//! | all traffic, a range of ports, or a port of [`SENSITIVE_PORTS`] | high |
//! | another port | medium |
//! | no: only to certain addresses | low |

use std::rc::Rc;

use reddalert_sdk::fields::Integer;
use reddalert_sdk::{Alert, Severity};
use serde::Serialize;

use crate::group::{Permission, SecurityGroup};
use crate::machines::Machine;
use crate::port_probe::PortProbe;

/// Ways to log in, to files, to databases and to control planes: FTP, SSH, Telnet, SMB, NFS, Docker, databases, RDP, VNC, search
/// engines and caches.
const SENSITIVE_PORTS: [i64; 24] =
    [20, 21, 22, 23, 135, 139, 445, 1433, 1521, 2049, 2375, 2376, 3306, 3389, 5432, 5601, 5900, 5984, 6379, 9042, 9200, 9300, 11211, 27017];

/// A group and those of its permissions that let somebody in.
#[derive(Debug)]
pub(crate) struct Exposure {
    pub(crate) group: SecurityGroup,
    /// Not empty.
    pub(crate) permissions: Vec<Permission>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    from_port: &'a Option<Integer>,
    to_port: &'a Option<Integer>,
    ip_protocol: &'a Option<String>,
    ip_ranges: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ipv6_ranges: Vec<&'a str>,
    aws_account: &'a Option<String>,
    aws_region: &'a str,
    ip_addresses: Vec<&'a str>,
    machines: Vec<&'a str>,
    #[serde(rename = "port_open")]
    port_open: Option<bool>,
}

impl Exposure {
    pub(crate) fn alert(&self, machines: &[Rc<Machine>], probe: &PortProbe) -> Alert {
        let region = machines.first().map_or("", |machine| &machine.region);
        let alert = Alert::new(self.group.label())
            .title(self.title())
            .label("account", self.group.owner_id.as_deref().unwrap_or_default())
            .label("region", region)
            .label("resource-type", "security-group");
        let alert = self.permissions.iter().map(severity).max().into_iter().fold(alert, Alert::severity);
        let address = first_address(machines);
        self.permissions.iter().fold(alert, |alert, permission| {
            let port_open = probe.port_open(permission, address);
            alert.fields(&Finding { port_open, ..self.finding(permission, region, machines) })
        })
    }

    /// What can be told without asking a machine.
    fn finding<'a>(&'a self, permission: &'a Permission, region: &'a str, machines: &'a [Rc<Machine>]) -> Finding<'a> {
        let addresses = machines.iter().filter_map(|machine| machine.address.as_deref());
        Finding {
            from_port: &permission.from_port,
            to_port: &permission.to_port,
            ip_protocol: &permission.ip_protocol,
            ip_ranges: &permission.ip_ranges,
            ipv6_ranges: permission.ipv6_ranges().collect(),
            aws_account: &self.group.owner_id,
            aws_region: region,
            ip_addresses: addresses.filter(|address| !address.is_empty()).collect(),
            machines: machines.iter().map(|machine| &*machine.description).collect(),
            port_open: None,
        }
    }

    fn title(&self) -> String {
        let words = self.permissions.first().map(in_words).unwrap_or_default();
        let others = match self.permissions.len() {
            0 | 1 => String::new(),
            number => format!(" (and {} more)", number - 1),
        };
        format!("Security group {} lets in {words}{others}", self.group.name())
    }
}

fn in_words(permission: &Permission) -> String {
    let ranges: Vec<&str> = permission.ranges().collect();
    let others = if ranges.len() > 1 { format!(" and {} more", ranges.len() - 1) } else { String::new() };
    let ports = match (permission.ip_protocol.as_deref(), permission.port_key().as_str()) {
        (Some("-1"), _) => "all traffic".to_owned(),
        (protocol, "None") => format!("all of {}", protocol.unwrap_or("all protocols")),
        (protocol, ports) => format!("{} {ports}", protocol.unwrap_or("port")),
    };
    // The widest one says why; others may even be whitelisted.
    let widest = ranges.iter().find(|range| is_everybody(range)).or(ranges.first());
    format!("{ports} from {}{others}", widest.unwrap_or(&"nowhere"))
}

fn is_everybody(range: &str) -> bool {
    range.ends_with("/0")
}

fn severity(permission: &Permission) -> Severity {
    if !permission.ranges().any(is_everybody) {
        return Severity::Low;
    }
    match permission.single_port() {
        Some(port) if !SENSITIVE_PORTS.contains(&port) => Severity::Medium,
        _ => Severity::High,
    }
}

/// The address of the first machine, which is the one that is asked about its ports.
pub(crate) fn first_address(machines: &[Rc<Machine>]) -> Option<&str> {
    machines.first().and_then(|machine| machine.address.as_deref())
}
