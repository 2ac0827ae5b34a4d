//! A stand-in for AWS (moto's server) with the real AWS command line before it. Both are installed by `make test-tools`; a test that finds
//! them missing says so and is counted as skipped.

use std::process::{Command, Stdio};

use super::Place;
use super::tools::{Server, free_port, skipped, tool};

/// An AWS of one's own, which ends with the test.
pub(crate) struct Aws {
    _server: Server,
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
        let port = free_port();
        let home = tempfile::tempdir().expect("a directory");
        let mut command = Command::new(tool("moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("HOME", home.path()).envs(environment.iter().copied());
        let server = Server::start(&mut command, port);
        Some(Self { _server: server, endpoint: format!("http://127.0.0.1:{port}"), home })
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
