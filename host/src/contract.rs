//! The contract with rules, as this program was built against it: the files of `wit/`, for what makes components and for who begins a rule.

use wit_parser::{PackageId, Resolve, SourceMap};

/// Each file of `wit/`: its name and its text.
pub const FILES: [(&str, &str); 5] = [
    ("edda.wit", include_str!("../../wit/edda.wit")),
    ("network.wit", include_str!("../../wit/network.wit")),
    ("status.wit", include_str!("../../wit/status.wit")),
    ("types.wit", include_str!("../../wit/types.wit")),
    ("world.wit", include_str!("../../wit/world.wit")),
];

/// The world of a rule that reads the inventory.
pub const RULE: &str = "rule";
/// The world of a rule that asks the network too.
pub const NETWORK_RULE: &str = "network-rule";

/// Whether the interface of that name, as in `reddalert:rule/http@1.0.0`, is only in [`NETWORK_RULE`].
pub fn is_of_the_network(interface: &str) -> bool {
    ["reddalert:rule/http", "reddalert:rule/tcp"].iter().any(|name| interface.starts_with(name))
}

/// The contract, parsed.
///
/// # Panics
/// Never: what is parsed does not change, and a test parses it.
pub fn parsed() -> (Resolve, PackageId) {
    let mut files = SourceMap::default();
    for (name, text) in FILES {
        files.push_str(name, text);
    }
    let mut resolve = Resolve::default();
    let package = files.parse().ok().and_then(|group| resolve.push_group(group).ok());
    (resolve, package.expect("a test of this file parses the same text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_here_and_hold_both_worlds() {
        let directory = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit")).expect("wit/");
        let mut names: Vec<String> = directory.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "VERSIONING.md");
        names.sort();
        assert_eq!(names, FILES.map(|(name, _)| name));
        let (resolve, package) = parsed();
        for world in [RULE, NETWORK_RULE] {
            resolve.select_world(&[package], Some(world)).expect(world);
        }
    }
}
