//! The machines that a Chef server knows, all of them: a list with a gap would make strangers of known machines, so any failure is an error.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, Host, Request, Response};

/// How many nodes are asked for at once.
const PAGE: usize = 2000;

/// More than the attributes of so many nodes take.
const MAX_BODY: u32 = 128 * 1024 * 1024;

#[derive(Deserialize)]
struct Page {
    /// Chef's number of all nodes; goiardi's number of the rows of this page.
    #[serde(default)]
    total: usize,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    data: Value,
}

/// Asks the Chef server for these attributes of every node. `wanted` has the names under which the attributes come back, each with the path to
/// it: `{"fqdn": ["fqdn"], "public": ["cloud", "public_ipv4"]}`. A node that is no `T` is reported as skipped.
///
/// # Errors
/// A page could not be had, or is no answer of a Chef server.
pub fn nodes<T: DeserializeOwned>(host: &dyn Host, server_url: &str, wanted: &Value) -> Result<Vec<T>, Error> {
    let mut nodes = Vec::new();
    let mut start = 0;
    loop {
        let url = format!("{}/search/node?q=%2A%3A%2A&start={start}&rows={PAGE}", server_url.trim_end_matches('/'));
        let Page { total, rows } = page(host, &url, wanted)?;
        let number = rows.len();
        start += number;
        for Row { data } in rows {
            match T::deserialize(&data) {
                Ok(node) => nodes.push(node),
                Err(error) => host.skipped(data["name"].as_str().unwrap_or("a node of Chef"), &error.to_string()),
            }
        }
        // A server may give less at a time than it is asked for, and goiardi does not tell how many there are.
        if number == 0 || (number < PAGE && start >= total) {
            return Ok(nodes);
        }
    }
}

fn page(host: &dyn Host, url: &str, wanted: &Value) -> Result<Page, Error> {
    let request = Request::post(url, wanted.to_string()).header("accept", "application/json").header("content-type", "application/json");
    // The version of Chef's clients whose manners these are.
    let request = request.header("x-chef-version", "12.0.0").max_body(MAX_BODY);
    let answer = host.send(&[request]).pop().ok_or_else(|| Error::new("the host answered nothing"))??;
    if answer.status != 200 {
        return Err(Error::new(format!("the Chef server answers {} to {url}{}", answer.status, its_words(&answer))));
    }
    if answer.cut {
        return Err(Error::new(format!("the Chef server's answer to {url} is longer than {MAX_BODY} bytes")));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|error| Error::new(format!("the Chef server's answer to {url} is no search result: {error}")))
}

/// `{"error": ["why"]}`.
fn its_words(answer: &Response) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = body["error"].as_array().and_then(|words| words.first()).unwrap_or(&body["error"]);
    words.as_str().map(|words| format!(": {words}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::MockHost;
    use crate::{CallError, ErrorKind, Window};

    #[derive(Debug, Deserialize)]
    struct Node {
        name: String,
    }

    const SERVER: &str = "https://chef.test/organizations/o";

    fn url(start: usize) -> String {
        format!("{SERVER}/search/node?q=%2A%3A%2A&start={start}&rows=2000")
    }

    fn rows(total: usize, number: usize) -> String {
        let rows: Vec<Value> = (0..number).map(|n| json!({"url": "x", "data": {"name": format!("n{n}")}})).collect();
        json!({"total": total, "start": 0, "rows": rows}).to_string()
    }

    fn host() -> MockHost {
        MockHost::new(Window { since: 0, until: 1 })
    }

    fn ask(host: &MockHost) -> Result<Vec<Node>, Error> {
        nodes(host, "https://chef.test/organizations/o/", &json!({"name": ["name"]}))
    }

    #[test]
    fn q27_pages_are_turned_to_the_end() {
        let of_chef = host().with_page(&url(0), 200, rows(4100, 2000)).with_page(&url(2000), 200, rows(4100, 2000)).with_page(
            &url(4000),
            200,
            rows(4100, 100),
        );
        assert_eq!(ask(&of_chef).expect("nodes").len(), 4100);
        let of_goiardi = host().with_page(&url(0), 200, rows(2000, 2000)).with_page(&url(2000), 200, rows(3, 3));
        assert_eq!(ask(&of_goiardi).expect("nodes").len(), 2003);
        let of_a_careful_one = host().with_page(&url(0), 200, rows(1500, 1000)).with_page(&url(1000), 200, rows(1500, 500));
        assert_eq!(ask(&of_a_careful_one).expect("nodes").len(), 1500);
        let exact = host().with_page(&url(0), 200, rows(2000, 2000)).with_page(&url(2000), 200, rows(0, 0));
        assert_eq!(ask(&exact).expect("nodes").len(), 2000);
    }

    #[test]
    fn q27_a_page_that_fails_is_an_error() {
        let refused = host().with_page(&url(0), 401, json!({"error": ["Failed to authenticate as reddalert"]}).to_string());
        let expected = format!("the Chef server answers 401 to {}: Failed to authenticate as reddalert", url(0));
        assert_eq!(ask(&refused).expect_err("refused").to_string(), expected);
        let down = CallError { kind: ErrorKind::Unavailable, status: None, message: "connection refused".into() };
        let half = host().with_page(&url(0), 200, rows(3000, 2000)).with_response(&url(2000), Err(down));
        assert_eq!(ask(&half).expect_err("half").to_string(), "connection refused");
        let nonsense = host().with_page(&url(0), 200, "<html>");
        assert!(ask(&nonsense).expect_err("nonsense").to_string().contains("is no search result"));
    }

    #[test]
    fn q14_an_odd_node_is_left_out_by_name() {
        let rows = json!({"total": 3, "rows": [{"data": {"name": "a"}}, {"data": {"name": 7}}, {"data": null}]});
        let host = host().with_page(&url(0), 200, rows.to_string());
        assert_eq!(ask(&host).expect("nodes").iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(host.skipped_things().len(), 2);
    }

    #[test]
    fn the_attributes_are_posted() {
        let host = host().with_page(&url(0), 200, rows(0, 0));
        ask(&host).expect("no nodes");
        let request = &host.sent_requests()[0];
        assert_eq!((&*request.method, request.body.as_slice()), ("POST", &br#"{"name":["name"]}"#[..]));
    }
}
