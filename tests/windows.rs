//! Which moments a run looks at, and what it remembers of that.

use serde_json::{Value, json};

use crate::support::{Account, EddaServer, Place, Reply};

const HOUR: i64 = 3_600_000;
const T: i64 = 1_700_000_000_000;

fn balancers(names: &[&str]) -> Value {
    let document = |name: &&str| json!({"loadBalancerName": name, "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]});
    names.iter().map(document).collect()
}

fn account() -> Account {
    Account::empty().with("aws/loadBalancers", balancers(&["open"]))
}

fn arguments<'a>(edda: &'a EddaServer, until: &'a str) -> Vec<&'a str> {
    vec!["-e", &edda.url, "-o", "jsonl", "-u", until]
}

fn updated_questions(edda: &EddaServer) -> Vec<String> {
    edda.asked().into_iter().filter(|target| target.contains("loadBalancers") && target.contains("_updated")).collect()
}

#[test]
fn each_run_looks_at_what_the_last_one_left() {
    let (edda, place) = (account().serve(), Place::new());
    for until in [T, T + HOUR, T + 3 * HOUR] {
        place.run(arguments(&edda, &until.to_string())).exits(0);
        assert_eq!(place.status()["since"], json!(until));
        assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(until));
    }
    let question = |since: i64, until: i64| format!("/api/v2/aws/loadBalancers;_expand;_since={since};_until={};_updated", until - 1);
    assert_eq!(updated_questions(&edda), [question(0, T), question(T, T + HOUR), question(T + HOUR, T + 3 * HOUR)]);
}

#[test]
fn the_status_of_the_original_is_taken_over() {
    let (edda, place) = (account().serve(), Place::new());
    let ami = json!({"first_seen": {"ami-1": 5}});
    place.write("etc/statusfile.json", json!({"since": T.to_string(), "plugin.ami": ami, "plugin.s3acl": {}, "note": [1]}).to_string());
    place.run(arguments(&edda, &(T + HOUR).to_string())).exits(0);
    assert_eq!(updated_questions(&edda), [format!("/api/v2/aws/loadBalancers;_expand;_since={T};_until={};_updated", T + HOUR - 1)]);
    let status = place.status();
    assert_eq!((&status["plugin.ami"], &status["note"], &status["since"]), (&ami, &json!([1]), &json!(T + HOUR)));
}

#[test]
fn a_run_of_one_rule_leaves_the_others_where_they_were() {
    let (edda, place) = (account().serve(), Place::new());
    place.write("etc/statusfile.json", json!({"since": T}).to_string());
    place.run(["-e", &edda.url, "-u", &(T + HOUR).to_string(), "-o", "jsonl", "elbs"]).exits(0);
    let status = place.status();
    assert_eq!(status["since"], json!(T));
    assert_eq!(
        status["reddalert"]["progress"],
        json!({"ami": T, "elbs": T + HOUR, "iam": T, "missingtag": T, "newtag": T, "non_chef": T, "route53changed": T, "route53unknown": T,
            "s3acl": T, "secgroups": T, "security_headers": T, "sso_unprotected": T})
    );
}

#[test]
fn without_store_until_each_run_reports_its_whole_window() {
    let (edda, place) = (account().serve(), Place::new());
    place.config(&json!({"store-until": false}));
    for _ in 0..2 {
        assert_eq!(place.run(arguments(&edda, &T.to_string())).exits(0).alerts().len(), 1);
    }
    assert_eq!(place.status().get("since"), None);
    let mut stored = arguments(&edda, "1700000000000");
    stored.push("--store-until");
    place.run(stored).exits(0);
    assert_eq!(place.status()["since"], json!(T));
}

#[test]
fn learning_remembers_without_sending_and_cannot_swallow_alerts_later() {
    let (edda, place) = (account().serve(), Place::new());
    let until = T.to_string();
    let mut learn = arguments(&edda, &until);
    learn.push("--learn");
    let ran = place.run(&learn).exits(0).says(&["elbs", "1 alert"]);
    assert_eq!(ran.stdout, "");
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(T));
    let later = (T + HOUR).to_string();
    let mut again = arguments(&edda, &later);
    again.push("--learn");
    place.run(&again).exits(64).says(&["--learn", "--since"]);
    again.extend(["--since", "0"]);
    place.run(&again).exits(0);
}

