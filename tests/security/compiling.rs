//! Rules that attack the compiler, and what it has compiled.

use std::fs;
use std::path::Path;

use super::attack::{Attack, Ends, Group, attack};
use crate::support::Place;

pub(super) fn groups() -> Vec<Group> {
    vec![Group { title: "The compiler and what it has compiled", attacks: compiling() }]
}

fn compiling() -> Vec<Attack> {
    let bounded =
        "files are looked at before they are compiled: their size, the number of functions and instances, the size of each function";
    vec![
        attack(
            "functions_many",
            "functions_many.wat",
            "be endless to compile, by many functions",
            bounded,
            Ends::IsRefused(&["it has more than 200000 functions, too many to compile"]),
        )
        .with("FUNCTIONS", "(func)".repeat(200_001)),
        attack(
            "function_large",
            "function_large.wat",
            "be endless to compile, by one function",
            bounded,
            Ends::IsRefused(&["it has a function of", "too large to compile"]),
        )
        .with("INSTRUCTIONS", "nop ".repeat((2 << 20) + 1)),
        attack(
            "locals_many",
            "locals_many.wat",
            "be endless to compile, by variables: a few bytes declare thousands",
            "their number, too",
            Ends::IsRefused(&["its functions have more than 10000000 local variables, too many to compile"]),
        )
        .with("FUNCTIONS", format!("(func (local {}))", "i64 ".repeat(49_000)).repeat(210)),
        attack(
            "instances_nested",
            "instances_nested.wat",
            "be endless to compile, by instances of instances",
            bounded,
            Ends::IsRefused(&["it comes to more than 10000 instances"]),
        )
        .with("NESTED", nested_instances()),
        attack("types_nested", "types_nested.wat", "be endless to compile, by types of types", bounded, Ends::IsRefused(&["types_nested"]))
            .with("NESTED", nested_types()),
        Attack {
            arrange: Some(precompiled),
            ..attack(
                "precompiled",
                "empty.wat",
                "have machine code of its own run",
                "machine code is taken from the program's own cache only",
                Ends::Fails(&["it is a precompiled component, which is never taken from a rule directory"]),
            )
        },
        attack(
            "cache_of_others",
            "",
            "put machine code where the program looks for its own: a directory that others can write",
            "such a directory is not used, and each start compiles",
            Ends::ShownBy("host/src/sandbox/tests/compiled_rules.rs", "a_directory_that_others_can_write_is_not_used"),
        ),
        attack(
            "cache_links",
            "",
            "put it there by a link",
            "only regular files of this user are used",
            Ends::ShownBy("host/src/sandbox/tests/compiled_rules.rs", "a_file_that_others_can_write_or_that_is_a_link_is_not_used"),
        ),
        attack(
            "cache_damaged",
            "",
            "damage what was compiled",
            "a checksum over the whole file, and it is compiled again",
            Ends::ShownBy("host/src/sandbox/tests/compiled_rules.rs", "a_damaged_file_is_not_used_and_is_replaced"),
        ),
    ]
}

/// Each component has two instances of the one before it.
fn nested_instances() -> String {
    let start = "(component $c0 (core module $m) (core instance (instantiate $m)))".to_owned();
    let double = |inner: usize| {
        format!(
            "(component $c{} (alias outer 1 $c{inner} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))",
            inner + 1
        )
    };
    std::iter::once(start).chain((0..30).map(double)).chain(["(instance (instantiate $c30))".to_owned()]).collect::<Vec<_>>().join("\n")
}

/// Each type holds the one before it twice.
fn nested_types() -> String {
    let double = |inner: usize| format!("(type $t{} (tuple $t{inner} $t{inner}))", inner + 1);
    std::iter::once("(type $t0 (tuple u8 u8))".to_owned()).chain((0..30).map(double)).collect::<Vec<_>>().join("\n")
}

fn precompiled(rules: &Path, _: &[u8]) {
    let place = Place::new();
    place.run(["rules", "elbs"]).exits(0);
    let cache = place
        .command()
        .get_envs()
        .find_map(|(name, value)| (name == "XDG_CACHE_HOME").then_some(value?))
        .map(Path::new)
        .expect("a cache")
        .join("reddalert");
    let compiled = fs::read_dir(cache).expect("a directory").flatten().next().expect("elbs, compiled");
    fs::copy(compiled.path(), rules.join("precompiled.wasm")).expect("a copy");
}
