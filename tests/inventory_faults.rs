//! Every way in which EDDA can fail: said, exit code 4, nothing lost.

use serde_json::json;

use crate::support::{Account, EddaServer, Place, Ran, Reply};

const BALANCER: &str = r#"[{"loadBalancerName":"open","listenerDescriptions":[{"listener":{"loadBalancerPort":8080}}]}]"#;

/// Runs `elbs` against a server that answers this to the question for changed load balancers.
fn run_against(place: &Place, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Ran {
    let account = Account::empty();
    let edda = EddaServer::start(move |target| if target.contains("loadBalancers;_expand") { reply() } else { account.answer(target) });
    place.run(["-e", &edda.url, "-o", "jsonl", "elbs"])
}

#[test]
fn a_bad_answer_fails_the_rule_and_the_next_good_run_reports_what_was_missed() {
    type Answer = Box<dyn Fn() -> Reply + Send + Sync>;

    let raw = |text: &'static str| move || Reply::Raw(text.as_bytes().to_vec());
    let cases: Vec<(&str, Answer)> = vec![
        ("500", Box::new(|| Reply::Answer(500, "<html>oops</html>".into()))),
        ("html", Box::new(|| Reply::Answer(200, "<html>log in</html>".into()))),
        ("object", Box::new(|| Reply::Answer(200, r#"{"page":1}"#.into()))),
        ("cut off", Box::new(|| Reply::Answer(200, r#"[{"loadBalancerName":"a"},{"loadB"#.into()))),
        ("shorter than said", Box::new(raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{\"a\":1},"))),
        ("closed", Box::new(raw(""))),
        ("no HTTP", Box::new(raw("hello\r\n\r\n"))),
    ];
    for (name, reply) in cases {
        let place = Place::new();
        let ran = run_against(&place, reply);
        assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("elbs") && ran.stderr.contains("loadBalancers"), "{name}: {}", ran.stderr);
        assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(0), "{name}");
        let good = run_against(&place, || Reply::Answer(200, BALANCER.into())).exits(0);
        assert_eq!(good.alerts().len(), 1, "{name}");
    }
}

#[test]
fn an_edda_that_is_down_is_named() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port nobody listens on");
    let place = Place::new();
    place.run(["-e", &format!("http://{unused}/edda"), "elbs"]).exits(4).says(&[&unused.to_string(), "elbs"]);
}

#[test]
fn an_edda_that_never_answers_costs_the_waiting_time_of_the_rule() {
    let place = Place::new();
    place.config(&json!({"limits": {"elbs": {"waiting-time": "1s"}}}));
    run_against(&place, || Reply::Silence).exits(4).says(&["elbs"]);
}

#[test]
fn a_passing_trouble_is_tried_again() {
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let place = Place::new();
    let ran = run_against(&place, move || match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Reply::Answer(503, "busy".into()),
        _ => Reply::Answer(200, BALANCER.into()),
    });
    assert_eq!(ran.exits(0).alerts().len(), 1);
}

#[test]
fn one_broken_collection_leaves_the_other_rules_their_alerts() {
    let account = Account::empty().with("aws/loadBalancers", serde_json::from_str(BALANCER).expect("JSON"));
    let edda =
        EddaServer::start(move |target| if target.contains("iamUsers") { Reply::error(500, "boom") } else { account.answer(target) });
    let place = Place::new();
    let ran = place.run(["-e", &edda.url, "-o", "jsonl"]).exits(4).says(&["iam"]);
    assert_eq!(ran.alerts().len(), 1);
    assert_eq!(place.status()["reddalert"]["progress"]["iam"], json!(0));
    assert!(place.status()["reddalert"]["progress"]["elbs"].as_i64().expect("a number") > 0);
}

#[test]
fn each_question_is_asked_once_for_all_rules() {
    let edda = Account::empty().serve();
    Place::new().run(["-e", &edda.url, "-o", "jsonl"]).exits(0);
    let asked = edda.asked();
    let mut distinct = asked.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), asked.len(), "{asked:#?}");
    assert!(asked.iter().any(|target| target == "/api/v2/view/instances;_expand"), "{asked:#?}");
}

#[test]
fn a_crawl_that_stands_still_is_named() {
    let account = Account::empty();
    let edda = EddaServer::start(move |target| {
        if target.contains("_meta") { Reply::Answer(200, r#"[{"mtime":1700000000000}]"#.into()) } else { account.answer(target) }
    });
    let place = Place::new();
    place.run(["-e", &edda.url, "elbs"]).exits(4).says(&["aws.loadBalancers", "stale-after"]);
    assert_eq!(place.status()["reddalert"]["progress"]["elbs"], json!(1_700_000_000_000_i64));
    place.run(["-e", &edda.url, "elbs", "--until", "2023-11-14T22:00:00Z"]).exits(0);
}
