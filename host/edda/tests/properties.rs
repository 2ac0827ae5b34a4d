//! What holds for every request and every document, on made-up ones.

use std::ops::ControlFlow;

use edda::query::{Cover, Covered, Request, Selector, answer, documents};
use edda::{MemoryStore, Object, Record, StoredText, Value};
use proptest::prelude::*;

/// Field names of which some are in the selectors too.
const NAMES: [&str; 6] = ["a", "b", "c.d", "tags", "$date", "é\u{1F600}"];

fn value() -> impl Strategy<Value = Value> {
    let float = prop_oneof![Just(0.5), Just(-1e10), Just(22.0), Just(1e-7)];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..30).prop_map(Value::Int),
        any::<i64>().prop_map(Value::Int),
        float.prop_map(Value::Float),
        any::<i64>().prop_map(Value::Date),
        "[a-c\"\\\\\n\u{1}é\u{1F600}]{0,4}".prop_map(Value::Text),
        Just(Value::from("{\"$date\":5}")),
    ];
    scalar.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array), object(inner).prop_map(Value::Object)]
    })
}

fn object(member: impl Strategy<Value = Value>) -> impl Strategy<Value = Object> {
    let name = prop::sample::select(NAMES.to_vec()).prop_map(ToOwned::to_owned);
    let object = prop::collection::vec((name, member), 0..5).prop_map(Object::from_iter);
    // An object that looks like a date cannot be stored as an object.
    object.prop_filter("is no date", |object| object.len() != 1 || !matches!(object.get("$date"), Some(Value::Int(_))))
}

