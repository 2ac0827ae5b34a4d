//! `reddalert archive stats`: what the archive holds, in numbers.

use std::fmt::Write as _;

use edda::archive::{Archive, FileSize, SourceStatistics};
use indicatif::HumanBytes;
use serde_json::json;

use crate::command_line::StatsOptions;
use crate::commands::print;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::visible_text::visible;

/// The columns that hold numbers.
const NUMBERS: [usize; 3] = [2, 3, 5];

/// One line for each collection and source.
pub(super) fn stats(options: &StatsOptions) -> Result<Exit, Refusal> {
    let archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let statistics = archive.statistics().or_exit(Exit::Inventory)?;
    let size = archive.file_size().or_exit(Exit::Inventory)?;
    print(&if options.json { as_json(&statistics, size) } else { as_table(&statistics, size) });
    Ok(Exit::Done)
}

fn as_json(statistics: &[SourceStatistics], size: FileSize) -> String {
    let one = |one: &SourceStatistics| {
        json!({
            "collection": one.collection,
            "source": one.source,
            "current": one.current,
            "revisions": one.revisions,
            "known_until": one.known_until,
            "bytes": one.bytes,
        })
    };
    let collections: Vec<_> = statistics.iter().map(one).collect();
    format!("{:#}\n", json!({"collections": collections, "file": {"bytes": size.total, "free": size.free}}))
}

fn as_table(statistics: &[SourceStatistics], size: FileSize) -> String {
    let heads = ["collection", "source", "current", "revisions", "known until", "documents"].map(str::to_owned);
    let mut rows = vec![heads];
    rows.extend(statistics.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<_> = (0..row.len()).map(|column| cell(&row[column], widths[column], NUMBERS.contains(&column))).collect();
        let _ = writeln!(text, "{}", cells.join("  "));
    }
    let _ = writeln!(text, "\nthe file has {}, {} of them free", HumanBytes(size.total), HumanBytes(size.free));
    text
}

fn cell(text: &str, width: usize, is_number: bool) -> String {
    if is_number { format!("{text:>width$}") } else { format!("{text:width$}") }
}

fn row(one: &SourceStatistics) -> [String; 6] {
    [
        visible(&one.collection).into_owned(),
        visible(&one.source).into_owned(),
        one.current.to_string(),
        one.revisions.to_string(),
        one.known_until.map_or_else(|| "never complete".to_owned(), rfc3339_millis),
        HumanBytes(one.bytes).to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statistics() -> Vec<SourceStatistics> {
        let one = |source: &str, known_until| SourceStatistics {
            collection: "aws.x\u{1b}".into(),
            source: source.into(),
            current: 1,
            revisions: 12_345,
            known_until,
            bytes: 2048,
        };
        vec![one("123456789012/eu-west-1", Some(1_763_974_800_001)), one("default", None)]
    }

    #[test]
    fn the_columns_of_a_table_line_up() {
        let text = as_table(&statistics(), FileSize { total: 8192, free: 4096 });
        let expected = "\
collection   source                  current  revisions  known until               documents
aws.x\\u001b  123456789012/eu-west-1        1      12345  2025-11-24T09:00:00.001Z   2.00 KiB
aws.x\\u001b  default                       1      12345  never complete             2.00 KiB

the file has 8.00 KiB, 4.00 KiB of them free
";
        assert_eq!(text, expected);
    }

    #[test]
    fn json_has_plain_numbers() {
        let json: serde_json::Value = serde_json::from_str(&as_json(&statistics(), FileSize { total: 8, free: 4 })).expect("JSON");
        assert_eq!(json["collections"][0]["known_until"], 1_763_974_800_001_i64);
        assert_eq!(json["collections"][1]["known_until"], serde_json::Value::Null);
        assert_eq!(json["file"], json!({"bytes": 8, "free": 4}));
    }
}
