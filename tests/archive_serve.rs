//! `archive serve`: a client of EDDA finds what it would find there, and a run of the program is such a client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Place, project, ran};

/// The program at work. Killed when dropped.
pub(crate) struct Serving {
    child: Child,
    says: BufReader<ChildStderr>,
    /// `127.0.0.1:<port>`.
    address: String,
    /// What addresses begin with, without a slash at its end.
    base: String,
}

impl Serving {
    pub(crate) fn start(place: &Place, more: &[&str]) -> Self {
        let mut command = place.command();
        command.args(["archive", "serve", "--archive", "a.db", "--listen", "127.0.0.1:0"]).args(more);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut says = BufReader::new(child.stderr.take().expect("its standard error"));
        let mut line = String::new();
        says.read_line(&mut line).expect("a line");
        let url = line.trim_end().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
        let (address, path) = url.split_once('/').expect("a path");
        let base = path.strip_suffix("api/v2/").expect("the question's place").trim_end_matches('/');
        let base = if base.is_empty() { String::new() } else { format!("/{base}") };
        Self { address: address.to_owned(), base, child, says }
    }

    /// Status, media type and body.
    fn get(&self, path: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let media_type = head.lines().find_map(|line| line.strip_prefix("Content-Type: ")).unwrap_or_default();
        (status, media_type.to_owned(), body.to_owned())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.address, self.base)
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(told.success());
    }

    /// Waits for its end: exit code, and what it still said.
    fn ended(&mut self) -> (i32, String) {
        let mut rest = String::new();
        self.says.read_to_string(&mut rest).expect("UTF-8");
        (self.child.wait().expect("an end").code().unwrap_or(-1), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn demo(place: &Place) {
    for (at, dump) in [("2025-11-23T09:00:00Z", "etc/demo/t0"), ("2025-11-24T09:00:00Z", "etc/demo/t1")] {
        ran(place.command().args(["archive", "import", "--archive", "a.db", "--at", at]).arg(project().join(dump))).exits(0);
    }
}

/// The records of EDDA's own cases, as an old EDDA would move in.
fn records(cases: &Value) -> String {
    let date = |time: &Value| if time.is_null() { Value::Null } else { json!({"$date": time}) };
    let mut lines = String::new();
    for (name, collection) in cases["collections"].as_object().expect("collections") {
        for record in collection["records"].as_array().expect("records") {
            let mtime = if record["ltime"].is_null() { &collection["mtime"] } else { &record["mtime"] };
            let times = ["ftime", "ctime", "stime", "ltime"].map(|time| (time.to_owned(), date(&record[time])));
            let mut line = json!({"collection": name, "source": "", "id": record["id"], "mtime": date(mtime)});
            line.as_object_mut().expect("an object").extend(times);
            line["tags"] = record["tags"].clone();
            line["data"] = record["data"].clone();
            writeln!(lines, "{line}").expect("writing to a String cannot fail");
        }
    }
    lines
}

/// The cases that we answer otherwise on purpose; which answer each has is tested where the query language is.
const OTHERWISE: [&str; 13] = ["c07", "c33", "c34", "c44", "c64", "c66", "c78", "c81", "c88", "c108", "c114", "c115", "c123"];

#[test]
fn eddas_own_answers_come_from_an_archive_over_http() {
    let cases = std::fs::read_to_string(project().join("host/edda/tests/edda-cases.json")).expect("the cases");
    let cases: Value = serde_json::from_str(&cases).expect("JSON");
    let place = Place::new();
    place.write("records.jsonl", records(&cases));
    place.run(["archive", "import", "--archive", "a.db", "--format", "records", "records.jsonl"]).exits(0);
    let serving = Serving::start(&place, &[]);
    let mut differing = BTreeSet::new();
    let mut seen = String::new();
    for case in cases["cases"].as_array().expect("cases") {
        let text = |name: &str| case[name].as_str().unwrap_or_default();
        let found = serving.get(text("request"));
        let status = case["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
        if found != (status, text("content_type").to_owned(), text("body").to_owned()) {
            differing.insert(text("id").to_owned());
            let _ = writeln!(seen, "{} {}\n  {found:?}\n  {status} {}", text("id"), text("request"), text("body"));
        }
    }
    assert_eq!(differing, OTHERWISE.map(str::to_owned).into(), "{seen}");
}

#[test]
fn a_run_finds_the_same_over_http_as_in_the_file() {
    let place = Place::new();
    demo(&place);
    let serving = Serving::start(&place, &[]);
    let run = |inventory: &str| {
        let arguments = ["-e", inventory, "-u", "2025-11-24T09:00:01Z", "--since", "2025-11-23T10:00:00Z", "--dry-run", "-o", "jsonl"];
        let alerts = place.run(arguments.into_iter().chain(["secgroups", "elbs", "iam"])).exits(0).alerts();
        alerts.iter().map(|alert| format!("{} {}", alert["plugin_name"], alert["id"])).collect::<BTreeSet<_>>()
    };
    let over_http = run(&serving.url());
    assert!(!over_http.is_empty());
    assert_eq!(over_http, run("archive:a.db"));
}

#[test]
fn an_import_shows_at_once() {
    let place = Place::new();
    place.write("ec2.describe-vpcs.json", r#"{"Vpcs":[{"VpcId":"vpc-1"}]}"#);
    place.run(["archive", "import", "--archive", "a.db", "--at", "2025-11-23T09:00:00Z", "ec2.describe-vpcs.json"]).exits(0);
    let serving = Serving::start(&place, &["--base", "/"]);
    assert_eq!(serving.get("/api/v2/aws/vpcs").2, r#"["vpc-1"]"#);
    place.write("ec2.describe-vpcs.json", r#"{"Vpcs":[{"VpcId":"vpc-1"},{"VpcId":"vpc-2"}]}"#);
    place.run(["archive", "import", "--archive", "a.db", "--at", "2025-11-24T09:00:00Z", "ec2.describe-vpcs.json"]).exits(0);
    assert_eq!(serving.get("/api/v2/aws/vpcs").2, r#"["vpc-2","vpc-1"]"#);
}

#[test]
fn a_signal_ends_it_in_good_order() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        demo(&place);
        let mut serving = Serving::start(&place, &[]);
        // An idle connection does not hold it up.
        let idle = TcpStream::connect(&serving.address).expect("a connection");
        assert_eq!(serving.get("/edda/api/v2/aws/vpcs").0, 200);
        serving.signal(signal);
        assert_eq!(serving.ended(), (0, String::new()), "{signal}");
        drop(idle);
    }
}

#[test]
fn it_says_why_it_does_not_serve() {
    let place = Place::new();
    let serve = |more: &[&str]| ran(place.command().args(["archive", "serve", "--archive", "a.db"]).args(more));
    serve(&[]).exits(4).says(&["there is no archive at a.db"]);
    demo(&place);
    serve(&["--base", "edda/"]).exits(64).says(&["`edda/`"]);
    serve(&["--listen", "nowhere"]).exits(64).says(&["nowhere"]);
    serve(&["--jobs", "0"]).exits(64).says(&["--jobs"]);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let address = taken.local_addr().expect("an address").to_string();
    serve(&["--listen", &address]).exits(64).says(&[&address]);
}

#[test]
fn an_address_that_others_reach_comes_with_a_warning() {
    let place = Place::new();
    demo(&place);
    let mut child = place
        .command()
        .args(["archive", "serve", "--archive", "a.db", "--listen", "0.0.0.0:0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let says = BufReader::new(child.stderr.take().expect("its standard error"));
    let lines: Vec<String> = says.lines().take(2).map(|line| line.expect("a line")).collect();
    child.kill().expect("killed");
    child.wait().expect("an end");
    assert!(lines[0].starts_with("listening on http://0.0.0.0:") && lines[1].contains("no password"), "{lines:?}");
}
