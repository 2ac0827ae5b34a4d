//! Writing that survives a crash and a power cut: a file is replaced as a whole or not at all, and what was appended is on the disk before
//! the call returns. Every write of the status goes through here, one [`Step`] at a time.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::files::{beside, directory_of};
#[cfg(test)]
use super::tests::disk::before;

/// One thing done to the disk. Tests look at the files, or let it fail, before each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Append,
    SyncAppended,
    Cut,
    WriteNew,
    SyncNew,
    Rename,
    SyncDirectory,
}

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests a step can fail here")]
const fn before(_: Step, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Puts `bytes` in the place of `path`. A new file is for its owner alone; an existing one keeps its mode and, as far as the system allows
/// it, its owner. When this fails the old file is still there, unless it was the last step: then either may be.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(path, ".tmp");
    let written = write_new(&new, bytes, fs::metadata(path).ok().as_ref()).and_then(|()| {
        before(Step::Rename, path)?;
        fs::rename(&new, path)
    });
    if written.is_err() {
        // Gives back the space on a full disk; a file that stays does no harm.
        let _ = fs::remove_file(&new);
    }
    written?;
    sync_directory_of(path)
}

fn write_new(path: &Path, bytes: &[u8], model: Option<&Metadata>) -> io::Result<()> {
    before(Step::WriteNew, path)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    if let Some(model) = model {
        give_to_owner_of(&file, model);
        file.set_permissions(model.permissions())?;
    }
    file.write_all(bytes)?;
    before(Step::SyncNew, path)?;
    file.sync_all()
}

/// Opens `path` for reading and writing. A new file is for its owner alone, who is the owner of `status` where that exists: a run by root
/// must not lock out the user that runs every hour.
pub(super) fn open_beside(path: &Path, status: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match options.clone().create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => options.open(path),
        Err(error) => Err(error),
        Ok(file) => {
            if let Ok(model) = fs::metadata(status) {
                give_to_owner_of(&file, &model);
            }
            sync_directory_of(path)?;
            Ok(file)
        }
    }
}

/// Only root may give a file away. For everybody else the one who writes owns it, as with any file.
fn give_to_owner_of(file: &File, model: &Metadata) {
    let _ = std::os::unix::fs::fchown(file, Some(model.uid()), Some(model.gid()));
}

fn sync_directory_of(path: &Path) -> io::Result<()> {
    before(Step::SyncDirectory, path)?;
    match File::open(directory_of(path))?.sync_all() {
        // Some network file systems do not offer it for directories; there is nothing more to be had from them.
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        result => result,
    }
}

/// A file that grows at its end.
#[derive(Debug)]
pub(super) struct AppendFile {
    path: PathBuf,
    file: File,
    length: u64,
}

impl AppendFile {
    pub(super) fn open(path: PathBuf, status: &Path) -> io::Result<Self> {
        let file = open_beside(&path, status)?;
        let length = file.metadata()?.len();
        Ok(Self { path, file, length })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The first `length` bytes, or fewer where the file is shorter.
    pub(super) fn read(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        Read::by_ref(&mut self.file).take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Also true of an empty file.
    pub(super) fn ends_with_line_feed(&mut self) -> io::Result<bool> {
        let Some(last) = self.length.checked_sub(1) else { return Ok(true) };
        let mut byte = [0];
        self.file.seek(SeekFrom::Start(last))?;
        self.file.read_exact(&mut byte)?;
        Ok(byte == [b'\n'])
    }

    /// Returns when `bytes` are on the disk. When this fails the file counts as long as before, and the next write begins there.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.write_at_end(bytes);
        match written {
            Ok(()) => self.length += bytes.len() as u64,
            // Gives back the space on a full disk; what stays lies behind the length.
            Err(_) => drop(self.file.set_len(self.length)),
        }
        written
    }

    fn write_at_end(&mut self, bytes: &[u8]) -> io::Result<()> {
        before(Step::Append, &self.path)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)?;
        before(Step::SyncAppended, &self.path)?;
        self.file.sync_data()
    }

    /// Forgets everything behind `length`.
    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.length > length {
            before(Step::Cut, &self.path)?;
            self.file.set_len(length)?;
            self.file.sync_all()?;
            self.length = length;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_private_and_an_existing_one_keeps_its_mode() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("status.json");
        replace(&path, b"one").expect("written");
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("another mode");
        replace(&path, b"two").expect("written");
        assert_eq!((mode(&path), fs::read(&path).expect("read")), (0o640, b"two".to_vec()));
    }

    #[test]
    fn a_temporary_file_that_a_crash_left_is_in_nobodys_way() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("status.json");
        fs::write(beside(&path, ".tmp"), "half a sta").expect("a left-over");
        replace(&path, b"whole").expect("written");
        assert_eq!(fs::read(&path).expect("read"), b"whole");
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 1);
    }

    #[test]
    fn what_is_cut_is_written_over() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let mut file = AppendFile::open(path.clone(), Path::new("absent")).expect("opened");
        file.append(b"first").expect("appended");
        file.append(b"second").expect("appended");
        file.cut(5).expect("cut");
        file.append(b"!").expect("appended");
        assert_eq!(fs::read(&path).expect("read"), b"first!");
        assert_eq!((mode(&path), file.length()), (0o600, 6));
    }

    #[test]
    fn a_write_begins_where_the_last_good_one_ended() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("outbox");
        let mut file = AppendFile::open(path.clone(), Path::new("absent")).expect("opened");
        file.append(b"first").expect("appended");
        fs::write(&path, "firstfai").expect("what a failed write could not take back");
        file.append(b"second").expect("appended");
        assert_eq!(fs::read(&path).expect("read"), b"firstsecond");
    }

    #[test]
    fn what_root_writes_belongs_to_the_owner_of_the_status() {
        let directory = tempfile::tempdir().expect("a directory");
        let (status, outbox) = (directory.path().join("status.json"), directory.path().join("outbox"));
        fs::write(&status, "{}").expect("written");
        // Only root may give a file away; everybody else sees their own files.
        let _ = std::os::unix::fs::chown(&status, Some(12_345), Some(12_345));
        let owner = |path: &Path| fs::metadata(path).map(|metadata| (metadata.uid(), metadata.gid())).expect("a file");
        let before = owner(&status);
        AppendFile::open(outbox.clone(), &status).expect("opened");
        replace(&status, b"{}").expect("written");
        assert_eq!((owner(&status), owner(&outbox)), (before, before));
    }
}
