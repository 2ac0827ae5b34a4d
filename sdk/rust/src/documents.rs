//! The documents of an answer as an iterator of typed values. It turns pages by itself and holds one page at a time. An odd
//! document never ends it: the document is reported as skipped.

use std::marker::PhantomData;
use std::vec;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{CallError, Host, Times, selector};

/// The documents of an answer; made by [`documents`](trait.Host.html#method.documents). An error is the inventory's: no document follows
/// it.
pub struct Documents<'host, T> {
    host: &'host dyn Host,
    collection: String,
    next: NextPage,
    page: vec::IntoIter<String>,
    fields: &'static [&'static str],
    document: PhantomData<fn() -> T>,
}

enum NextPage {
    First { path: String, times: Times },
    Named(String),
    None,
}

impl<'host, T: DeserializeOwned> Documents<'host, T> {
    pub(crate) fn new(host: &'host dyn Host, path: &str, times: Times) -> Self {
        let fields = selector::field_names::<T>().unwrap_or_default();
        let collection = path.split([';', ':']).next().unwrap_or(path).to_owned();
        let path = selector::with_selector::<T>(path);
        Self { host, collection, next: NextPage::First { path, times }, page: Vec::new().into_iter(), fields, document: PhantomData }
    }

    fn turn_page(&mut self) -> Option<Result<(), CallError>> {
        let page = match std::mem::replace(&mut self.next, NextPage::None) {
            NextPage::First { path, times } => self.host.first_page(&path, times),
            NextPage::Named(name) => self.host.next_page(&name),
            NextPage::None => return None,
        };
        Some(page.map(|page| {
            self.next = page.next.map_or(NextPage::None, NextPage::Named);
            self.page = page.documents.into_iter();
        }))
    }

    fn report(&self, text: &str, error: &serde_json::Error) {
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        let id = match self.fields.first().and_then(|field| document.get(field)) {
            Some(Value::String(id)) => id.clone(),
            Some(id @ Value::Number(_)) => id.to_string(),
            _ => format!("a document of {}", self.collection),
        };
        let reason = error.to_string();
        // The position counts bytes of a text that nobody else has seen.
        let reason = reason.rsplit_once(" at line ").map_or(&*reason, |(reason, _)| reason);
        self.host.skipped(&id, reason);
    }
}

impl<T: DeserializeOwned> Iterator for Documents<'_, T> {
    type Item = Result<T, CallError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while let Some(text) = self.page.next() {
                match serde_json::from_str(&text) {
                    Ok(document) => return Some(Ok(document)),
                    Err(error) => self.report(&text, &error),
                }
            }
            if let Err(error) = self.turn_page()? {
                return Some(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::mock::MockHost;
    use crate::{ErrorKind, Window};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Machine {
        instance_id: String,
        cores: u32,
    }

    const PATH: &str = "view/instances;_expand";

    fn host() -> MockHost {
        MockHost::new(Window { since: 0, until: 10 })
    }

    fn machines(host: &MockHost) -> Vec<Machine> {
        (host as &dyn Host).documents(PATH, Times::Now).collect::<Result<_, _>>().expect("an answer")
    }

    #[test]
    fn all_pages_are_read_and_only_the_fields_are_asked_for() {
        let documents: Vec<_> = (0..7).map(|n| json!({"instanceId": format!("i-{n}"), "cores": n, "user": "x"})).collect();
        let host = host().with_page_size(3).with_documents(PATH, documents);
        assert_eq!(machines(&host).iter().map(|machine| machine.cores).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(host.asked(), [("view/instances;_expand:(instanceId,cores)".to_owned(), Times::Now)]);
    }

    #[test]
    fn an_odd_document_is_reported_and_the_reading_goes_on() {
        let documents =
            [json!({"instanceId": "i-1", "cores": "two"}), json!(7), json!({"cores": 1}), json!({"instanceId": "i-2", "cores": 2})];
        let host = host().with_documents(PATH, documents);
        assert_eq!(machines(&host), [Machine { instance_id: "i-2".into(), cores: 2 }]);
        let skipped = host.skipped_things();
        assert_eq!(skipped[0], ("i-1".to_owned(), "invalid type: string \"two\", expected u32".to_owned()));
        assert_eq!(skipped[1].0, "a document of view/instances");
        assert_eq!(skipped[2].1, "missing field `instanceId`");
    }

    #[test]
    fn ids_are_documents_too() {
        let host = host().with_documents("aws/iamUsers", [json!("alice"), json!("code")]);
        let names: Vec<String> = (&host as &dyn Host).documents("aws/iamUsers", Times::Now).collect::<Result<_, _>>().expect("an answer");
        assert_eq!(names, ["alice", "code"]);
    }

    #[test]
    fn an_error_of_the_inventory_is_the_last_item() {
        let down = CallError { kind: ErrorKind::Unavailable, status: None, message: "down".into() };
        let host = host().with_failure(PATH, down.clone());
        let items: Vec<_> = (&host as &dyn Host).documents::<Machine>(PATH, Times::Now).collect();
        assert_eq!(items, [Err(down)]);
    }
}
