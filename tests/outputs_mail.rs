//! Mail, to servers that we did not write.

use serde_json::{Value, json};

use crate::support::{Certificates, EddaServer, MailServer, Place, Ran, open_balancers};

const UNTIL: &str = "1700000000000";

/// A mail output with these keys besides the receivers.
fn config(place: &Place, more: &Value) {
    let mut output = json!({"kind": "mail_html", "from": "reddalert@example.com", "to": ["sec@example.com"]});
    output.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    place.config(&json!({"output": "ops", "outputs": {"ops": output}}));
}

fn run(place: &Place, edda: &EddaServer) -> Ran {
    place.run(["-e", &edda.url, "-u", UNTIL, "elbs"])
}

fn with_login(server: &MailServer, certificates: &Certificates, password: &str) -> Value {
    json!({"server": "localhost", "port": server.port, "tls": "starttls", "user": "alert", "password": password, "ca": certificates.authority()})
}

#[test]
fn a_mail_arrives_over_starttls_with_a_login() {
    let certificates = Certificates::new();
    let Some(server) = MailServer::start("a_mail_arrives_over_starttls_with_a_login", Some(&certificates)) else { return };
    let (place, edda) = (Place::new(), open_balancers(2));
    config(&place, &with_login(&server, &certificates, "wrong"));
    run(&place, &edda).exits(3).says(&["2 alerts kept for the next run", "refuses the login", "`user` and `password` in `outputs.ops`"]);

    config(&place, &with_login(&server, &certificates, "s3cret"));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let mails = server.mails(1);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.header("Subject"), "[reddalert] Report: 2 medium");
    assert_eq!((mail.header("To"), mail.header("X-RcptTo")), ("sec@example.com".into(), "sec@example.com".into()));
    assert_eq!((mail.header("Auto-Submitted"), mail.header("X-Reddalert-Rules")), ("auto-generated".into(), "elbs".into()));
    assert_eq!((mail.0["type"].as_str(), mail.0["defects"].as_array().map(Vec::len)), (Some("multipart/alternative"), Some(0)));
    for part in [mail.part("text/plain")["text"].as_str(), mail.part("text/html")["page"]["text"].as_str()] {
        assert!(part.is_some_and(|text| text.contains("lb-0") && text.contains("lb-1") && text.contains("8080")), "{}", mail.0);
    }
    assert_eq!(run(&place, &edda).exits(0).stderr, "", "nothing is left to be sent");
    assert_eq!(server.mails(1).len(), 1);
}

#[test]
fn nothing_is_sent_in_the_clear_unless_the_operator_says_so() {
    let Some(server) = MailServer::start("nothing_is_sent_in_the_clear_unless_the_operator_says_so", None) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    config(&place, &json!({"server": "localhost", "port": server.port, "tls": "starttls"}));
    run(&place, &edda).exits(3).says(&["does not offer STARTTLS", "set `\"tls\": \"none\"` in `outputs.ops`"]);
    config(&place, &json!({"server": "localhost", "port": server.port}));
    run(&place, &edda).exits(0);
    assert_eq!(server.mails(1).len(), 1);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    let Some(server) = MailServer::start("a_certificate_that_nobody_vouches_for_is_refused", Some(&certificates)) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    config(&place, &json!({"server": "localhost", "port": server.port, "tls": "starttls", "ca": strangers.authority()}));
    run(&place, &edda).exits(3).says(&["refuses STARTTLS", "certificate", "`tls` and `ca`"]);
    assert!(server.mails(0).is_empty());
}

