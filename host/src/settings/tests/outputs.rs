//! What the config says about where alerts go.

use std::fs;

use super::{names, parse, read, refusal};
use crate::alert::Severity;
use crate::settings::{
    DocumentTarget, ElasticsearchSettings, Encryption, MailSettings, OutputTarget, Settings, SlackSettings, WebhookSettings,
};

const CA: &str = include_str!("ca.pem");

fn target(settings: &Settings, name: &str) -> OutputTarget {
    settings.outputs(Some(name)).expect(name).remove(0).target
}

fn mail(text: &str, name: &str) -> MailSettings {
    let OutputTarget::Mail(mail) = target(&read(text), name) else { panic!("{name} is mail") };
    mail
}

fn elasticsearch(text: &str, name: &str) -> ElasticsearchSettings {
    let OutputTarget::Elasticsearch(elasticsearch) = target(&read(text), name) else { panic!("{name} is Elasticsearch") };
    elasticsearch
}

#[test]
fn the_keys_of_old_configs_say_where_mail_and_documents_go() {
    let old = r#"{"email_from": "a@b", "email_to": ["x@y", "z@y"], "email_subject": "!", "smtp_host": "mx.example.com:26",
                  "es_host": "es", "es_port": 9200, "outputs": {"ops": {"kind": "mail_txt", "to": "ops@y", "tls": "none"}}}"#;
    let html = mail(old, "mail_html");
    assert_eq!((html.html, html.from.to_string().as_str(), html.subject.as_str()), (true, "a@b", "!"));
    assert_eq!(html.to.iter().map(ToString::to_string).collect::<Vec<_>>(), ["x@y", "z@y"]);
    assert_eq!((html.host.as_str(), html.port, html.encryption), ("mx.example.com", 26, Encryption::StartTls));
    let ops = mail(old, "ops");
    assert_eq!((ops.html, ops.from, ops.host, ops.port), (false, html.from, html.host, 26), "other outputs of the kind use them too");
    assert_eq!((ops.to[0].to_string().as_str(), ops.encryption), ("ops@y", Encryption::None));
    assert_eq!(elasticsearch(old, "elasticsearch").url.as_str(), "http://es:9200/");
    assert_eq!(elasticsearch(old, "elasticsearch").target, DocumentTarget::Index("reddalert".into()));
}

