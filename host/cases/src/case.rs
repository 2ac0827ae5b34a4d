//! A case as its directory has it: what is known before a rule runs.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use edda::EpochMillis;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::CaseError;
use crate::expected::Expected;
use crate::inventory::Inventory;
use crate::moment::Moment;
use crate::web::Web;

const CASE: &str = "case.json";
/// The file with the inventory of a case.
pub const INVENTORY: &str = "inventory.json";
/// The file with everything that a case's rule is told, in place of an inventory.
pub const RECORDING: &str = "recording.jsonl";
const EXPECTED: &str = "expected.json";

/// A case.
#[derive(Debug)]
pub struct Case {
    /// The name of its directory.
    pub name: String,
    /// Its directory.
    pub directory: PathBuf,
    /// What it is about, in a sentence.
    pub about: String,
    /// The rule's settings.
    pub settings: Map<String, Value>,
    /// What the rule remembers before the first run.
    pub status: Map<String, Value>,
    /// The windows that are looked at, one after the other. At least one.
    pub runs: Vec<Run>,
    /// The documents. None: everything is answered from [`Case::recording`].
    pub inventory: Option<Inventory>,
    /// Who answers in the network.
    pub web: Web,
    /// What has to come of it. None: nobody has said yet.
    pub expected: Option<Expected>,
}

/// One run of a rule: the window `[since, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first moment.
    pub since: EpochMillis,
    /// The first moment after it, which is the rule's now. Later than `since`.
    pub until: EpochMillis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    status: Map<String, Value>,
    #[serde(default)]
    web: Web,
    runs: Vec<RunEntry>,
}

#[derive(Deserialize)]
#[serde(try_from = "Window")]
struct RunEntry(Run);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    since: Moment,
    until: Moment,
}

impl TryFrom<Window> for RunEntry {
    type Error = &'static str;

    fn try_from(Window { since: Moment(since), until: Moment(until) }: Window) -> Result<Self, Self::Error> {
        if since < until { Ok(Self(Run { since, until })) } else { Err("a run whose `until` is not after its `since`") }
    }
}

impl Case {
    /// Reads the case in `directory`.
    ///
    /// # Errors
    /// The first thing in its files that is not as `docs/cases.md` has it, with the place.
    pub fn read(directory: &Path) -> Result<Self, CaseError> {
        let CaseFile { about, settings, status, web, runs } = read(&directory.join(CASE))?;
        if runs.is_empty() {
            return Err(CaseError::NoRuns(directory.to_owned()));
        }
        let inventory = read_if_there(&directory.join(INVENTORY))?;
        if inventory.is_some() == directory.join(RECORDING).exists() {
            return Err(CaseError::Sources { directory: directory.to_owned(), both: inventory.is_some() });
        }
        Ok(Self {
            name: directory.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            directory: directory.to_owned(),
            about,
            settings,
            status,
            runs: runs.into_iter().map(|RunEntry(run)| run).collect(),
            inventory,
            web,
            expected: read_if_there(&directory.join(EXPECTED))?,
        })
    }

    /// The file that answers everything, where there is no inventory.
    pub fn recording(&self) -> PathBuf {
        self.directory.join(RECORDING)
    }

    /// Writes down what has to come of it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn accept(&self, expected: &Expected) -> Result<(), CaseError> {
        let path = self.directory.join(EXPECTED);
        fs::write(&path, expected.to_text()).map_err(|source| CaseError::Unwritable { path, source })
    }
}