/// A selector as written, and what it should make of a value.
#[derive(Clone, Debug)]
enum Item {
    Keep,
    Equals(&'static str, Value),
    Differs(&'static str, Value),
    Select(Vec<(&'static str, Item)>),
}

fn item() -> impl Strategy<Value = Item> {
    let literals = [
        ("null", Value::Null),
        ("true", Value::Bool(true)),
        ("22", Value::Int(22)),
        ("+.5", Value::Float(0.5)),
        ("\"a\"", Value::from("a")),
    ];
    let literal = prop::sample::select(literals.to_vec());
    let leaf = prop_oneof![
        3 => Just(Item::Keep),
        1 => literal.clone().prop_map(|(text, value)| Item::Equals(text, value)),
        1 => literal.prop_map(|(text, value)| Item::Differs(text, value)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let names = prop::sample::select(NAMES[..4].to_vec());
        prop::collection::btree_map(names, inner, 0..4).prop_map(|items| Item::Select(items.into_iter().collect()))
    })
}

fn items() -> impl Strategy<Value = Vec<(&'static str, Item)>> {
    let names = prop::sample::select(NAMES[..4].to_vec());
    prop::collection::btree_map(names, item(), 0..5).prop_map(|items| items.into_iter().collect())
}

fn write(items: &[(&str, Item)]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|(name, item)| match item {
            Item::Keep => (*name).to_owned(),
            Item::Equals(literal, _) => format!("{name}={literal}"),
            Item::Differs(literal, _) => format!("{name}!={literal}"),
            Item::Select(items) => format!("{name}:{}", write(items)),
        })
        .collect();
    format!("({})", items.join(","))
}

/// The plain way to select: None where the value does not match.
fn select(items: &[(&str, Item)], value: &Value) -> Option<Value> {
    match value {
        Value::Array(elements) => Some(Value::Array(elements.iter().filter_map(|element| select(items, element)).collect())),
        Value::Object(object) => {
            let named = items.iter().filter_map(|(name, item)| object.get(name).map(|member| (*name, item, member)));
            let kept: Option<Object> = named.map(|(name, item, member)| Some((name.to_owned(), keep(item, member)?))).collect();
            kept.map(Value::Object)
        }
        _ => None,
    }
}

fn keep(item: &Item, value: &Value) -> Option<Value> {
    let passes = |value: &Value| match (item, value) {
        (Item::Equals(_, wanted), found) if *found == Value::Float(22.0) => *wanted == Value::Int(22),
        (Item::Differs(_, wanted), found) if *found == Value::Float(22.0) => *wanted != Value::Int(22),
        (Item::Equals(_, wanted), found) => wanted == found,
        (Item::Differs(_, wanted), found) => wanted != found,
        _ => true,
    };
    match (item, value) {
        (Item::Select(items), value) => select(items, value),
        (Item::Keep, value) => Some(value.clone()),
        (_, Value::Array(elements)) => Some(Value::Array(elements.iter().filter(|element| passes(element)).cloned().collect())),
        (_, value) => passes(value).then(|| value.clone()),
    }
}

fn store(data: &Value) -> MemoryStore {
    let record = |id: &str, stime, ltime| Record {
        id: id.into(),
        source: "".into(),
        ftime: 1,
        ctime: 1,
        stime,
        ltime,
        mtime: 1,
        tags: StoredText::from_store("{}".into()),
        data: StoredText::from(data),
    };
    let mut store = MemoryStore::new();
    store.set_collection("aws.x", 9, [record("a", 1, Some(3)), record("a", 2, None), record("b", 2, None)]);
    store
}

proptest! {
    #[test]
    fn stored_form_is_read_back(value in value()) {
        let stored = value.to_stored();
        prop_assert_eq!(&Value::parse_stored(&stored).expect("stored form"), &value);
        let mut compact = String::new();
        StoredText::from_store(stored).write_compact(&mut compact);
        prop_assert_eq!(&compact, &value.to_compact());
        serde_json::from_str::<serde_json::Value>(&compact).expect("JSON");
        serde_json::from_str::<serde_json::Value>(&value.to_pretty()).expect("JSON");
    }

    #[test]
    fn projection_selects_as_the_plain_way_does(value in value(), items in items()) {
        let selector = Selector::parse(&write(&items)).expect("a selector");
        let expected = match &value {
            Value::Array(_) | Value::Object(_) => select(&items, &value).map(|value| value.to_stored()),
            scalar => Some(scalar.to_stored()),
        };
        prop_assert_eq!(selector.project(&value.to_stored()).expect("JSON"), expected);
        prop_assert_eq!(&Selector::parse(&selector.to_string()).expect("its own text"), &selector);
    }

    #[test]
    fn a_cover_keeps_what_its_selectors_need(value in value(), trees in prop::collection::vec(items(), 1..4)) {
        let selectors: Vec<_> = trees.iter().map(|items| Selector::parse(&write(items)).expect("a selector")).collect();
        let document = value.to_stored();
        let mut covered = Covered::default();
        Cover::of(&selectors).project(&document, &mut covered).expect("JSON");
        for (number, selector) in selectors.iter().enumerate() {
            prop_assert_eq!(selector.project(covered.of(number)).expect("JSON"), selector.project(&document).expect("JSON"));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a:;=,()./_~!\"%2F*é\\-+0-9 ]{0,30}", any in any::<String>()) {
        for text in [text, any] {
            _ = Request::parse(&text);
            _ = Request::parse(&format!("aws/x;_expand:({text})"));
            _ = Selector::parse(&text);
            _ = Value::parse_stored(&text);
            _ = Selector::parse("(a:(b=1),c::())").expect("a selector").project(&text);
        }
    }

    #[test]
    fn every_request_has_an_answer_or_a_refusal(
        data in object(value()),
        id in prop::sample::select(vec!["", "/a", "/b", "/c", "/a,b", "/a,"]),
        arguments in prop::collection::vec(
            prop::sample::select(vec![
                "_all", "_at=2", "_since=2", "_until=1", "_updated", "_diff", "_diff=1", "_expand", "_limit=1", "_meta", "_pp", "_callback=f",
                "a", "a=22", "b.a=a,b", "a=true", "data.a", "ltime", "stime",
            ]),
            0..5,
        ),
        selector in prop::sample::select(vec!["", ":(a)", ":(a=22,b)", ":(data:(a::()))"]),
    ) {
        let rest = format!("aws/x{id};{}{selector}", arguments.join(";"));
        let (request, store) = (Request::parse(&rest).expect("a request"), store(&Value::Object(data)));
        let mut body = Vec::new();
        let outcome = answer(&request, &store, &mut body);
        let mut elements = Vec::new();
        let listed = documents(&request, &store, &mut |element| {
            elements.push(element.to_owned());
            ControlFlow::Continue(())
        });
        let plain = !request.is_diff() && !arguments.contains(&"_pp") && !arguments.contains(&"_callback=f");
        match outcome {
            Ok(head) => {
                prop_assert_eq!(head.status, 200);
                let body = String::from_utf8(body).expect("UTF-8");
                prop_assert_eq!(listed.is_ok(), !request.is_diff());
                if plain {
                    let list = format!("[{}]", elements.join(","));
                    prop_assert!(body == list || body == elements.concat(), "{} {}", body, list);
                }
            }
            Err(refusal) => {
                prop_assert!(body.is_empty());
                prop_assert!(matches!(refusal.status(), 400 | 404 | 410));
                prop_assert!(listed.is_err());
            }
        }
    }
}
