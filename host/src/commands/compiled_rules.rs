//! Where compiled rules are kept.

use std::env;
use std::path::{Path, PathBuf};

/// The user's cache directory, or what systemd gives a service; without either a directory beside the status. Always absolute.
pub(super) fn compiled_rules_directory(statusfile: &Path) -> Option<PathBuf> {
    let from =
        |variable: &str, below: &str| env::var_os(variable).map(|value| Path::new(&value).join(below)).filter(|path| path.is_absolute());
    from("CACHE_DIRECTORY", "")
        .or_else(|| from("XDG_CACHE_HOME", "reddalert"))
        .or_else(|| from("HOME", ".cache/reddalert"))
        .or_else(|| std::path::absolute(statusfile.with_extension("compiled")).ok())
}
