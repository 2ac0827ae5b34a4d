//! Mail servers that we did not write (aiosmtpd, Exim), and Python's reader of mail.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::tools::{Server, free_port, skipped, system_program, tool};
use super::{Certificates, project};

/// A mail server; it ends with the test.
pub(crate) struct MailServer {
    _server: Server,
    /// Plain and STARTTLS.
    pub(crate) port: u16,
    /// TLS from the first byte; 0 when there is no such port.
    pub(crate) tls_port: u16,
    directory: tempfile::TempDir,
}

/// A mail, taken apart by Python.
pub(crate) struct ReceivedMail(pub(crate) Value);

impl MailServer {
    /// aiosmtpd. With certificates it wants STARTTLS and the login `alert`, `s3cret`. None when it is missing, which is then said.
    pub(crate) fn start(test: &str, certificates: Option<&Certificates>) -> Option<Self> {
        if !tool("aiosmtpd").exists() {
            skipped(test, "aiosmtpd is missing; `make test-tools` installs it");
            return None;
        }
        let (port, directory) = (free_port(), tempfile::tempdir().expect("a directory"));
        let mut command = Command::new(tool("python3"));
        command.arg(project().join("tests/support/mail_server.py")).arg(port.to_string()).arg(directory.path().join("mail"));
        if let Some(certificates) = certificates {
            command.arg(certificates.server()).arg(certificates.key());
        }
        Some(Self { _server: Server::start(&mut command, port), port, tls_port: 0, directory })
    }

    /// Exim, a mail server of the world. `later@` is put off, `nobody@` is refused; the TLS port wants a login. It has to be started by root.
    pub(crate) fn exim(test: &str, certificates: &Certificates) -> Option<Self> {
        let (Some(exim), true) = (system_program("exim4"), is_root()) else {
            skipped(test, "Exim (`exim4-daemon-light`) is missing, or this is not root");
            return None;
        };
        let directory = tempfile::tempdir().expect("a directory");
        let (port, tls_port) = (free_port(), free_port());
        let run = directory.path();
        std::fs::set_permissions(run, std::fs::Permissions::from_mode(0o755)).expect("a directory that Exim's user may enter");
        for name in ["spool", "log", "mail"] {
            std::fs::create_dir(run.join(name)).expect("a directory");
        }
        std::fs::copy(certificates.server(), run.join("srv.pem")).expect("a copy");
        std::fs::copy(certificates.key(), run.join("srv.key")).expect("a copy");
        let config = include_str!("exim.conf").replace("RUN", &run.display().to_string());
        let config = config.replace("TLSPORT", &tls_port.to_string()).replace("PORT", &port.to_string());
        std::fs::write(run.join("exim.conf"), config).expect("a file");
        let mut give = Command::new("chown");
        give.args(["-R", "Debian-exim"]).args(["spool", "log", "mail", "srv.pem", "srv.key"].map(|name| run.join(name)));
        assert!(give.status().expect("chown runs").success());
        let mut command = Command::new(exim);
        command.arg("-C").arg(run.join("exim.conf")).args(["-bdf", "-q1m"]);
        Some(Self { _server: Server::start(&mut command, port), port, tls_port, directory })
    }

    /// What has arrived, in no order. Waits for Exim, which answers before it has put a mail into a mailbox.
    pub(crate) fn mails(&self, wanted: usize) -> Vec<ReceivedMail> {
        let mut files = Vec::new();
        for _ in 0..500 {
            files = self.files();
            if files.len() >= wanted {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        files.iter().map(|file| read(file)).collect()
    }

    /// Where the mails of aiosmtpd lie, a file each.
    pub(crate) fn directory(&self) -> PathBuf {
        self.directory.path().join("mail/new")
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.directory.path().join("mail/new")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

fn read(file: &Path) -> ReceivedMail {
    let python = if tool("python3").exists() { tool("python3") } else { PathBuf::from("python3") };
    let output = Command::new(python).arg(project().join("tests/support/read_mail.py")).arg(file).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ReceivedMail(serde_json::from_slice(&output.stdout).expect("JSON"))
}

impl ReceivedMail {
    /// All headers of that name, with commas between them.
    pub(crate) fn header(&self, name: &str) -> String {
        let mut all = String::new();
        for header in self.0["headers"].as_array().expect("headers").iter().filter(|header| header[0] == name) {
            let comma = if all.is_empty() { "" } else { "," };
            let _ = write!(all, "{comma}{}", header[1].as_str().expect("text"));
        }
        all
    }

    /// The part of that type.
    pub(crate) fn part(&self, content_type: &str) -> &Value {
        let parts = self.0["parts"].as_array().expect("parts");
        parts.iter().find(|part| part["type"] == content_type).unwrap_or_else(|| panic!("no {content_type} in {}", self.0))
    }
}
