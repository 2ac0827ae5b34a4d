//! Documents, to an `OpenSearch` that we did not write, alone and behind nginx with TLS and a login.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{
    Account, Certificates, EddaServer, Place, Ran, Recorder, Search, Server, free_port, open_balancers, skipped, system_program,
};

const UNTIL: &str = "1700000000000";

fn run(place: &Place, edda: &EddaServer) -> Ran {
    place.run(["-e", &edda.url, "-u", UNTIL, "elbs"])
}

fn config(place: &Place, keys: &Value) {
    place.config(&json!({"output": "elasticsearch", "outputs": {"elasticsearch": keys}}));
}

#[test]
fn documents_have_the_shape_of_the_original_and_come_once() {
    let Some(search) = Search::start("documents_have_the_shape_of_the_original_and_come_once") else { return };
    let (place, edda) = (Place::new(), open_balancers(3));
    let port: u16 = search.url.rsplit_once(':').expect("a port").1.parse().expect("a number");
    place.config(&json!({"output": "elasticsearch", "es_host": "127.0.0.1", "es_port": port}));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let documents = search.documents("reddalert");
    assert_eq!(documents.len(), 3);
    let source = &documents[0]["_source"];
    assert_eq!(
        (&source["rule"], &source["type"], &source["reddalert"]["severity"]),
        (&json!("elbs"), &json!("reddalert"), &json!("medium"))
    );
    assert_eq!(documents[0]["_id"], json!(format!("{}-0", source["reddalert"]["alert_id"].as_str().expect("an id"))));

    // The same alerts once more, as after an acknowledgement that was lost: the server has them, and that is all right.
    std::fs::remove_file(place.path("etc/statusfile.json")).expect("removed");
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    assert_eq!(search.documents("reddalert").len(), 3);
}

#[test]
fn one_document_that_does_not_fit_does_not_hold_up_the_others() {
    let Some(search) = Search::start("one_document_that_does_not_fit_does_not_hold_up_the_others") else { return };
    search.request("PUT", "/picky", r#"{"mappings": {"properties": {"id": {"type": "long"}}}}"#);
    let document = |name: &str| json!({"loadBalancerName": name, "listenerDescriptions": [{"listener": {"loadBalancerPort": 8080}}]});
    let edda = Account::empty().with("aws/loadBalancers", json!([document("1"), document("no number"), document("2")])).serve();
    let place = Place::new();
    config(&place, &json!({"url": search.url, "index": "picky"}));
    run(&place, &edda).exits(3).says(&["1 alert will never be taken", "mapper_parsing_exception"]);
    assert_eq!(search.documents("picky").len(), 2);
    let dead = std::fs::read_to_string(place.path("etc/statusfile.json.dead")).expect("dead letters");
    assert!(dead.lines().count() == 1 && dead.contains("no number") && dead.contains("mapper_parsing_exception"), "{dead}");
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
}

#[test]
fn a_data_stream_is_reached_through_tls_and_a_login() {
    let test = "a_data_stream_is_reached_through_tls_and_a_login";
    let Some(search) = Search::start(test) else { return };
    let Some(nginx) = system_program("nginx") else { return skipped(test, "nginx (`nginx-light`) is missing") };
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    let (directory, port) = (tempfile::tempdir().expect("a directory"), free_port());
    let run_directory = directory.path().display().to_string();
    std::fs::write(directory.path().join("users"), format!("alert:{}\n", password_hash("s3cret"))).expect("a file");
    let paths: String =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {run_directory}/{name};\n")).concat();
    let config_text = format!(
        "daemon off;\nmaster_process off;\npid {run_directory}/pid;\nerror_log {run_directory}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}\
         server {{\nlisten 127.0.0.1:{port} ssl;\nssl_certificate {};\nssl_certificate_key {};\nclient_max_body_size 2k;\n\
         auth_basic x;\nauth_basic_user_file {run_directory}/users;\nlocation / {{ proxy_pass {}; }}\n}}\n}}\n",
        certificates.server().display(),
        certificates.key().display(),
        search.url
    );
    std::fs::write(directory.path().join("nginx.conf"), config_text).expect("a file");
    let mut command = Command::new(nginx);
    command.args(["-p", &run_directory, "-c"]).arg(directory.path().join("nginx.conf"));
    let _nginx = Server::start(&mut command, port);

    let (place, edda) = (Place::new(), open_balancers(6));
    let keys = |password: &str, authority| json!({"url": format!("https://localhost:{port}"), "data-stream": true, "user": "alert", "password": password, "ca": authority});
    config(&place, &keys("s3cret", strangers.authority()));
    run(&place, &edda).exits(3).says(&["cannot be reached", "certificate"]);
    config(&place, &keys("wrong", certificates.authority()));
    run(&place, &edda).exits(3).says(&["6 alerts kept", "401 Unauthorized", "`user` and `password`"]);
    // All at once are more than nginx takes here, so that they go in halves.
    config(&place, &keys("s3cret", certificates.authority()));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let documents = search.documents("logs-reddalert.alert-default");
    assert_eq!(documents.len(), 6);
    assert_eq!(documents[0]["_source"]["event"]["kind"], "alert");
}

fn password_hash(password: &str) -> String {
    let output = Command::new("openssl").args(["passwd", "-apr1", password]).output().expect("openssl is installed");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

#[test]
fn what_is_pushed_back_is_tried_again_alone() {
    let search = Recorder::start(|number, request| {
        let status = |index: usize| {
            if number == 0 && index == 1 {
                r#"{"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"full"}}}"#
            } else {
                r#"{"create":{"status":201}}"#
            }
        };
        let items: Vec<_> = (0..request.body.lines().count() / 2).map(status).collect();
        Recorder::answer("200 OK", &format!(r#"{{"errors":true,"items":[{}]}}"#, items.join(",")))
    });
    let (place, edda) = (Place::new(), open_balancers(3));
    config(&place, &json!({"url": search.url}));
    assert_eq!(run(&place, &edda).exits(0).stderr, "");
    let requests = search.requests();
    assert_eq!(requests.iter().map(|request| request.body.lines().count() / 2).collect::<Vec<_>>(), [3, 1]);
    assert!(requests[1].body.contains("lb-1") && requests[0].target.starts_with("/reddalert/_bulk?filter_path="), "{requests:?}");
    assert_eq!(requests[0].header("content-type"), "application/x-ndjson");
}
