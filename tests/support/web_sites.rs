//! Real web pages (nginx) on loopback addresses of their own, at the ports that the web rules ask: an address is the name of its site, as no
//! other name leads to loopback everywhere. A test that finds nginx missing, or the ports taken, says so and is counted as skipped.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::tools::{skipped, system_program};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// One page: the address that it has for itself, and what nginx is told about it.
pub(crate) struct Site {
    pub(crate) address: &'static str,
    /// nginx's words inside `location /`.
    pub(crate) page: &'static str,
    /// Whether it is there over TLS too.
    pub(crate) tls: bool,
}

/// A web server of one's own, which ends with the test.
pub(crate) struct WebSites {
    server: Child,
    directory: tempfile::TempDir,
}

impl WebSites {
    /// Starts the server; none when it cannot be had, which is then said.
    pub(crate) fn start(test: &str, sites: &[Site]) -> Option<Self> {
        let (Some(nginx), Some(_)) = (system_program("nginx"), system_program("openssl")) else {
            skipped(test, "nginx or openssl is missing; the packages nginx-light and openssl have them");
            return None;
        };
        if sites.iter().any(|site| [80, 443].iter().any(|port| TcpListener::bind((site.address, *port)).is_err())) {
            skipped(test, "the ports 80 and 443 of loopback addresses may not be had");
            return None;
        }
        let directory = tempfile::tempdir().expect("a directory");
        let web = Self { server: serve(&nginx, &directory, sites), directory };
        let begin = Instant::now();
        while sites.iter().any(|site| TcpStream::connect((site.address, 80)).is_err()) {
            assert!(begin.elapsed() < PATIENCE, "nginx does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(web)
    }

    /// The certificate that the sites with TLS show.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.directory.path().join("site.pem")
    }
}

fn serve(nginx: &Path, directory: &tempfile::TempDir, sites: &[Site]) -> Child {
    let names: Vec<String> = sites.iter().map(|site| format!("IP:{}", site.address)).collect();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=sites"])
        .args([
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            &format!("subjectAltName={}", names.join(",")),
            "-keyout",
            "site.key",
            "-out",
            "site.pem",
        ])
        .current_dir(directory.path())
        .output()
        .expect("openssl starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::write(directory.path().join("nginx.conf"), configuration(sites)).expect("a file");
    let mut server = Command::new(nginx);
    server.arg("-p").arg(directory.path()).args(["-c", "nginx.conf", "-e", "error.log"]);
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("nginx starts")
}

fn configuration(sites: &[Site]) -> String {
    let mut text = "daemon off; master_process off; pid nginx.pid; events {} http { access_log off; default_type text/html;\n".to_owned();
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let _ = write!(text, "{kind}_temp_path {kind};");
    }
    for Site { address, page, tls } in sites {
        let tls =
            if *tls { format!("listen {address}:443 ssl; ssl_certificate site.pem; ssl_certificate_key site.key;") } else { String::new() };
        let _ = write!(text, "\nserver {{ listen {address}:80; {tls} location / {{ {page} }} }}");
    }
    text + "\n}\n"
}

impl Drop for WebSites {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
