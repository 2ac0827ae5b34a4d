//! Machines that need no Chef.

use reddalert_sdk::Pattern;
use reddalert_sdk::instances::Instance;

/// Tags of machines that something else than Chef sets up: Elastic Beanstalk, `CloudFormation`, `CloudBees`, EMR.
const TAGS: [&str; 4] = [
    "elasticbeanstalk:environment-name",
    "aws:cloudformation:stack-name",
    "cloudbees:pse:type",
    "aws:elasticmapreduce:instance-group-role",
];

/// A tag, with its value, of machines that are about to be taken over.
const PURPOSE: (&str, &str) = ("purpose", "conversion-to-xenial");

/// Whether the machine's tag `service_name`, or else `Name`, begins with a match of one of the patterns, or a tag tells that it needs no Chef.
pub(crate) fn is_excluded(machine: &Instance, patterns: &[Pattern]) -> bool {
    let name = machine.tag("service_name").or_else(|| machine.tag("Name"));
    name.is_some_and(|name| patterns.iter().any(|pattern| pattern.is_at_start(name)))
        || TAGS.iter().any(|tag| machine.tag(tag).is_some())
        || machine.tags.iter().any(|tag| (tag.key.as_str(), tag.value.as_str()) == PURPOSE)
}
