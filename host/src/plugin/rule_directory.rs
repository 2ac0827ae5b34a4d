//! Finds rules: every regular file `<name>.wasm` in the rule directories, ordered by name. What looks like a rule and is none is reported,
//! and nothing is opened or run.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::trust::{Trust, Untrusted};
use crate::rule_name::{InvalidRuleName, RuleName};
use crate::visible_text::visible;

/// How rule files end.
const SUFFIX: &str = "wasm";

/// A file that is called like a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Its stem.
    pub name: RuleName,
    /// The file.
    pub path: PathBuf,
}

/// A file that ends like a rule and cannot be one.
#[derive(Debug)]
pub struct Rejected {
    /// The file.
    pub path: PathBuf,
    /// The rule that it would be. None: its name is none.
    pub name: Option<RuleName>,
    /// Why.
    pub reason: RejectionReason,
}

impl fmt::Display for Rejected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause: Option<&dyn Error> = Some(&self.reason);
        write!(formatter, "{}", visible(&self.path.display().to_string()))?;
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Why a file cannot be a rule.
#[derive(Debug, thiserror::Error)]
pub enum RejectionReason {
    /// The stem is no rule name.
    #[error("its name is no rule name; rename it")]
    Name(#[source] InvalidRuleName),
    /// A directory, a FIFO, a socket.
    #[error("it is {0}, not a regular file")]
    NoFile(&'static str),
    /// The operating system does not tell what it is, as for a symbolic link to nothing.
    #[error("it cannot be looked at")]
    Unreadable(#[source] io::Error),
    /// Others may have written it.
    #[error(transparent)]
    Untrusted(Untrusted),
}

/// What is in the rule directories.
#[derive(Debug, Default)]
pub struct Discovery {
    /// By name.
    pub rules: Vec<RuleFile>,
    /// By path.
    pub rejected: Vec<Rejected>,
}

/// Why the rule directories cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// A directory that is not there, or may not be read.
    #[error("cannot read the rule directory {}", directory.display())]
    Unreadable {
        /// The directory.
        directory: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// A directory that others may write.
    #[error("the rule directory {} is not used", directory.display())]
    Untrusted {
        /// The directory, as it was given.
        directory: PathBuf,
        /// Why.
        #[source]
        reason: Untrusted,
    },
    /// Two files of one name.
    #[error("there are two rules called `{name}`, {} and {}; rename or remove one", first.display(), second.display())]
    Twice {
        /// The name.
        name: RuleName,
        /// The file in the directory that comes first.
        first: PathBuf,
        /// The other one.
        second: PathBuf,
    },
}

/// The rules of all directories together. A directory that is given twice counts once. Without `trust` it does not matter who may write them.
pub fn discover(directories: &[PathBuf], trust: Option<&Trust>) -> Result<Discovery, DiscoveryError> {
    let mut found: BTreeMap<RuleName, PathBuf> = BTreeMap::new();
    let mut rejected = Vec::new();
    let mut seen = Vec::new();
    for directory in directories {
        let unreadable = |source| DiscoveryError::Unreadable { directory: directory.clone(), source };
        let real = directory.canonicalize().map_err(unreadable)?;
        if seen.contains(&real) {
            continue;
        }
        seen.push(real);
        let judgement = trust.map_or(Ok(()), |trust| trust.judge(directory));
        judgement.map_err(|reason| DiscoveryError::Untrusted { directory: directory.clone(), reason })?;
        for path in candidates(directory).map_err(unreadable)? {
            let name = rule_name(&path);
            match look_at(&path).and_then(|()| name.clone().map_err(RejectionReason::Name)).and_then(|name| trusted(name, &path, trust)) {
                Ok(name) => insert(&mut found, name, path)?,
                Err(reason) => rejected.push(Rejected { path, name: name.ok(), reason }),
            }
        }
    }
    let rules = found.into_iter().map(|(name, path)| RuleFile { name, path }).collect();
    rejected.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Discovery { rules, rejected })
}

/// Where the rules are that come with the program: `../plugins` seen from the program's directory, as in a checkout's `target/release`, or
/// else `../lib/reddalert/plugins`, as installed. Never the working directory.
pub fn default_directory(program: &Path) -> Option<PathBuf> {
    let around = program.parent()?.parent()?;
    ["plugins", "lib/reddalert/plugins"].map(|place| around.join(place)).into_iter().find(|directory| directory.is_dir())
}

/// Everything in the directory that ends like a rule, sorted.
fn candidates(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case(SUFFIX)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn look_at(path: &Path) -> Result<(), RejectionReason> {
    let file_type = fs::metadata(path).map_err(RejectionReason::Unreadable)?.file_type();
    if !file_type.is_file() {
        return Err(RejectionReason::NoFile(kind(file_type)));
    }
    Ok(())
}

fn trusted(name: RuleName, path: &Path, trust: Option<&Trust>) -> Result<RuleName, RejectionReason> {
    trust.map_or(Ok(()), |trust| trust.judge(path)).map_err(RejectionReason::Untrusted)?;
    Ok(name)
}

fn rule_name(path: &Path) -> Result<RuleName, InvalidRuleName> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = file_name.strip_suffix(".wasm").unwrap_or(&file_name);
    stem.parse()
}

fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if file_type.is_dir() {
        "a directory"
    } else if file_type.is_fifo() {
        "a FIFO"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

fn insert(found: &mut BTreeMap<RuleName, PathBuf>, name: RuleName, second: PathBuf) -> Result<(), DiscoveryError> {
    if let Some(first) = found.get(&name) {
        return Err(DiscoveryError::Twice { first: first.clone(), name, second });
    }
    found.insert(name, second);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    fn directory(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for file in files {
            fs::write(directory.path().join(file), b"").expect("a file");
        }
        directory
    }

    fn path(directory: &tempfile::TempDir) -> PathBuf {
        directory.path().to_owned()
    }

    fn names(discovery: &Discovery) -> Vec<&str> {
        discovery.rules.iter().map(|rule| rule.name.as_str()).collect()
    }

    #[test]
    fn rules_of_all_directories_are_found_by_name() {
        let (one, other) = (directory(&["secgroups.wasm", "ami.wasm", "README.md"]), directory(&["iam.wasm", "iam.wasm.bak"]));
        let discovery = discover(&[path(&one), path(&other), path(&one)], None).expect("three rules");
        assert_eq!(names(&discovery), ["ami", "iam", "secgroups"]);
        assert_eq!(discovery.rules[1].path, other.path().join("iam.wasm"));
        assert!(discovery.rejected.is_empty());
    }

    #[test]
    fn a_name_twice_names_both_files() {
        let (one, other) = (directory(&["ami.wasm"]), directory(&["ami.wasm"]));
        let error = discover(&[path(&one), path(&other)], None).expect_err("two rules called ami").to_string();
        for file in [one.path().join("ami.wasm"), other.path().join("ami.wasm")] {
            assert!(error.contains(&*file.to_string_lossy()), "{error}");
        }
    }

    #[test]
    fn names_that_are_none_are_reported_and_not_loaded() {
        let files = ["Ami.wasm", "a b.wasm", "ami.v2.wasm", "ami.WASM", ".wasm.wasm", "ok.wasm"];
        let directory = directory(&files);
        let discovery = discover(&[path(&directory)], None).expect("one rule");
        assert_eq!(names(&discovery), ["ok"]);
        assert_eq!(discovery.rejected.len(), files.len() - 1);
        assert!(discovery.rejected.iter().all(|rejected| matches!(rejected.reason, RejectionReason::Name(_))));
    }

    #[test]
    fn what_is_no_regular_file_is_reported() {
        let directory = directory(&["real.wasm"]);
        fs::create_dir(directory.path().join("folder.wasm")).expect("a directory");
        let _socket = UnixListener::bind(directory.path().join("socket.wasm")).expect("a socket");
        symlink("nowhere", directory.path().join("broken.wasm")).expect("a link");
        symlink("real.wasm", directory.path().join("link.wasm")).expect("a link");
        let discovery = discover(&[path(&directory)], None).expect("two rules");
        assert_eq!(names(&discovery), ["link", "real"]);
        let reasons: Vec<_> = discovery.rejected.iter().map(|rejected| rejected.reason.to_string()).collect();
        assert_eq!(reasons, ["it cannot be looked at", "it is a directory, not a regular file", "it is a socket, not a regular file"]);
    }

    #[test]
    fn a_directory_that_is_not_there_is_an_error_with_its_name() {
        let error = discover(&["/no/such/directory".into()], None).expect_err("it is not there");
        assert_eq!(error.to_string(), "cannot read the rule directory /no/such/directory");
    }

    #[test]
    fn the_default_is_where_the_program_is() {
        let root = directory(&[]);
        let program = root.path().join("release/reddalert");
        assert_eq!(default_directory(&program), None);
        let installed = root.path().join("lib/reddalert/plugins");
        fs::create_dir_all(&installed).expect("a directory");
        assert_eq!(default_directory(&program), Some(installed));
        let built = root.path().join("plugins");
        fs::create_dir_all(&built).expect("a directory");
        assert_eq!(default_directory(&program), Some(built));
    }
}
