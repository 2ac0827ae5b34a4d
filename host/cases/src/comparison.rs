//! Compares what has to come of a case with what came of it. What is missing and what is too much are both differences.
//!
//! Texts for people (reasons, errors) need only hold what is expected of them: their words may differ from language to language.

use similar::{ChangeTag, TextDiff};

use crate::expected::{Expected, RunResult, Skipped};

/// How many equal lines are shown around a difference.
const CONTEXT: usize = 3;

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Where the following lines are.
    Place(String),
    /// In both.
    Same(String),
    /// Expected, and did not come.
    Missing(String),
    /// Came, and is not expected.
    Unexpected(String),
}

impl Line {
    /// The line with what marks it before it.
    pub fn text(&self) -> String {
        match self {
            Self::Place(text) => text.clone(),
            Self::Same(text) => format!("  {text}"),
            Self::Missing(text) => format!("- {text}"),
            Self::Unexpected(text) => format!("+ {text}"),
        }
    }
}

/// The difference between what was `expected` and what was `seen`, for people. Empty: there is none.
pub fn difference(expected: &Expected, seen: &Expected) -> Vec<Line> {
    let seen = Expected { runs: seen.runs.iter().enumerate().map(|(run, seen)| in_words_of(expected.runs.get(run), seen)).collect() };
    if *expected == seen {
        return Vec::new();
    }
    let (expected, seen) = (expected.to_text(), seen.to_text());
    let comparison = TextDiff::from_lines(&expected, &seen);
    let mut lines = vec![Line::Place("expected (-), and what came (+):".to_owned())];
    for (number, group) in comparison.grouped_ops(CONTEXT).iter().enumerate() {
        lines.extend((number > 0).then(|| Line::Place("  ...".to_owned())));
        for change in group.iter().flat_map(|operation| comparison.iter_changes(operation)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::Same(text),
                ChangeTag::Delete => Line::Missing(text),
                ChangeTag::Insert => Line::Unexpected(text),
            });
        }
    }
    lines
}

/// What was seen, with the expected text in place of each that holds it.
fn in_words_of(expected: Option<&RunResult>, seen: &RunResult) -> RunResult {
    let Some(expected) = expected else { return seen.clone() };
    let skipped = seen.skipped.iter().enumerate().map(|(number, seen)| match expected.skipped.get(number) {
        Some(expected) if is_meant(expected, seen) => expected.clone(),
        _ => seen.clone(),
    });
    let incomplete = seen.incomplete.iter().enumerate().map(|(number, seen)| match expected.incomplete.get(number) {
        Some(expected) if seen.contains(expected) => expected.clone(),
        _ => seen.clone(),
    });
    let error = seen.error.as_ref().map(|seen| match &expected.error {
        Some(expected) if seen.contains(expected) => expected.clone(),
        _ => seen.clone(),
    });
    RunResult { skipped: skipped.collect(), incomplete: incomplete.collect(), error, ..seen.clone() }
}

fn is_meant(expected: &Skipped, seen: &Skipped) -> bool {
    let what = expected.what.is_none() || expected.what == seen.what;
    let reason = expected.reason.as_ref().is_none_or(|reason| seen.reason.as_ref().is_some_and(|seen| seen.contains(reason)));
    what && reason
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(json: &str) -> Expected {
        serde_json::from_str(&format!("{{\"runs\": [{json}]}}")).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    fn lines(one: &str, other: &str) -> Vec<String> {
        difference(&expected(one), &expected(other)).iter().map(Line::text).collect()
    }

    const ALERT: &str = r#"{"id": "i-1", "title": "x", "severity": "low"}"#;

    #[test]
    fn what_is_equal_has_no_difference() {
        let run = format!(r#"{{"alerts": [{ALERT}], "status": {{"a": 1}}}}"#);
        assert_eq!(lines(&run, &run), [""; 0]);
    }

    #[test]
    fn missing_and_unexpected_things_are_told() {
        let run = format!(r#"{{"alerts": [{ALERT}]}}"#);
        let told = |lines: &[String], sign: &str| lines.iter().any(|line| line.starts_with(sign) && line.contains("i-1"));
        assert!(told(&lines(&run, "{}"), "- "), "{:?}", lines(&run, "{}"));
        assert!(told(&lines("{}", &run), "+ "));
        assert!(!lines(r#"{"status": {"a": 1}}"#, r#"{"status": {"a": 2}}"#).is_empty());
        assert!(!lines("{}", r#"{"skipped": [{"what": "a", "reason": "b"}]}"#).is_empty());
        assert!(!lines(r#"{"skipped": [{}]}"#, "{}").is_empty());
        assert!(!lines("{}", r#"{"incomplete": ["a"]}"#).is_empty());
        assert!(!lines("{}", r#"{"error": "a"}"#).is_empty());
        assert!(!lines(r#"{"error": "a"}"#, "{}").is_empty());
        assert!(!difference(&expected("{}, {}"), &expected("{}")).is_empty());
        assert!(!difference(&expected("{}"), &expected("{}, {}")).is_empty());
    }

    #[test]
    fn texts_for_people_need_only_hold_what_is_expected() {
        let seen = r#"{"skipped": [{"what": "a", "reason": "no text: 7"}], "incomplete": ["it is down"], "error": "no `owners`"}"#;
        let loose = r#"{"skipped": [{"reason": "no text"}], "incomplete": ["down"], "error": "`owners`"}"#;
        assert_eq!(lines(loose, seen), [""; 0]);
        assert!(!lines(&loose.replace("no text", "no number"), seen).is_empty());
        assert!(!lines(&loose.replace("down", "up"), seen).is_empty());
        assert!(!lines(&loose.replace("owners", "owner"), seen).is_empty());
        assert!(!lines(r#"{"skipped": [{"what": "b"}]}"#, r#"{"skipped": [{"what": "a", "reason": "b"}]}"#).is_empty());
    }
}
