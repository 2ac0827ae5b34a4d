//! The rule that looks at S3, before a stand-in for it, with the buckets that the original was run on.

use std::collections::BTreeSet;

use reddalert::credentials::SigningOptions;
use serde_json::{Value, json};

use crate::signing::{aws, send};
use crate::support::{Account, Aws, Place, Ran, project};

fn recorded(file: &str) -> Value {
    let path = project().join(format!("tests/data/original/other/s3acl/{file}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a recorded file")).expect("JSON")
}

fn put(server: &Aws, path: &str, acl: &str) {
    let options = SigningOptions { aws_service: Some("s3".into()), aws_region: Some("us-east-1".into()) };
    let url = format!("{}/{path}", server.endpoint());
    let made = send(&aws("testing", "testing"), &options, "PUT", &url, &[("x-amz-acl", acl)], "");
    assert_eq!(made.0, 200, "{path}: {}", made.1);
}

/// The id of the account, as access lists have it.
fn owner(server: &Aws) -> String {
    let options = SigningOptions { aws_service: Some("s3".into()), aws_region: Some("us-east-1".into()) };
    let list = send(&aws("testing", "testing"), &options, "GET", &format!("{}/open-bucket?acl", server.endpoint()), &[], "").1;
    list.split_once("<ID>").and_then(|(_, rest)| rest.split_once("</ID>")).expect("an owner").0.to_owned()
}

fn fill(server: &Aws, buckets: &Value) {
    for (name, bucket) in buckets.as_object().expect("buckets") {
        put(server, name, bucket["acl"].as_str().expect("a list"));
        for (key, acl) in bucket["keys"].as_object().expect("keys") {
            put(server, &format!("{name}/{key}"), acl.as_str().expect("a list"));
        }
    }
}

fn run(place: &Place, mut section: Value, server: &Aws) -> Ran {
    section["endpoint"] = json!(server.endpoint());
    let grant = json!({"schemes": "http", "hosts": "setting:endpoint", "methods": "GET", "private": "127.0.0.1"});
    place.config(&json!({"plugin.s3acl": section, "grants.s3acl": grant}));
    let edda = Account::empty().serve();
    place.run(["-e", &edda.url, "-o", "jsonl", "s3acl"])
}

fn told(alerts: impl IntoIterator<Item = (Value, Value)>) -> BTreeSet<String> {
    alerts.into_iter().map(|(id, details)| format!("{id} {details}")).collect()
}

#[test]
fn access_lists_of_a_real_server_give_what_the_original_gave() {
    let Some(server) = Aws::start("access_lists_of_a_real_server_give_what_the_original_gave") else { return };
    let input = recorded("input");
    fill(&server, &input["s3"]);
    let mut section = input["config"]["plugin.s3acl"].clone();
    section["allowed"][0]["uid"] = json!(owner(&server));

    let theirs = recorded("alerts-all").as_array().expect("alerts").clone();
    let theirs = told(theirs.into_iter().map(|alert| (alert[1].clone(), alert[2].clone())));
    let ran = run(&Place::new(), section.clone(), &server).exits(0);
    assert_eq!(told(ran.alerts().into_iter().map(|alert| (alert["id"].clone(), alert["details"].clone()))), theirs);

    // Q26: a few of them by default, always the same ones with a seed, and all when that is wanted.
    for key in ["visit_probability", "visit_max"] {
        section.as_object_mut().expect("an object").remove(key);
    }
    section["visit"] = json!("all");
    assert_eq!(run(&Place::new(), section.clone(), &server).exits(0).alerts().len(), theirs.len());
    section["visit"] = json!("sample");
    section["seed"] = json!(7);
    let first = run(&Place::new(), section.clone(), &server).exits(0).alerts();
    assert!(first.len() < theirs.len());
    let ids = |alerts: Vec<Value>| alerts.into_iter().map(|alert| alert["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(run(&Place::new(), section, &server).exits(0).alerts()), ids(first));
}
