//! A real disk, small enough to be filled, where the system lets us have one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system in memory; it goes with its value.
pub(super) struct SmallDisk {
    at: PathBuf,
}

/// What fills it.
const BALLAST: &str = "ballast";

impl SmallDisk {
    /// None where only others may mount.
    pub(super) fn mounted(at: &Path) -> Option<Self> {
        let options = ["-t", "tmpfs", "-o", "size=128k", "tmpfs"];
        mount(&options, at).then(|| Self { at: at.to_owned() })
    }

    /// Leaves room for so many pages of 4 KiB.
    pub(super) fn fill_but(&self, pages: usize) {
        let mut length = 0;
        // What the file system needs for itself is its own affair, so that its size does not tell.
        while std::fs::write(self.at.join(BALLAST), vec![b'x'; length + 4096]).is_ok() {
            length += 4096;
        }
        std::fs::write(self.at.join(BALLAST), vec![b'x'; length - pages * 4096]).expect("there is room for it");
    }

    pub(super) fn make_room(&self) {
        std::fs::remove_file(self.at.join(BALLAST)).expect("removed");
    }

    pub(super) fn set_read_only(&self, read_only: bool) {
        assert!(mount(&["-o", if read_only { "remount,ro" } else { "remount,rw" }], &self.at));
    }
}

fn mount(options: &[&str], at: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(options).arg(at).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}
