//! What an alert says about a machine: its own facts, the load balancers that lead to it, and the ports that its groups open.
//!
//! Load balancers and groups only decorate a finding, so they are asked for as context, once, and by a rule that has found something.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};

use serde::{Deserialize, Serialize};

use super::Instance;
use crate::fields::{Integer, null_is_default};
use crate::{CallError, ErrorKind, Host, Times};

/// The report of a machine, with the keys that readers know. All of them are always there.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<'a> {
    instance_id: &'a str,
    /// Of a repeated tag the last value.
    tags: BTreeMap<&'a str, &'a str>,
    key_name: Option<&'a str>,
    /// When it was launched, epoch milliseconds, or 0.
    started: u64,
    #[serde(rename = "service_type")]
    service_type: Option<&'a str>,
    elbs: Vec<&'a LoadBalancer>,
    #[serde(rename = "open_ports")]
    open_ports: Vec<&'a OpenPort>,
    public_ip_address: Option<&'a str>,
    private_ip_address: Option<&'a str>,
    aws_region: &'a str,
    aws_account: Option<&'a str>,
}

/// A load balancer that leads to a machine.
#[derive(Debug, Serialize)]
pub struct LoadBalancer {
    #[serde(rename = "DNSName")]
    dns_name: Option<String>,
    instances: Vec<String>,
    /// The ports it listens on, as the inventory writes them.
    ports: Vec<Option<Integer>>,
}

/// A port that a security group opens: the upper end of a range, and to whom.
#[derive(Debug, Serialize)]
pub struct OpenPort {
    port: Option<Integer>,
    range: String,
}

/// The load balancers and security groups around the machines, indexed so that a report costs by its own length.
#[derive(Debug, Default)]
pub struct Surroundings {
    load_balancers: Vec<LoadBalancer>,
    load_balancers_of_instance: ById<Vec<usize>>,
    open_ports_of_group: ById<Vec<OpenPort>>,
}

/// By the id that AWS gave. Whoever has his ids from AWS cannot choose them to collide, so no rule needs to ask for randomness.
type ById<T> = HashMap<String, T, BuildHasherDefault<DefaultHasher>>;

impl Surroundings {
    /// Asks for the load balancers and the groups. A collection that the inventory does not have leaves the reports without it, with
    /// a warning.
    ///
    /// # Errors
    /// The inventory did not answer.
    pub fn load(host: &dyn Host) -> Result<Self, CallError> {
        let mut surroundings = Self::default();
        for_each(host, "aws/loadBalancers;_expand", |document| surroundings.add_load_balancer(document))?;
        for_each(host, "aws/securityGroups;_expand", |document| surroundings.add_group(document))?;
        Ok(surroundings)
    }

    /// The report of a machine.
    pub fn report<'a>(&'a self, instance: &'a Instance) -> Report<'a> {
        let load_balancers = self.load_balancers_of_instance.get(&instance.instance_id);
        let groups = instance.security_groups.iter();
        Report {
            instance_id: &instance.instance_id,
            tags: instance.tags.iter().map(|tag| (&*tag.key, &*tag.value)).collect(),
            key_name: instance.key_name.as_deref(),
            started: instance.launched().unwrap_or_default(),
            service_type: instance.service_type(),
            elbs: load_balancers.into_iter().flatten().map(|&index| &self.load_balancers[index]).collect(),
            open_ports: groups.filter_map(|group| self.open_ports_of_group.get(&group.group_id)).flatten().collect(),
            public_ip_address: instance.public_ip_address.as_deref(),
            private_ip_address: instance.private_ip_address.as_deref(),
            aws_region: instance.region(),
            aws_account: instance.account(),
        }
    }

    fn add_load_balancer(&mut self, document: LoadBalancerDocument) {
        let instances: Vec<String> = document.instances.into_iter().map(|instance| instance.instance_id).collect();
        let index = self.load_balancers.len();
        for instance in &instances {
            let load_balancers = self.load_balancers_of_instance.entry(instance.clone()).or_default();
            if load_balancers.last() != Some(&index) {
                load_balancers.push(index);
            }
        }
        let ports = document.listener_descriptions.into_iter().map(|description| description.listener?.load_balancer_port).collect();
        self.load_balancers.push(LoadBalancer { dns_name: document.dns_name, instances, ports });
    }

    fn add_group(&mut self, document: GroupDocument) {
        let open_ports = self.open_ports_of_group.entry(document.group_id).or_default();
        for permission in document.ip_permissions {
            open_ports.extend(permission.ip_ranges.into_iter().map(|range| OpenPort { port: permission.to_port.clone(), range }));
        }
    }
}

