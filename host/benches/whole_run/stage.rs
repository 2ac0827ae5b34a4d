//! What a measured run finds: the account at both moments in two archives, the same answers behind two loopback servers, a config, and a
//! status that is put back before each run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use edda::archive::{Archive, ImportOptions, import};
use edda::query::{Request, answer};
use reddalert::time_window::EpochMillis;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::account::Account;
use crate::loopback::{Loopback, Reply};

/// 2025-11-23T09:00:00Z, when the account is learned.
pub(crate) const LEARNED: EpochMillis = 1_763_888_400_000;
/// A day later, when 1 % of it has changed.
pub(crate) const CHANGED: EpochMillis = LEARNED + 24 * 60 * 60 * 1000;

/// One of the two moments.
pub(crate) struct Moment {
    pub(crate) archive: PathBuf,
    pub(crate) edda: Loopback,
    /// The end of the window: the import has happened.
    pub(crate) until: EpochMillis,
}

/// All that runs over an account of one size need.
pub(crate) struct Stage {
    pub(crate) directory: TempDir,
    pub(crate) config: Value,
    pub(crate) learn: Moment,
    pub(crate) look: Moment,
}

impl Stage {
    /// Makes the account and imports it, twice.
    pub(crate) fn new(machines: usize) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let demo = project().join("etc/demo/t0");
        let (before, after) = (directory.path().join("before.db"), directory.path().join("after.db"));
        let account = Account::new(machines, &demo)?;
        take_in(&before, &account, LEARNED)?;
        fs::copy(&before, &after)?;
        take_in(&after, &account.a_day_later(), CHANGED)?;
        let ports = json!([80, 443]);
        let config = json!({
            "stale-after": "never",
            "plugin.secgroups": {"allowed_ports": ports, "whitelisted_ips": ["10.0.0.0/8", "172.16.0.0/12"]},
            "plugin.elbs": {"allowed_ports": ports},
        });
        fs::write(directory.path().join("config.json"), config.to_string())?;
        Ok(Self { config, learn: moment(before, LEARNED)?, look: moment(after, CHANGED)?, directory })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn status(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(self.path("status.json"))?)?)
    }
}

pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("proof: the host crate lies in the project")
}

/// An archive that another connection has open is not copied whole: this one is closed at the end.
fn take_in(path: &Path, account: &Account, at: EpochMillis) -> Result<()> {
    let mut archive = Archive::open_or_create(path)?;
    import(&mut archive, &account.answers(), &ImportOptions { at, now: at, source: None, force: false })?;
    Ok(())
}

fn moment(archive: PathBuf, at: EpochMillis) -> Result<Moment> {
    let store = Archive::open(&archive)?;
    Ok(Moment { archive, edda: Loopback::start(move |path| reply(&store, path))?, until: at + 1 })
}

/// What EDDA would answer; its crawls are up to date, whatever the date.
fn reply(archive: &Archive, path: &str) -> Reply {
    if path.ends_with(";_meta;_limit=1:(mtime)") {
        return (200, json!([{"mtime": EpochMillis::MAX}]).to_string().into_bytes());
    }
    let mut body = Vec::new();
    match Request::parse(path).and_then(|request| answer(&request, archive, &mut body)) {
        Ok(_) => (200, body),
        Err(refusal) => (refusal.status(), json!({"code": refusal.status(), "message": refusal.message()}).to_string().into_bytes()),
    }
}