#[test]
fn a_dry_run_prints_and_keeps_nothing() {
    let (edda, place) = (account().serve(), Place::new());
    let until = T.to_string();
    let mut dry = arguments(&edda, &until);
    dry.push("--dry-run");
    assert_eq!(place.run(&dry).exits(0).alerts().len(), 1);
    assert!(!place.path("etc/statusfile.json").exists());
    assert!(!place.path("etc/statusfile.json.outbox").exists());
}

#[test]
fn since_in_every_spelling_starts_there() {
    let (edda, place) = (account().serve(), Place::new());
    let until = (T + HOUR).to_string();
    for since in ["1700000000000", "2023-11-14T22:13:20Z", "2023-11-14 22:13:20"] {
        let mut arguments = arguments(&edda, &until);
        arguments.extend(["--since", since, "--dry-run", "elbs"]);
        place.run(arguments).exits(0);
    }
    let expected = format!("/api/v2/aws/loadBalancers;_expand;_since={T};_until={};_updated", T + HOUR - 1);
    assert_eq!(updated_questions(&edda), [expected.as_str(); 3]);
    place.run(["-e", &edda.url, "--since=-6h", "--dry-run", "elbs"]).exits(0);
}

#[test]
fn a_gap_before_the_window_leaves_progress_and_is_said() {
    let (edda, place) = (account().serve(), Place::new());
    place.run(arguments(&edda, &T.to_string())).exits(0);
    let until = (T + 3 * HOUR).to_string();
    let since = (T + HOUR).to_string();
    let mut gap = arguments(&edda, &until);
    gap.extend(["--since", &since, "--log-format", "human"]);
    let ran = place.run(gap).exits(0);
    assert_eq!(ran.alerts().len(), 1);
    assert!(ran.stderr.contains("progress"), "{}", ran.stderr);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(T));
}

/// A crawl that lags: the collection is known for less than the window.
#[test]
fn what_a_late_crawl_brings_is_still_in_the_next_window_and_nothing_is_sent_twice() {
    let serve = |mtime: i64, names: &[&str]| {
        let account = Account::empty().with("aws/loadBalancers", balancers(names));
        EddaServer::start(move |target| {
            if target.contains("_meta") { Reply::Answer(200, format!("[{{\"mtime\":{mtime}}}]")) } else { account.answer(target) }
        })
    };
    let place = Place::new();
    let first = serve(T, &["a"]);
    assert_eq!(place.run(arguments(&first, &(T + HOUR).to_string())).exits(0).alerts().len(), 1);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(T));

    let second = serve(T + 2 * HOUR, &["a", "b"]);
    let alerts = place.run(arguments(&second, &(T + 2 * HOUR).to_string())).exits(0).alerts();
    assert_eq!(alerts.iter().map(|alert| &alert["id"]).collect::<Vec<_>>(), ["b"]);
    assert!(updated_questions(&second)[0].contains(&format!("_since={T};")), "{:?}", second.asked());
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(T + 2 * HOUR));
}

#[test]
fn fail_on_counts_severities_from_there_up() {
    let (edda, place) = (account().serve(), Place::new());
    let until = T.to_string();
    let mut arguments = arguments(&edda, &until);
    arguments.extend(["--dry-run", "--fail-on"]);
    let with = |severity: &'static str| arguments.iter().copied().chain([severity]).collect::<Vec<_>>();
    place.run(with("info")).exits(1);
    place.run(with("critical")).exits(0);
}
