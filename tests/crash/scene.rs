//! Where runs are killed: outputs that we did not write, three alerts that wait for each of them, and three more to be found.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use serde_json::{Value, json};

use crate::support::{EddaServer, MailServer, Place, Search, open_balancers, project, skipped, system_program, tool};

const FIRST_END: &str = "1700000000000";
const SECOND_END: &str = "1700000100000";
/// Alerts of each run.
const ALERTS: usize = 3;
const STATUS: &str = "etc/statusfile.json";

/// The counterparts of all wrecks, and what each wreck begins with.
pub(super) struct Scene {
    mail: MailServer,
    search: Search,
    edda: EddaServer,
    /// Alerts of a first run wait here for all outputs.
    prepared: Place,
    /// What each output must have at the end: the ids of an undisturbed run.
    expected: Vec<String>,
    strace: PathBuf,
}

/// A place of its own, in which a run is killed.
pub(super) struct Wreck<'a> {
    scene: &'a Scene,
    pub(super) place: Place,
    name: String,
}

impl Scene {
    /// None when a counterpart is missing, which is then said.
    pub(super) fn start(test: &str) -> Option<Self> {
        let Some(strace) = system_program("strace").filter(|strace| can_trace(strace)) else {
            skipped(test, "strace is missing, or may not trace here");
            return None;
        };
        let (mail, search) = (MailServer::start(test, None)?, Search::start(test)?);
        let (prepared, edda) = (Place::new(), open_balancers(ALERTS));
        let broken = json!({"kind": "jsonl", "file": "/dev/full"});
        prepared.config(&json!({"output": "keep,mail,search", "outputs": {"keep": broken, "mail": broken, "search": broken}}));
        prepared.run(["-e", &edda.url, "-u", FIRST_END, "elbs"]).exits(3);
        let mut scene = Self { mail, search, edda, prepared, expected: Vec::new(), strace };
        let undisturbed = scene.wreck("undisturbed");
        undisturbed.finish();
        scene.expected = undisturbed.ids_in_file();
        assert_eq!(scene.expected.len(), 2 * ALERTS);
        Some(scene)
    }

    /// A fresh copy. `name` tells its mails and documents from those of others.
    pub(super) fn wreck(&self, name: &str) -> Wreck<'_> {
        let place = Place::new();
        for ending in ["", ".lock", ".outbox", ".sent"] {
            let file = format!("{STATUS}{ending}");
            fs::copy(self.prepared.path(&file), place.path(&file)).expect("a copy");
        }
        place.config(&json!({
            "output": "keep,mail,search",
            "outputs": {
                "keep": {"kind": "jsonl", "file": place.path("keep.jsonl")},
                "mail": {"kind": "mail_txt", "to": [format!("{name}@example.com")], "server": "127.0.0.1", "port": self.mail.port, "max-alerts": 1},
                "search": {"kind": "elasticsearch", "url": self.search.url, "index": name},
            },
        }));
        Wreck { scene: self, place, name: name.to_owned() }
    }

    /// How many mails, by wreck and alert. Read once, at the end of all wrecks.
    fn mailed(&self) -> BTreeMap<String, BTreeMap<String, usize>> {
        let mut reader = Command::new(tool("python3"));
        let output = reader.arg(project().join("tests/crash/read_mails.py")).arg(self.mail.directory()).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut mailed: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for line in String::from_utf8(output.stdout).expect("text").lines() {
            let (to, id) = line.split_once(' ').expect("two words");
            let name = to.strip_suffix("@example.com").expect("a receiver of ours");
            *mailed.entry(name.to_owned()).or_default().entry(id.to_owned()).or_default() += 1;
        }
        mailed
    }

    /// Each of these wrecks has had mail about each alert, with ids that an undisturbed run would have sent. Returns how many came twice.
    pub(super) fn check_mails(&self, names: &[String]) -> usize {
        let mailed = self.mailed();
        let mut repeated = 0;
        for name in names {
            let of_wreck = mailed.get(name).unwrap_or_else(|| panic!("{name}: no mail"));
            let ids: Vec<&String> = of_wreck.keys().collect();
            assert_eq!(ids, self.expected.iter().collect::<Vec<_>>(), "{name}: mails");
            repeated += of_wreck.values().sum::<usize>() - self.expected.len();
        }
        repeated
    }
}

