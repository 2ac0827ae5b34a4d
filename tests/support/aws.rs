//! A stand-in for AWS (moto's server) with the real AWS command line before it. Both are installed by `make test-tools`; a test that finds
//! them missing says so and is counted as skipped.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Place, project};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

/// An AWS of one's own, which ends with the test.
pub(crate) struct Aws {
    server: Child,
    endpoint: String,
    home: tempfile::TempDir,
}

impl Aws {
    /// Starts the server; none when the tools are missing, which is then said.
    pub(crate) fn start(test: &str) -> Option<Self> {
        Self::start_with(test, &[])
    }

    /// Starts the server with more variables in its environment.
    pub(crate) fn start_with(test: &str, environment: &[(&str, &str)]) -> Option<Self> {
        if !tool("aws").exists() || !tool("moto_server").exists() {
            skipped(test, "the AWS command line and moto are missing; `make test-tools` installs them");
            return None;
        }
        // The port is free again when the server takes it; nobody else asks for ports of this kind in between.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let home = tempfile::tempdir().expect("a directory");
        let mut server = Command::new(tool("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("HOME", home.path()).envs(environment.iter().copied());
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("moto starts");
        let aws = Self { server, endpoint: format!("http://127.0.0.1:{port}"), home };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < PATIENCE, "moto does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(aws)
    }

    /// Where it answers.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What one call prints.
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        let mut command = Command::new(tool("aws"));
        command.args(words).args(["--endpoint-url", &self.endpoint]).stdin(Stdio::null());
        let output = self.environment(&mut command).output().expect("the AWS command line starts");
        assert!(output.status.success(), "aws {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// `reddalert archive collect` on it.
    pub(crate) fn collect(&self, place: &Place, more: &[&str]) -> Command {
        let mut command = place.command();
        command.args(["archive", "collect", "--archive", "a.db", "--log-format", "human", "--endpoint-url", &self.endpoint, "--aws"]);
        command.arg(tool("aws")).args(more);
        self.environment(&mut command);
        command
    }

    /// Credentials that are good for nothing but this, and no home where others could be.
    fn environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("HOME", self.home.path()).env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing").env("AWS_EC2_METADATA_DISABLED", "true");
        // Its own attempts on top of ours would only take time.
        command.env("AWS_MAX_ATTEMPTS", "1");
        command.env("AWS_DEFAULT_REGION", "us-east-1").env_remove("AWS_REGION").env_remove("AWS_PROFILE").env_remove("AWS_SESSION_TOKEN")
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn tool(name: &str) -> PathBuf {
    project().join("target/test-tools/bin").join(name)
}

/// Says so past the capturing of the test harness, and notes it where `make test` counts.
pub(crate) fn skipped(test: &str, reason: &str) {
    let line = format!("skipped: {test}: {reason}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(path) = std::env::var_os("REDDALERT_SKIPPED_TESTS") {
        let _ = OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| file.write_all(line.as_bytes()));
    }
}
