//! One corpus of hostile texts goes through every output at once. Each reader on the other side finds as many things as there are, each whole.

use serde_json::{Value, json};

use crate::support::{EddaServer, MailServer, Place, Recorder, Reply};

const CORPUS: &str = include_str!("data/hostile_texts.json");

fn acts(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t' && character != '\r')
        || matches!(character, '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Balancers with these names, and one whose name JSON can write and Unicode cannot.
fn edda(names: &[String]) -> EddaServer {
    let document = |name: &String| json!({"loadBalancerName": name, "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]});
    let documents: Vec<String> = names.iter().map(|name| document(name).to_string()).collect();
    let lone = r#"{"loadBalancerName": "lone \ud800 surrogate", "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]}"#;
    let answer = format!("[{},{lone}]", documents.join(","));
    EddaServer::start(
        move |target| {
            if target.contains("_meta") { Reply::Answer(404, "{}".into()) } else { Reply::Answer(200, answer.clone()) }
        },
    )
}

#[test]
fn no_hostile_text_leaves_its_place_in_any_output() {
    let Some(mail) = MailServer::start("no_hostile_text_leaves_its_place_in_any_output", None) else { return };
    let mut names: Vec<String> = serde_json::from_str(CORPUS).expect("a list of texts");
    names.push("long \u{202e}<&> ".repeat(2000));
    let (edda, place) = (edda(&names), Place::new());
    let hook = Recorder::start(|_, _| Recorder::answer("200 OK", ""));
    let slack = Recorder::start(|_, _| Recorder::answer("200 OK", "ok"));
    let search = Recorder::start(|_, request| {
        let items = vec![r#"{"create":{"status":201}}"#; request.body.lines().count() / 2];
        Recorder::answer("200 OK", &format!(r#"{{"errors":false,"items":[{}]}}"#, items.join(",")))
    });
    place.config(&json!({
        "output": "text,tsv,json,mail_html,elasticsearch,webhook,slack",
        "smtp_host": format!("127.0.0.1:{}", mail.port),
        "outputs": {
            "text": {"kind": "stdout", "file": "text"}, "tsv": {"kind": "stdout_tabsep", "file": "tsv"}, "json": {"kind": "jsonl", "file": "json"},
            "elasticsearch": {"url": search.url}, "webhook": {"url": hook.url}, "slack": {"url": slack.url},
        },
    }));
    let ran = place.run(["-e", &edda.url, "-u", "1700000000000", "--log-format", "human", "elbs"]);
    assert!(!ran.stderr.contains(acts) && !ran.stderr.contains("panic"), "{:?}", ran.stderr);
    assert!(ran.stderr.contains("surrogate") || ran.stderr.contains("skipped"), "the odd one is told of: {}", ran.stderr);
    let file = |name: &str| std::fs::read_to_string(place.path("etc").join(name)).expect(name);

    let lines = |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    let (text, tsv, jsonl) = (file("text"), file("tsv"), file("json"));
    assert!(![&text, &tsv, &jsonl].iter().any(|text| text.contains(acts)));
    assert_eq!((lines(&text, "Rule: elbs"), lines(&text, "Rule: "), lines(&text, "Subject: ")), (names.len(), names.len(), names.len()));
    assert!(tsv.lines().count() == names.len() && tsv.lines().all(|line| line.matches('\t').count() == 2), "{tsv}");
    let ids: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].take()).collect();
    assert_eq!(sorted(ids), sorted(names.iter().map(|name| json!(name)).collect()));

    look_at_mail(&mail, names.len());
    let documents = search.requests().remove(0).body;
    assert_eq!(documents.lines().filter(|line| line.starts_with(r#"{"create":"#)).count(), names.len());
    assert!(documents.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{documents}");
    let events: Vec<Value> = hook.requests().iter().map(|request| request.json()["data"]["id"].take()).collect();
    assert_eq!(sorted(events), sorted(names.iter().map(|name| json!(name)).collect()));

    let message = slack.requests().remove(0);
    let raw = message.json().to_string();
    assert!(!raw.contains("<!channel>") && !raw.contains("<@U") && !raw.contains("mrkdwn") && !raw.contains("<https"), "{raw}");
    for block in message.json()["blocks"].as_array().expect("blocks") {
        let text = block["text"]["text"].as_str().expect("text");
        assert!(block["text"]["type"] == "plain_text" && !text.contains(acts) && !text.contains(['<', '>']), "{text:?}");
    }
}

fn look_at_mail(server: &MailServer, alerts: usize) {
    let mail = server.mails(1).remove(0);
    assert_eq!(mail.0["defects"], json!([]), "{}", mail.0);
    assert_eq!((mail.header("Bcc"), mail.header("X-Reddalert-Alerts")), (String::new(), alerts.to_string()));
    assert_eq!(mail.header("X-RcptTo"), "root@localhost");
    let types: Vec<&str> = mail.0["parts"].as_array().expect("parts").iter().filter_map(|part| part["type"].as_str()).collect();
    assert_eq!(types, ["text/plain", "text/html", "application/x-ndjson"], "the long one is shortened, so that there is an attachment");
    let text = mail.part("text/plain")["text"].as_str().expect("text");
    assert!(!text.contains(acts) && !text.lines().any(|line| line.starts_with("Rule: forged")), "{text:?}");
    let page = &mail.part("text/html")["page"];
    assert_eq!(
        page["tags"],
        json!(["body", "div", "h1", "h2", "head", "html", "meta", "p", "title"]),
        "nothing that a rule wrote became an element"
    );
    assert_eq!(page["attributes"], json!(["charset", "content", "lang", "name", "style"]));
    assert_eq!(page["links"], json!([]));
    assert!(page["text"].as_str().expect("text").contains("<script>alert(1)</script>"), "it is still there to be read");
    assert!(!page["text"].as_str().expect("text").contains(acts));
    assert_eq!(mail.part("application/x-ndjson")["text"].as_str().expect("text").lines().count(), alerts);
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}
