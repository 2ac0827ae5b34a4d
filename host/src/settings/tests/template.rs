use serde_json::Value;

use super::super::keys::KEYS;
use super::super::limits::{LIMIT_KEYS, Limits};
use super::super::{Settings, json_schema};
use super::{names, read};

const TEMPLATE: &str = include_str!("../../../../etc/configfile.json");
const SCHEMA: &str = include_str!("../../../../etc/configfile.schema.json");
const SHIPPED_RULES: [&str; 12] = [
    "ami",
    "elbs",
    "iam",
    "missingtag",
    "newtag",
    "non_chef",
    "route53changed",
    "route53unknown",
    "s3acl",
    "secgroups",
    "security_headers",
    "sso_unprotected",
];

/// The template with every setting that it shows as a comment switched on.
fn all_switched_on() -> String {
    TEMPLATE.replace("//\"", "\"")
}

/// The file without comments and trailing commas.
fn as_json(text: &str) -> Value {
    super::super::reader::read_document(text, |root| root.json().expect("JSON")).expect("JSON")
}

/// What the JSON Schema says against the config; nothing when it is valid.
fn complaint(config: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("configfile.schema.json", json_schema()).expect("JSON");
    let schema = compiler.compile("configfile.schema.json", &mut schemas).expect("a JSON Schema");
    schemas.validate(config, schema).err().map(|error| error.to_string())
}

#[test]
fn the_template_is_valid_as_it_stands() {
    let settings = read(TEMPLATE);
    assert_eq!(settings.check_rules(&names(&SHIPPED_RULES)).expect("no mistake"), []);
    assert_eq!(settings.edda, Settings::default().edda);
    assert_eq!(complaint(&as_json(TEMPLATE)), None);
}

#[test]
fn the_template_explains_every_key_and_every_limit() {
    let shown = as_json(&all_switched_on());
    for key in KEYS.iter().filter(|key| key.name != "plugin") {
        assert!(shown.get(key.name).is_some(), "{}", key.name);
    }
    for rule in SHIPPED_RULES {
        assert!(shown.get(format!("plugin.{rule}")).is_some(), "{rule}");
    }
    for (limit, _) in LIMIT_KEYS {
        assert!(shown["limits"]["iam"].get(limit).is_some(), "{limit}");
    }
}

#[test]
fn everything_that_the_template_shows_works() {
    let text = all_switched_on();
    read(&text).check_rules(&names(&SHIPPED_RULES)).expect("no mistake");
    assert_eq!(complaint(&as_json(&text)), None);
}

#[test]
fn the_template_shows_the_default_limits() {
    let settings = read(&all_switched_on());
    let rules = settings.rules(&names(&["iam"]));
    assert_eq!(rules[0].limits, Limits::default());
}

