//! What differs between what ours and the original returned.

use std::collections::BTreeMap;

use reddalert_sdk::Alert;
use reddalert_sdk::mock::MockHost;
use serde_json::{Value, json};

use super::case::Case;

/// `<number of the fault> only <whose> <id>`, and how often.
pub(crate) type Differences = BTreeMap<String, usize>;

/// Before a document of the inventory in a text: the original wrote it as Python does.
const DOCUMENT: &str = "dns_entry_info: ";

/// Names what only one of both has; `fault` tells the number by the alert's id.
pub(crate) fn differences(case: &Case, alerts: &[Alert], fault: impl Fn(&str) -> &'static str) -> Differences {
    let mut ours: Vec<(String, String, Value)> = alerts.iter().flat_map(|alert| details(case, alert)).collect();
    let of_theirs = |(rule, id, details): (String, String, Vec<Value>)| {
        details.into_iter().map(move |detail| (rule.clone(), id.clone(), detail)).collect::<Vec<_>>()
    };
    let theirs = case.alerts_of_the_original().into_iter().flat_map(of_theirs).map(|(rule, id, detail)| {
        let detail = rebuilt(case, &id, detail);
        (rule, id, detail)
    });
    let mut found = Differences::new();
    for detail in theirs {
        match ours.iter().position(|our| *our == detail) {
            Some(index) => drop(ours.swap_remove(index)),
            None => *found.entry(format!("{} only theirs {}", fault(&detail.1), detail.1)).or_default() += 1,
        }
    }
    for (_, id, _) in ours {
        *found.entry(format!("{} only ours {id}", fault(&id))).or_default() += 1;
    }
    found
}

/// What the rule remembers is this; lists have no order.
pub(crate) fn same_status(host: &MockHost, expected: &Value) {
    let sorted = |mut status: Value| {
        for list in status.as_object_mut().into_iter().flatten().filter_map(|(_, value)| value.as_array_mut()) {
            list.sort_by_key(ToString::to_string);
        }
        status
    };
    assert_eq!(sorted(Value::Object(host.remembered_values())), sorted(expected.clone()));
}

/// Q28: what the original told as another rule has a label.
fn details(case: &Case, alert: &Alert) -> Vec<(String, String, Value)> {
    let kind = alert.labels.iter().find(|(name, _)| name == "kind");
    let rule = kind.map_or(case.rule.to_owned(), |(_, kind)| kind.clone());
    let of_text = |detail: Value| match detail.as_str().and_then(|text| text.split_once(DOCUMENT)) {
        Some((text, document)) => json!([text, serde_json::from_str::<Value>(document).unwrap()]),
        None => detail,
    };
    alert.details.iter().map(|detail| (rule.clone(), alert.id.clone(), of_text(detail.to_json()))).collect()
}

/// With the inventory's document instead of Python's text of it.
fn rebuilt(case: &Case, id: &str, detail: Value) -> Value {
    let Some((text, document)) = detail.as_str().and_then(|text| text.split_once(DOCUMENT)) else { return detail };
    let name = format!("{}.", id.split_once("://").unwrap().1);
    assert!(document.contains(&format!("u'{name}'")), "{document}");
    let record = case.documents("aws/hostedRecords").into_iter().find(|record| record["name"] == *name).unwrap();
    json!([text, record])
}
