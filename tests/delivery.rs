//! An alert that was found reaches every output of the run, whatever happens in between.

use std::fs::File;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Reply, ran};

/// The end of the window of most runs here: a second run then has nothing to look at, and delivers what is left.
const UNTIL: &str = "1700000000000";

fn balancers(names: &[&str]) -> Value {
    let document = |name: &&str| json!({"loadBalancerName": name, "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]});
    names.iter().map(document).collect()
}

fn one_open_balancer() -> EddaServer {
    Account::empty().with("aws/loadBalancers", balancers(&["open"])).serve()
}

/// A program whose standard output nobody reads any more.
fn with_closed_pipe(command: &mut Command) -> &mut Command {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    command.stdout(writer)
}

fn with_full_disk(command: &mut Command) -> &mut Command {
    command.stdout(File::options().write(true).open("/dev/full").expect("/dev/full"))
}

/// Runs with a standard output of its own, which [`ran`] would replace.
fn exit_code(command: &mut Command) -> i32 {
    command.stderr(Stdio::null()).status().expect("the program starts").code().expect("an exit code")
}

#[test]
fn what_a_closed_pipe_or_a_full_disk_did_not_take_comes_again_with_the_same_id() {
    let edda = one_open_balancer();
    for break_output in [with_closed_pipe, with_full_disk] {
        let place = Place::new();
        let arguments = ["-e", &edda.url, "-u", UNTIL, "-o", "jsonl", "elbs"];
        assert_eq!(exit_code(break_output(place.command().args(arguments))), 3);
        assert!(place.status()["reddalert"]["outbox"].as_u64().expect("a length") > 0);
        let outbox: Value =
            serde_json::from_str(&std::fs::read_to_string(place.path("etc/statusfile.json.outbox")).expect("an outbox")).expect("a line");

        let second = place.run(arguments).exits(0).alerts();
        assert_eq!(second.len(), 1);
        assert!(outbox.to_string().contains(second[0]["alert_id"].as_str().expect("an id")));
        assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
        assert_eq!(place.run(arguments).exits(0).stdout, "");
    }
}

#[test]
fn each_output_is_owed_its_own_alerts() {
    let edda = one_open_balancer();
    let place = Place::new();
    let good = place.path("good.jsonl");
    place.config(&json!({"outputs": {"good": {"kind": "jsonl", "file": good}, "bad": {"kind": "stdout_tabsep", "file": "/dev/full"}}, "output": "good,bad"}));
    place.run(["-e", &edda.url, "-u", UNTIL, "elbs"]).exits(3).says(&["bad", "/dev/full", "1 alert kept"]);
    assert_eq!(std::fs::read_to_string(&good).expect("delivered").lines().count(), 1);

    place.config(&json!({"outputs": {"good": {"kind": "jsonl", "file": good}, "bad": {"kind": "stdout_tabsep"}}, "output": "good,bad"}));
    assert_eq!(place.run(["-e", &edda.url, "-u", UNTIL, "elbs"]).exits(0).stdout.lines().count(), 1);
    assert_eq!(std::fs::read_to_string(&good).expect("delivered").lines().count(), 1, "not sent twice");
}

#[test]
fn two_outputs_that_fail_at_once_are_both_kept() {
    let edda = one_open_balancer();
    let place = Place::new();
    assert_eq!(exit_code(with_closed_pipe(place.command().args(["-e", &edda.url, "-u", UNTIL, "-o", "stdout,jsonl", "elbs"]))), 3);
    let second = place.run(["-e", &edda.url, "-u", UNTIL, "-o", "stdout,jsonl", "elbs"]).exits(0);
    assert!(second.stdout.contains("Subject: open") && second.stdout.contains("\"id\":\"open\""), "{}", second.stdout);
}

#[test]
fn what_is_owed_to_an_output_that_is_gone_is_named_and_can_be_dropped() {
    let edda = one_open_balancer();
    let place = Place::new();
    assert_eq!(exit_code(with_closed_pipe(place.command().args(["-e", &edda.url, "-u", UNTIL, "-o", "stdout", "elbs"]))), 3);
    let arguments = ["-e", &edda.url, "-u", UNTIL, "-o", "jsonl", "elbs"];
    let ran = place.run(["-e", &edda.url, "-o", "jsonl", "--log-format", "human", "elbs"]).exits(0);
    assert!(ran.stderr.contains("reddalert outbox drop --output stdout"), "{}", ran.stderr);
    assert!(place.run(["outbox", "list"]).exits(0).stdout.contains("stdout"));
    place.run(["outbox", "drop", "--output", "stdout"]).exits(64).says(&["--yes"]);
    place.run(["outbox", "drop", "--output", "stdout", "--yes"]).exits(0);
    assert_eq!(place.run(arguments).exits(0).stderr, "");
    assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
}

/// Starts a run in which `iam` waits for an answer that never comes, and returns once it does.
fn stuck_run(place: &Place) -> (Child, EddaServer) {
    let account = Account::empty().with("aws/loadBalancers", balancers(&["open"]));
    let edda = EddaServer::start(move |target| if target.contains("iamUsers;_since") { Reply::Silence } else { account.answer(target) });
    let child = place
        .command()
        .args(["-e", &edda.url, "-u", UNTIL, "-o", "jsonl", "--jobs", "2", "elbs", "iam"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    // The status is first written by the commit of the rule that is done, while the other one still waits.
    while !std::fs::read_to_string(place.path("etc/statusfile.json")).is_ok_and(|text| text.contains("progress")) {
        std::thread::yield_now();
    }
    (child.expect("the program starts"), edda)
}

#[test]
fn a_run_that_is_told_to_stop_keeps_what_is_finished_and_sends_nothing_more() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let (child, _edda) = stuck_run(&place);
        let killed = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status().expect("kill runs");
        assert!(killed.success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, b"");
        assert_eq!(place.status()["reddalert"]["progress"]["iam"], json!(0));
        let next = place.run(["-e", &one_open_balancer().url, "-u", UNTIL, "-o", "jsonl", "elbs"]).exits(0);
        assert_eq!(next.alerts().len(), 1, "found before the signal, in the outbox since");
    }
}

#[test]
fn a_second_run_finds_the_lock_and_a_killed_one_leaves_none() {
    let place = Place::new();
    let edda = one_open_balancer();
    place.write("etc/statusfile.json.lock", "left over by the original");
    let (mut child, _edda) = stuck_run(&place);
    place.run(["-e", &edda.url, "-u", UNTIL, "elbs"]).exits(75).says(&["statusfile.json.lock"]);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let next = place.run(["-e", &edda.url, "-u", UNTIL, "-o", "jsonl", "elbs"]).exits(0);
    assert_eq!(next.alerts().len(), 1, "committed by the killed run, not yet sent");
}

#[test]
fn nothing_is_printed_on_standard_output_but_alerts() {
    let edda = one_open_balancer();
    let place = Place::new();
    let ran = ran(place.command().args(["-e", &edda.url, "-o", "stdout_tabsep", "elbs"])).exits(0);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stdout.starts_with("elbs\topen\t{"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_hostile_name_stays_in_its_place_in_every_output() {
    let name = "x\u{1b}]0;owned\u{7}\r\nRule: forged\tcol\u{202e}\u{9b}31m\u{2028}";
    let edda = Account::empty().with("aws/loadBalancers", balancers(&[name])).serve();
    for output in ["stdout", "stdout_tabsep", "jsonl"] {
        let text = Place::new().run(["-e", &edda.url, "-o", output, "elbs"]).exits(0).stdout;
        let acting =
            |character: char| (character.is_control() && character != '\n' && character != '\t') || "\u{202e}\u{2028}".contains(character);
        assert!(!text.contains(acting), "{output}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("Rule: forged")), "{output}: {text}");
        if output != "stdout" {
            assert_eq!(text.lines().count(), 1, "{output}: {text}");
        }
    }
}
