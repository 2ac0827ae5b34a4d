use super::*;

fn project(selector: &str, document: &str) -> Option<String> {
    Selector::parse(selector).expect("a selector").project(document).expect("a document")
}

fn kept(selector: &str, document: &str) -> String {
    project(selector, document).expect("a document that matches")
}

#[test]
fn fields_are_kept_as_they_are_written() {
    let document = r#"{"a":{"$date":5},"b":[{"c":1,"d":"\"x\""},{"d":2},"e",[{"c":3}],null],"f":{"g":1.50},"h":0}"#;
    assert_eq!(kept("(a,h,nosuch)", document), r#"{"a":{"$date":5},"h":0}"#);
    assert_eq!(kept("(b:(c,d))", document), r#"{"b":[{"c":1,"d":"\"x\""},{"d":2},[{"c":3}]]}"#);
    assert_eq!(kept("(f:(g))", document), r#"{"f":{"g":1.50}}"#);
    assert_eq!(kept("()", document), "{}");
}

#[test]
fn ordinary_json_with_space_is_read_too() {
    assert_eq!(kept("(b:(c),a)", " { \"b\" : [ { \"c\" : 1 , \"x\" : [ ] } ] , \"a\" : { } } "), r#"{"b":[{"c":1}],"a":{ }}"#);
    assert_eq!(kept("(caf.e)", r#"{"caf\u00e9":1,"caf\u002ee":2}"#), r#"{"caf.e":2}"#);
}

#[test]
fn a_failing_test_drops_the_object_that_holds_it() {
    let document = r#"{"name":"bob","state":{"code":16,"name":"on"},"list":[{"p":{"n":1}},{"p":{"n":2}}]}"#;
    assert_eq!(project("(name=\"bob\")", document).as_deref(), Some(r#"{"name":"bob"}"#));
    assert_eq!(project("(name=\"eve\",state)", document), None);
    assert_eq!(project("(state:(name=\"off\"))", document), None);
    assert_eq!(kept("(list:(p:(n=2)))", document), r#"{"list":[{"p":{"n":2}}]}"#);
    assert_eq!(kept("(list:(p:(n=3)),name)", document), r#"{"name":"bob","list":[]}"#);
    assert_eq!(kept("(name,nosuch=1)", document), r#"{"name":"bob"}"#);
}

#[test]
fn a_test_of_a_list_keeps_elements() {
    let document = r#"{"a":["x","y",null,1,{"b":1}],"e":[]}"#;
    assert_eq!(kept("(a=\"y\",e=1)", document), r#"{"a":["y"],"e":[]}"#);
    assert_eq!(kept("(a!=\"y\")", document), r#"{"a":["x",null,1,{"b":1}]}"#);
    assert_eq!(kept("(a~/[xy1]/)", document), r#"{"a":["x","y",1]}"#);
}

#[test]
fn there_is_nothing_to_select_from_a_scalar() {
    for member in ["1", "\"x\"", "null", "true", "1.5", r#"{"$date":5}"#] {
        assert_eq!(project("(a:(b))", &format!(r#"{{"a":{member}}}"#)), None, "{member}");
        assert_eq!(kept("(a:(b))", &format!(r#"{{"a":[{member},{{"b":1}}]}}"#)), r#"{"a":[{"b":1}]}"#, "{member}");
        assert_eq!(kept("(b)", member), member);
    }
    assert_eq!(kept("(a:(b))", r#"{"a":{"$date":5,"b":1}}"#), r#"{"a":{"b":1}}"#);
    assert_eq!(kept("(a:(b))", r#"{"a":{"b":1,"$date":5}}"#), r#"{"a":{"b":1}}"#);
    assert_eq!(kept("(a:(b))", r#"{"a":{"$date":5,"c":1}}"#), r#"{"a":{}}"#);
    assert_eq!(kept("(a:(b))", r#"{"a":{"c":1,"$date":5}}"#), r#"{"a":{}}"#);
    assert_eq!(kept("(a)", r#"[{"a":1,"b":2},3]"#), r#"[{"a":1}]"#);
}

#[test]
fn flattening_is_part_of_it() {
    assert_eq!(kept("(a::(x),b)", r#"{"a":{"c":{"d":1},"e":[{"f":{}}]},"b":2}"#), r#"{"a":{"c.d":1,"e":[{"f":{}}]},"b":2}"#);
}

#[test]
fn what_is_no_json_is_an_error() {
    let selector = Selector::parse("(a:(b=1),c)").expect("a selector");
    for document in ["", "{", r#"{"a":{"b":}}"#, r#"{"c":nul}"#, "{} x", r#"{"x":[}"#] {
        assert!(selector.project(document).is_err(), "{document}");
    }
}

#[test]
fn deep_nesting_is_no_overflow() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let selector = Selector::parse("(a:(b=1),c::(),d=1)").expect("a selector");
    for name in ["a", "c"] {
        assert!(selector.project(&format!(r#"{{"{name}":{deep}}}"#)).is_err(), "{name}");
    }
    assert!(selector.project(&deep).is_err());
    assert_eq!(kept("(a,c:(d))", &format!(r#"{{"a":{deep},"b":{deep},"c":{{}}}}"#)), format!(r#"{{"a":{deep},"c":{{}}}}"#));
}
