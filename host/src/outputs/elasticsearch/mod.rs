//! Elasticsearch and `OpenSearch`: documents through the bulk interface. Each has an id of its own, made of the alert's, so that one that comes
//! again is refused by the server as a conflict, and counts as taken.

mod bulk_reply;
pub(super) mod document;

use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::Url;

use self::bulk_reply::{item_verdicts, worst};
use self::document::documents;
use super::http_client::{Answer, HttpClient};
use super::{Delivery, Output, OutputError, Patience, Trouble, Verdict};
use crate::alert::Alert;
use crate::settings::{DocumentTarget, ElasticsearchAccess, ElasticsearchSettings};

/// So many alerts are handed over before it is written down what became of them.
const BATCH: usize = 500;
/// So many documents are sent at once.
const DOCUMENTS: usize = 500;
/// So many bytes are sent at once, if it is more than one document.
const BYTES: usize = 5_000_000;
/// Only what is looked at comes back.
const FILTER: &str = "errors,items.*.status,items.*.error.type,items.*.error.reason";

/// A server, and what documents are written to.
#[derive(Debug)]
pub(super) struct Elasticsearch {
    client: HttpClient,
    bulk: Url,
    place: String,
    target: DocumentTarget,
    /// The header that says who writes.
    authorization: Option<reqwest::header::HeaderValue>,
}

/// One document on its way: the lines of the request, and the alert it is a part of.
struct Item {
    alert: usize,
    lines: String,
}

impl Elasticsearch {
    /// Nothing is sent yet.
    pub(super) fn new(settings: &ElasticsearchSettings, clock: fn() -> SystemTime) -> Result<Self, OutputError> {
        let client = HttpClient::new(&settings.url, settings.certificates.as_ref(), clock)?;
        let index = match &settings.target {
            DocumentTarget::Index(index) => index.clone(),
            DocumentTarget::DataStream { dataset, namespace } => format!("logs-{dataset}-{namespace}"),
        };
        let mut bulk = settings.url.clone();
        if let Ok(mut path) = bulk.path_segments_mut() {
            path.pop_if_empty().push(&index).push("_bulk");
        }
        bulk.query_pairs_mut().append_pair("filter_path", FILTER);
        let authorization = settings.access.as_ref().and_then(authorization);
        let place = settings.url.origin().ascii_serialization();
        Ok(Self { client, bulk, place, target: settings.target.clone(), authorization })
    }

    fn items(&self, alerts: &[Arc<Alert>]) -> Vec<Item> {
        let mut items = Vec::new();
        for (index, alert) in alerts.iter().enumerate() {
            for (number, document) in documents(alert, &self.target).into_iter().enumerate() {
                let action = json!({ "create": { "_id": format!("{}-{number}", alert.alert_id) } });
                items.push(Item { alert: index, lines: format!("{action}\n{document}\n") });
            }
        }
        items
    }

    /// One verdict for each item.
    fn send(&self, items: &[Item], patience: &Patience) -> Vec<Verdict> {
        let mut request = self.client.post(&self.bulk).header("content-type", "application/x-ndjson");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization.clone());
        }
        let body: String = items.iter().map(|item| item.lines.as_str()).collect();
        match self.client.send(request.body(body), &self.place, patience) {
            Ok(answer) if answer.status.is_success() => item_verdicts(&answer.text, items.len(), &self.place),
            Ok(answer) if answer.status.as_u16() == 413 => self.send_halves(items, &answer, patience),
            Ok(answer) => vec![Verdict::Later(self.trouble(&answer)); items.len()],
            Err(trouble) => vec![Verdict::Later(trouble); items.len()],
        }
    }

    /// The server takes less at once.
    fn send_halves(&self, items: &[Item], answer: &Answer, patience: &Patience) -> Vec<Verdict> {
        if items.len() <= 1 {
            return vec![Verdict::Never(answer.words(&self.place, "this document alone is too large")); items.len()];
        }
        let (first, second) = items.split_at(items.len() / 2);
        let mut verdicts = self.send(first, patience);
        verdicts.extend(self.send(second, patience));
        verdicts
    }

    fn trouble(&self, answer: &Answer) -> Trouble {
        let advice = match answer.status.as_u16() {
            300..=399 => "redirects are not followed, name the right `url`",
            401 | 403 => "see to `api-key`, or `user` and `password`, and to their rights",
            404 => "see to `url`, `index` or `data-stream`",
            _ => "",
        };
        answer.trouble(&self.place, advice)
    }
}

impl Output for Elasticsearch {
    fn batch(&self) -> usize {
        BATCH
    }

    fn deliver(&mut self, alerts: &[Arc<Alert>], patience: &Patience) -> Delivery {
        let items = self.items(alerts);
        let mut verdicts = vec![Verdict::Taken; alerts.len()];
        let mut rest = items.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(first_request(rest));
            for (item, verdict) in now.iter().zip(self.send(now, patience)) {
                let so_far = std::mem::replace(&mut verdicts[item.alert], Verdict::Taken);
                verdicts[item.alert] = worst(so_far, verdict);
            }
            rest = later;
        }
        Delivery { verdicts, notes: Vec::new() }
    }
}

/// How many items go into the next request.
fn first_request(items: &[Item]) -> usize {
    let mut bytes = 0;
    let fits = |item: &&Item| {
        bytes += item.lines.len();
        bytes <= BYTES
    };
    items.iter().take(DOCUMENTS).take_while(fits).count().max(1)
}

fn authorization(access: &ElasticsearchAccess) -> Option<reqwest::header::HeaderValue> {
    let text = match access {
        ElasticsearchAccess::ApiKey(key) => format!("ApiKey {}", key.expose()),
        ElasticsearchAccess::Login(login) => {
            format!("Basic {}", STANDARD.encode(format!("{}:{}", login.user, login.password.expose())))
        }
    };
    let mut value = reqwest::header::HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_bounded_number_of_documents_and_bytes() {
        let items =
            |count: usize, bytes: usize| -> Vec<Item> { (0..count).map(|alert| Item { alert, lines: "x".repeat(bytes) }).collect() };
        assert_eq!(first_request(&items(501, 10)), 500);
        assert_eq!(first_request(&items(3, 2_000_000)), 2);
        assert_eq!(first_request(&items(2, 6_000_000)), 1, "what is too large alone is tried alone");
    }
}