/// The directories of the cases in `directory`, by name; or `directory` itself, if it is a case. With `names`, only these.
///
/// # Errors
/// There are none, or not all of these.
pub fn cases_in(directory: &Path, names: &[String]) -> Result<Vec<PathBuf>, CaseError> {
    if directory.join(CASE).exists() {
        return Ok(vec![directory.to_owned()]);
    }
    let unreadable = |source| CaseError::Unreadable { path: directory.to_owned(), source };
    let mut cases = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.join(CASE).exists() {
            cases.push(path);
        }
    }
    cases.sort();
    if cases.is_empty() {
        return Err(CaseError::NoCase(directory.to_owned()));
    }
    let name_of = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(name) = names.iter().find(|name| !cases.iter().any(|case| name_of(case) == **name)) {
        let known = cases.iter().map(name_of).collect();
        return Err(CaseError::Unknown { name: name.clone(), directory: directory.to_owned(), known });
    }
    cases.retain(|case| names.is_empty() || names.contains(&name_of(case)));
    Ok(cases)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, CaseError> {
    let text = fs::read(path).map_err(|source| CaseError::Unreadable { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| CaseError::Wrong { path: path.to_owned(), source })
}

fn read_if_there<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, CaseError> {
    match read(path) {
        Err(CaseError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn read_case(files: &[(&str, &str)]) -> Result<Case, String> {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in files {
            fs::write(directory.path().join(name), text).expect("a file");
        }
        Case::read(directory.path()).map_err(|error| {
            let source = error.source().map(ToString::to_string).unwrap_or_default();
            format!("{error}: {source}")
        })
    }

    fn error_of(case: &str, inventory: &str) -> String {
        read_case(&[(CASE, case), (INVENTORY, inventory)]).expect_err("a mistake")
    }

    const GOOD: &str = r#"{"about": "x", "runs": [{"since": 0, "until": "2025-11-24T09:00:00Z"}]}"#;

    #[test]
    fn a_case_needs_little() {
        let case = read_case(&[(CASE, GOOD), (INVENTORY, "{}")]).expect("a case");
        assert_eq!(case.runs, [Run { since: 0, until: 1_763_974_800_000 }]);
        assert!(case.expected.is_none() && case.status.is_empty());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let error = error_of("{\"about\": \"x\",\n \"run\": []}", "{}");
        assert!(error.contains("case.json") && error.contains("unknown field `run`") && error.contains("line 2 column 6"), "{error}");
        let error = error_of("{\"about\": \"x\", \"runs\": [{\"since\": 0,\n \"until\": \"noon\"}]}", "{}");
        assert!(error.contains("expected a moment") && error.contains("line 2"), "{error}");
        let error = error_of(r#"{"about": "x", "runs": [{"since": 5, "until": 5}]}"#, "{}");
        assert!(error.contains("`until` is not after"), "{error}");
        let error = error_of(GOOD, "{\"view.instances\": [],\n\"aws.securityGroup\": []}");
        assert!(error.contains("inventory.json") && error.contains("line 2") && error.contains("`aws.securityGroup`"), "{error}");
    }

    #[test]
    fn a_case_has_one_source_and_some_runs() {
        assert!(read_case(&[(CASE, GOOD)]).expect_err("no source").contains("and has neither"));
        assert!(read_case(&[(CASE, GOOD), (INVENTORY, "{}"), (RECORDING, "")]).expect_err("two").contains("and has both"));
        assert!(error_of(r#"{"about": "x", "runs": []}"#, "{}").contains("has no runs"));
    }

    #[test]
    fn cases_are_found_by_name_and_in_order() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(matches!(cases_in(directory.path(), &[]), Err(CaseError::NoCase(_))));
        for name in ["b", "a", "c"] {
            fs::create_dir(directory.path().join(name)).expect("a directory");
            fs::write(directory.path().join(name).join(CASE), GOOD).expect("a file");
        }
        let names = |cases: Vec<PathBuf>| cases.iter().map(|case| case.file_name().expect("a name").to_owned()).collect::<Vec<_>>();
        assert_eq!(names(cases_in(directory.path(), &[]).expect("cases")), ["a", "b", "c"]);
        assert_eq!(names(cases_in(directory.path(), &["c".into(), "a".into()]).expect("cases")), ["a", "c"]);
        let error = cases_in(directory.path(), &["d".into()]).expect_err("no such case").to_string();
        assert!(error.contains("`d`") && error.ends_with("there are: a, b, c"), "{error}");
        assert_eq!(names(cases_in(&directory.path().join("b"), &[]).expect("a case")), ["b"]);
    }
}
