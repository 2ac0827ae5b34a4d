//! A real server that takes Sentry's events (Bugsink), with one project. Installed by `make test-tools`; a test that finds it missing says so
//! and is counted as skipped.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::tools::{Server, free_port, skipped, tool};

/// Makes the project and prints its DSN.
const MAKE_PROJECT: &str = "from teams.models import Team; from projects.models import Project
p = Project.objects.create(name='alerts', team=Team.objects.create(name='sec')); print('DSN', p.dsn)";
/// Prints each event's message and tags, the oldest first.
const SHOW_EVENTS: &str = "import json; from events.models import Event
for e in Event.objects.order_by('digest_order'):
    d = e.get_parsed_data(); m = d.get('logentry') or d.get('message')
    print('EVENT', json.dumps({'message': m.get('message', m.get('formatted')) if isinstance(m, dict) else m, 'tags': d.get('tags')}))";

/// A server of one's own, which ends with the test.
pub(crate) struct SentryServer {
    _server: Server,
    directory: tempfile::TempDir,
    /// Of its project.
    pub(crate) dsn: String,
}

impl SentryServer {
    /// Starts the server; none when it is missing, which is then said.
    pub(crate) fn start(test: &str) -> Option<Self> {
        if !tool("bugsink-manage").exists() {
            skipped(test, "bugsink is missing; `make test-tools` installs it");
            return None;
        }
        let port = free_port();
        let directory = tempfile::tempdir().expect("a directory");
        let place = Place { directory: directory.path().into() };
        place.run("bugsink-create-conf", &["--template=local", "--host=127.0.0.1", &format!("--port={port}")]);
        place.run("bugsink-manage", &["migrate"]);
        place.run("bugsink-manage", &["migrate", "snappea", "--database=snappea"]);
        let shown = place.run("bugsink-manage", &["shell", "-c", MAKE_PROJECT]);
        let dsn = shown.lines().find_map(|line| line.strip_prefix("DSN ")).expect("a DSN").to_owned();
        let bind = format!("127.0.0.1:{port}");
        let mut server = place.command("gunicorn");
        server.args(["--bind", &bind, "--workers", "1", "--threads", "2", "bugsink.wsgi"]);
        Some(Self { _server: Server::start(&mut server, port), directory, dsn })
    }

    /// Message and tags of each event, the oldest first.
    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        let shown = Place { directory: self.directory.path().into() }.run("bugsink-manage", &["shell", "-c", SHOW_EVENTS]);
        shown.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("EVENT ")?).ok()).collect()
    }
}

/// Where the server's files are.
struct Place {
    directory: PathBuf,
}

impl Place {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(tool(program));
        command.current_dir(&self.directory).env("PYTHONPATH", &self.directory).stdin(Stdio::null());
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program).args(arguments).output().expect("it starts");
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
