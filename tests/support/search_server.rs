//! An `OpenSearch` that we did not write.

use std::process::Command;

use serde_json::Value;

use super::tools::{Server, free_port, osmem_server, skipped};

/// An `OpenSearch`; it ends with the test.
pub(crate) struct Search {
    _server: Server,
    pub(crate) url: String,
}

impl Search {
    /// None when it is missing, which is then said.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(program) = osmem_server() else {
            skipped(test, "osmem-server is missing; `make test-tools` installs it");
            return None;
        };
        let port = free_port();
        let mut command = Command::new(program);
        command.args(["-addr", &format!("127.0.0.1:{port}"), "-no-stdin-watch"]);
        Some(Self { _server: Server::start(&mut command, port), url: format!("http://127.0.0.1:{port}") })
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> Value {
        let mut command = Command::new("curl");
        command.args(["-s", "-X", method, "-H", "Content-Type: application/json", "-d", body]).arg(format!("{}{path}", self.url));
        let output = command.output().expect("curl runs");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
    }

    /// The first thousand.
    pub(crate) fn documents(&self, index: &str) -> Vec<Value> {
        let found = self.request("GET", &format!("/{index}/_search?size=1000"), r#"{"query": {"match_all": {}}}"#);
        found["hits"]["hits"].as_array().cloned().unwrap_or_default()
    }
}
