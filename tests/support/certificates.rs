//! A certificate authority of a test's own, and the certificate of a server on this machine.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A directory with `ca.pem`, `srv.pem` and `srv.key`.
pub(crate) struct Certificates(tempfile::TempDir);

impl Certificates {
    /// Made by OpenSSL, anew for each test.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
            .expect("a file");
        let openssl = |arguments: &str| {
            let mut command = Command::new("openssl");
            command.args(arguments.split(' ')).current_dir(directory.path()).stdout(Stdio::null()).stderr(Stdio::null());
            assert!(command.status().expect("openssl is installed").success(), "openssl {arguments}");
        };
        openssl(
            "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=test -keyout ca.key -out ca.pem -addext \
             basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign",
        );
        openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout srv.key -out srv.csr");
        openssl("x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out srv.pem");
        Self(directory)
    }

    /// What a client trusts.
    pub(crate) fn authority(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }

    /// What a server shows.
    pub(crate) fn server(&self) -> PathBuf {
        self.0.path().join("srv.pem")
    }

    /// The key to it.
    pub(crate) fn key(&self) -> PathBuf {
        self.0.path().join("srv.key")
    }
}
