use std::sync::Barrier;

use edda::query::Selector;

use super::server::{Reply, Server};
use super::*;

/// Some documents, as EDDA would list them.
fn machines(count: usize) -> Vec<String> {
    let machine = |number: usize| {
        let filler = "x".repeat(number % 97);
        format!(
            r#"{{"id":"i-{number}","image":"ami-{}","filler":"{filler} ] }} \" é","tags":[{{"key":"Name","value":null}}]}}"#,
            number % 7
        )
    };
    (0..count).map(machine).collect()
}

fn list(documents: &[String]) -> String {
    format!("[{}]", documents.join(", "))
}

fn projected(documents: &[String], selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    documents.iter().filter_map(|document| selector.project(document).expect("JSON")).collect()
}

#[test]
fn eight_rules_ask_once() {
    let documents = machines(3000);
    let server = Server::always(Reply::json(list(&documents)));
    let inventory = open(&server);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                assert_eq!(ask(&inventory, "view/instances;_expand").as_ref(), Ok(&documents));
            });
        }
    });
    assert_eq!(server.asked(), ["view/instances;_expand"]);
    assert_eq!(inventory.statistics().requests, 1);
    assert_eq!(inventory.statistics().bytes, list(&documents).len() as u64);
    let spent = inventory.statistics();
    assert!(!spent.splitting.is_zero() && !spent.projecting.is_zero(), "{spent:?}");
}

#[test]
fn rules_that_want_other_fields_share_the_answer() {
    let documents = machines(2000);
    let server = Server::always(Reply::json(list(&documents)));
    let inventory = open(&server);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (inventory, start, documents) = (&inventory, &start, &documents);
            scope.spawn(move || {
                let selector = ["(id)", "(id,image)", "(image,nothing)", "(tags)"][number % 4];
                start.wait();
                let asked = ask(inventory, &format!("view/instances;_expand:{selector}"));
                assert_eq!(asked, Ok(projected(documents, selector)));
            });
        }
    });
    assert_eq!(ask(&inventory, "view/instances;_expand:(filler)"), Ok(projected(&documents, "(filler)")), "from what was kept");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn two_rules_with_the_same_fields_share_the_documents_themselves() {
    let server = Server::always(Reply::json(list(&machines(10))));
    let inventory = open(&server);
    let get = || inventory.documents("view/instances;_expand:(id)", &Times::Context, WINDOW, later()).expect("an answer").documents;
    assert!(std::sync::Arc::ptr_eq(&get(), &get()));
}

#[test]
fn questions_that_differ_are_asked_apart() {
    let server = Server::start(|path, _| Reply::json(format!("[{path:?}]")));
    let inventory = open(&server);
    for path in ["aws/x", "aws/y", "aws/x;_expand"] {
        assert_eq!(ask(&inventory, path), Ok(vec![format!("{path:?}")]));
    }
}

#[test]
fn elements_that_are_no_objects_pass_as_they_are() {
    let server = Server::always(Reply::json(r#"["i-1", 5 ,null,["x"]]"#));
    let inventory = open(&server);
    for path in ["aws/x", "aws/x:(id)"] {
        let documents = ask(&inventory, path).expect("an answer");
        assert_eq!(documents[..3], [r#""i-1""#, "5", "null"], "{path}");
    }
}

#[test]
fn one_document_comes_bare_or_as_a_list() {
    for answer in [r#"{"name":"bob","x":1}"#, r#"[{"name":"bob","x":1}]"#] {
        let server = Server::always(Reply::json(answer));
        assert_eq!(ask(&open(&server), "aws/iamUsers/bob:(name)"), Ok(vec![r#"{"name":"bob"}"#.to_owned()]));
    }
}
