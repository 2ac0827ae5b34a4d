//! Differences between neighbouring revisions in unified form, as EDDA prints them: not quite as GNU diff does (the position of a hunk
//! without context is that of the line *before which* something is put).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use percent_encoding::{CONTROLS, utf8_percent_encode};

use crate::query::diff::{Change, changes};
use crate::record::Record;
use crate::value::EpochMillis;

/// Takes revisions, newest first, and pairs each with the newer one before it of the same source
/// ([`SOURCES_ARE_KEPT_APART`](crate::query::deviations::SOURCES_ARE_KEPT_APART)).
pub(crate) struct RevisionDiff {
    /// The address of the collection.
    address: String,
    newest: HashMap<Arc<str>, Arc<Revision>>,
    revisions: usize,
}

/// A revision as far as it is shown.
pub(crate) struct Revision {
    id: String,
    stime: EpochMillis,
    /// The document, pretty printed.
    text: String,
}

/// Two neighbouring revisions.
pub(crate) struct Pair {
    older: Arc<Revision>,
    newer: Arc<Revision>,
}

impl RevisionDiff {
    /// `base` is what addresses begin with.
    pub(crate) fn new(base: &str, collection: &str) -> Self {
        let address = format!("{base}/{}", collection.replace('.', "/"));
        Self { address, newest: HashMap::new(), revisions: 0 }
    }

    /// Takes the next revision, whose pretty text is given; a pair if there was a newer one.
    pub(crate) fn add(&mut self, record: &Record, text: String) -> Option<Pair> {
        self.revisions += 1;
        let older = Arc::new(Revision { id: record.id.clone(), stime: record.stime, text });
        let newer = self.newest.insert(Arc::clone(&record.source), Arc::clone(&older));
        newer.map(|newer| Pair { older, newer })
    }

    /// How many revisions were taken.
    pub(crate) fn revisions(&self) -> usize {
        self.revisions
    }

    /// The pair's difference with `context` lines around each change (None: all); empty if there is none.
    pub(crate) fn print(&self, pair: &Pair, context: Option<i64>) -> String {
        let hunks = hunks(&pair.older.text, &pair.newer.text, context);
        if hunks.is_empty() {
            return hunks;
        }
        let address = |revision: &Revision| format!("{}/{};_pp;_at={}", self.address, in_one_line(&revision.id), revision.stime);
        format!("--- {}\n+++ {}\n{hunks}", address(&pair.older), address(&pair.newer))
    }
}

/// The id, with control characters as percent escapes: no id can look like lines of a difference.
fn in_one_line(id: &str) -> Cow<'_, str> {
    if id.contains(char::is_control) { utf8_percent_encode(id, CONTROLS).to_string().into() } else { id.into() }
}

/// The hunks between two texts, with `context` lines around each change (None: all); empty if the texts are equal.
pub(crate) fn hunks(older: &str, newer: &str, context: Option<i64>) -> String {
    let old: Vec<&str> = older.split('\n').collect();
    let new: Vec<&str> = newer.split('\n').collect();
    let context = context.unwrap_or_else(|| signed(old.len().max(new.len())));
    let changes = changes(&old, &new);
    let is_near = |first: &Change, second: &Change| signed(first.old.end) + context >= signed(second.old.start) - context;
    let mut out = String::new();
    for group in changes.chunk_by(is_near) {
        write_hunk(&old, &new, group, context, &mut out);
    }
    out
}

fn write_hunk(old: &[&str], new: &[&str], group: &[Change], context: i64, out: &mut String) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let start = unsigned(signed(first.old.start) - context).min(first.old.start);
    let end = unsigned(signed(last.old.end) + context).clamp(last.old.end, old.len());
    let removed: usize = group.iter().map(|change| change.old.len()).sum();
    let added: usize = group.iter().map(|change| change.new.len()).sum();
    let old_position = (signed(first.old.start) + 1 - context).max(1);
    let new_position = (signed(first.new.start) + 1 - context).max(1);
    let (old_count, new_count) = (end - start, end - start - removed + added);
    writeln!(out, "@@ -{old_position},{old_count} +{new_position},{new_count} @@").expect("writing to a String cannot fail");
    let mut at = start;
    for change in group {
        write_lines(' ', &old[at..change.old.start], out);
        write_lines('-', &old[change.old.clone()], out);
        write_lines('+', &new[change.new.clone()], out);
        at = change.old.end;
    }
    write_lines(' ', &old[at..end], out);
}

fn write_lines(mark: char, lines: &[&str], out: &mut String) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        out.push('\n');
    }
}

/// Positions are added to a context that may be negative; no text has more lines than fit.
fn signed(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX / 4)
}

fn unsigned(position: i64) -> usize {
    usize::try_from(position).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\nh";
    const NEW: &str = "a\nb\nX\nd\ne\nf\ng\nY\nh";

    #[test]
    fn hunks_carry_context_and_counts() {
        assert_eq!(hunks(OLD, NEW, Some(1)), "@@ -2,3 +2,3 @@\n b\n-c\n+X\n d\n@@ -7,2 +7,3 @@\n g\n+Y\n h\n");
    }

    #[test]
    fn near_changes_share_a_hunk() {
        let joined = "@@ -1,8 +1,9 @@\n a\n b\n-c\n+X\n d\n e\n f\n g\n+Y\n h\n";
        assert_eq!(hunks(OLD, NEW, Some(2)), joined);
        assert_eq!(hunks(OLD, NEW, None), joined);
        assert_eq!(hunks(OLD, NEW, Some(i64::from(i32::MAX))), joined);
    }

    #[test]
    fn without_context_a_hunk_names_the_line_before_which_text_goes() {
        assert_eq!(hunks("a\nb", "a\nX\nb", Some(0)), "@@ -2,0 +2,1 @@\n+X\n");
        assert_eq!(hunks("a\nX\nb", "a\nb", Some(0)), "@@ -2,1 +2,0 @@\n-X\n");
        assert_eq!(hunks("a\nX\nb", "a\nb", Some(-1)), "@@ -3,1 +3,0 @@\n-X\n");
    }

    #[test]
    fn equal_texts_print_nothing() {
        assert_eq!(hunks(OLD, OLD, None), "");
    }
}
