//! `docs/contract.md` is made from the doc comments of `wit/`.

use std::fmt::Write as _;

use wit_parser::{Docs, Function, Interface, Resolve, Type, TypeDef, TypeDefKind, World, WorldItem, WorldKey};

use crate::support::project;

const PAGE: &str = "docs/contract.md";
const OPENING: &str = "# The contract with rules

What a rule in any language can call and has to offer. Made from the comments of [`wit/`](../wit); how it may change: [`wit/VERSIONING.md`](../wit/VERSIONING.md).
How to write a rule: [`docs/writing-rules.md`](writing-rules.md).
";

#[test]
fn the_reference_is_up_to_date() {
    let page = std::fs::read_to_string(project().join(PAGE)).unwrap_or_default();
    let advice = "cargo test --release -p reddalert --test program write_the_reference -- --ignored";
    assert!(page == reference(), "{PAGE} is out of date: run `{advice}`");
}

#[test]
#[ignore = "writes docs/contract.md"]
fn write_the_reference() {
    std::fs::write(project().join(PAGE), reference()).expect("a writable file");
}

fn reference() -> String {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(project().join("wit")).expect("the contract");
    let package = &resolve.packages[package];
    let mut page = format!("{OPENING}\nPackage `{}`.\n", package.name);
    for id in package.worlds.values() {
        world(&mut page, &resolve, &resolve.worlds[*id]);
    }
    // What a rule has to offer comes first, then what it can call, then what these speak of.
    for name in ["lifecycle", "edda", "status", "report", "http", "tcp", "alerts", "types"] {
        interface(&mut page, &resolve, &resolve.interfaces[package.interfaces[name]]);
    }
    assert_eq!(package.interfaces.len(), 8, "an interface has no place on the page yet");
    page
}

fn world(page: &mut String, resolve: &Resolve, world: &World) {
    let names = |items: &mut dyn Iterator<Item = (&WorldKey, &WorldItem)>| {
        let names = items.filter_map(|(_, item)| match item {
            WorldItem::Interface { id, .. } => resolve.interfaces[*id].name.as_ref().map(|name| format!("[`{name}`](#{name})")),
            _ => None,
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let (imports, exports) = (names(&mut world.imports.iter()), names(&mut world.exports.iter()));
    let _ = write!(page, "\n## World `{}`\n\n{}\nOffers {exports}. Can call {imports}.\n", world.name, said(&world.docs));
}

fn interface(page: &mut String, resolve: &Resolve, interface: &Interface) {
    let name = interface.name.as_deref().unwrap_or_default();
    let _ = write!(page, "\n## {name}\n\n{}", said(&interface.docs));
    for function in interface.functions.values() {
        let _ = write!(page, "\n### `{}`\n\n{}", signature(resolve, function), said(&function.docs));
    }
    for id in interface.types.values() {
        let definition = &resolve.types[*id];
        // What another interface defines is told there.
        if !matches!(definition.kind, TypeDefKind::Type(Type::Id(_))) {
            definition_of(page, resolve, definition);
        }
    }
}

fn definition_of(page: &mut String, resolve: &Resolve, definition: &TypeDef) {
    let name = definition.name.as_deref().unwrap_or_default();
    let alias = if let TypeDefKind::Type(of) = &definition.kind { format!(" = {}", type_of(resolve, of)) } else { String::new() };
    let _ = write!(page, "\n### `{} {name}{alias}`\n\n{}", definition.kind.as_str(), said(&definition.docs));
    let members: Vec<(String, &Docs)> = match &definition.kind {
        TypeDefKind::Record(record) => {
            record.fields.iter().map(|field| (format!("{}: {}", field.name, type_of(resolve, &field.ty)), &field.docs)).collect()
        }
        TypeDefKind::Enum(cases) => cases.cases.iter().map(|case| (case.name.clone(), &case.docs)).collect(),
        TypeDefKind::Variant(variant) => {
            let name = |case: &wit_parser::Case| match &case.ty {
                Some(of) => format!("{}({})", case.name, type_of(resolve, of)),
                None => case.name.clone(),
            };
            variant.cases.iter().map(|case| (name(case), &case.docs)).collect()
        }
        _ => Vec::new(),
    };
    if !definition.docs.is_empty() && !members.is_empty() {
        page.push('\n');
    }
    for (member, docs) in members {
        let said = docs.contents.as_deref().map(|said| format!(": {}", said.trim().replace('\n', " "))).unwrap_or_default();
        let _ = writeln!(page, "- `{member}`{said}");
    }
}

fn said(docs: &Docs) -> String {
    docs.contents.as_deref().map(|said| format!("{}\n", said.trim())).unwrap_or_default()
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let parameters: Vec<_> =
        function.params.iter().map(|parameter| format!("{}: {}", parameter.name, type_of(resolve, &parameter.ty))).collect();
    let result = function.result.map(|result| format!(" -> {}", type_of(resolve, &result))).unwrap_or_default();
    format!("{}({}){result}", function.name, parameters.join(", "))
}

fn type_of(resolve: &Resolve, of: &Type) -> String {
    let Type::Id(id) = of else { return format!("{of:?}").to_lowercase() };
    let definition = &resolve.types[*id];
    if let Some(name) = &definition.name {
        return name.clone();
    }
    let optional = |of: &Option<Type>| of.as_ref().map_or("_".to_owned(), |of| type_of(resolve, of));
    match &definition.kind {
        TypeDefKind::Option(of) => format!("option<{}>", type_of(resolve, of)),
        TypeDefKind::List(of) => format!("list<{}>", type_of(resolve, of)),
        TypeDefKind::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types.iter().map(|of| type_of(resolve, of)).collect::<Vec<_>>().join(", "))
        }
        TypeDefKind::Result(result) => format!("result<{}, {}>", optional(&result.ok), optional(&result.err)),
        kind => panic!("the page has no words for a {} yet", kind.as_str()),
    }
}
