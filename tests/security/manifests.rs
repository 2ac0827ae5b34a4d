//! Rules whose manifests say one thing to a person and another to the program.

use super::attack::{Attack, Ends, Group, attack};

pub(super) fn groups() -> Vec<Group> {
    vec![Group { title: "Manifests", attacks: manifests() }]
}

fn manifests() -> Vec<Attack> {
    let refused = "there is exactly one reading of a manifest, and a rule whose manifest has none is refused";
    let manifest = |name, source, tries, texts| attack(name, source, tries, refused, Ends::IsRefused(texts));
    vec![
        manifest("manifest_twice", "manifest_twice.wat", "have two of them", &["it has more than one manifest"]),
        manifest(
            "manifest_inside",
            "manifest_inside.wat",
            "hide one in a component inside",
            &["it has a manifest in a component inside it"],
        ),
        manifest(
            "manifest_key_twice",
            "manifest_key_twice.wat",
            "say something twice, differently",
            &["the key `collections` stands twice in one object"],
        ),
        manifest("manifest_deep", "manifest_deep.wat", "exhaust the host's stack", &["recursion limit exceeded"])
            .with("DEEP", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
        manifest("manifest_giant", "manifest_giant.wat", "exhaust the host's memory", &["its manifest has", "at most 256 KiB are read"])
            .with("GIANT", " ".repeat(1 << 20)),
        manifest("manifest_not_text", "manifest_not_text.wat", "be no text", &["its manifest is not UTF-8 text"]),
        manifest(
            "manifest_more",
            "manifest_more.wat",
            "go on behind its end",
            &["its manifest is not one JSON object: trailing characters"],
        ),
        manifest(
            "manifest_private",
            "manifest_private.wat",
            "ask for private addresses",
            &["a rule cannot ask for private addresses; only the operator grants them"],
        ),
        manifest(
            "manifest_everything",
            "manifest_everything.wat",
            "ask for every host there is",
            &["its manifest asks for a grant that cannot be"],
        ),
        manifest(
            "manifest_endless_schema",
            "manifest_endless_schema.wat",
            "lead the check of its settings in a circle",
            &["the JSON Schema in `settings` cannot be used"],
        ),
        manifest(
            "manifest_remote_schema",
            "manifest_remote_schema.wat",
            "have the host fetch a schema",
            &["the JSON Schema in `settings` cannot be used"],
        ),
        manifest(
            "manifest_screen",
            "manifest_screen.wat",
            "clear the screen of whoever reads the refusal",
            &["`\\u001b[2J`: there is no such key"],
        ),
    ]
}
