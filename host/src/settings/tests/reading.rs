use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::{parse, read};
use crate::alert::Severity;
use crate::settings::{
    AwsSettings, CredentialSettings, DEFAULT_FILE, InvalidOutput, InventoryAddress, OutputKind, OutputSettings, OutputTarget, Settings,
    Subscriber,
};

fn stream(name: &str, kind: OutputKind, file: Option<&str>) -> OutputSettings {
    let target = OutputTarget::Stream { kind, file: file.map(PathBuf::from) };
    OutputSettings { subscriber: Subscriber::to_everything(name), target }
}

fn stdout(name: &str, kind: OutputKind) -> OutputSettings {
    stream(name, kind, None)
}

#[test]
fn an_empty_object_means_the_defaults() {
    let settings = read("{}");
    assert_eq!(Settings { file: DEFAULT_FILE.into(), ..settings.clone() }, Settings::default());
    assert_eq!(settings.edda.to_string(), "http://localhost:8080/edda");
    assert!(settings.store_until);
    assert_eq!(settings.stale_after, Some(Duration::from_hours(3)));
    assert_eq!(settings.outputs(None), Ok(vec![stdout("stdout", OutputKind::Stdout)]));
    assert_eq!((settings.jobs, settings.max_time, settings.fail_on), (None, None, None));
}

#[test]
fn every_key_of_our_own_is_read() {
    let settings = read(
        r#"{ // A comment.
            "$schema": "configfile.schema.json",
            "edda": "archive:a.sqlite", "store-until": false, "stale-after": "never", "plugins": ["rules", "/opt/rules"],
            "require-manifest": true, "outbox-limit": "1MiB", "max-time": "10m", "jobs": 4, "fail-on": "high", /* Another. */
            "credentials": {"audit": {"kind": "aws", "from": "environment"}}, "grants": {"ami": "https://www.example.com"},
        }"#,
    );
    assert_eq!(settings.edda, InventoryAddress::Archive("/etc/reddalert/a.sqlite".into()));
    assert_eq!(
        (settings.store_until, settings.stale_after, settings.require_manifest, settings.outbox_limit),
        (false, None, true, 1 << 20)
    );
    assert_eq!(settings.plugin_directories, [PathBuf::from("/etc/reddalert/rules"), PathBuf::from("/opt/rules")]);
    assert_eq!(settings.max_time, Some(Duration::from_mins(10)));
    assert_eq!(settings.jobs.map(usize::from), Some(4));
    assert_eq!(settings.fail_on, Some(Severity::High));
    assert_eq!(settings.credentials["audit"], CredentialSettings::Aws(AwsSettings::Environment));
    let grants = settings.grants(&"ami".parse().expect("a rule name"));
    assert_eq!(grants.list[0].to_string(), r#""https://www.example.com""#);
}

#[test]
fn an_old_config_is_read_as_it_is() {
    let settings = read(
        r#"{"edda": "http://edda:8080/edda", "output": "stdout_tabsep,stdout", "store-until": true,
            "es_host": "es", "es_port": 9200, "email_from": "a@b", "email_to": ["x@y", "z@y"], "email_subject": "!", "smtp_host": "mx:25",
            "plugin.iam": {"allowed": ["^.*Deployment$"]}, "plugin.chef": {"chef_server_url": ""}}"#,
    );
    let chosen = [stdout("stdout_tabsep", OutputKind::StdoutTabsep), stdout("stdout", OutputKind::Stdout)];
    assert_eq!(settings.outputs(None).as_deref(), Ok(&chosen[..]));
}

#[test]
fn an_output_is_named_once_whatever_the_list_says() {
    let settings = read(r#"{"output": ["jsonl", "stdout, jsonl"]}"#);
    let chosen = [stdout("jsonl", OutputKind::Jsonl), stdout("stdout", OutputKind::Stdout)];
    assert_eq!(settings.outputs(None).as_deref(), Ok(&chosen[..]));
    assert_eq!(settings.outputs(Some("stdout,stdout")).as_deref(), Ok(&chosen[1..]));
}

#[test]
fn an_output_of_the_config_may_be_used_before_it_is_declared() {
    let settings = read(
        r#"{"output": "keep", "outputs": {"keep": {"kind": "jsonl", "file": "alerts.jsonl"}}, "outputs.jsonl": {"file": "/var/log/a"}}"#,
    );
    let keep = stream("keep", OutputKind::Jsonl, Some("/etc/reddalert/alerts.jsonl"));
    let jsonl = stream("jsonl", OutputKind::Jsonl, Some("/var/log/a"));
    assert_eq!(settings.outputs(None), Ok(vec![keep]));
    assert_eq!(settings.outputs(Some("jsonl")), Ok(vec![jsonl]));
}

#[test]
fn an_output_of_the_command_line_has_to_exist() {
    let settings = read(r#"{"outputs": {"keep": {"kind": "jsonl"}}}"#);
    let message = |list: &str| settings.outputs(Some(list)).expect_err(list).to_string();
    assert_eq!(
        message("stdot"),
        "there is no output `stdot`: did you mean `stdout`? (outputs: elasticsearch, jsonl, keep, mail_html, mail_txt, slack, stdout, \
         stdout_tabsep, webhook)"
    );
    assert_eq!(
        message("stdout,slack"),
        "the output `slack` does not know where to send: the config needs `url` in its section, `\"outputs\": {\"slack\": {...}}`"
    );
    assert!(message("elasticsearch").contains("needs `es_host` and `es_port`, or `url` in its section"));
    for list in ["", " ", "stdout,", ",stdout"] {
        assert_eq!(settings.outputs(Some(list)), Err(InvalidOutput::NoName), "{list:?}");
    }
}

#[test]
fn numbers_for_rules_stay_as_they_are() {
    let settings = read(r#"{"plugin.a": {"ports": [80, -1, 1.5, 1e3, 18446744073709551615], "no": null, "on": true}}"#);
    let rules = settings.rules(&super::names(&["a"]));
    assert_eq!(rules[0].settings, json!({"ports": [80, -1, 1.5, 1e3, 18_446_744_073_709_551_615_u64], "no": null, "on": true}));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("c.json");
    std::fs::write(&file, "\u{feff}{\"jobs\": 2}").expect("a file");
    assert_eq!(Settings::read(Some(&file)).expect("settings").jobs.map(usize::from), Some(2));
}

#[test]
fn deep_nesting_is_a_mistake_and_no_crash() {
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert!(parse(&format!("{{\"plugin.a\": {{\"x\": {}{}}}}}", "[".repeat(400), "]".repeat(400))).is_ok());
}
