//! The sandbox as the config wants it, and where compiled rules are kept.

use std::env;
use std::path::{Path, PathBuf};

use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::sandbox::Sandbox;
use crate::settings::Settings;

/// A sandbox that takes rules as the config says. `statusfile` is the last resort for where compiled rules are kept.
pub(super) fn rule_sandbox(settings: &Settings, statusfile: &Path) -> Result<Sandbox, Refusal> {
    let sandbox = Sandbox::new(compiled_rules_directory(statusfile).as_deref()).or_exit(Exit::Internal)?;
    Ok(sandbox.requiring_manifest(settings.require_manifest).trusting_signatures(settings.signatures.clone()))
}

/// The user's cache directory, or what systemd gives a service; without either a directory beside the status. Always absolute.
fn compiled_rules_directory(statusfile: &Path) -> Option<PathBuf> {
    let from =
        |variable: &str, below: &str| env::var_os(variable).map(|value| Path::new(&value).join(below)).filter(|path| path.is_absolute());
    from("CACHE_DIRECTORY", "")
        .or_else(|| from("XDG_CACHE_HOME", "reddalert"))
        .or_else(|| from("HOME", ".cache/reddalert"))
        .or_else(|| std::path::absolute(statusfile.with_extension("compiled")).ok())
}
