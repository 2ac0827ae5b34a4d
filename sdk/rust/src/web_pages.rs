//! The web pages behind names that lead outside: which names these are, and what `http://` and `https://` of each answers.
//!
//! | answer | what becomes of the page |
//! |---|---|
//! | any status | it is looked at |
//! | a redirect to where nothing is granted | the redirecting answer itself is looked at |
//! | no such host, no connection, bad certificate, too slow, nonsense | it is a page that did not answer |
//! | not granted | it is reported as skipped; if that holds for all pages, the rule fails |

use std::collections::BTreeMap;
use std::time::Duration;

use crate::hosted_records::{NameList, OwnPlaces, RecordSet, ZoneName, is_host_name, plain_name, record_sets};
use crate::{CallError, Error, ErrorKind, Host, Request, Response};

/// How many pages are asked for at once: with all that their heads may hold, they stay far below what one call may bring.
const BATCH: usize = 500;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which names a rule looks at, as its settings say.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The zone, or all zones.
    pub zone: &'a ZoneName,
    /// Domains that are one's own, as targets of records.
    pub legit_domains: &'a NameList,
    /// Names that are not looked at.
    pub exception_domains: &'a NameList,
    /// Names that are looked at wherever they lead to, if they have records.
    pub included_domains: &'a NameList,
}

/// The names that lead outside, without the final dot, each with the records that do so.
///
/// Of a name that has addresses or is another name for a place, these records alone count: that its texts and mail servers are elsewhere says
/// nothing about its page.
///
/// # Errors
/// The inventory did not answer.
pub fn names_that_lead_outside(host: &dyn Host, scope: Scope<'_>) -> Result<BTreeMap<String, Vec<RecordSet>>, Error> {
    let places = OwnPlaces::load(host, scope.legit_domains)?;
    let mut names: BTreeMap<String, Vec<RecordSet>> = BTreeMap::new();
    for record_set in record_sets(host, scope.zone)? {
        names.entry(plain_name(&record_set.name)).or_default().push(record_set);
    }
    names.retain(|name, records| {
        if !is_host_name(name) || scope.exception_domains.contains(name) {
            return false;
        }
        if records.iter().any(RecordSet::is_about_a_place) {
            records.retain(RecordSet::is_about_a_place);
        }
        if !scope.included_domains.contains(name) {
            records.retain(|record| record.values().any(|value| places.leads_outside(value)));
        }
        !records.is_empty()
    });
    Ok(names)
}

/// A page, after it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `http://www.example.com`, without a slash at the end.
    pub url: String,
    /// `www.example.com`.
    pub name: String,
    /// What it answered; none for a page that did not answer.
    pub answer: Option<Response>,
}

/// Asks for the first page of each name, over `http` and `https`, all side by side. `prepare` says what else the requests need.
///
/// # Errors
/// No page at all is granted.
pub fn visit<'a>(
    host: &dyn Host,
    names: impl IntoIterator<Item = &'a str>,
    prepare: impl Fn(Request) -> Request,
) -> Result<Vec<Page>, Error> {
    let both = |name: &'a str| ["http", "https"].map(|scheme| (format!("{scheme}://{name}"), name.to_owned()));
    let places: Vec<(String, String)> = names.into_iter().flat_map(both).collect();
    let requests: Vec<Request> = places.iter().map(|(url, _)| prepare(Request::get(format!("{url}/")).timeout(PATIENCE))).collect();
    let answers = requests.chunks(BATCH).flat_map(|batch| send(host, batch));
    let mut pages = Vec::new();
    let mut denials = Vec::new();
    for ((url, name), answer) in places.into_iter().zip(answers) {
        match answer {
            Ok(answer) => pages.push(Page { url, name, answer: Some(answer) }),
            Err(error) if error.kind == ErrorKind::Denied => denials.push((url, error)),
            Err(_) => pages.push(Page { url, name, answer: None }),
        }
    }
    report_denials(host, denials, pages.is_empty())?;
    Ok(pages)
}

/// What was denied may be so because of the place that it redirects to: then it is asked again for itself.
fn send(host: &dyn Host, requests: &[Request]) -> Vec<Result<Response, CallError>> {
    let mut answers = host.send(requests);
    let is_denied = |answer: &Result<Response, CallError>| answer.as_ref().is_err_and(|error| error.kind == ErrorKind::Denied);
    let again: Vec<usize> = (0..answers.len()).filter(|&index| requests[index].redirects > 0 && is_denied(&answers[index])).collect();
    if !again.is_empty() {
        let without_redirects: Vec<Request> = again.iter().map(|&index| requests[index].clone().redirects(0)).collect();
        for (index, answer) in again.into_iter().zip(host.send(&without_redirects)) {
            answers[index] = answer;
        }
    }
    answers
}

