//! A real Chef server (goiardi). A test that finds it missing says so and is counted as skipped.

use std::process::Command;
use std::time::{Duration, Instant};

use super::tools::{Server, free_port, skipped, system_program};

/// How long the server may take to make its keys.
const PATIENCE: Duration = Duration::from_mins(2);

/// A Chef server of one's own, which ends with the test.
pub(crate) struct ChefServer {
    _server: Server,
    url: String,
    directory: tempfile::TempDir,
}

impl ChefServer {
    /// Starts the server; none when it is missing, which is then said.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(goiardi) = system_program("goiardi") else {
            skipped(test, "goiardi is missing; the package of that name has it");
            return None;
        };
        let port = free_port();
        let directory = tempfile::tempdir().expect("a directory");
        let mut command = Command::new(goiardi);
        command.args(["-A", "-I", "127.0.0.1", "-H", "localhost", "-P", &port.to_string()]);
        command.arg(format!("--conf-root={}", directory.path().display())).current_dir(directory.path());
        let server = Server::start(&mut command, port);
        let chef = Self { _server: server, url: format!("http://127.0.0.1:{port}"), directory };
        let begin = Instant::now();
        while chef.key("admin").is_empty() {
            assert!(begin.elapsed() < PATIENCE, "goiardi makes no keys");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(chef)
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The private key of `admin`, `chef-validator` or `chef-webui`, in PEM. Empty while it is not there yet.
    pub(crate) fn key(&self, user: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(format!("{user}.pem"))).unwrap_or_default()
    }
}
