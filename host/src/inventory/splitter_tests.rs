use proptest::prelude::*;

use super::*;

fn split(pieces: &[&[u8]], expected: Expected) -> Result<Vec<String>, SplitError> {
    let mut documents = Vec::new();
    let mut splitter = Splitter::new(expected);
    for piece in pieces {
        splitter.feed(piece, &mut |document: &str| {
            documents.push(document.to_owned());
            Ok::<(), SplitError>(())
        })?;
    }
    splitter.finish()?;
    Ok(documents)
}

fn list(text: &str) -> Result<Vec<String>, SplitError> {
    split(&[text.as_bytes()], Expected::List)
}

#[test]
fn elements_of_every_kind_come_out_as_they_are() {
    let documents = list(r#" [ {"a":"}]\"{"} ,"b\\", -1.5e3,true , null,[[1],[]] ] "#).expect("a list");
    assert_eq!(documents, [r#"{"a":"}]\"{"}"#, r#""b\\""#, "-1.5e3", "true", "null", "[[1],[]]"]);
    assert_eq!(list(" [ ] "), Ok(vec![]));
}

#[test]
fn one_object_is_the_document_where_one_was_asked() {
    let object = br#"{"name":"bob"}"#;
    assert_eq!(split(&[object], Expected::ListOrDocument), Ok(vec![r#"{"name":"bob"}"#.to_owned()]));
    assert_eq!(split(&[object], Expected::List), Err(SplitError::NotAList(object.to_vec())));
    let refusal = br#"{"code":404,"name":"NOT_FOUND","message":"no"}"#;
    assert_eq!(split(&[refusal], Expected::ListOrDocument), Err(SplitError::NotAList(refusal.to_vec())));
}

#[test]
fn a_text_that_ends_early_is_cut_off() {
    for text in ["", "  ", "[", "[{", r#"[{"a":1}"#, r#"[{"a":1},"#, r#"["a"#, "[1", r#"["\"#] {
        assert_eq!(list(text), Err(SplitError::CutOff), "{text}");
    }
    assert_eq!(split(&[br#"{"a":"#], Expected::ListOrDocument), Err(SplitError::CutOff));
}

#[test]
fn what_is_no_list_of_values_is_broken() {
    for text in ["[,]", "[1,]", "[1 2]", "[}", "[1]]", "[] x", r#"["a" "b"]"#, "[1],"] {
        assert!(matches!(list(text), Err(SplitError::Broken(..))), "{text}: {:?}", list(text));
    }
    assert_eq!(list("[1 2]"), Err(SplitError::Broken(3, "a comma or `]` was expected")));
}

#[test]
fn other_text_is_quoted_up_to_80_characters_and_cannot_speak_to_a_terminal() {
    let page = format!("\n<html>\u{1b}[31m{}", "é".repeat(500));
    let error = split(&page.as_bytes().chunks(7).collect::<Vec<_>>(), Expected::List).expect_err("a page");
    let text = error.to_string();
    assert!(text.starts_with(r"the answer is no JSON list; it begins with `<html>\u{1b}[31mé"), "{text}");
    assert_eq!(text.chars().filter(|character| *character == 'é').count(), 80 - "<html>\u{1b}[31m".chars().count());
    assert!(list("\"text\"").is_err_and(|error| error == SplitError::NotJson(b"\"text\"".to_vec())));
}

#[test]
fn a_document_that_is_not_utf_8_is_named() {
    assert_eq!(split(&[b"[1,\"\xff\"]"], Expected::List), Err(SplitError::NotUtf8(2)));
    assert_eq!(split(&["[\"é\"]".as_bytes().split_at(3).0, b"\xa9\"]"], Expected::List), Ok(vec!["\"é\"".to_owned()]));
}

#[test]
fn a_document_without_end_is_given_up() {
    let mut splitter = Splitter::new(Expected::List);
    let mut each = |_: &str| Ok::<(), SplitError>(());
    splitter.feed(b"[\"", &mut each).expect("the beginning");
    let piece = vec![b'x'; 1 << 20];
    let fed = (0..=65).map(|_| splitter.feed(&piece, &mut each)).find(Result::is_err);
    assert_eq!(fed, Some(Err(SplitError::TooLarge(1))));
}

#[test]
fn an_object_without_end_where_a_list_was_asked_is_given_up_early() {
    let mut splitter = Splitter::new(Expected::List);
    let mut each = |_: &str| Ok::<(), SplitError>(());
    let piece = [b'{'; 4096];
    let fed = (0..=17).map(|_| splitter.feed(&piece, &mut each)).find(Result::is_err);
    assert!(matches!(fed, Some(Err(SplitError::NotAList(_)))));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\[\\]{}\",\\\\ é]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_documents(values in proptest::collection::vec(json(), 0..8), cuts in proptest::collection::vec(1_usize..40, 1..60), pretty: bool) {
        let list = serde_json::Value::from(values.clone());
        let text = if pretty { serde_json::to_string_pretty(&list) } else { serde_json::to_string(&list) }.expect("JSON");
        let mut pieces = Vec::new();
        let mut rest = text.as_bytes();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (piece, behind) = rest.split_at((*cut).min(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        let documents = split(&pieces, Expected::List).expect("a list");
        let parsed: Vec<serde_json::Value> = documents.iter().map(|text| serde_json::from_str(text).expect("a value")).collect();
        prop_assert_eq!(parsed, values);
    }

    #[test]
    fn any_bytes_are_an_answer_or_an_error(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..8)) {
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let _ = split(&pieces, Expected::ListOrDocument);
    }

    #[test]
    fn a_list_cut_anywhere_is_never_complete(values in proptest::collection::vec(json(), 0..5), at in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&values).expect("JSON");
        prop_assert!(split(&[&text.as_bytes()[..at.index(text.len())]], Expected::List).is_err());
    }
}
