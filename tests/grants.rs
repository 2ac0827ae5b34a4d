//! What an operator sees of a rule that wants to reach something: before it runs, when it is refused, and when the advice was followed.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use super::support::{Account, Place};

/// A web server that greets everybody. Gives its port. Ends with the tests.
pub(crate) fn greeter() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            // A client that went away needs no answer.
            let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        }
    });
    port
}

fn data(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "\\{byte:02x}");
        all
    })
}

/// Puts the rule `web` into the place: it asks for one address, and fails with the text of the refusal.
fn add_rule(place: &Place, url: &str, manifest: Option<Value>) -> String {
    let hostile = |name: &str| {
        let file = super::support::project().join("tests/hostile").join(name);
        std::fs::read_to_string(file).expect("a fixture")
    };
    let mut module = hostile("sends.wat").replace("COUNT", "1");
    for (word, content) in [("URL", url), ("NAME", "accept"), ("VALUE", "*/*")] {
        module = module.replace(&format!("{word}-TEXT"), &data(content)).replace(&format!("{word}-LENGTH"), &content.len().to_string());
    }
    if let Some(manifest) = manifest {
        let section = format!("(core module $rule (@custom \"reddalert:manifest\" \"{}\")", data(&manifest.to_string()));
        module = module.replace("(core module $rule", &section);
    }
    let component = wat::parse_str(hostile("frame.wat").replace(";; RULE", &module)).expect("WebAssembly text");
    place.write("web/web.wasm", component);
    place.path("web").to_string_lossy().into_owned()
}

#[test]
fn rules_tells_what_is_asked_for_granted_and_lacking_without_running_anything() {
    let place = Place::new();
    let asks = json!([
        {"reason": "looks at\u{1b}[2J pages", "schemes": ["http", "https"], "hosts": ["a.example", "inventory:aws/hostedRecords.name"]},
        {"reason": "asks Chef", "hosts": ["setting:chef"], "methods": ["POST"], "credential": "chef"},
    ]);
    let declared = json!({"chef": {"kind": "bearer", "settings": {"token": "token"}}});
    let directory = add_rule(&place, "https://a.example/", Some(json!({"title": "Web", "grants": asks, "credentials": declared})));
    let told = |config: &Value| {
        place.config(config);
        let text = place.run(["rules", "--plugins", &directory, "web"]).exits(0).stdout;
        assert!(!text.contains("secgroups"), "{text}");
        let lines =
            text.lines().filter(|line| ["asks for", "granted", "lacks", "unused"].iter().any(|key| line.trim_start().starts_with(key)));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let web = r#"{"schemes": ["http", "https"], "hosts": ["a.example", "inventory:aws/hostedRecords.name"]}"#;
    let chef = r#"{"hosts": ["setting:chef"], "methods": ["POST"]}"#;
    let asked =
        [format!("asks for {web}: looks at\\u001b[2J pages"), format!("asks for {chef}, signed with a secret of its settings: asks Chef")];
    let lacks_all = format!("lacks    all of what it asks for; to allow it, add to the config: \"grants.web\": [{web}, {chef}]");
    assert_eq!(told(&json!({})), [&asked[..], &["granted  nothing".into(), lacks_all]].concat());

    let some = r#"{"schemes": ["http", "https"], "hosts": ["inventory:aws/hostedRecords.name"]}"#;
    let lacks = format!("lacks    some of what it asks for; to allow it, add {some} to the list \"grants.web\" in the config");
    let granted =
        json!([{"schemes": ["http", "https"], "hosts": ["*.example"]}, {"hosts": "setting:chef", "methods": "POST"}, "https://b.test"]);
    let lines = told(&json!({"grants.web": granted}));
    assert_eq!(
        lines[2..],
        [
            r#"granted  {"schemes": ["http", "https"], "hosts": ["*.example"]}"#.to_owned(),
            format!("granted  {chef}"),
            r#"granted  "https://b.test""#.to_owned(),
            lacks,
            r#"unused   "https://b.test": its manifest asks for none of these hosts"#.to_owned(),
        ]
    );
    assert_eq!(told(&json!({"grants.web": "as-asked"}))[2..], ["granted  whatever it asks for"]);
}

#[test]
fn whoever_follows_the_advice_of_a_refusal_gets_there() {
    let (place, port) = (Place::new(), greeter());
    let edda = Account::empty().serve();
    let directory = add_rule(&place, &format!("http://127.0.0.1:{port}/"), None);
    let run = || place.run(["run", "web", "-e", &edda.url, "--plugins", &directory]);
    let refused = run().exits(2).says(&["rule web asked for GET http://127.0.0.1", "which is not granted"]).stderr;
    let (_, line) = refused.split_once("add to the config: ").expect("the line to add");
    let line = line.lines().next().expect("a line");
    place.write("etc/configfile.json", format!("{{{line}}}"));
    run().exits(0);

    // The address among a wider network is not named, and special.
    place.config(&json!({"grants.web": {"schemes": "http", "hosts": "0.0.0.0/0", "ports": port}}));
    run().exits(2).says(&["a loopback address", r#"add "private": ["127.0.0.1"] to the grant of 127.0.0.1 in "grants.web""#]);
    place.config(&json!({"grants.web": {"schemes": "http", "hosts": "0.0.0.0/0", "ports": port, "private": ["127.0.0.1"]}}));
    run().exits(0);
}

#[test]
fn an_ask_that_cannot_be_granted_makes_the_rule_unusable() {
    let place = Place::new();
    let manifest = json!({"title": "Web", "grants": [{"reason": "everything", "hosts": ["*"]}]});
    let directory = add_rule(&place, "https://a.example/", Some(manifest));
    let text = place.run(["rules", "--plugins", &directory, "web"]).exits(2).stdout;
    assert!(
        text.contains("its manifest asks for a grant that cannot be (number 1 of `grants`): `*`: `*` can only stand in front of a name"),
        "{text}"
    );
}
