//! Compiled rules, kept between starts as files of our own, so that a second start compiles nothing.
//!
//! A compiled rule is machine code: whoever can write one can do what this program can. So it is taken only from a directory and a file
//! that nobody but this user can write, and only when its checksum is right; on any doubt the rule is compiled again.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::hash::{Hash as _, Hasher};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tracing::{debug, warn};
use wasmtime::Engine;
use wasmtime::component::Component;

/// How the files are called behind `<component>-<engine>-<checksum>`.
const SUFFIX: &str = ".compiled";
/// How much the directory may hold before the oldest files are removed.
const KEPT_BYTES: u64 = 1 << 30;

/// A directory of compiled rules for one engine.
pub(super) struct CompiledRules {
    directory: PathBuf,
    engine: String,
}

/// Why compiled rules are not kept.
#[derive(Debug, thiserror::Error)]
pub enum CacheTrouble {
    /// It cannot be made, or looked at.
    #[error("the directory {} for compiled rules cannot be used", directory.display())]
    Unusable {
        /// The directory.
        directory: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// Something else has the name.
    #[error("{} for compiled rules is no directory", directory.display())]
    NoDirectory {
        /// The path.
        directory: PathBuf,
    },
    /// Another user could put code there.
    #[error(
        "the directory {} for compiled rules belongs to user {owner}, not to the user {user} that reddalert runs as; give it to that user, or remove it",
        directory.display()
    )]
    OtherOwner {
        /// The directory.
        directory: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who we are.
        user: u32,
    },
    /// Others could put code there.
    #[error("the directory {} for compiled rules can be written by others (mode {mode:o}); `chmod 700` it", directory.display())]
    OthersWrite {
        /// The directory.
        directory: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

impl CompiledRules {
    /// Makes the directory if it is not there, and checks that only this user can write it.
    pub(super) fn open(directory: &Path, engine: &Engine) -> Result<Self, CacheTrouble> {
        let unusable = |source| CacheTrouble::Unusable { directory: directory.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(unusable)?;
        let real = directory.canonicalize().map_err(unusable)?;
        check_directory(&real, &fs::metadata(&real).map_err(unusable)?)?;
        Ok(Self { directory: real, engine: fingerprint(engine) })
    }

    /// The compiled form of the component with that digest. None: there is none, or it cannot be trusted.
    pub(super) fn take(&self, engine: &Engine, digest: &str) -> Option<Component> {
        let (file, checksum) = self.find(digest)?;
        match load(engine, &file, &checksum) {
            Ok(component) => Some(component),
            Err(doubt) => {
                debug!("{} is not used: {doubt}", file.display());
                let _ = fs::remove_file(&file);
                None
            }
        }
    }

    /// Keeps a compiled component. A trouble is told, and is no reason not to run the rule.
    pub(super) fn keep(&self, component: &Component, digest: &str) {
        if let Err(error) = self.write(component, digest) {
            warn!("a compiled rule cannot be kept in {}: {error:#}", self.directory.display());
        }
    }

    fn find(&self, digest: &str) -> Option<(PathBuf, String)> {
        let prefix = self.prefix(digest);
        fs::read_dir(&self.directory).ok()?.flatten().find_map(|entry| {
            let name = entry.file_name();
            let checksum = name.to_str()?.strip_prefix(&prefix)?.strip_suffix(SUFFIX)?;
            Some((entry.path(), checksum.to_owned()))
        })
    }

    fn write(&self, component: &Component, digest: &str) -> anyhow::Result<()> {
        let bytes = component.serialize()?;
        let mut file = tempfile::Builder::new().permissions(Permissions::from_mode(0o600)).tempfile_in(&self.directory)?;
        file.write_all(&bytes)?;
        file.persist(self.directory.join(self.prefix(digest) + &checksum(&bytes) + SUFFIX))?;
        self.remove_oldest(KEPT_BYTES)?;
        Ok(())
    }

    fn prefix(&self, digest: &str) -> String {
        format!("{digest}-{}-", self.engine)
    }

    /// Nobody else removes what old rules and old versions of this program left.
    fn remove_oldest(&self, kept_bytes: u64) -> io::Result<()> {
        let files =
            fs::read_dir(&self.directory)?.flatten().filter(|entry| entry.file_name().as_encoded_bytes().ends_with(SUFFIX.as_bytes()));
        let mut files: Vec<_> = files.filter_map(|entry| Some((entry.metadata().ok()?, entry.path()))).collect();
        files.sort_by_key(|(metadata, _)| std::cmp::Reverse((metadata.mtime(), metadata.mtime_nsec())));
        let mut bytes = 0;
        for (metadata, path) in files {
            bytes += metadata.len();
            if bytes > kept_bytes {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// The SHA-256 as 64 hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
}

fn check_directory(directory: &Path, metadata: &Metadata) -> Result<(), CacheTrouble> {
    let directory = directory.to_owned();
    let (owner, user, mode) = (metadata.uid(), own_user(), metadata.mode() & 0o7777);
    if !metadata.is_dir() {
        Err(CacheTrouble::NoDirectory { directory })
    } else if owner != user {
        Err(CacheTrouble::OtherOwner { directory, owner, user })
    } else if mode & 0o022 != 0 {
        Err(CacheTrouble::OthersWrite { directory, mode })
    } else {
        Ok(())
    }
}

/// Why a kept file is not used.
#[derive(Debug, thiserror::Error)]
enum Doubt {
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("somebody else may have written it")]
    Foreign,
    #[error("its checksum is wrong")]
    Damaged,
    #[error("wasmtime refuses it: {0:#}")]
    Refused(wasmtime::Error),
}

fn load(engine: &Engine, file: &Path, checksum: &str) -> Result<Component, Doubt> {
    let metadata = fs::symlink_metadata(file)?;
    if !metadata.is_file() || metadata.uid() != own_user() || metadata.mode() & 0o022 != 0 {
        return Err(Doubt::Foreign);
    }
    if file_checksum(file)? != checksum {
        return Err(Doubt::Damaged);
    }
    map(engine, file).map_err(Doubt::Refused)
}

/// Against damage alone; that nobody else wrote the file, its owner and permissions say. 8 hexadecimal digits.
fn checksum(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}

/// The [`checksum`] of a file that may have 40 MB.
fn file_checksum(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let (mut hasher, mut some) = (crc32fast::Hasher::new(), vec![0; 64 << 10]);
    loop {
        match file.read(&mut some)? {
            0 => return Ok(format!("{:08x}", hasher.finalize())),
            length => hasher.update(&some[..length]),
        }
    }
}

/// Maps a file that `load` has checked into memory, as code.
#[expect(unsafe_code, reason = "the one place where machine code is taken from a file; there is no safe way to do it")]
fn map(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file must be what `Component::serialize` of this version of wasmtime gave, and must not be written to while it is mapped.
    // Files of that name are written by `CompiledRules::write` alone, which puts in what `serialize` gave and never writes to a file again:
    // it makes a new one and renames it. `open` has checked that the directory, and `load` that the file is a regular file of this user,
    // which no other user can write; who can act as this user can change the running program anyway. `load` has also compared the whole file
    // with the checksum in its name, so it is complete and undamaged. That it fits this wasmtime and this configuration, wasmtime checks.
    unsafe { Component::deserialize_file(engine, file) }
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// What compiled code depends on besides the component: wasmtime, its configuration, the processor. 16 hexadecimal digits.
fn fingerprint(engine: &Engine) -> String {
    let mut hasher = Fingerprint(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The standard library's hasher may change with the compiler.
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.clone().finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}
