//! Failure is not silence: whatever fails, the exit code, the summary, the log and the metrics say so, the rule's progress stays, and the
//! next good run reports what the failed one would have.

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Recorder, Reply, project, ran_with_peak};

const UNTIL: &str = "1700000000000";
const BALANCERS: &str = r#"[{"loadBalancerName":"one","listenerDescriptions":[{"listener":{"loadBalancerPort":8080}}]},
    {"loadBalancerName":"two","listenerDescriptions":[{"listener":{"loadBalancerPort":8080}}]}]"#;

/// A way to fail.
struct Failure {
    name: &'static str,
    exit: i32,
    /// What the summary says.
    says: &'static [&'static str],
    /// Whether the alerts are known nevertheless, and wait.
    kept: bool,
    /// The config, besides what all have.
    config: Value,
    /// What EDDA answers to the question for changed load balancers.
    reply: fn() -> Reply,
}

fn good() -> Reply {
    Reply::Answer(200, BALANCERS.into())
}

fn edda(reply: fn() -> Reply) -> EddaServer {
    let account = Account::empty();
    EddaServer::start(move |target| if target.contains("loadBalancers;_expand") { reply() } else { account.answer(target) })
}

/// One output called `alerts`, and `more`, which wins.
fn configure(place: &Place, more: &Value) {
    let mut config = json!({
        "metrics-file": "reddalert.prom",
        "output": "alerts",
        "outputs": {"alerts": {"kind": "jsonl", "file": place.path("alerts")}},
    });
    config.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    place.config(&config);
}

fn reported(place: &Place) -> Vec<String> {
    let text = std::fs::read_to_string(place.path("alerts")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].as_str().expect("an id").to_owned()).collect()
}

fn metric(place: &Place, name: &str) -> String {
    let text = std::fs::read_to_string(place.path("etc/reddalert.prom")).expect("the metrics");
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_else(|| panic!("no {name} in\n{text}")).to_owned()
}

/// Fails, is told of everywhere, and is made up for.
fn fails_and_is_made_up_for(failure: &Failure) {
    let Failure { name, exit, says, kept, config, reply } = failure;
    let (place, server) = (Place::new(), edda(*reply));
    configure(&place, config);
    let mut command = place.command();
    command.args(["-e", &server.url, "-u", UNTIL, "--log-format", "json", "elbs"]);
    let (ran, peak) = ran_with_peak(&mut command);
    assert_eq!((ran.code, ran.stdout.as_str()), (*exit, ""), "{name}: {}", ran.stderr);
    for text in says.iter().chain(&[format!("exit code {exit}").as_str()]) {
        assert!(ran.stderr.contains(text), "{name}: no `{text}` in\n{}", ran.stderr);
    }
    let logged = ran.stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let warnings: Vec<Value> = logged.filter(|line| line["level"] == "WARN" && line["fields"]["kind"].is_string()).collect();
    assert!(!warnings.is_empty(), "{name}: the log is silent:\n{}", ran.stderr);
    assert!(peak < 512, "{name}: {peak} MiB");
    assert_eq!(metric(&place, "reddalert_last_run_exit_code"), exit.to_string(), "{name}");
    assert_eq!(metric(&place, "reddalert_last_success_timestamp_seconds"), "0", "{name}");
    assert_eq!(reported(&place), [""; 0], "{name}");
    if *kept {
        assert_eq!(metric(&place, "reddalert_output_pending{output=\"alerts\"}"), "2", "{name}");
    } else {
        assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(0), "{name}");
        assert_eq!(metric(&place, "reddalert_rule_status{rule=\"elbs\",status=\"failed\"}"), "1", "{name}");
    }

    let server = edda(good);
    configure(&place, &json!({}));
    assert_eq!(place.run(["-e", &server.url, "-u", UNTIL, "elbs"]).exits(0).stderr, "", "{name}");
    assert_eq!(reported(&place), ["one", "two"], "{name}");
    assert_eq!(metric(&place, "reddalert_last_run_exit_code"), "0", "{name}");
}

