use std::error::Error;
use std::fs;
use std::path::Path;

use super::{parse, refusal};
use crate::settings::{Settings, SettingsError};

#[test]
fn a_mistake_names_place_key_and_what_was_expected() {
    let cases = [
        (r#"{"jobs": 0}"#, "1:10: `jobs`: expected a whole number from 1 to 256, found the number 0"),
        (r#"{"jobs": "4"}"#, "1:10: `jobs`: expected a whole number from 1 to 256, found a text"),
        (r#"{"jobs": 1.5}"#, "1:10: `jobs`: expected a whole number from 1 to 256, found the number 1.5"),
        ("{\n  \"store-until\": \"yes\"}", "2:18: `store-until`: expected true or false, found a text"),
        (r#"{"edda": null}"#, "1:10: `edda`: expected a text, found null (leave the key out for its default)"),
        (
            r#"{"edda": "localhost:8080"}"#,
            "1:10: `edda`: expected the address of an EDDA as in `http://localhost:8080/edda`, or `archive:PATH`",
        ),
        (r#"{"plugins": [""]}"#, "1:14: `plugins[0]`: expected a text that is not empty"),
        (r#"{"plugins": {}}"#, "1:13: `plugins`: expected a text or a list of texts, found an object"),
        (r#"{"email_to": []}"#, "1:14: `email_to`: expected at least one receiver"),
        (r#"{"email_subject": "a\nBcc: b"}"#, "1:19: `email_subject`: expected a text without line breaks"),
        (r#"{"es_port": 65536}"#, "1:13: `es_port`: expected a whole number from 1 to 65535, found the number 65536"),
        (r#"{"plugin.ami": []}"#, "1:16: `plugin.ami`: expected an object, found a list"),
        (r#"{"plugin": {"ami": 1}}"#, "1:20: `plugin.ami`: expected an object, found the number 1"),
        (r#"{"plugin.a": {"x": 1e999}}"#, "1:20: `plugin.a.x`: this number is not JSON, or too large"),
        (
            r#"{"grants.ami": true}"#,
            "1:16: `grants.ami`: expected a grant (an object, an address such as \"https://www.example.com\", \"as-asked\") or a list of them, \
             found true",
        ),
        (r#"{"credentials": {"x": "secret"}}"#, "1:23: `credentials.x`: expected an object, found a text"),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn values_that_cannot_be_read_say_how_they_are_written() {
    let duration = "is no duration: a whole number above 0 and one of ms, s, m, h, d are wanted, as in `90s`, at most 36500d";
    assert_eq!(refusal(r#"{"max-time": "10"}"#), format!("1:14: `max-time`: `10` {duration}"));
    assert_eq!(refusal(r#"{"stale-after": "nie"}"#), format!("1:17: `stale-after`: `nie` {duration}, or `never`"));
    assert_eq!(
        refusal(r#"{"fail-on": "hihg"}"#),
        "1:13: `fail-on`: `hihg` is no severity: did you mean `high`? (severities: info, low, medium, high, critical)"
    );
    assert_eq!(
        refusal(r#"{"limits": {"iam": {"memory": "512MB"}}}"#),
        "1:31: `limits.iam.memory`: `512MB` is no size: a whole number above 0 and one of B, KiB, MiB, GiB are wanted, as in `64MiB`"
    );
}

#[test]
fn an_unknown_key_comes_with_the_nearest_right_spelling() {
    let cases = [
        (r#"{"store_until": true}"#, "1:2: `store_until`: there is no such key: did you mean `store-until`?"),
        (r#"{"Edda": ""}"#, "1:2: `Edda`: there is no such key: did you mean `edda`?"),
        (r#"{"colour": 1}"#, "1:2: `colour`: there is no such key"),
        (r#"{"plugins.ami": {}}"#, "1:2: `plugins.ami`: there is no such key: did you mean `plugin.ami`?"),
        (r#"{"x\u001b.ami": {}}"#, "1:2: `x\\u{1b}.ami`: there is no such key"),
        (
            r#"{"limits.ami": {"memroy": "1GiB"}}"#,
            "1:17: `limits.ami.memroy`: there is no such limit: did you mean `memory`? (limits: computing-time, waiting-time, memory, \
             table-elements, instances, host-calls, inventory-bytes, result-bytes, alerts, log-bytes)",
        ),
        (
            r#"{"plugin.elbs_prod": {"$ruel": "elbs"}}"#,
            "1:23: `plugin.elbs_prod.$ruel`: a rule has no such key: did you mean `$rule`? (`$rule` is the only one that begins with `$`)",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn a_wrong_output_is_named_with_its_place() {
    let cases = [
        (
            r#"{"output": ["stdout", "jsnol"]}"#,
            "1:23: `output[1]`: there is no output `jsnol`: did you mean `jsonl`? (outputs: elasticsearch, jsonl, mail_html, mail_txt, slack, stdout, stdout_tabsep, webhook)",
        ),
        (r#"{"output": []}"#, "1:12: `output`: expected the name of an output, or several with commas between them, as in `stdout,jsonl`"),
        (
            r#"{"output": "elasticsearch"}"#,
            "1:12: `output`: the output `elasticsearch` does not know where to send: the config needs `es_host` and `es_port`, or `url` in \
             its section, `\"outputs\": {\"elasticsearch\": {...}}`",
        ),
        (
            r#"{"outputs": {"a": {}}}"#,
            "1:19: `outputs.a`: expected the key `kind`: one of stdout, stdout_tabsep, jsonl, mail_txt, mail_html, elasticsearch, webhook, slack",
        ),
        (
            r#"{"outputs": {"a": {"kind": "jsonlines"}}}"#,
            "1:28: `outputs.a.kind`: there is no such kind (kinds: stdout, stdout_tabsep, jsonl, mail_txt, mail_html, elasticsearch, webhook, slack)",
        ),
        (
            r#"{"outputs": {"jsonl": {"kind": "stdout"}}}"#,
            "1:32: `outputs.jsonl.kind`: an output that has the name of a kind is of that kind: give this output another name",
        ),
        (
            r#"{"outputs": {"a": {"kind": "jsonl", "flie": "x"}}}"#,
            "1:37: `outputs.a.flie`: an output of the kind `jsonl` has no such key: did you mean `file`? (keys: kind, min-severity, rules, file)",
        ),
        (
            r#"{"outputs": {"A,b": {"kind": "jsonl"}}}"#,
            "1:14: `outputs.A,b`: this is no name of an output: 1 to 64 of the characters a-z, 0-9, _ and - are allowed",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn several_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = "{\n  \"jobs\": 0,\n  \"ouput\": \"x\",\n  \"limits\": {\"iam\": {\"alerts\": -1}},\n  \"edda\": 1\n}";
    let expected = [
        "4 mistakes in the settings:",
        "  2:11: `jobs`: expected a whole number from 1 to 256, found the number 0",
        "  3:3: `ouput`: there is no such key: did you mean `output`?",
        "  4:32: `limits.iam.alerts`: expected a whole number from 1 to 1000000000, found the number -1",
        "  5:11: `edda`: expected a text, found the number 1",
    ];
    assert_eq!(refusal(text), expected.join("\n"));
}

#[test]
fn a_key_that_stands_twice_is_a_mistake_at_any_depth() {
    let text = "{\"jobs\": 1,\n\"jobs\": 2,\n\"plugin.a\": {\"x\": [{\"y\": 1, \"y\": 1}]}}";
    let listing = refusal(text);
    assert!(listing.contains("2:1: `jobs`: this key stands in line 1 already: remove one of the two"), "{listing}");
    assert!(listing.contains("3:29: `plugin.a.x[0].y`: this key stands in line 3 already"), "{listing}");
    for text in [
        r#"{"limits": {"a": {}}, "limits.a": {}}"#,
        r#"{"plugin.a": {}, "plugin": {"a": {}}}"#,
        r#"{"outputs": {"a": {"kind": "jsonl"}}, "outputs.a": {"kind": "stdout"}}"#,
        r#"{"credentials.a": {"kind": "aws"}, "credentials": {"a": {"kind": "aws"}}}"#,
    ] {
        assert!(refusal(text).contains("this section stands twice"), "{text}");
    }
}

#[test]
fn what_is_no_json_object_is_refused_with_its_place() {
    let cases = [
        ("", "1:1: the file is empty: an object is wanted, at least `{}`"),
        ("// Nothing.\n", "1:1: the file is empty: an object is wanted, at least `{}`"),
        ("hello", "1:1: this is not JSON: unexpected word"),
        ("{\"jobs\": 1", "1:1: this is not JSON: unterminated object"),
        ("{\"edda\": \"http:", "1:10: this is not JSON: unterminated string literal"),
        ("{\"jobs\": 1\n \"edda\": \"x\"}", "1:11: this is not JSON: expected comma"),
        ("{jobs: 1}", "1:2: this is not JSON: expected string for object property"),
        ("{} {}", "1:4: this is not JSON: text cannot contain more than one JSON value"),
        ("[1]", "1:1: expected an object, found a list"),
        ("null", "1:1: expected an object, found null (leave the key out for its default)"),
        ("\"{}\"", "1:1: expected an object, found a text"),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    let message = refusal(r#"{"edda": "http://me:hunter2@edda/"}"#);
    assert!(message.contains("no user name and no password") && !message.contains("hunter2"), "{message}");
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_of_its_kind() {
    let directory = tempfile::tempdir().expect("a directory");
    let latin = directory.path().join("latin.json");
    fs::write(&latin, b"{\n\"email_from\": \"\xe9\"}").expect("a file");
    let absent = directory.path().join("absent.json");
    let read = |file: &Path| Settings::read(Some(file)).expect_err("no settings");
    assert!(matches!(read(&absent), SettingsError::Absent(file) if file == absent));
    assert!(matches!(read(directory.path()), SettingsError::Directory(_)));
    let not_text = read(&latin);
    assert!(not_text.to_string().contains("is not UTF-8 text (line 2)"), "{not_text}");
    assert!(not_text.source().is_some());
    let below_a_file = read(&latin.join("c.json"));
    assert!(matches!(&below_a_file, SettingsError::Unreadable { .. }) && below_a_file.source().is_some(), "{below_a_file}");
}

#[test]
fn every_mistake_begins_with_the_file() {
    let error = parse(r#"{"jobs": 0}"#).expect_err("a mistake");
    assert!(error.to_string().starts_with("/etc/reddalert/c.json:1:10: "), "{error}");
}
