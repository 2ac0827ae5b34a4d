//! A real Chef server (goiardi). A test that finds it missing says so and is counted as skipped.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::aws::skipped;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

/// A Chef server of one's own, which ends with the test.
pub(crate) struct ChefServer {
    server: Child,
    url: String,
    directory: tempfile::TempDir,
}

impl ChefServer {
    /// Starts the server; none when it is missing, which is then said.
    pub(crate) fn start(test: &str) -> Option<Self> {
        if !is_installed("goiardi") {
            skipped(test, "goiardi is missing; the package of that name has it");
            return None;
        }
        // The port is free again when the server takes it; nobody else asks for ports of this kind in between.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let directory = tempfile::tempdir().expect("a directory");
        let mut server = Command::new("goiardi");
        server.args(["-A", "-I", "127.0.0.1", "-H", "localhost", "-P", &port.to_string()]);
        server.arg(format!("--conf-root={}", directory.path().display())).current_dir(directory.path());
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("goiardi starts");
        let chef = Self { server, url: format!("http://127.0.0.1:{port}"), directory };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() || chef.key("admin").is_empty() {
            assert!(begin.elapsed() < PATIENCE, "goiardi does not answer");
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

impl Drop for ChefServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Whether the program is on the path.
pub(crate) fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|directory| Path::new(&directory).join(program).exists()))
}