fn for_each<T: serde::de::DeserializeOwned>(host: &dyn Host, path: &str, mut take: impl FnMut(T)) -> Result<(), CallError> {
    for document in host.documents(path, Times::Context) {
        match document {
            Ok(document) => take(document),
            Err(error) if error.kind == ErrorKind::NotFound => host.warn(&format!("reports are without {path}: {error}")),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoadBalancerDocument {
    // First, so that an odd load balancer is reported under its name.
    #[serde(rename = "loadBalancerName")]
    _name: Option<String>,
    #[serde(rename = "DNSName")]
    dns_name: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    instances: Vec<Member>,
    #[serde(default, deserialize_with = "null_is_default")]
    listener_descriptions: Vec<ListenerDescription>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    instance_id: String,
}

#[derive(Deserialize)]
struct ListenerDescription {
    listener: Option<Listener>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listener {
    load_balancer_port: Option<Integer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupDocument {
    group_id: String,
    #[serde(default, deserialize_with = "null_is_default")]
    ip_permissions: Vec<Permission>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permission {
    to_port: Option<Integer>,
    #[serde(default, deserialize_with = "null_is_default")]
    ip_ranges: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Window;
    use crate::mock::MockHost;

    fn host(load_balancers: Value, groups: Value) -> MockHost {
        let list = |value| serde_json::from_value::<Vec<Value>>(value).expect("a list");
        MockHost::new(Window { since: 0, until: 100 })
            .with_documents_at("aws/loadBalancers;_expand", Times::Context, list(load_balancers))
            .with_documents_at("aws/securityGroups;_expand", Times::Context, list(groups))
    }

    fn report(host: &MockHost, instance: Value) -> Value {
        let instance: Instance = serde_json::from_value(instance).expect("a machine");
        serde_json::to_value(Surroundings::load(host).expect("surroundings").report(&instance)).expect("JSON")
    }

    #[test]
    fn a_report_has_all_its_keys_even_when_nothing_is_known() {
        let expected = json!({
            "instanceId": "i-1", "tags": {}, "keyName": null, "started": 0, "service_type": null, "elbs": [], "open_ports": [],
            "publicIpAddress": null, "privateIpAddress": null, "awsRegion": "", "awsAccount": null
        });
        assert_eq!(report(&host(json!([]), json!([])), json!({"instanceId": "i-1"})), expected);
    }

    #[test]
    fn load_balancers_and_open_ports_are_those_of_the_machine() {
        let listeners = json!([{"listener": {"loadBalancerPort": 443}}, {"listener": {"loadBalancerPort": "8080"}}]);
        let load_balancers = json!([
            {"loadBalancerName": "web", "DNSName": "web.example", "listenerDescriptions": listeners,
             "instances": [{"instanceId": "i-2"}, {"instanceId": "i-1"}, {"instanceId": "i-1"}]},
            {"loadBalancerName": "other", "DNSName": "other.example", "instances": [{"instanceId": "i-2"}], "listenerDescriptions": null}
        ]);
        let groups = json!([
            {"groupId": "sg-1", "ipPermissions": [
                {"fromPort": 1, "toPort": 22, "ipRanges": ["10.0.0.0/8", "::/0"]}, {"ipRanges": ["0.0.0.0/0"]}]},
            {"groupId": "sg-2"}
        ]);
        let instance = json!({"instanceId": "i-1", "securityGroups": [{"groupId": "sg-gone"}, {"groupId": "sg-2"}, {"groupId": "sg-1"}],
            "tags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]});
        let report = report(&host(load_balancers, groups), instance);
        assert_eq!(report["elbs"], json!([{"DNSName": "web.example", "instances": ["i-2", "i-1", "i-1"], "ports": [443, "8080"]}]));
        let ports = json!([{"port": 22, "range": "10.0.0.0/8"}, {"port": 22, "range": "::/0"}, {"port": null, "range": "0.0.0.0/0"}]);
        assert_eq!(report["open_ports"], ports);
        assert_eq!(report["tags"], json!({"a": "2"}));
    }

    #[test]
    fn an_odd_group_or_load_balancer_is_left_out_by_name() {
        let host = host(json!([{"loadBalancerName": "bad", "instances": "i-1"}]), json!([{"groupId": "sg-1", "ipPermissions": [7]}]));
        assert_eq!(report(&host, json!({"instanceId": "i-1"}))["elbs"], json!([]));
        assert_eq!(host.skipped_things().iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), ["bad", "sg-1"]);
    }

    #[test]
    fn a_collection_that_is_not_there_does_not_stop_a_rule() {
        let host = MockHost::new(Window { since: 0, until: 1 });
        assert_eq!(report(&host, json!({"instanceId": "i-1"}))["open_ports"], json!([]));
        assert_eq!(host.log_lines().len(), 2);
    }

    #[test]
    fn an_inventory_that_is_down_does() {
        let down = CallError { kind: ErrorKind::Unavailable, status: Some(503), message: "down".into() };
        let host = MockHost::new(Window { since: 0, until: 1 }).with_failure("aws/loadBalancers;_expand", down.clone());
        assert_eq!(Surroundings::load(&host).expect_err("down"), down);
    }
}
