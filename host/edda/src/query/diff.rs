//! Which lines differ: greedy Myers, forward, with EDDA's choice where there is one (going down, that is inserting, on the lowest diagonal
//! and wherever the left neighbour is not as far).

use std::collections::HashMap;
use std::ops::Range;

/// How many lines may differ before the search is given up and everything between the first and the last difference is one change
/// ([`BOUNDED_DIFFERENCE`](crate::query::deviations::BOUNDED_DIFFERENCE)). Bounds time and memory (32 MiB), which grow with the square.
const MOST_EDITS: usize = 4_000;

/// Lines `old` of the older text became lines `new` of the newer one (counted from 0); one of the two may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
}

/// The changes between two texts, in order; between two of them there is at least one equal line.
pub(crate) fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    changes_within(old, new, MOST_EDITS)
}

fn changes_within(old: &[&str], new: &[&str], most_edits: usize) -> Vec<Change> {
    let mut numbers = HashMap::new();
    let mut number = |line| {
        let next = numbers.len();
        *numbers.entry(line).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(|line| number(*line)).collect();
    let new: Vec<usize> = new.iter().map(|line| number(*line)).collect();
    match search(&old, &new, most_edits) {
        Some(rows) => collect(&rows),
        None => vec![one_change(&old, &new)],
    }
}

/// For each number of edits the furthest position in `old` on each diagonal, from the lowest to the highest, after equal lines.
type Rows = Vec<Vec<u32>>;

/// A step of the path: from where, and whether it inserts.
fn step(before: &[u32], index: usize) -> (usize, bool) {
    // Entry `i` of row `d` is diagonal `2i - d`, so that its neighbours in row `d - 1` are the entries `i - 1` and `i`.
    if index == 0 || (index < before.len() && before[index - 1] < before[index]) { (index, true) } else { (index - 1, false) }
}

fn search(old: &[usize], new: &[usize], most_edits: usize) -> Option<Rows> {
    let mut rows: Rows = Vec::new();
    for edits in 0..=most_edits.min(old.len() + new.len()) {
        let mut row = Vec::with_capacity(edits + 1);
        for index in 0..=edits {
            let mut x = rows.last().map_or(0, |before| {
                let (from, inserts) = step(before, index);
                before[from] as usize + usize::from(!inserts)
            });
            let mut y = x + edits - 2 * index;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                x += 1;
                y += 1;
            }
            row.push(u32::try_from(x).ok()?);
            if x >= old.len() && y >= new.len() {
                rows.push(row);
                return Some(rows);
            }
        }
        rows.push(row);
    }
    None
}

/// Follows the path back from its end (the last entry of the last row) and joins edits without an equal line between them.
fn collect(rows: &Rows) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut index = rows.last().map_or(0, |row| row.len().saturating_sub(1));
    for edits in (1..rows.len()).rev() {
        let before = &rows[edits - 1];
        let (from, inserts) = step(before, index);
        let x = before[from] as usize;
        let y = x + (edits - 1) - 2 * from;
        let edit = if inserts { Change { old: x..x, new: y..y + 1 } } else { Change { old: x..x + 1, new: y..y } };
        match changes.last_mut() {
            Some(next) if next.old.start == edit.old.end && next.new.start == edit.new.end => {
                next.old.start = x;
                next.new.start = y;
            }
            _ => changes.push(edit),
        }
        index = from;
    }
    changes.reverse();
    changes
}

fn one_change(old: &[usize], new: &[usize]) -> Change {
    let equal = |(left, right): &(&usize, &usize)| left == right;
    let before = old.iter().zip(new).take_while(equal).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(equal).count();
    Change { old: before..old.len() - after, new: before..new.len() - after }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> Vec<&str> {
        text.split_terminator("").skip(1).collect()
    }

    fn found(old: &str, new: &str) -> Vec<(Range<usize>, Range<usize>)> {
        changes(&lines(old), &lines(new)).into_iter().map(|change| (change.old, change.new)).collect()
    }

    #[test]
    fn equal_texts_have_no_changes() {
        assert_eq!(found("", ""), []);
        assert_eq!(found("abc", "abc"), []);
    }

    #[test]
    fn where_there_is_a_choice_it_is_eddas() {
        // A second element after `{x}`, whose closing brace gets a comma: the closing brace of the second is what stays.
        assert_eq!(found("[{x}]", "[{x,{y}]"), [(3..3, 3..6)]);
        assert_eq!(found("", "ab"), [(0..0, 0..2)]);
        assert_eq!(found("ab", ""), [(0..2, 0..0)]);
        assert_eq!(found("a", "b"), [(0..1, 0..1)]);
        assert_eq!(found("abcabba", "cbabac"), [(0..2, 0..0), (3..3, 1..2), (5..6, 4..4), (7..7, 5..6)]);
    }

    #[test]
    fn a_large_difference_is_one_change() {
        let (old, new) = ("aXXXbXXXc", "aYYYbYYYc");
        let all = changes_within(&lines(old), &lines(new), 11);
        assert_eq!(all, [Change { old: 1..8, new: 1..8 }]);
        assert_eq!(changes_within(&lines(old), &lines(new), 12).len(), 2);
    }

    proptest! {
        #[test]
        fn changes_make_the_newer_text(old in "[abc]{0,12}", new in "[abc]{0,12}", most_edits in 0_usize..30) {
            let (old, new) = (lines(&old), lines(&new));
            let mut made = Vec::new();
            let mut at = 0;
            for change in changes_within(&old, &new, most_edits) {
                made.extend_from_slice(&old[at..change.old.start]);
                prop_assert_eq!(made.len(), change.new.start);
                made.extend_from_slice(&new[change.new]);
                at = change.old.end;
            }
            made.extend_from_slice(&old[at..]);
            prop_assert_eq!(made, new);
        }
    }
}
