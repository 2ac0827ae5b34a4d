//! Webhooks and Slack, to a server that remembers.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{EddaServer, Place, Ran, Recorder, open_balancers};

const UNTIL: &str = "1700000000000";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn run(place: &Place, edda: &EddaServer) -> Ran {
    place.run(["-e", &edda.url, "-u", UNTIL, "elbs"])
}

fn config(place: &Place, kind: &str, keys: &Value) {
    place.config(&json!({"output": kind, "outputs": {kind: keys}}));
}

/// What OpenSSL makes of it, with the key of the secret above.
fn hmac(text: &str) -> String {
    let key = "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0";
    let script = format!("printf %s \"$0\" | openssl dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary | openssl base64 -A");
    let output = Command::new("sh").args(["-c", &script, text]).output().expect("a shell and openssl");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_webhook_gets_each_alert_signed_and_again_with_the_same_id() {
    let hook = Recorder::start(|number, _| match number {
        0 => "429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        _ => Recorder::answer("204 No Content", ""),
    });
    let (place, edda) = (Place::new(), open_balancers(2));
    config(&place, "webhook", &json!({"url": format!("{}/hook", hook.url), "secret": SECRET}));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let requests = hook.requests();
    assert_eq!(requests.len(), 3, "the first one twice");
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    for request in &requests {
        let (id, timestamp) = (request.header("webhook-id"), request.header("webhook-timestamp"));
        assert_eq!(request.header("webhook-signature"), format!("v1,{}", hmac(&format!("{id}.{timestamp}.{}", request.body))));
        assert_eq!((&request.json()["type"], &request.json()["data"]["alert_id"]), (&json!("reddalert.alert"), &json!(id)));
    }
    assert_eq!(requests[2].json()["data"]["id"], "lb-1");
}

#[test]
fn a_webhook_that_is_gone_keeps_its_alerts_and_a_refused_alert_is_a_dead_letter() {
    let hook = Recorder::start(|number, _| match number {
        0 => Recorder::answer("410 Gone", "no more"),
        1 => Recorder::answer("301 Moved\r\nLocation: http://127.0.0.1:1/", ""),
        2 => Recorder::answer("422 Unprocessable Entity", "no such\u{1b}[31m field"),
        _ => Recorder::answer("200 OK", ""),
    });
    let (place, edda) = (Place::new(), open_balancers(2));
    config(&place, "webhook", &json!({"url": format!("{}/canary", hook.url)}));
    let gone = run(&place, &edda).exits(3).says(&["2 alerts kept", "410 Gone", "it wants no more alerts"]);
    assert!(!gone.stderr.contains("canary"), "the address may be a secret: {}", gone.stderr);
    run(&place, &edda).exits(3).says(&["2 alerts kept", "redirects are not followed"]);
    run(&place, &edda).exits(3).says(&["1 alert will never be taken", "422 Unprocessable Entity: `no such\\u001b[31m field`"]);
    assert_eq!(hook.requests().len(), 4, "the other one was taken");
    assert_eq!(std::fs::read_to_string(place.path("etc/statusfile.json.dead")).expect("dead letters").lines().count(), 1);
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
}

#[test]
fn slack_gets_one_message_a_run_and_plain_text_when_it_does_not_like_the_blocks() {
    let slack = Recorder::start(|number, _| match number {
        0 => "429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        1 => Recorder::answer("400 Bad Request", "invalid_blocks"),
        _ => Recorder::answer("200 OK", "ok"),
    });
    let (place, edda) = (Place::new(), open_balancers(30));
    config(&place, "slack", &json!({"url": format!("{}/services/canary", slack.url)}));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let requests = slack.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, requests[1].body);
    let blocks = requests[1].json()["blocks"].as_array().cloned().expect("blocks");
    assert_eq!(blocks[0]["text"]["text"], "reddalert: 30 medium");
    assert_eq!(blocks.last().expect("a block")["text"]["text"], "and 10 more alerts: 10 of elbs");
    assert_eq!(requests[2].json(), json!({"text": "reddalert: 30 medium"}));
}