impl Wreck<'_> {
    /// A run that delivers what waits and finds three alerts.
    pub(super) fn run(&self) -> Vec<String> {
        ["-f", &self.status(), "-e", &self.scene.edda.url, "-u", SECOND_END, "elbs"].map(str::to_owned).to_vec()
    }

    /// Delivers what waits, to one output.
    pub(super) fn retry(&self, output: &str) -> Vec<String> {
        ["outbox", "retry", "-f", &self.status(), "-o", output].map(str::to_owned).to_vec()
    }

    /// The files of the status, and the directory that they lie in.
    pub(super) fn status_files(&self) -> Vec<PathBuf> {
        let files = ["", ".tmp", ".outbox", ".sent", ".lock"].map(|ending| PathBuf::from(format!("{}{ending}", self.status())));
        files.into_iter().chain([self.place.path("etc")]).collect()
    }

    fn status(&self) -> String {
        self.place.path(STATUS).display().to_string()
    }

    /// The program with something done to it at system calls: `injection` as strace has it. With `paths` only calls that concern them count.
    pub(super) fn injected(&self, arguments: &[String], injection: &str, paths: &[PathBuf]) -> ExitStatus {
        let mut strace = Command::new(&self.scene.strace);
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={injection}")]);
        for path in paths {
            strace.arg("-P").arg(path);
        }
        let mut command = self.place.command_under(strace);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("strace starts")
    }

    /// Runs once more at the same moment, and once later as cron does; then each output that can be asked here has everything.
    pub(super) fn finish(&self) {
        self.read_status();
        for _ in 0..2 {
            let ran = self.place.run(self.run());
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", self.name);
        }
        assert_eq!(self.read_status()["reddalert"]["outbox"], json!(0), "{}", self.name);
    }

    /// Nothing is missing in the file and in the search, and nothing has another id. Returns how many lines came twice.
    pub(super) fn check(&self) -> usize {
        let lines = self.ids_in_file();
        let mut ids = lines.clone();
        ids.dedup();
        assert_eq!(ids, self.scene.expected, "{}: the file", self.name);
        let documents = self.scene.search.documents(&self.name);
        let mut found: Vec<&str> =
            documents.iter().map(|document| document["_source"]["reddalert"]["alert_id"].as_str().expect("an id")).collect();
        found.sort_unstable();
        assert_eq!(found, self.scene.expected, "{}: the search", self.name);
        lines.len() - ids.len()
    }

    /// Sorted. A line that was cut off is no alert; its whole line comes later.
    fn ids_in_file(&self) -> Vec<String> {
        let text = fs::read_to_string(self.place.path("keep.jsonl")).unwrap_or_default();
        let alerts = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut ids: Vec<String> = alerts.map(|alert| alert["alert_id"].as_str().expect("an id").to_owned()).collect();
        ids.sort_unstable();
        ids
    }

    /// Whatever has happened, it can be read.
    pub(super) fn read_status(&self) -> Value {
        let text = fs::read_to_string(self.place.path(STATUS)).expect("a status file");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: the status file is unreadable: {error}: {text}", self.name))
    }

    /// For [`Scene::check_mails`].
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Whether a process died of SIGKILL.
pub(super) fn was_killed(status: ExitStatus) -> bool {
    // strace ends as its tracee did.
    status.signal() == Some(9)
}

fn can_trace(strace: &PathBuf) -> bool {
    let mut command = Command::new(strace);
    command.args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
