//! What came of virtual runs, for people: a table, and the alerts of each rule over time.

use std::fmt::Write as _;
use std::time::Duration;

use super::tally::{RuleTally, Tally};
use crate::moment::rfc3339_millis;
use crate::settings::values::duration_text;
use crate::time_window::EpochMillis;

/// How many columns the time has at most.
const COLUMNS: usize = 60;
/// From nothing to most.
const BLOCKS: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const HEADS: [&str; 7] = ["rule", "runs", "alerts", "distinct", "failures", "first", "last"];
/// The columns that hold numbers.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=4;

/// The table, and below it the chart.
pub(super) fn table(tally: &Tally) -> String {
    let mut rows = vec![HEADS.map(str::to_owned)];
    rows.extend(tally.rules.iter().map(|(rule, tally)| row(rule.as_str(), tally)));
    let widths: [usize; 7] = std::array::from_fn(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or_default());
    let mut text = String::new();
    for row in &rows {
        let cell = |column: usize| {
            let (cell, width) = (&row[column], widths[column]);
            if NUMBERS.contains(&column) { format!("{cell:>width$}") } else { format!("{cell:width$}") }
        };
        let line = (0..row.len()).map(cell).collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    chart(tally, widths[0], &mut text);
    if tally.is_stopped {
        text.push_str("stopped before the end\n");
    }
    text
}

fn row(rule: &str, tally: &RuleTally) -> [String; 7] {
    let moment = |moment: Option<&EpochMillis>| moment.map_or_else(|| "-".to_owned(), |moment| rfc3339_millis(*moment));
    let (first, last) = (moment(tally.alerts.keys().next()), moment(tally.alerts.keys().next_back()));
    let [runs, alerts, distinct, failures] = [tally.runs, tally.count(), tally.distinct(), tally.failures].map(|number| number.to_string());
    [rule.to_owned(), runs, alerts, distinct, failures, first, last]
}

/// Each rule has a scale of its own: that of the noisiest would hide all others.
fn chart(tally: &Tally, width: usize, text: &mut String) {
    let (from, ends) = (tally.instants.from, &tally.instants.ends);
    let to = ends.last().copied().unwrap_or(from);
    let runs = ends.len().div_ceil(COLUMNS).max(1);
    let column = tally.instants.every.saturating_mul(u32::try_from(runs).unwrap_or(u32::MAX));
    let (from, to, column) = (rfc3339_millis(from), rfc3339_millis(to), duration_text(column.max(Duration::from_millis(1))));
    let _ = writeln!(text, "\nalerts from {from} to {to}, {column} a column");
    for (rule, tally) in &tally.rules {
        let counts: Vec<usize> =
            ends.chunks(runs).map(|ends| ends.iter().filter_map(|end| tally.alerts.get(end)).map(Vec::len).sum()).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let bar: String = counts.iter().map(|count| BLOCKS[(count * 8).div_ceil(most.max(1))]).collect();
        let _ = writeln!(text, "{:width$}  {bar}  at most {most}", rule.as_str());
    }
}
