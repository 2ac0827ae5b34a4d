//! What differs between ours and the original's details, each difference by the number of the mended fault that explains it.

use std::collections::BTreeMap;

use serde_json::Value;

/// How often a mended fault shows.
pub(crate) type Differences = BTreeMap<&'static str, usize>;

/// A rule, an id, and a detail without `port_open`: the original asked the machine, which we do not yet.
pub(crate) type Detail = (String, String, Value);

/// The end of the window of both recorded runs.
const UNTIL: u64 = 1_700_021_600_000;

/// Q25: what got a comma, and what was told before, is no addition. The groups that are.
const ADDED_TO: [(&str, &str); 6] = [
    ("user0001", "devops"),
    ("user0002", ""),
    ("user0006", "developers, devops"),
    ("user0009.dotted-name", "developers, devops"),
    ("user0018", "developers"),
    ("user0021", "developers"),
];

/// Names each difference; panics at one that has no name. `since` is the start of the window, `user` finds the document of a user.
pub(crate) fn differences(mut ours: Vec<Detail>, mut theirs: Vec<Detail>, since: u64, user: &dyn Fn(&str) -> Value) -> Differences {
    theirs.retain(|detail| {
        let same = ours.iter().position(|our| our == detail);
        same.map(|index| ours.swap_remove(index)).is_none()
    });
    let mut found = Differences::new();
    for detail in theirs {
        *found.entry(only_theirs(&detail, &mut ours, user)).or_default() += 1;
    }
    for (rule, id, detail) in ours {
        assert!(rule == "missingtag" && detail["started"] == since, "only we have {rule} {id} {detail}");
        *found.entry("Q8").or_default() += 1;
    }
    found
}

/// Why only the original has the detail. Takes ours that stands in its place.
fn only_theirs((rule, id, detail): &Detail, ours: &mut Vec<Detail>, user: &dyn Fn(&str) -> Value) -> &'static str {
    if detail["started"].as_u64().is_some_and(|started| started >= UNTIL) {
        return "Q7";
    }
    assert_eq!(rule, "iam", "only the original has {id} {detail}");
    let our_index = ours.iter().position(|(rule, our_id, _)| rule == "iam" && our_id == id);
    let our_text = our_index.map(|index| ours.swap_remove(index).2).unwrap_or_default();
    let our_text = our_text.as_str().unwrap_or_default();
    if let Some(document) = our_text.strip_prefix("New user has been added: ") {
        assert!(detail.as_str().is_some_and(|text| text.starts_with("New user has been added: {   u'")), "{detail}");
        assert_eq!(document, format!("{:#}", user(id)));
        return "New user";
    }
    let groups = our_text.strip_prefix("Groups the user has been added to: ").unwrap_or_default();
    assert!(ADDED_TO.contains(&(id, groups)), "{id}: {our_text}, where the original has {detail}");
    "Q25"
}

/// Without what the original found out by asking the machine.
pub(crate) fn without_port_open(mut detail: Value) -> Value {
    if let Some(fields) = detail.as_object_mut() {
        fields.remove("port_open");
    }
    detail
}
