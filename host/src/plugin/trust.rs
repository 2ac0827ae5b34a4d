//! Who else could have written a rule file, or could put another one in its place? Judged as ssh judges its keys: the file itself and every directory
//! above it, at the end of all links.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Group and others may write.
const OTHERS_WRITE: u32 = 0o022;
/// Group and others may go through a directory.
const OTHERS_PASS: u32 = 0o011;
/// In such a directory nobody removes or renames what belongs to somebody else, as in `/tmp`.
const STICKY: u32 = 0o1000;

/// Who is trusted: root, the user who runs the program, and whoever can replace the program anyway.
#[derive(Clone, Debug)]
pub struct Trust {
    owners: [u32; 3],
    /// The program's own file, at the end of all links. Who can write a directory above it can replace the program.
    program: PathBuf,
}

/// Why a file or a directory is not trusted. Each text goes on from nothing.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    /// Group or others may write.
    #[error(
        "{} can be written by others (mode {:o}); `chmod go-w {}`, or say `\"trust-writable-rules\": true` in the config",
        path.display(), mode, path.display()
    )]
    Writable {
        /// The file, or a directory above it.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It belongs to another user.
    #[error(
        "{} belongs to the user with number {owner}, neither to root nor to you (number {}); `chown {} {}`, or say `\"trust-writable-rules\": true` in the config",
        path.display(), user, user, path.display()
    )]
    OtherOwner {
        /// The file, or a directory above it.
        path: PathBuf,
        /// Whom it belongs to.
        owner: u32,
        /// Who runs the program.
        user: u32,
    },
    /// The operating system does not tell.
    #[error("it cannot be told who may write {}", path.display())]
    Unreadable {
        /// The file, or a directory above it.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

impl Trust {
    /// Trusts root, the user of this process, and the owner of `program`.
    pub fn of_program(program: &Path) -> io::Result<Self> {
        let program = program.canonicalize()?;
        let user = rustix::process::geteuid().as_raw();
        Ok(Self { owners: [user, 0, fs::metadata(&program)?.uid()], program })
    }

    /// May what is in the file, or in the directory, be believed to come from somebody who is trusted?
    ///
    /// # Errors
    /// The first thing on the way to it that somebody else may change, from the root of the file system.
    pub fn judge(&self, path: &Path) -> Result<(), Untrusted> {
        let unreadable = |path: &Path, source| Untrusted::Unreadable { path: path.to_owned(), source };
        let real = path.canonicalize().map_err(|error| unreadable(path, error))?;
        let mut way: Vec<&Path> = real.ancestors().collect();
        way.reverse();
        let mut others_pass = true;
        for place in way {
            let metadata = fs::metadata(place).map_err(|error| unreadable(place, error))?;
            if !self.is_above_program(place) {
                self.judge_place(place, &metadata, place == real, others_pass)?;
            }
            // What lies behind a closed door may stand open.
            others_pass &= !metadata.is_dir() || metadata.mode() & OTHERS_PASS != 0;
        }
        Ok(())
    }

    fn is_above_program(&self, place: &Path) -> bool {
        self.program.starts_with(place) && self.program != place
    }

    fn judge_place(&self, place: &Path, metadata: &Metadata, is_end: bool, others_pass: bool) -> Result<(), Untrusted> {
        let (path, owner, mode) = (place.to_owned(), metadata.uid(), metadata.mode() & 0o7777);
        if !self.owners.contains(&owner) {
            return Err(Untrusted::OtherOwner { path, owner, user: self.owners[0] });
        }
        // A directory of rules may not even be added to.
        let keeps_apart = metadata.is_dir() && !is_end && mode & STICKY != 0;
        if mode & OTHERS_WRITE != 0 && others_pass && !keeps_apart {
            return Err(Untrusted::Writable { path, mode });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use tempfile::TempDir;

    use super::*;

    /// `open/rules/rule.wasm` in a directory that everybody may go through.
    fn place() -> (TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let rules = directory.path().join("open/rules");
        fs::create_dir_all(&rules).expect("directories");
        let rule = rules.join("rule.wasm");
        fs::write(&rule, b"").expect("a file");
        for (path, mode) in [(directory.path(), 0o755), (&directory.path().join("open"), 0o755), (&rules, 0o755), (&rule, 0o644)] {
            set_mode(path, mode);
        }
        (directory, rule)
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
    }

    fn trust() -> Trust {
        Trust::of_program(Path::new("/bin/sh")).expect("a program")
    }

    fn refusal(path: &Path) -> String {
        trust().judge(path).expect_err("not trusted").to_string()
    }

    #[test]
    fn what_only_we_can_write_is_trusted() {
        let (directory, rule) = place();
        assert!(trust().judge(&rule).is_ok());
        assert!(trust().judge(rule.parent().expect("a directory")).is_ok());
        set_mode(&directory.path().join("open"), 0o1777);
        assert!(trust().judge(&rule).is_ok(), "as under /tmp");
    }

    #[test]
    fn what_others_can_write_is_named_with_the_command_that_mends_it() {
        for (mode, place_of) in [(0o664, 0), (0o646, 0), (0o775, 1), (0o757, 1), (0o1777, 1), (0o775, 2), (0o757, 2)] {
            let (_directory, rule) = place();
            let path = rule.ancestors().nth(place_of).expect("a place");
            set_mode(path, mode);
            let real = path.canonicalize().expect("a path");
            let what = if place_of == 0 { &rule } else { rule.parent().expect("a directory") };
            let expected = format!("{0} can be written by others (mode {mode:o}); `chmod go-w {0}`", real.display());
            assert!(refusal(what).starts_with(&expected), "{}", refusal(what));
        }
    }

    #[test]
    fn a_link_is_judged_at_its_end() {
        let (directory, rule) = place();
        let other = directory.path().join("open/other.wasm");
        fs::write(&other, b"").expect("a file");
        set_mode(&other, 0o666);
        fs::remove_file(&rule).expect("removed");
        symlink(&other, &rule).expect("a link");
        assert!(refusal(&rule).contains("other.wasm can be written by others"), "{}", refusal(&rule));
        set_mode(&other, 0o644);
        assert!(trust().judge(&rule).is_ok());
    }

    #[test]
    fn what_lies_behind_a_closed_directory_may_stand_open() {
        let (directory, rule) = place();
        set_mode(&rule, 0o666);
        set_mode(directory.path(), 0o700);
        assert!(trust().judge(&rule).is_ok());
        set_mode(directory.path(), 0o710);
        assert!(trust().judge(&rule).is_err());
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        let (_directory, rule) = place();
        // Only root can give files away; others meet the same with a program of another user.
        if chown(&rule, Some(65_534), None).is_ok() {
            assert!(refusal(&rule).contains("belongs to the user with number 65534, neither to root nor to you"), "{}", refusal(&rule));
        }
    }

    #[test]
    fn directories_above_the_program_are_trusted_as_the_program_is() {
        let (directory, rule) = place();
        let program = directory.path().join("open/program");
        fs::write(&program, b"").expect("a file");
        set_mode(&directory.path().join("open"), 0o777);
        assert!(Trust::of_program(&program).expect("a program").judge(&rule).is_ok());
        assert!(trust().judge(&rule).is_err());
    }
}
