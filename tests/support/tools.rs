//! Programs that we did not write, as the other side of a test. `make test-tools` installs some of them, the system's packages the others; a
//! test that finds one missing says so and is counted as skipped.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::project;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that `make test-tools` installs.
pub(crate) fn tool(name: &str) -> PathBuf {
    project().join("target/test-tools/bin").join(name)
}

/// A program of the system.
pub(crate) fn system_program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin"].iter().map(|directory| Path::new(directory).join(name)).find(|path| path.exists())
}

/// The `OpenSearch` of the tests lies inside a Python package.
pub(crate) fn osmem_server() -> Option<PathBuf> {
    let packages = std::fs::read_dir(project().join("target/test-tools/lib")).ok()?.flatten();
    packages.map(|python| python.path().join("site-packages/osmem_server/bin/osmem-server")).find(|path| path.exists())
}

/// Says so past the capturing of the test harness, and notes it where `make test` counts.
pub(crate) fn skipped(test: &str, reason: &str) {
    let line = format!("skipped: {test}: {reason}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(path) = std::env::var_os("REDDALERT_SKIPPED_TESTS") {
        let _ = OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// A port that is free again when a server takes it; nobody else asks for ports of this kind in between.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// A running server, which ends with the test.
pub(crate) struct Server(Child);

impl Server {
    /// Starts it, and returns when it answers on `port`.
    pub(crate) fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the server starts");
        let mut server = Self(child);
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.0.try_wait().expect("its state");
            assert!(ended.is_none() && begin.elapsed() < PATIENCE, "{command:?} does not answer: {ended:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // TERM first: some servers have children that only they can end.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        for _ in 0..100 {
            if self.0.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
