//! A mail as text.

use std::fmt::Write as _;

use super::super::format::severity_name;
use super::digest::{Digest, Entry};

/// The whole text. No line of it that a rule can write begins at the left edge.
pub(in crate::outputs) fn text(digest: &Digest) -> String {
    let mut out = format!("{}\n", digest.headline);
    for group in &digest.groups {
        let _ = write!(out, "\n{}  {}\n", severity_name(group.severity).to_uppercase(), group.rule);
        group.entries.iter().for_each(|entry| write_entry(entry, &mut out));
    }
    if let Some(rest) = &digest.rest {
        let _ = write!(out, "\n{rest}\n");
    }
    out
}

fn write_entry(entry: &Entry, out: &mut String) {
    let _ = write!(out, "\n  {}\n", entry.title);
    let mut line = |text: &str| {
        let _ = writeln!(out, "    {}", text.replace('\n', "\n    "));
    };
    entry.id.iter().for_each(|id| line(id));
    entry.details.iter().for_each(|detail| line(detail));
    entry.labels.iter().for_each(|labels| line(labels));
    entry.url.iter().for_each(|url| line(url.as_str()));
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{alert, fields};
    use super::*;
    use crate::alert::{Detail, Severity};

    #[test]
    fn a_mail_reads_well_as_text() {
        let details =
            vec![Detail::Text("Groups the user has been added to: admin\nHIGH  forged".into()), fields(serde_json::json!({"a": 1}))];
        let digest = Digest::new(&[alert("iam", "bob", Severity::High, details)], 9);
        let expected = "1 alert: 1 high\n\nHIGH  iam\n\n  iam: bob\n    Groups the user has been added to: admin\n        HIGH  forged\n    a: 1\n    \
                        account 123456789012, region eu-west-1\n";
        assert_eq!(text(&digest), expected);
    }
}
