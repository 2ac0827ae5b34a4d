//! Rules that hand over what cannot be, and that end in odd ways.

use super::attack::{Attack, Ends, Group, attack};
use super::{alerts_of, ends_well};

pub(super) fn groups() -> Vec<Group> {
    vec![
        Group { title: "Values that cannot be", attacks: values() },
        Group { title: "Data that cannot be", attacks: data() },
        Group { title: "Odd ends", attacks: ends() },
    ]
}

const CHECKED: &str = "every value is checked where it leaves the rule";
const REFUSED: Ends = Ends::Fails(&["did what the contract does not allow"]);

fn values() -> Vec<Attack> {
    let odd = |name, source, tries| attack(name, source, tries, CHECKED, REFUSED);
    vec![
        odd("string_outside", "string_outside.wat", "log a text outside its memory"),
        odd("level_outside", "level_outside.wat", "log with a level that there is not"),
        odd("result_outside", "result_outside.wat", "return a result outside its memory"),
        odd("result_crooked", "result_crooked.wat", "return a result at an odd address"),
        odd("list_outside", "list_outside.wat", "return a list that reaches beyond its memory"),
        odd("nonsense", "nonsense.wat", "return what is neither ok nor an error"),
        odd("not_text", "not_text.wat", "return an id that is no UTF-8"),
        odd("severity_outside", "severity_outside.wat", "return a severity that there is not"),
        odd("option_outside", "option_outside.wat", "return a title that is neither there nor absent"),
        odd("detail_outside", "detail_outside.wat", "return a detail of no kind"),
        odd("allocator_outside", "allocator_outside.wat", "have its settings written outside its memory"),
        attack(
            "allocator_calls",
            "allocator_calls.wat",
            "call the host while the host writes to its memory",
            "a rule cannot call out of its allocator",
            Ends::Fails(&["called the system while it took in an answer"]),
        ),
        odd("forged_handle", "forged_handle.wat", "use a handle that it was never given"),
        odd("random_bytes", "random_bytes.wat", "ask for a tebibyte of random numbers"),
    ]
}

fn deep() -> String {
    nested(100_000)
}

fn nested(lists: usize) -> String {
    format!("{{\"a\": {}{}}}", "[".repeat(lists), "]".repeat(lists))
}

/// Delivered as the text that it is, and named.
const AS_TEXT: Ends = Ends::Harmless(|attack, place, ran| {
    ends_well(attack, place, ran);
    let alerts = alerts_of(attack, ran);
    assert!(alerts.len() == 1 && alerts[0]["details"][0].is_string(), "{alerts:?}");
    assert!(ran.stderr.contains("1 `fields` details are no JSON object and are delivered as text"), "{}", ran.stderr);
});

fn data() -> Vec<Attack> {
    let fields = |name, tries, text: &str| {
        attack(name, "fields.wat", tries, "it is delivered as text, and named as the rule's fault", AS_TEXT).with("FIELDS", text)
    };
    let remembers = |name, tries, text: &str| {
        attack(name, "remembers_odd.wat", tries, "only JSON is remembered", Ends::Fails(&["the value of `key` is no JSON text"]))
            .with("VALUE", text)
    };
    let path = |name, tries, text: &str, texts| {
        attack(name, "asks_path.wat", tries, "the host writes questions itself, from a path that it has read", Ends::Fails(texts))
            .with("PATH", text)
    };
    let selector = format!("view/instances:{}a{}", "(a:".repeat(20_000), ")".repeat(20_000));
    vec![
        fields("fields_two", "pass two JSON objects for one", "{\"a\": 1}{\"b\": 2}"),
        fields("fields_list", "pass a list for an object", "[1]"),
        fields("fields_deep_to_read", "make an outbox that nobody can read", &nested(126)),
        fields("fields_deep", "exhaust the host's stack with nested JSON", &deep()),
        remembers("remembers_text", "break out of the status file", "1}, \"since\": 0, \"x\": {"),
        remembers("remembers_deep_to_read", "make a status file that nobody can read, with JSON that one can", &nested(126)),
        remembers("remembers_deep", "make a status file that nobody can read", &deep()),
        path("selector_deep", "exhaust the host's stack with a nested selector", &selector, &["selector_deep: failed"]),
    ]
}

fn ends() -> Vec<Attack> {
    let odd = |name, source, tries, texts| attack(name, source, tries, "the end of a rule is the end of that rule", Ends::Fails(texts));
    vec![
        odd("exits", "exits.wat", "end the program", &["ended itself with exit status 1"]),
        odd("gives_up", "gives_up.wat", "trap in `init`", &["in `init` gave up without a word"]),
        odd(
            "panics",
            "panics.wat",
            "trap after 200 KB of last words that colour the terminal",
            &["thread 'main' panicked", "no \\u001b[31mred"],
        ),
    ]
}