#[test]
fn mail_is_encrypted_unless_it_stays_on_this_machine() {
    let section = |server: &str, more: &str| mail(&format!(r#"{{"outputs.m": {{"kind": "mail_txt", "server": "{server}"{more}}}}}"#), "m");
    let login = r#", "user": "u", "password": "p""#;
    let cases = [
        ("localhost", "", Encryption::None, 25),
        ("127.0.0.1:2525", "", Encryption::None, 2525),
        ("[::1]", "", Encryption::None, 25),
        ("[2001:db8::1]:26", "", Encryption::StartTls, 26),
        ("mx", "", Encryption::StartTls, 25),
        ("mx", login, Encryption::StartTls, 587),
        ("mx", r#", "tls": "implicit""#, Encryption::Implicit, 465),
        ("mx", r#", "tls": "none", "port": 26"#, Encryption::None, 26),
        ("localhost", login, Encryption::None, 587),
    ];
    for (server, more, encryption, port) in cases {
        let mail = section(server, more);
        assert_eq!((mail.encryption, mail.port), (encryption, port), "{server} {more}");
    }
    assert_eq!(mail("{}", "mail_txt").to[0].to_string(), "root@localhost");
}

#[test]
fn an_output_may_want_only_some_alerts() {
    let settings = read(r#"{"outputs.a": {"kind": "jsonl", "min-severity": "high", "rules": ["iam", "ami"]}}"#);
    let output = settings.outputs(Some("a")).expect("chosen").remove(0);
    assert_eq!(output.subscriber.min_severity, Severity::High);
    assert_eq!(output.subscriber.rules, Some(names(&["iam", "ami"]).into_iter().collect()));
    settings.check_rules(&names(&["iam", "ami"])).expect("both are there");
    let error = settings.check_rules(&names(&["iam", "elbs"])).expect_err("one is not").to_string();
    assert!(error.ends_with("c.json:1:74: `outputs.a.rules[1]`: there is no rule `ami`"), "{error}");
}

#[test]
fn elasticsearch_has_an_address_a_target_and_a_login() {
    let stream = elasticsearch(
        r#"{"outputs.e": {"kind": "elasticsearch", "url": "https://es/base", "data-stream": {"namespace": "prod"}, "api-key": "id:key"}}"#,
        "e",
    );
    assert_eq!(stream.url.as_str(), "https://es/base/");
    assert_eq!(stream.target, DocumentTarget::DataStream { dataset: "reddalert.alert".into(), namespace: "prod".into() });
    assert!(!format!("{stream:?}").contains("key\""), "{stream:?}");
}

#[test]
fn hooks_keep_their_addresses_and_keys_to_themselves() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("url");
    fs::write(&file, "https://hooks.example/canary\n").expect("a file");
    let text = format!(
        r#"{{"outputs": {{"slack": {{"url": {{"$file": "{}"}}}}, "w": {{"kind": "webhook", "url": "http://x/canary?canary", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}}}}"#,
        file.display()
    );
    let settings = read(&text);
    let OutputTarget::Slack(SlackSettings { address, .. }) = target(&settings, "slack") else { panic!("Slack") };
    assert_eq!((address.expose().as_str(), address.origin().as_str()), ("https://hooks.example/canary", "https://hooks.example"));
    let OutputTarget::Webhook(WebhookSettings { key: Some(key), .. }) = target(&settings, "w") else { panic!("a webhook with a key") };
    assert_eq!(key.expose().len(), 24);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("canary") && !shown.contains("MfKQ"), "{shown}");
}

#[test]
fn trusted_certificates_are_read_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let (good, bad) = (directory.path().join("ca.pem"), directory.path().join("bad.pem"));
    fs::write(&good, CA).expect("a file");
    fs::write(&bad, "no certificate").expect("a file");
    let text =
        |file: &std::path::Path| format!(r#"{{"outputs.w": {{"kind": "webhook", "url": "https://x/", "ca": "{}"}}}}"#, file.display());
    let OutputTarget::Webhook(webhook) = target(&read(&text(&good)), "w") else { panic!("a webhook") };
    assert_eq!(webhook.certificates.map(|certificates| certificates.pem), Some(CA.as_bytes().to_vec()));
    assert!(refusal(&text(&bad)).ends_with("holds no certificate: expected PEM, `-----BEGIN CERTIFICATE-----`"));
    assert!(refusal(&text(&directory.path().join("absent"))).contains("cannot be read"));
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_place() {
    let cases = [
        (
            r#"{"email_to": "nobody"}"#,
            "1:14: `email_to`: expected a mail address, as in `ops@example.com` or `Operations <ops@example.com>`",
        ),
        (r#"{"smtp_host": "mx:x"}"#, "1:15: `smtp_host`: expected a mail server, as in `localhost` or `mail.example.com:587`"),
        (r#"{"outputs.m": {"kind": "mail_txt", "tls": "start"}}"#, "1:43: `outputs.m.tls`: expected one of starttls, implicit, none"),
        (r#"{"outputs.m": {"kind": "mail_txt", "user": "u"}}"#, "1:44: `outputs.m.user`: a user needs a `password` beside it"),
        (
            r#"{"outputs.m": {"kind": "mail_txt", "server": "mx", "tls": "none", "user": "u", "password": "p"}}"#,
            "1:92: `outputs.m.password`: with `\"tls\": \"none\"` anybody on the way could read this password: use `starttls` or `implicit`",
        ),
        (
            r#"{"outputs.m": {"kind": "mail_txt", "server": "mx:25", "port": 26}}"#,
            "1:63: `outputs.m.port`: the port stands in `server` already: remove one of the two",
        ),
        (
            r#"{"outputs.e": {"kind": "elasticsearch"}}"#,
            "1:15: `outputs.e`: expected the key `url`: the address of the server, as in `https://es.example.com:9200`",
        ),
        (
            r#"{"outputs.e": {"kind": "elasticsearch", "url": "http://es", "api-key": "31415926"}}"#,
            "1:72: `outputs.e.api-key`: anybody on the way could read this: use `https://` in `url`",
        ),
        (
            r#"{"outputs.e": {"kind": "elasticsearch", "url": "https://u:31415926@es"}}"#,
            "1:48: `outputs.e.url`: no user name and no password may stand in an address: use `user` and `password`",
        ),
        (
            r#"{"outputs.e": {"kind": "elasticsearch", "url": "https://es", "index": "x", "data-stream": true}}"#,
            "1:71: `outputs.e.index`: `index` and `data-stream` exclude each other: remove one of the two",
        ),
        (
            r#"{"outputs.e": {"kind": "elasticsearch", "url": "https://es", "data-stream": {"namespace": "a-b"}}}"#,
            "1:91: `outputs.e.data-stream.namespace`: expected at most 100 characters, none of them a `-`: it separates the parts of the name",
        ),
        (
            r#"{"outputs.w": {"kind": "webhook", "url": "https://x", "secret": "whsec_c2hvcnQ="}}"#,
            "1:65: `outputs.w.secret`: expected `whsec_` and the base64 of 24 to 64 random bytes: make one with `echo whsec_$(openssl rand \
             -base64 32)`",
        ),
        (
            r#"{"outputs.s": {"kind": "slack", "url": "http://x"}}"#,
            "1:40: `outputs.s.url`: anybody on the way could read this address: expected `https://`",
        ),
        (
            r#"{"outputs.s": {"kind": "slack", "url": "hooks"}}"#,
            "1:40: `outputs.s.url`: expected an address that begins with `https://` or `http://`",
        ),
        (r#"{"outputs.j": {"kind": "jsonl", "rules": ["A B"]}}"#, "1:43: `outputs.j.rules[0]`: "),
    ];
    for (text, expected) in cases {
        let said = refusal(text);
        assert!(said.starts_with(expected), "{text}\n{said}\n{expected}");
        assert!(!said.contains("31415926"), "{said}");
    }
}

#[test]
fn a_wrong_output_that_is_chosen_is_one_mistake() {
    let error = parse(r#"{"output": "x", "outputs": {"x": {"kind": "slack", "url": "http://x"}}}"#).expect_err("a mistake").to_string();
    assert!(!error.contains("mistakes"), "{error}");
}