fn report_denials(host: &dyn Host, denials: Vec<(String, CallError)>, are_all: bool) -> Result<(), Error> {
    for (url, error) in denials {
        if are_all {
            return Err(error.into());
        }
        host.skipped(&url, &error.message);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::mock::MockHost;
    use crate::{Window, instances};

    fn host(records: impl IntoIterator<Item = Value>) -> MockHost {
        let machine = json!({"instanceId": "i-1", "publicIpAddress": "192.0.2.1"});
        MockHost::new(Window { since: 0, until: 1 })
            .with_documents(instances::PATH, [machine])
            .with_documents("aws/hostedRecords;_expand", records)
    }

    fn record(name: &str, kind: &str, value: &str) -> Value {
        json!({"name": name, "type": kind, "resourceRecords": [{"value": value}]})
    }

    fn names(records: impl IntoIterator<Item = Value>) -> Vec<String> {
        let list = |name: &str| NameList::from(vec![name.to_owned()]);
        let (zone, legit, exceptions, included) = (ZoneName::default(), list(".legit.test"), list("except.test"), list("always.test."));
        let scope = Scope { zone: &zone, legit_domains: &legit, exception_domains: &exceptions, included_domains: &included };
        names_that_lead_outside(&host(records), scope).expect("names").into_keys().collect()
    }

    #[test]
    fn names_that_lead_outside_are_looked_at() {
        let records = [
            record("foreign.test.", "CNAME", "edge.partner.test"),
            record("address.test.", "A", "203.0.113.1"),
            record("own.test.", "A", "192.0.2.1"),
            record("legit.test.", "CNAME", "lb.legit.test."),
            record("except.test.", "CNAME", "edge.partner.test"),
            record("always.test.", "A", "192.0.2.1"),
            record("\\052.test.", "CNAME", "edge.partner.test"),
            json!({"name": "alias.test.", "type": "A", "resourceRecords": []}),
        ];
        assert_eq!(names(records), ["address.test", "always.test", "foreign.test"]);
    }

    #[test]
    fn q29_texts_do_not_hide_an_address_nor_make_a_page_of_it() {
        let records = [
            record("hidden.test.", "CNAME", "edge.partner.test"),
            record("hidden.test.", "TXT", "\"text\""),
            record("own.test.", "A", "192.0.2.1"),
            record("own.test.", "TXT", "\"text\""),
            record("text.test.", "TXT", "\"text\""),
        ];
        assert_eq!(names(records), ["hidden.test", "text.test"]);
    }

    fn error(kind: ErrorKind) -> CallError {
        CallError { kind, status: None, message: "add a grant".to_owned() }
    }

    #[test]
    fn both_schemes_are_asked_and_no_answer_is_an_answer() {
        let host = host([]).with_page("http://a/", 404, "gone").with_response("https://a/", Err(error(ErrorKind::TimedOut)));
        let pages = visit(&host, ["a"], |request| request.max_body(2)).expect("pages");
        assert_eq!(pages.iter().map(|page| page.url.as_str()).collect::<Vec<_>>(), ["http://a", "https://a"]);
        assert_eq!(pages[0].answer.as_ref().map(|answer| answer.status), Some(404));
        assert_eq!(pages[1].answer, None);
    }

    #[test]
    fn a_page_that_is_not_granted_is_skipped_and_none_granted_is_an_error() {
        let host = host([]).with_page("http://a/", 200, "").with_response("https://a/", Err(error(ErrorKind::Denied)));
        assert_eq!(visit(&host, ["a"], |request| request).expect("pages").len(), 1);
        assert_eq!(host.skipped_things(), [("https://a".to_owned(), "add a grant".to_owned())]);
        assert_eq!(visit(&host, ["b"], |request| request).expect_err("denied").to_string(), "`http://b/` is not granted");
    }

    #[test]
    fn a_page_that_is_nonsense_does_not_stop_the_others() {
        let host = host([]).with_page("http://a/", 200, "").with_response("https://a/", Err(error(ErrorKind::OverLimit)));
        let pages = visit(&host, ["a"], |request| request).expect("pages");
        assert_eq!(pages.iter().map(|page| page.answer.is_some()).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn nothing_is_sent_for_no_names() {
        let host = host([]);
        assert_eq!(visit(&host, [], |request| request).expect("no pages"), []);
        assert_eq!(host.sent_requests(), []);
    }
}