fn of_edda(name: &'static str, says: &'static [&'static str], reply: fn() -> Reply) -> Failure {
    Failure { name, exit: 4, says, kept: false, config: json!({}), reply }
}

#[test]
fn whatever_edda_does() {
    let slow = |failure: Failure| Failure { config: json!({"limits.elbs": {"waiting-time": "500ms"}}), ..failure };
    let cases = [
        of_edda("reset", &["elbs: failed", "loadBalancers"], || Reply::Raw(Vec::new())),
        slow(of_edda("silent from the start", &["elbs: failed", "loadBalancers"], || Reply::Silence)),
        slow(of_edda("silent in the middle", &["elbs: failed", "loadBalancers"], || {
            Reply::Stalled("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n[{\"loadBalancerName\":\"one\"},")
        })),
        of_edda("busy", &["elbs: failed", "429"], || Reply::Answer(429, String::new())),
        of_edda("unavailable", &["elbs: failed", "503"], || Reply::Answer(503, String::new())),
        of_edda("a login page", &["elbs: failed", "<html>"], || Reply::Answer(200, "<html>log in</html>".into())),
        of_edda("another type", &["elbs: failed", "a list was asked for"], || Reply::Answer(200, r#"{"loadBalancerName":"one"}"#.into())),
        of_edda("a document of two GiB", &["elbs: failed"], || Reply::Flood("[{\"loadBalancerName\":\"", "0")),
        slow(of_edda("two GiB of documents", &["elbs: failed", "in time"], || Reply::Flood("[{}", ",{\"loadBalancerName\":\"x\"}"))),
    ];
    for case in &cases {
        fails_and_is_made_up_for(case);
    }
}

#[test]
fn whatever_a_rule_does() {
    let exceeding =
        |name, says, limits: Value| Failure { name, exit: 2, says, kept: false, config: json!({"limits.elbs": limits}), reply: good };
    let cases = [
        exceeding("too many alerts", &["elbs: failed", "more than 1 alert"], json!({"alerts": 1})),
        exceeding("too large a result", &["elbs: failed", "\"result-bytes\""], json!({"result-bytes": "100B"})),
        exceeding("too much of the inventory", &["elbs: failed", "\"inventory-bytes\""], json!({"inventory-bytes": "50B"})),
        exceeding("too much memory", &["elbs", "\"memory\""], json!({"memory": "64KiB"})),
    ];
    for case in &cases {
        fails_and_is_made_up_for(case);
    }
}

#[test]
fn whatever_an_output_does() {
    let gone = Recorder::start(|_, _| Recorder::answer("410 Gone", ""));
    let tired = Recorder::start(|_, _| "429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n".to_owned());
    let output = |name, says, output: Value| Failure {
        name,
        exit: 3,
        says,
        kept: true,
        config: json!({"outputs": {"alerts": output}}),
        reply: good,
    };
    let cases = [
        output("a full disk", &["output alerts: 2 alerts kept", "/dev/full"], json!({"kind": "jsonl", "file": "/dev/full"})),
        output("no directory", &["output alerts: 2 alerts kept", "/nowhere/x"], json!({"kind": "stdout", "file": "/nowhere/x"})),
        output("a hook that is gone", &["output alerts: 2 alerts kept", "410"], json!({"kind": "webhook", "url": gone.url})),
        output("a hook that wants an hour", &["output alerts: 2 alerts kept", "429"], json!({"kind": "webhook", "url": tired.url})),
    ];
    for case in &cases {
        fails_and_is_made_up_for(case);
    }
    assert_eq!((gone.requests().len(), tired.requests().len()), (1, 1), "neither is tried again in one run");
}

#[test]
fn a_rule_that_traps_and_its_successor() {
    let hostile = |name: &str| std::fs::read_to_string(project().join("tests/hostile").join(name)).expect("a fixture");
    let place = Place::new();
    let rules = place.rules(&["elbs"]);
    let panics = wat::parse_str(hostile("frame.wat").replace(";; RULE", &hostile("panics.wat"))).expect("WebAssembly text");
    let good_rule = std::fs::read(rules.join("elbs.wasm")).expect("a rule");
    std::fs::remove_file(rules.join("elbs.wasm")).expect("removed");
    let (file, server) = (rules.join("mine.wasm"), edda(good));
    configure(&place, &json!({}));
    let arguments = ["-e", &server.url, "-u", UNTIL, "--plugins", "rules", "mine"];
    for (bytes, says) in
        [(panics.as_slice(), "rule mine panicked"), (b"no component", "mine.wasm"), (&good_rule[..good_rule.len() / 2], "mine.wasm")]
    {
        std::fs::write(&file, bytes).expect("written");
        place.run(arguments).exits(2).says(&["mine: failed", says]);
        assert_eq!(metric(&place, "reddalert_rule_status{rule=\"mine\",status=\"failed\"}"), "1");
        assert_eq!(place.status()["reddalert"]["progress"]["mine"], json!(0));
    }
    std::fs::write(&file, good_rule).expect("written");
    place.run(arguments).exits(0);
    assert_eq!(reported(&place), ["one", "two"]);
}

#[test]
fn whatever_the_archive_is() {
    let place = Place::new();
    place.write("aws.loadBalancers.json", BALANCERS);
    let import = |archive: &str, at: &str| place.run(["archive", "import", "--archive", archive, "--at", at, "aws.loadBalancers.json"]);
    configure(&place, &json!({}));
    import("good.db", "2025-11-23T09:00:00Z").exits(0);
    let good_archive = std::fs::read(place.path("good.db")).expect("an archive");
    place.write("cut.db", &good_archive[..good_archive.len() / 2]);
    place.write("text.db", "I am no database. ".repeat(500));
    place.write("empty.db", "");
    for archive in ["none.db", "cut.db", "text.db", "empty.db"] {
        let address = format!("archive:{archive}");
        let ran = place.run(["-e", &address, "-u", "2025-11-23T10:00:00Z", "elbs"]);
        assert!(ran.code == 4 && ran.stderr.contains(archive), "{archive}: {} {}", ran.code, ran.stderr);
        assert_eq!(metric(&place, "reddalert_last_run_exit_code"), "4", "{archive}");
        let progress = place.path("etc/statusfile.json").exists().then(|| place.status()["reddalert"]["progress"]["elbs"].clone());
        assert!(progress.is_none_or(|progress| progress == json!(0) || progress.is_null()), "{archive}");
    }
    place.run(["-e", "archive:good.db", "-u", "2025-11-23T10:00:00Z", "elbs"]).exits(0);
    assert_eq!(reported(&place), ["one", "two"]);
}