#[test]
fn what_a_mail_does_not_show_is_attached() {
    let Some(server) = MailServer::start("what_a_mail_does_not_show_is_attached", None) else { return };
    let (place, edda) = (Place::new(), open_balancers(5));
    config(&place, &json!({"server": "localhost", "port": server.port, "max-alerts": 2}));
    run(&place, &edda).exits(0);
    let mail = server.mails(1).remove(0);
    let text = mail.part("text/plain")["text"].as_str().expect("text");
    assert!(text.contains("5 alerts: 5 medium") && text.contains("3 more alerts not shown here (3 medium)"), "{text}");
    let attached = mail.part("application/x-ndjson");
    assert_eq!(attached["file"], "alerts.jsonl");
    assert_eq!(attached["text"].as_str().expect("text").lines().count(), 5);
}

#[test]
fn old_keys_alone_send_text_as_the_original_did() {
    let Some(server) = MailServer::start("old_keys_alone_send_text_as_the_original_did", None) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    place.config(&json!({"output": "mail_txt", "smtp_host": format!("127.0.0.1:{}", server.port), "email_to": "Zoltán <ops@example.com>"}));
    run(&place, &edda).exits(0);
    let mail = server.mails(1).remove(0);
    assert_eq!((mail.header("From"), mail.header("To")), ("reddalert@localhost".into(), "Zoltán <ops@example.com>".into()));
    assert_eq!(mail.0["type"], "text/plain");
}

#[test]
fn a_receiver_that_is_refused_is_named_and_the_others_have_the_mail() {
    let certificates = Certificates::new();
    let Some(server) = MailServer::exim("a_receiver_that_is_refused_is_named_and_the_others_have_the_mail", &certificates) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    let to = |names: &[&str]| json!({"server": "127.0.0.1", "port": server.port, "to": names, "tls": "none"});
    config(&place, &to(&["nobody@example.com", "later@example.com"]));
    run(&place, &edda).exits(3).says(&["1 alert kept", "(550): 5.1.1 no such user", "greylisted", "(4 tries)"]);

    config(&place, &to(&["sec@example.com", "nobody@example.com", "later@example.com"]));
    run(&place, &edda).exits(3).says(&[
        "refuses nobody@example.com: ",
        "no such user",
        "refuses later@example.com: ",
        "the other receivers have the mail",
    ]);
    assert_eq!(server.mails(1)[0].header("Envelope-to"), "sec@example.com");
    assert_eq!(place.status()["reddalert"]["outbox"], json!(0));
    assert_eq!(run(&place, &edda).exits(0).stderr, "", "it is not sent again");
}

#[test]
fn a_mail_whose_content_is_refused_is_kept_with_the_dead_letters() {
    let certificates = Certificates::new();
    let Some(server) = MailServer::exim("a_mail_whose_content_is_refused_is_kept_with_the_dead_letters", &certificates) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    config(&place, &json!({"server": "127.0.0.1", "port": server.port, "to": "picky@example.com"}));
    run(&place, &edda).exits(3).says(&["1 alert will never be taken", ".dead", "we do not like what is in it"]);
    let dead: Value =
        serde_json::from_str(&std::fs::read_to_string(place.path("etc/statusfile.json.dead")).expect("dead letters")).expect("a line");
    assert_eq!((&dead["output"], &dead["alert"]["id"]), (&json!("ops"), &json!("lb-0")));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
}

#[test]
fn a_mail_arrives_over_implicit_tls_with_a_login() {
    let certificates = Certificates::new();
    let Some(server) = MailServer::exim("a_mail_arrives_over_implicit_tls_with_a_login", &certificates) else { return };
    let (place, edda) = (Place::new(), open_balancers(1));
    let keys = |user: Value| {
        let mut keys = json!({"server": "localhost", "port": server.tls_port, "tls": "implicit", "ca": certificates.authority()});
        keys.as_object_mut().expect("an object").extend(user.as_object().expect("an object").clone());
        keys
    };
    config(&place, &keys(json!({})));
    run(&place, &edda).exits(3).says(&["authentication required"]);
    config(&place, &keys(json!({"user": "alert", "password": "s3cret"})));
    run(&place, &edda).exits(0);
    assert_eq!(server.mails(1)[0].header("X-Reddalert-Output"), "ops");
}
