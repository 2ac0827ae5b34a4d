//! Runs the built program the way cron does, in a directory of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A working directory with a config and a status, and the program to run in it.
pub(crate) struct Place {
    directory: tempfile::TempDir,
}

/// What one run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(directory.path().join("etc")).expect("etc");
        Self { directory }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        std::fs::write(&path, content).expect("a file");
        path
    }

    pub(crate) fn config(&self, config: &Value) {
        self.write("etc/configfile.json", config.to_string());
    }

    pub(crate) fn status(&self) -> Value {
        let text = std::fs::read_to_string(self.path("etc/statusfile.json")).expect("a status file");
        serde_json::from_str(&text).expect("the status is JSON")
    }

    /// The program, ready for arguments. The cache of compiled rules is shared by all tests, as by all runs of one user.
    pub(crate) fn command(&self) -> Command {
        self.prepared(Command::new(program()))
    }

    /// The program as the last argument of `wrapper`, ready for its own.
    pub(crate) fn command_under(&self, mut wrapper: Command) -> Command {
        wrapper.arg(program());
        self.prepared(wrapper)
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.current_dir(self.directory.path()).stdin(Stdio::null()).env("XDG_CACHE_HOME", compiled_rules()).env_remove("RUST_LOG");
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        ran(self.command().args(arguments))
    }

    /// A rule directory with copies of the named shipped rules.
    pub(crate) fn rules(&self, names: &[&str]) -> PathBuf {
        let directory = self.path("rules");
        std::fs::create_dir_all(&directory).expect("a directory");
        for name in names {
            std::fs::copy(shipped_rule(name), directory.join(format!("{name}.wasm"))).expect("a shipped rule; `make rules` builds them");
        }
        directory
    }
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    Ran::from(command.output().expect("the program starts"))
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }
}

impl Ran {
    /// The alerts of a `jsonl` output.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "no `{text}` in stderr:\n{}", self.stderr);
        }
        self
    }
}

pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_reddalert"))
}

pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the host crate lies in the project")
}

pub(crate) fn shipped_rule(name: &str) -> PathBuf {
    program().parent().expect("a directory").join("../plugins").join(format!("{name}.wasm"))
}

fn compiled_rules() -> PathBuf {
    program().parent().expect("a directory").join("test-cache")
}