#[test]
fn one_output_that_is_down_does_not_hold_up_another() {
    let hook = Recorder::start(|_, _| Recorder::answer("200 OK", ""));
    let (place, edda) = (Place::new(), open_balancers(1));
    place.config(&json!({
        "output": "slack,webhook,jsonl",
        "outputs": {"slack": {"url": "http://127.0.0.1:1/canary"}, "webhook": {"url": hook.url, "min-severity": "low"}},
    }));
    let ran = run(&place, &edda).exits(3).says(&["output slack: 1 alert kept", "http://127.0.0.1:1 cannot be reached", "(4 tries)"]);
    assert_eq!((ran.alerts().len(), hook.requests().len()), (1, 1));
    assert!(!ran.stderr.contains("canary"), "{}", ran.stderr);
    let waiting = place.run(["outbox", "list"]).exits(0).stdout;
    assert!(waiting.starts_with("slack: 1 alert, the oldest found at ") && waiting.lines().count() == 1, "{waiting}");
}

#[test]
fn an_output_is_owed_only_what_it_wants() {
    let hook = Recorder::start(|_, _| Recorder::answer("200 OK", ""));
    let (place, edda) = (Place::new(), open_balancers(1));
    for (picky, requests) in [(json!({"url": hook.url, "min-severity": "high"}), 0), (json!({"url": hook.url, "rules": "elbs"}), 1)] {
        config(&place, "webhook", &picky);
        place.run(["-e", &edda.url, "-s", "0", "-u", UNTIL, "elbs"]).exits(0);
        assert_eq!(hook.requests().len(), requests);
        std::fs::remove_file(place.path("etc/statusfile.json")).expect("removed");
    }
    config(&place, "webhook", &json!({"url": hook.url, "rules": ["ebls"]}));
    place.run(["-e", &edda.url, "elbs"]).exits(78).says(&["there is no rule `ebls`: did you mean `elbs`?"]);
}

#[test]
fn a_test_alert_goes_through_every_output_and_the_results_are_shown() {
    let hook = Recorder::start(|_, _| Recorder::answer("200 OK", ""));
    let (place, edda) = (Place::new(), open_balancers(1));
    let webhook = json!({"url": hook.url, "min-severity": "critical"});
    place.config(&json!({"output": "webhook,stdout", "outputs": {"webhook": webhook, "slack": {"url": "http://127.0.0.1:1/"}}}));
    let ran = place.run(["check", "-e", &edda.url, "--send-test"]).exits(0);
    assert!(
        ran.stderr.contains("output webhook: the test alert was taken") && ran.stdout.contains("This is a test of reddalert"),
        "{}",
        ran.stdout
    );
    assert_eq!(hook.requests()[0].json()["data"]["title"], "This is a test of reddalert: nothing is wrong");
    let ran = place.run(["check", "-e", &edda.url, "-o", "webhook,slack", "--send-test"]).exits(3);
    assert!(
        ran.says(&["output slack: the test alert did not arrive: http://127.0.0.1:1 cannot be reached"])
            .stderr
            .contains("webhook: the test")
    );
    assert_eq!(hook.requests().len(), 2);
    assert!(!place.run(["check", "-e", &edda.url]).exits(0).stderr.contains("test alert"));
    assert_eq!(hook.requests().len(), 2);
}

#[test]
fn a_run_that_is_told_to_stop_does_not_wait_for_a_server_that_is_silent() {
    let hook = Recorder::start(|_, _| {
        loop {
            std::thread::park();
        }
    });
    let (place, edda) = (Place::new(), open_balancers(1));
    config(&place, "webhook", &json!({"url": hook.url}));
    let child = place.command().args(["-e", &edda.url, "-u", UNTIL, "elbs"]).stderr(Stdio::piped()).spawn().expect("the program starts");
    while hook.requests().is_empty() {
        std::thread::yield_now();
    }
    let killed = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().expect("kill runs");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(3) && said.contains("1 alert kept for the next run: the run was told to stop"), "{said}");
}
