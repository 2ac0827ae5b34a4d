//! A real nginx with a certificate of an authority that no system knows.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{Case, get, refusal, send};
use crate::failure_kind::FailureKind;

const CONFIGURATION: &str = "
pid nginx.pid; error_log error.log; events {}
http {
    access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    server {
        listen 127.0.0.1:PORT ssl; ssl_certificate server.pem; ssl_certificate_key server.key;
        location / { return 200 \"secure\"; }
        location /away { return 302 http://web.example:PORT/; }
    }
}";

/// Ends when it is dropped.
struct Nginx {
    directory: tempfile::TempDir,
    port: u16,
}

impl Nginx {
    /// None, and said so, where nginx or openssl is not installed.
    fn start() -> Option<Self> {
        let directory = tempfile::tempdir().expect("a directory");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let place = directory.path();
        fs::write(place.join("nginx.conf"), CONFIGURATION.replace("PORT", &port.to_string())).expect("a file");
        fs::write(place.join("names"), "subjectAltName=DNS:web.example").expect("a file");
        let made = run(place, "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem")
            && run(place, "openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr")
            && run(place, "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem")
            // Returns when it listens, and goes on in the background.
            && run(place, &format!("nginx -p {0} -c {0}/nginx.conf -e error.log", place.display()));
        if !made {
            eprintln!("skipped: nginx or openssl is not installed, or does not start");
        }
        made.then_some(Self { directory, port })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let place = self.directory.path();
        run(place, &format!("nginx -p {0} -c {0}/nginx.conf -e error.log -s stop", place.display()));
    }
}

fn run(place: &Path, command: &str) -> bool {
    let mut words = command.split(' ');
    let program = words.next().unwrap_or_default();
    Command::new(program).args(words).current_dir(place).output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_server_is_believed_by_the_authority_that_the_grant_names_alone() {
    let Some(nginx) = Nginx::start() else { return };
    let port = nginx.port;
    let grant = json!({"hosts": ["*.example"], "ports": [port], "private": "127.0.0.1"});
    let mut trusting = grant.clone();
    trusting["ca"] = json!(nginx.directory.path().join("ca.pem"));
    let trusting = Case::granting(trusting).access();
    let answer = send(&trusting, get(&format!("https://web.example:{port}/"))).expect("an answer");
    assert_eq!(answer.body, b"secure");
    let (kind, message) = refusal(&trusting, get(&format!("https://other.example:{port}/")));
    assert_eq!(kind, FailureKind::Unavailable);
    assert!(message.contains("certificate"), "{message}");
    let (kind, message) = refusal(&Case::granting(grant).access(), get(&format!("https://web.example:{port}/")));
    assert_eq!(kind, FailureKind::Unavailable);
    assert!(message.contains("certificate"), "{message}");
    // Less secure than it was asked for: another scheme needs a grant of its own.
    assert_eq!(refusal(&trusting, get(&format!("https://web.example:{port}/away"))).0, FailureKind::Denied);
}