#[test]
fn the_schema_and_the_reader_agree() {
    let texts = [
        ("{}", true),
        (r#"{"jobs": 0}"#, false),
        (r#"{"jobs": 256}"#, true),
        (r#"{"jobs": 257}"#, false),
        (r#"{"fail-on": "worst"}"#, false),
        (r#"{"max-time": "0s"}"#, false),
        (r#"{"stale-after": "never"}"#, true),
        (r#"{"max-time": "never"}"#, false),
        (r#"{"store_until": true}"#, false),
        (r#"{"plugin.a": {"$rule": "b", "": 1, "x": null}}"#, true),
        (r#"{"plugin.a": {"$ruel": "b"}}"#, false),
        (r#"{"plugin.A": {}}"#, false),
        (r#"{"plugin": {"a": {}}}"#, true),
        (r#"{"limits": {"a": {"memory": "64MiB"}}}"#, true),
        (r#"{"limits.a": {"memory": 64}}"#, false),
        (r#"{"limits.a": {"memroy": "64MiB"}}"#, false),
        (r#"{"outputs.a": {"kind": "jsonl", "file": "x"}}"#, true),
        (r#"{"outputs.a": {"kind": "html"}}"#, false),
        (r#"{"credentials.Any name": {"kind": "aws", "from": "environment"}}"#, false),
        (r#"{"credentials.a": {"kind": "aws", "from": "environment"}}"#, true),
        (r#"{"credentials": {"a": {"kind": "bearer", "token": {"$env": "CARGO_PKG_NAME"}}}}"#, true),
        (r#"{"credentials": {"a": {"kind": "bearer", "tokne": "x"}}}"#, false),
        (r#"{"credentials.a": {"kind": "bearer", "token": {"$flie": "x"}}}"#, false),
        (r#"{"credentials.a": {"token": "x"}}"#, false),
        (r#"{"outputs.a": {"kind": "jsonl", "min-severity": "high", "rules": ["iam"]}}"#, true),
        (r#"{"outputs.a": {"kind": "jsonl", "min-severity": "hihg"}}"#, false),
        (r#"{"outputs.a": {"kind": "jsonl", "rules": []}}"#, false),
        (r#"{"outputs.a": {"kind": "jsonl", "to": "x@y"}}"#, false),
        (r#"{"outputs.a": {"kind": "mail_txt", "to": "x@y", "tls": "implicit", "max-alerts": 5}}"#, true),
        (r#"{"outputs.a": {"kind": "mail_html", "tls": "ssl"}}"#, false),
        (r#"{"outputs.a": {"kind": "mail_html", "file": "x"}}"#, false),
        (r#"{"outputs.a": {"kind": "elasticsearch", "url": "https://es", "data-stream": true, "api-key": "k"}}"#, true),
        (r#"{"outputs.a": {"kind": "elasticsearch", "url": "https://es", "data-stream": false}}"#, false),
        (r#"{"outputs.a": {"kind": "elasticsearch", "url": "https://es", "data-stream": {"namspace": "x"}}}"#, false),
        (r#"{"outputs.a": {"kind": "webhook", "url": "https://x/", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}"#, true),
        (r#"{"outputs.a": {"kind": "slack", "url": {"$env": "PATH", "$file": "x"}}}"#, false),
        (r#"{"outputs.a": {"kind": "slack", "url": "https://x/", "secret": "x"}}"#, false),
        (r#"{"grants": {"a": 1}}"#, false),
        (r#"{"grants": {"a": "https://www.example.com/api", "b": [], "c": ["as-asked", "tcp://a:1"]}}"#, true),
        (r#"{"grants.a": "ftp://www.example.com"}"#, false),
        (r#"{"grants.a": {"hosts": "b", "schemes": ["http", "tcp"], "ports": [80, "8000-8100"], "private": "10.0.0.0/8"}}"#, true),
        (r#"{"grants.a": [{"hosts": "b", "methods": "GET", "path": "/x"}]}"#, true),
        (r#"{"grants.a": {"hosts": [], "schemes": "http"}}"#, false),
        (r#"{"grants.a": {"hosts": "b", "scheme": "http"}}"#, false),
        (r#"{"grants.a": {"hosts": "b", "ports": 0}}"#, false),
        (r#"{"trust-writable-rules": "yes"}"#, false),
        (r#"{"lock": ""}"#, false),
        (r#"{"signatures": {"keys": "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"}}"#, true),
        (r#"{"signatures": {"keys": ["RWQf"], "required": false}}"#, false),
        (r#"{"signatures": {"required": true}}"#, false),
        (r#"{"signatures": {"kyes": []}}"#, false),
        (r#"{"email_to": "x@y"}"#, true),
        (r#"{"email_to": 1}"#, false),
    ];
    for (text, right) in texts {
        assert_eq!(super::parse(text).is_ok(), right, "reader: {text}");
        assert_eq!(complaint(&as_json(text)).is_none(), right, "schema: {text}");
    }
}

#[test]
fn the_checked_in_schema_is_up_to_date() {
    let checked_in: Value = serde_json::from_str(SCHEMA).expect("JSON");
    assert!(
        json_schema() == checked_in,
        "etc/configfile.schema.json is out of date: run `cargo test -p reddalert --lib write_the_schema -- --ignored`"
    );
}

#[test]
#[ignore = "writes etc/configfile.schema.json"]
fn write_the_schema() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../etc/configfile.schema.json");
    std::fs::write(file, format!("{:#}\n", json_schema())).expect("a writable file");
}
