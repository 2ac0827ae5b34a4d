//! Machines (`view/instances`): the document, what can be told from it, and the report that rules put into their alerts.

mod report;

pub use report::{LoadBalancer, OpenPort, Report, Surroundings};

use serde::Deserialize;

use crate::fields::{Integer, null_is_default};
use crate::{CallError, EpochMillis, Host, Times};

/// Where the machines are: a path for [`documents`](trait.Host.html#method.documents).
pub const PATH: &str = "view/instances;_expand";

/// The tags that name a service, the first one that a machine has counts.
const SERVICE_TAGS: [&str; 4] = ["service_name", "Name", "aws:cloudformation:stack-name", "aws:autoscaling:groupName"];

/// A machine, as far as rules look at it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// `i-...`.
    pub instance_id: String,
    /// The AMI it was started from.
    pub image_id: Option<String>,
    #[serde(default)]
    launch_time: Option<Integer>,
    /// In the order of the inventory; a key may be repeated.
    #[serde(default, deserialize_with = "null_is_default")]
    pub tags: Vec<Tag>,
    /// The security groups that it is in.
    #[serde(default, deserialize_with = "null_is_default")]
    pub security_groups: Vec<GroupMembership>,
    /// Null or empty for a machine without one.
    pub public_ip_address: Option<String>,
    /// Null for a machine that has ended.
    pub private_ip_address: Option<String>,
    /// The key pair it was started with.
    pub key_name: Option<String>,
    iam_instance_profile: Option<InstanceProfile>,
    placement: Option<Placement>,
}

/// A tag of a machine.
#[derive(Clone, Debug, Deserialize)]
pub struct Tag {
    /// Its name.
    pub key: String,
    /// Its text, often empty.
    #[serde(default, deserialize_with = "null_is_default")]
    pub value: String,
}

/// A security group that a machine is in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupMembership {
    /// `sg-...`.
    pub group_id: String,
}

#[derive(Clone, Debug, Deserialize)]
struct InstanceProfile {
    arn: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Placement {
    availability_zone: Option<String>,
}

impl Instance {
    /// When it was launched; none if the inventory does not tell.
    pub fn launched(&self) -> Option<EpochMillis> {
        self.launch_time.as_ref().and_then(|time| EpochMillis::try_from(time.value()).ok())
    }

    /// The value of the first tag of this name.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    }

    /// What it is there for: its tag `service_name`, `Name`, stack or scaling group, the first that it has; its AMI if that one is
    /// missing or empty.
    pub fn service_type(&self) -> Option<&str> {
        let name = SERVICE_TAGS.iter().find_map(|key| self.tag(key));
        name.filter(|name| !name.is_empty()).or(self.image_id.as_deref())
    }

    /// The public address, or else the private one.
    pub fn address(&self) -> Option<&str> {
        self.public_ip_address.as_deref().filter(|address| !address.is_empty()).or(self.private_ip_address.as_deref())
    }

    /// The region of its zone; empty if the inventory does not tell.
    pub fn region(&self) -> &str {
        self.placement.as_ref().and_then(|placement| placement.availability_zone.as_deref()).map_or("", region_of_zone)
    }

    /// The account in the ARN of its instance profile; none without a profile.
    pub fn account(&self) -> Option<&str> {
        self.iam_instance_profile.as_ref()?.arn.as_deref()?.split(':').nth(4)
    }
}

/// The region that a zone is in: `us-east-1d` is in `us-east-1`.
pub fn region_of_zone(zone: &str) -> &str {
    zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}

/// All machines of now that were launched before the end of the window; those launched later belong to the next one. A machine without
/// a launch time is reported as skipped. Each comes with its launch time.
pub fn launched_so_far(host: &dyn Host) -> impl Iterator<Item = Result<(Instance, EpochMillis), CallError>> + '_ {
    let until = host.window().until;
    let with_launch_time = move |instance: Instance| {
        let launched = instance.launched();
        if launched.is_none() {
            host.skipped(&instance.instance_id, "no launch time");
        }
        launched.filter(|launched| *launched < until).map(|launched| (instance, launched))
    };
    host.documents::<Instance>(PATH, Times::Now).filter_map(move |instance| instance.map(with_launch_time).transpose())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::Window;
    use crate::mock::MockHost;

    fn instance(json: Value) -> Instance {
        serde_json::from_value(json).expect("a machine")
    }

    fn tagged(tags: &[(&str, &str)]) -> Instance {
        let tags: Vec<_> = tags.iter().map(|(key, value)| json!({"key": key, "value": value, "class": "Tag", *key: value})).collect();
        instance(json!({"instanceId": "i-1", "imageId": "ami-1", "tags": tags}))
    }

    #[test]
    fn the_service_type_is_the_first_tag_in_the_order_of_the_names() {
        assert_eq!(tagged(&[("Name", "box"), ("service_name", "web"), ("service_name", "api")]).service_type(), Some("web"));
        assert_eq!(
            tagged(&[("aws:autoscaling:groupName", "asg"), ("aws:cloudformation:stack-name", "stack")]).service_type(),
            Some("stack")
        );
    }

    #[test]
    fn an_empty_or_missing_name_means_the_ami() {
        assert_eq!(tagged(&[("service_name", ""), ("Name", "box")]).service_type(), Some("ami-1"));
        assert_eq!(tagged(&[("owner", "bob")]).service_type(), Some("ami-1"));
        assert_eq!(instance(json!({"instanceId": "i-1"})).service_type(), None);
    }

    #[test]
    fn the_launch_time_may_be_numeric_text() {
        assert_eq!(instance(json!({"instanceId": "i-1", "launchTime": "1700000000000"})).launched(), Some(1_700_000_000_000));
        assert_eq!(instance(json!({"instanceId": "i-1", "launchTime": 5})).launched(), Some(5));
        assert_eq!(instance(json!({"instanceId": "i-1", "launchTime": null})).launched(), None);
    }

    #[test]
    fn an_empty_public_address_is_none() {
        let machine = |public: Value| instance(json!({"instanceId": "i", "publicIpAddress": public, "privateIpAddress": "10.0.0.1"}));
        assert_eq!(machine(json!("")).address(), Some("10.0.0.1"));
        assert_eq!(machine(json!("192.0.2.1")).address(), Some("192.0.2.1"));
        assert_eq!(instance(json!({"instanceId": "i"})).address(), None);
    }

    #[test]
    fn region_and_account_are_told_where_they_can_be() {
        let arn = "arn:aws:iam::123456789012:instance-profile/web";
        let told =
            instance(json!({"instanceId": "i", "placement": {"availabilityZone": "eu-west-1c"}, "iamInstanceProfile": {"arn": arn}}));
        assert_eq!((told.region(), told.account()), ("eu-west-1", Some("123456789012")));
        let untold = instance(json!({"instanceId": "i", "placement": null, "iamInstanceProfile": {"arn": "nonsense"}}));
        assert_eq!((untold.region(), untold.account()), ("", None));
    }

    #[test]
    fn machines_of_the_next_window_are_left_out() {
        let machine = |id: &str, launched: Value| json!({"instanceId": id, "launchTime": launched});
        let documents = [machine("i-1", json!(99)), machine("i-2", json!(100)), machine("i-3", json!(null)), machine("i-4", json!("now"))];
        let host = MockHost::new(Window { since: 0, until: 100 }).with_documents(PATH, documents);
        let found: Vec<_> = launched_so_far(&host).map(|machine| machine.expect("an answer").0.instance_id).collect();
        assert_eq!(found, ["i-1"]);
        assert_eq!(host.skipped_things().iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), ["i-3", "i-4"]);
    }
}
