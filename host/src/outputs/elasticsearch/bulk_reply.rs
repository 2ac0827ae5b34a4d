//! What the server says of each document of a bulk request. A status of 200 says only that the request was read.

use serde::Deserialize;
use serde_json::Value;

use super::super::http_client::quoted;
use super::super::{Again, Trouble, Verdict};

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    items: Vec<Value>,
}

#[derive(Default, Deserialize)]
struct Item {
    status: u16,
    #[serde(default)]
    error: Option<ItemError>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ItemError {
    r#type: String,
    reason: String,
}

/// One verdict for each of the `count` documents sent, in their order.
pub(super) fn item_verdicts(text: &str, count: usize, place: &str) -> Vec<Verdict> {
    let items = serde_json::from_str::<Reply>(text).map(|reply| reply.items).unwrap_or_default();
    if items.len() != count {
        let reason = format!("{place} answers 200 OK, but not as a bulk request is answered: `{}`; see to `url`", quoted(text));
        return vec![Verdict::Later(Trouble::lasting(reason)); count];
    }
    items.iter().map(|item| verdict(item, place)).collect()
}

fn verdict(item: &Value, place: &str) -> Verdict {
    // `{"create": {"status": ...}}`
    let inner = item.as_object().and_then(|actions| actions.values().next()).cloned().unwrap_or_default();
    let Item { status, error } = serde_json::from_value(inner).unwrap_or_default();
    let ItemError { r#type, reason } = error.unwrap_or_default();
    let words = |advice: &str| format!("{place} answers {status} {}: `{}`{advice}", quoted(&r#type), quoted(&reason));
    match status {
        // A conflict: an earlier try has stored it, and its answer got lost.
        200 | 201 | 409 => Verdict::Taken,
        429 | 500..=599 => Verdict::Later(Trouble { reason: words(""), again: Again::Soon }),
        400..=499 if !matches!(status, 401 | 403 | 404) => Verdict::Never(words("")),
        _ => Verdict::Later(Trouble::lasting(words("; see to the rights, and to `index` or `data-stream`"))),
    }
}

/// What became of an alert of which two documents met these verdicts. What may still be stored is tried first; a conflict then tells what
/// is there already.
pub(super) fn worst(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Later(trouble), _) | (_, Verdict::Later(trouble)) => Verdict::Later(trouble),
        (Verdict::Never(reason), _) | (_, Verdict::Never(reason)) => Verdict::Never(reason),
        (Verdict::Taken, Verdict::Taken) => Verdict::Taken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_meaning() {
        let one = |status: u16| {
            let text =
                format!(r#"{{"errors":true,"items":[{{"create":{{"status":{status},"error":{{"type":"t","reason":"r\u001b"}}}}}}]}}"#);
            item_verdicts(&text, 1, "http://es").remove(0)
        };
        assert_eq!((one(201), one(409)), (Verdict::Taken, Verdict::Taken));
        for status in [429, 500, 503] {
            assert_eq!(one(status), Verdict::Later(Trouble::passing(format!("http://es answers {status} t: `r\\u001b`"))));
        }
        assert_eq!(one(400), Verdict::Never("http://es answers 400 t: `r\\u001b`".into()));
        for status in [401, 403, 404, 0] {
            assert!(matches!(one(status), Verdict::Later(Trouble { again: Again::NextRun, .. })), "{status}");
        }
    }

    #[test]
    fn an_answer_that_does_not_fit_takes_nothing() {
        for text in ["", "<html>", "{}", r#"{"items":[{"create":{"status":201}}]}"#, r#"{"items":[1,2,3]}"#] {
            let verdicts = item_verdicts(text, 2, "http://es");
            assert!(verdicts.len() == 2 && verdicts.iter().all(|verdict| matches!(verdict, Verdict::Later(_))), "{text}");
        }
    }

    #[test]
    fn an_alert_is_taken_when_all_its_documents_are() {
        let (never, later) = (Verdict::Never("x".into()), Verdict::Later(Trouble::passing("y")));
        assert_eq!(worst(Verdict::Taken, Verdict::Taken), Verdict::Taken);
        assert_eq!(worst(Verdict::Taken, never.clone()), never);
        assert_eq!(worst(never, later.clone()), later);
    }
}
