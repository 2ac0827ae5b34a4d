//! Which world a component was built for, told from the names of its imports and exports, so that a refusal can say what to do.

use super::load_error::LoadProblem;

/// The version of `wit/` that this program speaks.
pub const CONTRACT_VERSION: &str = "1.0.0";

const OURS: &str = "reddalert:rule/";
/// The interfaces of `wit/` that a rule can import.
const INTERFACES: [&str; 7] = ["types", "alerts", "edda", "status", "report", "http", "tcp"];
const LIFECYCLE: &str = "lifecycle";
/// What no rule gets: it would be a way to the network that nobody granted.
const FORBIDDEN: [&str; 2] = ["wasi:sockets/", "wasi:http/"];

/// Refuses what was not built for one of our worlds, by the first thing that is wrong.
pub(crate) fn check(imports: &[String], exports: &[String]) -> Result<(), LoadProblem> {
    imports.iter().chain(exports).try_for_each(|name| check_version(name))?;
    if !exports.iter().any(|name| interface(name) == Some(LIFECYCLE)) {
        return Err(LoadProblem::NoRule { exports: listed(exports) });
    }
    imports.iter().try_for_each(|name| check_import(name))
}

fn check_import(name: &str) -> Result<(), LoadProblem> {
    if FORBIDDEN.iter().any(|forbidden| name.starts_with(forbidden)) {
        return Err(LoadProblem::ForbiddenImport { import: name.to_owned() });
    }
    match interface(name) {
        Some(interface) if !INTERFACES.contains(&interface) && is_newer(name) => Err(needs_newer(name, None)),
        Some(interface) if !INTERFACES.contains(&interface) => Err(LoadProblem::UnknownImport { import: name.to_owned() }),
        None if !name.starts_with("wasi:") => Err(LoadProblem::UnknownImport { import: name.to_owned() }),
        _ => Ok(()),
    }
}

/// Whether an import of ours is from a later version of the contract.
pub(super) fn is_newer(name: &str) -> bool {
    let numbers = |version: &str| version.split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>();
    version(name).and_then(numbers) > numbers(CONTRACT_VERSION)
}

/// What is said of an import that only a later version of the contract can meet; `error` says what of the interface is missing.
pub(super) fn needs_newer(name: &str, error: Option<wasmtime::Error>) -> LoadProblem {
    let needed = version(name).unwrap_or_default().to_owned();
    LoadProblem::NewerContract { interface: name.to_owned(), needed, ours: CONTRACT_VERSION, source: error }
}

/// `1.0.0` of `reddalert:rule/edda@1.0.0`.
fn version(name: &str) -> Option<&str> {
    name.strip_prefix(OURS)?.split_once('@').map(|(_, version)| version)
}

/// A contract of another major version is another contract.
fn check_version(name: &str) -> Result<(), LoadProblem> {
    match version(name) {
        Some(version) if major(version) != major(CONTRACT_VERSION) => {
            Err(LoadProblem::OtherContract { interface: name.to_owned(), ours: CONTRACT_VERSION })
        }
        _ => Ok(()),
    }
}

fn major(version: &str) -> Option<&str> {
    version.split('.').next()
}

/// `edda` of `reddalert:rule/edda@1.0.0`.
fn interface(name: &str) -> Option<&str> {
    let rest = name.strip_prefix(OURS)?;
    Some(rest.split_once('@').map_or(rest, |(interface, _)| interface))
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "reddalert:rule/lifecycle@1.0.0";

    fn check_names(imports: &[&str], exports: &[&str]) -> Result<(), LoadProblem> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        check(&owned(imports), &owned(exports))
    }

    #[test]
    fn both_worlds_fit_with_what_languages_add() {
        let imports = ["reddalert:rule/edda@1.0.0", "reddalert:rule/tcp@1.0.0", "wasi:cli/stderr@0.2.6", "wasi:filesystem/preopens@0.2.9"];
        assert!(check_names(&imports, &[RULE]).is_ok());
        assert!(check_names(&[], &["reddalert:rule/lifecycle@1.7.0"]).is_ok());
    }

    #[test]
    fn the_network_is_refused_by_name() {
        for import in ["wasi:sockets/tcp@0.2.6", "wasi:http/outgoing-handler@0.2.6"] {
            assert!(matches!(check_names(&[import], &[RULE]), Err(LoadProblem::ForbiddenImport { import: name }) if name == import));
        }
    }

    #[test]
    fn another_contract_is_refused_by_version() {
        for (import, export) in [("reddalert:rule/edda@2.0.0", RULE), ("wasi:io/error@0.2.6", "reddalert:rule/lifecycle@0.1.0")] {
            assert!(matches!(check_names(&[import], &[export]), Err(LoadProblem::OtherContract { ours: "1.0.0", .. })));
        }
    }

    #[test]
    fn an_interface_of_a_later_version_is_named_with_the_version() {
        let found = check_names(&["reddalert:rule/edda@1.2.0", "reddalert:rule/secrets@1.2.0"], &[RULE]);
        let Err(LoadProblem::NewerContract { interface, needed, .. }) = found else { panic!("{found:?}") };
        assert_eq!((&*interface, &*needed), ("reddalert:rule/secrets@1.2.0", "1.2.0"));
        assert!(is_newer("reddalert:rule/edda@1.0.10") && !is_newer("reddalert:rule/edda@1.0.0") && !is_newer("wasi:io/poll@2.0.0"));
    }

    #[test]
    fn what_is_no_rule_and_what_is_unknown_is_refused_by_name() {
        assert!(
            matches!(check_names(&[], &["wasi:cli/run@0.2.6"]), Err(LoadProblem::NoRule { exports }) if exports == "wasi:cli/run@0.2.6")
        );
        for import in ["acme:secrets/vault@1.0.0", "reddalert:rule/files@1.0.0"] {
            assert!(matches!(check_names(&[import], &[RULE]), Err(LoadProblem::UnknownImport { import: name }) if name == import));
        }
    }
}
