//! What a mail shows of the alerts in it: the worst first, by severity and rule, up to a number; the others are counted exactly.

use std::sync::Arc;

use super::super::format::{paragraph, severity_counts};
use crate::alert::{Alert, Severity};
use crate::run_report::count;
use crate::visible_text::visible;

/// A mail shows so many characters of a detail, and so many details of an alert.
const DETAIL_CHARACTERS: usize = 2000;
const DETAILS: usize = 20;
/// Of a title, an id or a label, so many characters are shown.
const LINE_CHARACTERS: usize = 300;

/// All that the two forms of a mail are written from. Every text in it is harmless on a line or in a paragraph, and short.
#[derive(Debug)]
pub(in crate::outputs) struct Digest {
    /// `3 alerts: 1 critical, 2 high`.
    pub(super) headline: String,
    /// The worst first.
    pub(super) groups: Vec<Group>,
    /// What is not shown, and where it is. None when all is shown.
    pub(super) rest: Option<String>,
}

/// Alerts of one severity and one rule.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) severity: Severity,
    pub(super) rule: String,
    pub(super) entries: Vec<Entry>,
}

/// One alert.
#[derive(Debug)]
pub(super) struct Entry {
    /// One line that reads well alone.
    pub(super) title: String,
    /// The thing that it is about; none when the title names it.
    pub(super) id: Option<String>,
    /// A paragraph each.
    pub(super) details: Vec<String>,
    /// `account 123456789012, region eu-west-1`.
    pub(super) labels: Option<String>,
    /// An `https:` address.
    pub(super) url: Option<url::Url>,
}

impl Digest {
    /// Shows at most `most` of the alerts.
    pub(in crate::outputs) fn new(alerts: &[Arc<Alert>], most: usize) -> Self {
        let mut sorted: Vec<&Alert> = alerts.iter().map(AsRef::as_ref).collect();
        // Stable: alerts of one rule and severity stay as the rule gave them.
        sorted.sort_by(|one, other| (other.severity, &one.plugin_name).cmp(&(one.severity, &other.plugin_name)));
        let (shown, hidden) = sorted.split_at(most.min(sorted.len()));
        let mut groups: Vec<Group> = Vec::new();
        let mut is_shortened = false;
        for alert in shown {
            let entry = Entry::new(alert, &mut is_shortened);
            match groups.last_mut() {
                Some(group) if group.severity == alert.severity && group.rule == alert.plugin_name.as_str() => group.entries.push(entry),
                _ => groups.push(Group { severity: alert.severity, rule: alert.plugin_name.to_string(), entries: vec![entry] }),
            }
        }
        let counts = severity_counts(alerts.iter().map(AsRef::as_ref));
        let headline = format!("{}: {counts}", count(alerts.len(), "alert"));
        Self { headline, groups, rest: rest(hidden, is_shortened) }
    }
}

fn rest(hidden: &[&Alert], is_shortened: bool) -> Option<String> {
    let whole = "the attached file has all of them, whole, a JSON object a line.";
    if !hidden.is_empty() {
        let counts = severity_counts(hidden.iter().copied());
        return Some(format!("{} not shown here ({counts}): {whole}", count(hidden.len(), "more alert")));
    }
    is_shortened.then(|| format!("Some texts are shortened: {whole}"))
}

impl Entry {
    fn new(alert: &Alert, is_shortened: &mut bool) -> Self {
        let mut line = |text: &str| shortened(&visible(text), LINE_CHARACTERS, is_shortened);
        let (title, id) = (line(&alert.title), line(&alert.id));
        let labels: Vec<_> = alert.labels.iter().map(|(name, value)| line(&format!("{name} {value}"))).collect();
        let mut details: Vec<_> =
            alert.details.iter().take(DETAILS).map(|detail| shortened(&paragraph(detail), DETAIL_CHARACTERS, is_shortened)).collect();
        let more = alert.details.len().saturating_sub(DETAILS);
        if more > 0 {
            *is_shortened = true;
            details.push(format!("and {}", count(more, "more detail")));
        }
        Self {
            id: (!title.contains(&id)).then_some(id),
            title,
            details,
            labels: (!labels.is_empty()).then(|| labels.join(", ")),
            url: alert.url.as_deref().and_then(|text| url::Url::parse(text).ok()).filter(|url| url.scheme() == "https"),
        }
    }
}

fn shortened(text: &str, characters: usize, is_shortened: &mut bool) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => {
            *is_shortened = true;
            format!("{} ...", &text[..end])
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{alert, alerts};
    use super::*;
    use crate::alert::Detail;

    #[test]
    fn the_worst_comes_first_by_severity_and_rule() {
        let mut all = alerts(2);
        all.push(alert("secgroups", "sg-1", Severity::Critical, vec![]));
        all.push(alert("ami", "i-1", Severity::Medium, vec![]));
        let digest = Digest::new(&all, 100);
        let groups: Vec<_> = digest.groups.iter().map(|group| (group.rule.as_str(), group.entries.len())).collect();
        assert_eq!(groups, [("secgroups", 1), ("ami", 1), ("iam", 2)]);
        assert_eq!((digest.headline.as_str(), digest.rest), ("4 alerts: 1 critical, 3 medium", None));
    }

    #[test]
    fn what_is_not_shown_is_counted_exactly() {
        let mut all = alerts(5);
        all.push(alert("ami", "i-1", Severity::High, vec![]));
        let digest = Digest::new(&all, 2);
        assert_eq!(digest.groups.iter().map(|group| group.entries.len()).sum::<usize>(), 2);
        assert!(digest.rest.expect("a rest").starts_with("4 more alerts not shown here (4 medium)"));
    }

    #[test]
    fn what_is_too_long_is_shortened_and_the_mail_says_so() {
        let long = vec![Detail::Text("\u{1f980}".repeat(5000))];
        let digest = Digest::new(&[alert("iam", "bob", Severity::Low, long)], 2);
        assert_eq!(digest.groups[0].entries[0].details[0].chars().count(), DETAIL_CHARACTERS + 4);
        assert!(digest.rest.expect("a rest").starts_with("Some texts are shortened"));
        let many = (0..30).map(|number| Detail::Text(number.to_string())).collect();
        let digest = Digest::new(&[alert("iam", "bob", Severity::Low, many)], 2);
        assert_eq!(digest.groups[0].entries[0].details.last().map(String::as_str), Some("and 10 more details"));
    }
}
