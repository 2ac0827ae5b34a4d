//! Which calls of the AWS command line show which collections: first those that list resources, then, for each resource listed, those that say
//! more about it. Nothing is called here; who calls tells what came.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::answer_json::{RawMembers, elements_of, text_of};
use super::collections::{COLLECTIONS, Collection, Naming, Scope, commands, commands_of, known_collections};
use super::commands::Command;

/// A name that is no collection's.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is no collection that can be collected; these are: {}", .0.escape_debug(), known_collections().collect::<Vec<_>>().join(", "))]
pub struct UnknownCollection(String);

/// The collections that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    names: BTreeSet<&'static str>,
}

/// A call of the AWS command line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// `<service>.<command>`.
    name: &'static str,
    /// The resource that it is about; empty without one.
    parent: String,
    /// What is written after `aws`.
    arguments: Vec<String>,
    is_global: bool,
}

impl Default for Wanted {
    /// All collections, but for those that are large and of little use.
    fn default() -> Self {
        Self::of(COLLECTIONS.iter().filter(|collection| !collection.on_request))
    }
}

impl Wanted {
    /// The named collections. A view brings those along that it is made of.
    pub fn named(names: &[String]) -> Result<Self, UnknownCollection> {
        let find =
            |name: &String| COLLECTIONS.iter().find(|collection| collection.name == name).ok_or_else(|| UnknownCollection(name.clone()));
        names.iter().map(find).collect::<Result<Vec<_>, _>>().map(Self::of)
    }

    fn of(collections: impl IntoIterator<Item = &'static Collection>) -> Self {
        let mut names: BTreeSet<_> = collections.into_iter().map(|collection| collection.name).collect();
        if names.contains("group.autoScalingGroups") {
            names.extend(["aws.autoScalingGroups", "view.instances"]);
        }
        Self { names }
    }

    /// Whether a collection is wanted.
    pub(super) fn holds(&self, collection: &Collection) -> bool {
        self.names.contains(collection.name)
    }

    fn collections(&self) -> impl Iterator<Item = &'static Collection> {
        COLLECTIONS.iter().filter(|collection| self.holds(collection))
    }

    /// The calls that list resources: those of one region, or (`is_global`) those of the whole account.
    pub fn first_calls(&self, is_global: bool) -> Vec<Call> {
        let scope = if is_global { Scope::Global } else { Scope::Regional };
        let collections = self.collections().filter(|collection| collection.scope == scope && !collection.is_derived);
        let listing = |collection: &Collection| collection.parent.as_ref().map_or(collection.command, |parent| parent.command);
        let calls: BTreeSet<_> = collections.map(|collection| Call::listing(listing(collection), is_global)).collect();
        calls.into_iter().collect()
    }

    /// The calls that say more about what an answer lists. None when the answer is of another form than its call's.
    pub fn further_calls(&self, call: &Call, answer: &[u8]) -> Option<Vec<Call>> {
        let text = std::str::from_utf8(answer).ok()?;
        let members: RawMembers<'_> = serde_json::from_str(text).ok()?;
        let command = commands().find(|command| command.name == call.name)?;
        let content = members.get(command.key)?;
        if !call.parent.is_empty() || !command.about.is_empty() {
            return Some(Vec::new());
        }
        let items = elements_of(content)?;
        let mut further = BTreeSet::new();
        for collection in self.collections() {
            match &collection.parent {
                Some(parent) if parent.command.name == call.name => {
                    further.extend(items.iter().filter_map(|item| about(collection.command, item, parent.key, call.is_global)));
                }
                None if collection.command.name == call.name => {
                    let key = collection.id.first().copied().unwrap_or_default();
                    for part in collection.parts {
                        further.extend(match part.naming {
                            Naming::ByFile => items.iter().filter_map(|item| about(part.command, item, key, call.is_global)).collect(),
                            Naming::ByMember { name, .. } => about_several(part.command, &items, name, call.is_global),
                        });
                    }
                }
                _ => {}
            }
        }
        Some(further.into_iter().collect())
    }
}

