//! Every kind of value, alone and absent.

use super::super::shape::{date, encoded, low_byte, many, one, plain, tags, texts, texts_of};
use super::*;

static TAG: Shape = Shape::bean("T", &[plain("Key"), plain("Value")]);
static INNER: Shape = Shape::plain(&[plain("Name")]);
static OUTER: Shape = Shape::bean(
    "O",
    &[
        plain("Text"),
        date("Time"),
        low_byte("Code"),
        encoded("Policy"),
        one("Inner", &INNER),
        many("Many", &INNER).named("others"),
        texts_of("Many", "Name"),
        texts("Texts"),
        tags("Tags", &TAG),
    ],
);

fn reshape(text: &str) -> (Result<String, String>, Vec<String>) {
    let json: Json<'_> = serde_json::from_str(text).expect("JSON");
    let mut reshaper = Reshaper::default();
    let value = reshaper.value("Things[]", Kind::One(&OUTER), Some(&json));
    let result = value.map(|value| value.to_stored()).map_err(|odd| odd.to_string());
    (result, reshaper.into_left_out().into_iter().collect())
}

fn member(text: &str, name: &str) -> String {
    let stored = reshape(text).0.expect("not odd");
    let value = Value::parse_stored(&stored).expect("stored form");
    value.as_object().and_then(|object| object.get(name)).expect("a known property").to_stored()
}

#[test]
fn what_is_absent_is_null_or_an_empty_list() {
    let (stored, left_out) = reshape("{}");
    let expected =
        r#"{"class":"O","code":null,"inner":null,"many":[],"others":[],"policy":null,"tags":[],"text":null,"texts":[],"time":null}"#;
    assert_eq!(stored.as_deref(), Ok(expected));
    assert_eq!(left_out, [""; 0]);
    assert_eq!(reshape(r#"{"Texts":null,"Inner":null}"#).0.as_deref(), Ok(expected));
}

#[test]
fn times_become_dates() {
    for text in [r#""2013-06-19T20:19:43Z""#, r#""2013-06-19T22:19:43.000+02:00""#, "1371673183", "1371673183.0"] {
        assert_eq!(member(&format!(r#"{{"Time":{text}}}"#), "time"), r#"{"$date":1371673183000}"#);
    }
    assert_eq!(member(r#"{"Time":1371673183.25}"#, "time"), r#"{"$date":1371673183250}"#);
    assert_eq!(reshape(r#"{"Time":"soon"}"#).0.expect_err("odd"), "`Things[].Time` is not a time");
    assert!(reshape(r#"{"Time":1e300}"#).0.is_err());
}

#[test]
fn a_code_keeps_its_low_byte() {
    assert_eq!(member(r#"{"Code":272}"#, "code"), "16");
}

#[test]
fn a_policy_is_percent_encoded_compact_json_in_its_own_order() {
    let policy = member(r#"{"Policy":{"Version": "2012-10-17", "A": [1]}}"#, "policy");
    assert_eq!(policy, r#""%7B%22Version%22%3A%222012-10-17%22%2C%22A%22%3A%5B1%5D%7D""#);
    assert_eq!(member(r#"{"Policy":"%7B%7D"}"#, "policy"), r#""%7B%7D""#);
}

#[test]
fn one_list_may_become_two_properties() {
    let text = r#"{"Many":[{"Name":"b"},{"Name":"a"}]}"#;
    assert_eq!(member(text, "many"), r#"["a","b"]"#);
    assert_eq!(member(text, "others"), r#"[{"name":"a"},{"name":"b"}]"#);
}

#[test]
fn tags_are_flattened() {
    let text = r#"{"Tags":[{"Key":"Name","Value":"web"},{"Key":"class","Value":"mine"},{"Key":"Empty"}]}"#;
    let expected = [
        r#"{"class":"mine","key":"class","value":"mine"}"#,
        r#"{"Empty":null,"class":"T","key":"Empty","value":null}"#,
        r#"{"Name":"web","class":"T","key":"Name","value":"web"}"#,
    ];
    assert_eq!(member(text, "tags"), format!("[{}]", expected.join(",")));
}

#[test]
fn what_is_not_known_is_named_once() {
    let text = r#"{"New":1,"Inner":{"Name":"x","Deep":{}},"Many":[{"More":1},{"More":2,"Name":"y"}],"Text":"t"}"#;
    let json: Json<'_> = serde_json::from_str(text).expect("JSON");
    let mut reshaper = Reshaper::default();
    for _ in 0..2 {
        let object = reshaper.value("Things[]", Kind::Many(&INNER), Some(&Json::List(vec![json.clone()])));
        assert!(object.is_ok());
    }
    let left_out: Vec<_> = reshaper.into_left_out().into_iter().collect();
    assert_eq!(left_out, ["Things[][].Inner", "Things[][].Many", "Things[][].New", "Things[][].Text"]);
    assert_eq!(reshape(r#"{"New":1,"Inner":{"Deep":1}}"#).1, ["Things[].Inner.Deep", "Things[].New"]);
}

#[test]
fn a_value_of_another_type_makes_the_document_odd() {
    let odd = |text| reshape(text).0.expect_err("odd");
    assert_eq!(odd("[]"), "`Things[]` is not an object");
    assert_eq!(odd(r#"{"Text":{}}"#), "`Things[].Text` is not a plain value");
    assert_eq!(odd(r#"{"Many":{}}"#), "`Things[].Many` is not a list");
    assert_eq!(odd(r#"{"Many":[7]}"#), "`Things[].Many[]` is not an object");
    assert_eq!(odd(r#"{"Code":"x"}"#), "`Things[].Code` is not a whole number");
}
