//! The documents of an alert, one a detail: in the original's shape for an index, in that of the Elastic Common Schema for a data stream.

use serde_json::{Map, Value, json};

use crate::alert::{Alert, Detail, Severity};
use crate::outputs::format::severity_name;
use crate::settings::DocumentTarget;

/// The version of the Elastic Common Schema that the fields are of.
const ECS_VERSION: &str = "8.17.0";

/// Names of an index document that a detail cannot take: a rule must not speak for another one.
const OWN_NAMES: [&str; 5] = ["@timestamp", "id", "reddalert", "rule", "type"];

/// The documents. An alert without details has one.
pub(in crate::outputs) fn documents(alert: &Alert, target: &DocumentTarget) -> Vec<Value> {
    let document = |detail| match target {
        DocumentTarget::Index(_) => index_document(alert, detail),
        DocumentTarget::DataStream { dataset, namespace } => ecs_document(alert, detail, dataset, namespace),
    };
    if alert.details.is_empty() { vec![document(None)] } else { alert.details.iter().map(|detail| document(Some(detail))).collect() }
}

/// As the original: `rule`, `id`, the members of the detail or its text as `details`, `@timestamp`, `type`; and what is new below
/// `reddalert`. A member that has one of these names is called `detail_<name>`.
fn index_document(alert: &Alert, detail: Option<&Detail>) -> Value {
    let mut document = Map::new();
    match detail {
        Some(Detail::Text(text)) => drop(document.insert("details".to_owned(), text.as_str().into())),
        Some(Detail::Fields(fields)) => {
            for (name, value) in fields.members() {
                let name = if OWN_NAMES.contains(&name.as_str()) { format!("detail_{name}") } else { name };
                document.insert(name, value);
            }
        }
        None => {}
    }
    document.insert("rule".to_owned(), alert.plugin_name.as_str().into());
    document.insert("id".to_owned(), alert.id.as_str().into());
    document.insert("@timestamp".to_owned(), alert.detected_at.as_str().into());
    document.insert("type".to_owned(), "reddalert".into());
    let own = json!({
        "alert_id": alert.alert_id,
        "fingerprint": alert.fingerprint,
        "severity": severity_name(alert.severity),
        "title": alert.title,
        "url": alert.url,
        "labels": alert.labels,
    });
    document.insert("reddalert".to_owned(), own);
    Value::Object(document)
}

fn ecs_document(alert: &Alert, detail: Option<&Detail>, dataset: &str, namespace: &str) -> Value {
    let number = ecs_severity(alert.severity);
    let label = |name: &str| alert.labels.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    // An alert that is only worth knowing would be shown as a medium one by Elastic's own rule for alerts of others.
    let kind = if alert.severity == Severity::Info { "event" } else { "alert" };
    let mut own = json!({ "fingerprint": alert.fingerprint, "alert_id": alert.alert_id, "resource": { "id": alert.id } });
    let mut event = json!({
        "kind": kind, "category": ["configuration"], "type": ["info"], "action": "alert", "id": alert.alert_id,
        "code": alert.plugin_name, "dataset": dataset, "module": "reddalert", "provider": "reddalert",
        "severity": number, "risk_score": number, "created": alert.detected_at, "url": alert.url,
    });
    match detail {
        Some(Detail::Text(text)) => event["reason"] = text.as_str().into(),
        Some(Detail::Fields(fields)) => own["details"] = Value::Object(fields.members()),
        None => {}
    }
    json!({
        "@timestamp": alert.detected_at,
        "ecs": { "version": ECS_VERSION },
        "data_stream": { "type": "logs", "dataset": dataset, "namespace": namespace },
        "message": alert.title,
        "event": event,
        "rule": { "id": alert.plugin_name, "name": alert.plugin_name },
        "cloud": { "provider": "aws", "account": { "id": label("account") }, "region": label("region") },
        "observer": { "vendor": "reddalert", "product": "reddalert", "type": "inventory", "version": env!("CARGO_PKG_VERSION") },
        "labels": alert.labels,
        "reddalert": own,
    })
}

/// The values that Elastic's rules read as low, medium, high and critical.
fn ecs_severity(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 21,
        Severity::Medium => 47,
        Severity::High => 73,
        Severity::Critical => 99,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{alert, fields};
    use super::*;

    #[test]
    fn an_index_gets_the_documents_of_the_original() {
        let details = vec![fields(json!({"port": 22, "rule": "forged", "@timestamp": 0})), Detail::Text("open".into())];
        let documents = documents(&alert("elbs", "web", Severity::High, details), &DocumentTarget::Index("x".into()));
        assert_eq!(documents.len(), 2);
        assert_eq!((&documents[0]["rule"], &documents[0]["id"], &documents[0]["port"]), (&json!("elbs"), &json!("web"), &json!(22)));
        assert_eq!((&documents[0]["detail_rule"], &documents[0]["detail_@timestamp"]), (&json!("forged"), &json!(0)));
        assert_eq!((&documents[0]["@timestamp"], &documents[0]["type"]), (&json!("2025-11-24T09:00:00.000Z"), &json!("reddalert")));
        assert_eq!((&documents[1]["details"], &documents[1]["reddalert"]["severity"]), (&json!("open"), &json!("high")));
    }

    #[test]
    fn a_data_stream_gets_what_elastic_makes_alerts_of() {
        let target = DocumentTarget::DataStream { dataset: "reddalert.alert".into(), namespace: "prod".into() };
        let of = |severity| documents(&alert("iam", "bob", severity, vec![fields(json!({"group": "admin"}))]), &target).remove(0);
        let document = of(Severity::Critical);
        assert_eq!((&document["event"]["kind"], &document["event"]["severity"]), (&json!("alert"), &json!(99)));
        assert_eq!((&document["message"], &document["event"]["module"]), (&json!("iam: bob"), &json!("reddalert")));
        assert_eq!(document["data_stream"], json!({"type": "logs", "dataset": "reddalert.alert", "namespace": "prod"}));
        assert_eq!((&document["cloud"]["account"]["id"], &document["cloud"]["region"]), (&json!("123456789012"), &json!("eu-west-1")));
        assert_eq!(document["reddalert"]["details"], json!({"group": "admin"}));
        let numbers = [Severity::Low, Severity::Medium, Severity::High].map(|severity| of(severity)["event"]["severity"].clone());
        assert_eq!(numbers, [json!(21), json!(47), json!(73)]);
        assert_eq!(of(Severity::Info)["event"]["kind"], json!("event"));
    }

    #[test]
    fn an_alert_without_details_is_one_document() {
        assert_eq!(documents(&alert("iam", "bob", Severity::Low, vec![]), &DocumentTarget::Index("x".into())).len(), 1);
    }
}