impl Call {
    fn listing(command: &'static Command, is_global: bool) -> Self {
        Self { name: command.name, parent: String::new(), arguments: words_of(command), is_global }
    }

    /// The name of its answer's file, which an import knows the answer by.
    pub fn file_name(&self) -> String {
        // Names of AWS's hold no slash; one that does must not lead out of a directory.
        let parent = self.parent.replace(['/', '\\', '\0'], "_");
        let dot = if parent.is_empty() { "" } else { "." };
        format!("{}{dot}{parent}.json", self.name)
    }

    /// Service, command and options, as they follow `aws`.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Whether its answer is of the whole account, in whatever region it is made.
    pub fn is_global(&self) -> bool {
        self.is_global
    }

    /// The answer that was meant. Without resources some services answer nothing at all, which the AWS command line prints as nothing.
    pub fn answer(&self, printed: Vec<u8>) -> Vec<u8> {
        let is_nothing = matches!(printed.trim_ascii(), b"" | b"{}");
        match commands().find(|command| command.name == self.name) {
            Some(command) if is_nothing && command.about.is_empty() => format!("{{\"{}\": []}}\n", command.key).into_bytes(),
            _ => printed,
        }
    }
}

fn words_of(command: &Command) -> Vec<String> {
    command.name.split('.').chain(command.arguments.iter().copied()).map(ToOwned::to_owned).collect()
}

/// The call about one item. `--option=value` is one word, so that no value can be taken for an option.
fn about(command: &'static Command, item: &RawValue, key: &str, is_global: bool) -> Option<Call> {
    let members = RawMembers::open(item);
    let value = |name: &str| match (&members, name) {
        (_, "") => text_of(item),
        (Some(members), name) => members.text(name),
        (None, _) => None,
    };
    let named = value(key)?;
    let parent = named.rsplit('/').next().unwrap_or(&named).to_owned();
    let mut arguments = words_of(command);
    for (option, name) in command.about {
        arguments.push(format!("{option}={}", value(name)?));
    }
    Some(Call { name: command.name, parent, arguments, is_global })
}

/// Calls about several items each; the first of them stands for all.
fn about_several(command: &'static Command, items: &[&RawValue], key: &str, is_global: bool) -> Vec<Call> {
    let names: Vec<_> = items.iter().filter_map(|item| Some(RawMembers::open(item)?.text(key)?.into_owned())).collect();
    let call = |names: &[String]| {
        let mut arguments = words_of(command);
        arguments.extend(command.about.iter().map(|(option, _)| (*option).to_owned()));
        arguments.extend_from_slice(names);
        Call { name: command.name, parent: names[0].clone(), arguments, is_global }
    };
    names.chunks(command.items_a_call).map(call).collect()
}

