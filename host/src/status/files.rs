//! The names of the files that hold the status. They lie side by side and are named after the status file.

use std::path::{Path, PathBuf};

/// More links than this in a row are a circle.
const LONGEST_CHAIN_OF_LINKS: usize = 40;

/// Where the status of one installation lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusFiles {
    status: PathBuf,
}

impl StatusFiles {
    /// A symbolic link is followed first, so that a status file with two names has one lock and one outbox, and the link stays a link.
    pub fn new(status: &Path) -> Self {
        let mut status = status.to_path_buf();
        for _ in 0..LONGEST_CHAIN_OF_LINKS {
            let Ok(target) = status.read_link() else { break };
            status = directory_of(&status).join(target);
        }
        Self { status }
    }

    /// The status file itself.
    pub fn status(&self) -> &Path {
        &self.status
    }

    /// What a run locks.
    pub fn lock(&self) -> PathBuf {
        self.with_ending(".lock")
    }

    /// The alerts that are owed to outputs.
    pub fn outbox(&self) -> PathBuf {
        self.with_ending(".outbox")
    }

    /// What outputs have taken.
    pub fn sent(&self) -> PathBuf {
        self.with_ending(".sent")
    }

    /// The alerts that an output will never take.
    pub fn dead(&self) -> PathBuf {
        self.with_ending(".dead")
    }

    fn with_ending(&self, ending: &str) -> PathBuf {
        beside(&self.status, ending)
    }
}

/// `path` with `ending` behind its last character.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The directory that `path` lies in; `.` for a bare name.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_lie_beside_the_status() {
        let files = StatusFiles::new(Path::new("etc/statusfile.json"));
        assert_eq!(files.lock(), Path::new("etc/statusfile.json.lock"));
        assert_eq!(files.outbox(), Path::new("etc/statusfile.json.outbox"));
        assert_eq!(files.sent(), Path::new("etc/statusfile.json.sent"));
        assert_eq!(files.dead(), Path::new("etc/statusfile.json.dead"));
    }

    #[test]
    fn two_names_of_one_status_share_everything() {
        let directory = tempfile::tempdir().expect("a directory");
        let (real, link) = (directory.path().join("real.json"), directory.path().join("link.json"));
        std::os::unix::fs::symlink("real.json", &link).expect("a link, even to a file that is not there yet");
        assert_eq!(StatusFiles::new(&link), StatusFiles::new(&real));
    }

    #[test]
    fn a_circle_of_links_ends() {
        let directory = tempfile::tempdir().expect("a directory");
        let link = directory.path().join("link.json");
        std::os::unix::fs::symlink("link.json", &link).expect("a link");
        assert_eq!(StatusFiles::new(&link).status(), link);
    }
}
