//! An account as EDDA would show it, kept as plain documents.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{EddaServer, Reply};

/// Current documents by collection (`view/instances`), which of them changed in the window, and diffs by document.
#[derive(Clone, Default)]
pub(crate) struct Account {
    documents: BTreeMap<String, Vec<Value>>,
    updated: BTreeMap<String, Vec<String>>,
    diffs: BTreeMap<String, String>,
}

impl Account {
    /// An account that has all collections of the shipped rules, and nothing in them.
    pub(crate) fn empty() -> Self {
        let names = ["view/instances", "aws/securityGroups", "aws/loadBalancers", "aws/iamUsers"];
        Self { documents: names.into_iter().map(|name| (name.to_owned(), Vec::new())).collect(), ..Self::default() }
    }

    /// Replaces the documents of a collection.
    pub(crate) fn with(mut self, collection: &str, documents: Value) -> Self {
        let Value::Array(documents) = documents else { panic!("a list of documents") };
        self.documents.insert(collection.to_owned(), documents);
        self
    }

    /// Serves it. `;_updated` without a list of its own shows everything.
    pub(crate) fn serve(self) -> EddaServer {
        EddaServer::start(move |target| self.answer(target))
    }

    /// The answer to what follows `/edda`.
    pub(crate) fn answer(&self, target: &str) -> Reply {
        let path = target.strip_prefix("/api/v2/").unwrap_or(target);
        let (path, arguments) = path.split_once(';').unwrap_or((path, ""));
        let has = |name: &str| arguments.split(';').any(|argument| argument == name || argument.starts_with(&format!("{name}=")));
        if let Some(documents) = self.documents.get(path) {
            let updated = if has("_updated") { self.updated.get(path) } else { None };
            let chosen: Vec<&Value> = match updated {
                Some(ids) => ids.iter().filter_map(|id| documents.iter().find(|document| id_of(document) == id)).collect(),
                None => documents.iter().collect(),
            };
            let ids_only = !has("_expand") && !has("_meta");
            return Reply::json(
                &chosen.into_iter().map(|document| if ids_only { json!(id_of(document)) } else { document.clone() }).collect(),
            );
        }
        self.one_document(path, has("_diff"), has("_since"))
    }

    fn one_document(&self, path: &str, diff: bool, history: bool) -> Reply {
        let (collection, id) = path.rsplit_once('/').unwrap_or((path, ""));
        let Some(documents) = self.documents.get(collection) else { return Reply::error(400, &format!("invalid collection: {path}")) };
        if diff {
            let nothing = || Reply::error(400, "_diff requires at least 2 documents, only 1 found");
            return self.diffs.get(id).map_or_else(nothing, |diff| Reply::Answer(200, diff.clone()));
        }
        match documents.iter().find(|document| id_of(document) == id) {
            Some(document) if history => Reply::json(&json!([document])),
            Some(document) => Reply::json(document),
            None => Reply::error(404, &format!("record \"{id}\" not found in collection {}", collection.replace('/', "."))),
        }
    }
}

fn id_of(document: &Value) -> &str {
    let names = ["instanceId", "groupId", "loadBalancerName", "name", "id"];
    names.iter().find_map(|name| document.get(name).and_then(Value::as_str)).unwrap_or_default()
}

/// Load balancers `lb-0`, `lb-1`, ... that each deserve an alert of `elbs`.
pub(crate) fn open_balancers(count: usize) -> EddaServer {
    let listener = json!([{"listener": {"loadBalancerPort": 8080}}]);
    let document = |index: usize| json!({"loadBalancerName": format!("lb-{index}"), "listenerDescriptions": listener});
    Account::empty().with("aws/loadBalancers", (0..count).map(document).collect()).serve()
}

/// The recorded inventory that the original reddalert was run against.
pub(crate) fn recorded_account(directory: &Path) -> Account {
    let read =
        |name: String| std::fs::read_to_string(directory.join(name)).ok().map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
    let mut account = Account::default();
    for collection in ["view/instances", "aws/securityGroups", "aws/loadBalancers", "aws/iamUsers"] {
        let documents = read(format!("api/v2/{collection}.json")).expect("a recorded collection");
        account = account.with(collection, documents);
        if let Some(ids) = read(format!("api/v2/{collection}.updated.json")) {
            account.updated.insert(collection.to_owned(), serde_json::from_value(ids).expect("a list of ids"));
        }
    }
    let diffs = read("api/v2/aws/iamUsers.diffs.json".into()).expect("recorded diffs");
    account.diffs = serde_json::from_value(diffs).expect("texts by name");
    account
}