/// What an IAM policy must allow for collecting everything, in order.
pub fn needed_actions() -> BTreeSet<&'static str> {
    COLLECTIONS.iter().flat_map(commands_of).map(|command| command.action).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(names: &[&str]) -> Wanted {
        Wanted::named(&names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("known names")
    }

    fn lines(calls: &[Call]) -> Vec<String> {
        calls.iter().map(|call| call.arguments().join(" ")).collect()
    }

    #[test]
    fn every_collection_can_be_collected_by_its_first_calls_and_what_follows() {
        let all = Wanted::of(COLLECTIONS);
        let first: BTreeSet<_> = [true, false].iter().flat_map(|scope| all.first_calls(*scope)).map(|call| call.name).collect();
        for collection in COLLECTIONS {
            for command in commands_of(collection) {
                assert_eq!(first.contains(command.name), command.about.is_empty(), "{} of {}", command.name, collection.name);
            }
        }
        assert!(!Wanted::default().names.contains("aws.reservedInstancesOfferings"));
        assert_eq!(Wanted::default().names.len(), COLLECTIONS.len() - 1);
    }

    #[test]
    fn one_call_serves_several_collections() {
        assert_eq!(lines(&wanted(&["aws.instances", "view.instances"]).first_calls(false)), ["ec2 describe-instances"]);
        assert_eq!(wanted(&["aws.instances"]).first_calls(true), []);
        let group = wanted(&["group.autoScalingGroups"]);
        assert_eq!(lines(&group.first_calls(false)), ["autoscaling describe-auto-scaling-groups", "ec2 describe-instances"]);
        assert!(Wanted::named(&["aws.nothing".to_owned()]).expect_err("unknown").to_string().contains("aws.iamUsers"));
    }

    #[test]
    fn each_user_is_asked_about() {
        let users = wanted(&["aws.iamUsers"]);
        let [list] = &users.first_calls(true)[..] else { panic!("not one call") };
        let further = users.further_calls(list, br#"{"Users":[{"UserName":"-x=y"},{"Nameless":1}]}"#).expect("users");
        let expected = [
            "iam list-access-keys --user-name=-x=y",
            "iam list-groups-for-user --user-name=-x=y",
            "iam list-user-policies --user-name=-x=y",
        ];
        assert_eq!(lines(&further), expected);
        assert_eq!(further[0].file_name(), "iam.list-access-keys.-x=y.json");
        assert!(further.iter().all(Call::is_global));
        assert_eq!(users.further_calls(&further[0], br#"{"AccessKeyMetadata":[]}"#), Some(Vec::new()));
        for odd in [&b"{"[..], b"{}", br#"{"Users":{}}"#, b"\xFF"] {
            assert_eq!(users.further_calls(list, odd), None);
        }
    }

    #[test]
    fn zones_queues_and_policies_are_asked_about_in_their_own_ways() {
        let further = |collection: &str, is_global: bool, answer: &str| {
            let wanted = wanted(&[collection]);
            let first = wanted.first_calls(is_global);
            lines(&wanted.further_calls(&first[0], answer.as_bytes()).expect("a list"))
        };
        let zone = r#"{"HostedZones":[{"Id":"/hostedzone/Z1"}]}"#;
        assert_eq!(further("aws.hostedRecords", true, zone), ["route53 list-resource-record-sets --hosted-zone-id=/hostedzone/Z1"]);
        let queue = r#"{"QueueUrls":["https://sqs/1/jobs.fifo"]}"#;
        let attributes = "sqs get-queue-attributes --attribute-names All --queue-url=https://sqs/1/jobs.fifo";
        assert_eq!(further("view.simpleQueues", false, queue), [attributes]);
        let policy = r#"{"Policies":[{"PolicyName":"p","Arn":"arn:p","DefaultVersionId":"v2"}]}"#;
        assert_eq!(further("aws.iamPolicies", true, policy), ["iam get-policy-version --policy-arn=arn:p --version-id=v2"]);
    }

    #[test]
    fn tags_of_load_balancers_are_asked_for_by_the_twenty() {
        let wanted = wanted(&["aws.loadBalancers"]);
        let names: Vec<String> = (0..45).map(|number| format!(r#"{{"LoadBalancerName":"lb-{number:02}"}}"#)).collect();
        let answer = format!(r#"{{"LoadBalancerDescriptions":[{}]}}"#, names.join(","));
        let further = wanted.further_calls(&wanted.first_calls(false)[0], answer.as_bytes()).expect("a list");
        let sizes: Vec<_> = further.iter().map(|call| call.arguments().len() - 3).collect();
        assert_eq!(sizes, [20, 20, 5]);
        assert_eq!(further[1].file_name(), "elb.describe-tags.lb-20.json");
    }

    #[test]
    fn nothing_printed_is_an_empty_list() {
        let [list] = &wanted(&["view.simpleQueues"]).first_calls(false)[..] else { panic!("not one call") };
        assert_eq!(list.answer(b" \n".to_vec()), b"{\"QueueUrls\": []}\n");
        assert_eq!(list.answer(b"{\"x\":1}".to_vec()), b"{\"x\":1}");
    }
}
