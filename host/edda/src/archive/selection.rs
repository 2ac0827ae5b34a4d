//! A selection as SQL. Each kind of selection names the index that it goes by: the current list and one over a span of time follow the order
//! of the answer and so stream, one over ids is direct, and what began in a short span costs by what it finds.

use std::fmt::Write;

use rusqlite::types::Value as SqlValue;

use crate::{Selection, TimeCondition, TimeConditions};

/// A statement with its parameters. Its rows are collection records: id, source, ftime, ctime, stime, ltime, mtime, tags, data.
pub(super) struct Query {
    pub sql: String,
    pub parameters: Vec<SqlValue>,
}

impl Query {
    /// The statement for a selection from the collection of that number.
    pub(super) fn of(selection: &Selection, collection: i64) -> Self {
        const RECORD: &str = "r.id, s.name, r.ftime, r.ctime, r.stime, r.ltime, coalesce(r.mtime, s.mtime), r.tags, r.data";
        Self::showing(RECORD, selection, collection)
    }

    /// The same, with nothing but the numbers of the revisions: no document is read for it.
    pub(super) fn of_numbers(selection: &Selection, collection: i64) -> Self {
        Self::showing("r.number", selection, collection)
    }

    fn showing(columns: &str, selection: &Selection, collection: i64) -> Self {
        let index = match (&selection.ids, &selection.times) {
            (Some(_), _) => "records_by_id",
            (None, TimeConditions::Every(conditions)) if conditions.contains(&TimeCondition::Current) => "records_current_by_start",
            (None, _) => "records_by_start",
        };
        let sql = format!(
            "SELECT {columns} FROM records AS r INDEXED BY {index} CROSS JOIN sources AS s ON s.number = r.source WHERE r.collection = ?1"
        );
        let mut query = Self { sql, parameters: vec![SqlValue::Integer(collection)] };
        if let Some(ids) = &selection.ids {
            query.condition("r.id IN (SELECT value FROM json_each(?))", [SqlValue::Text(json_list(ids))]);
        }
        query.times(&selection.times);
        query.sql.push_str(" ORDER BY r.stime DESC, r.id, s.name, r.variant");
        query
    }

    fn times(&mut self, times: &TimeConditions) {
        match times {
            TimeConditions::Every(conditions) => conditions.iter().for_each(|condition| self.time(*condition)),
            TimeConditions::StateBefore { until } => self.condition(
                "r.stime < ? AND (r.ltime IS NULL OR r.ltime > ?) AND NOT EXISTS (SELECT 1 FROM records AS newer WHERE newer.source = \
                 r.source AND newer.id = r.id AND newer.variant = r.variant AND newer.stime > r.stime AND newer.stime < ?)",
                [*until; 3].map(SqlValue::Integer),
            ),
        }
    }

    fn time(&mut self, condition: TimeCondition) {
        match condition {
            TimeCondition::Current => self.condition("r.ltime IS NULL", []),
            TimeCondition::BeganSince(moment) => self.condition("r.stime >= ?", [SqlValue::Integer(moment)]),
            TimeCondition::BeganUntil(moment) => self.condition("r.stime <= ?", [SqlValue::Integer(moment)]),
            TimeCondition::NotEndedBefore(moment) => self.condition("(r.ltime IS NULL OR r.ltime >= ?)", [SqlValue::Integer(moment)]),
            TimeCondition::AliveSince(moment) => {
                self.condition("(r.stime >= ? OR r.ltime IS NULL OR r.ltime > ?)", [moment; 2].map(SqlValue::Integer));
            }
            TimeCondition::AliveUntil(moment) => self.condition("(r.stime <= ? OR r.ltime < ?)", [moment; 2].map(SqlValue::Integer)),
        }
    }

    /// Adds a condition; each `?` in it stands for the next parameter.
    fn condition<const N: usize>(&mut self, text: &str, parameters: [SqlValue; N]) {
        self.sql.push_str(" AND ");
        let mut pieces = text.split('?');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for (piece, parameter) in pieces.zip(parameters) {
            self.parameters.push(parameter);
            write!(self.sql, "?{}{piece}", self.parameters.len()).expect("writing to a String cannot fail");
        }
    }
}

/// A JSON list of texts.
fn json_list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::archive::schema;

    fn plan(ids: Option<&[&str]>, times: TimeConditions) -> String {
        let mut connection = rusqlite::Connection::open_in_memory().expect("a database");
        schema::prepare(&mut connection, Path::new("memory")).expect("an archive");
        let ids = ids.map(|ids| ids.iter().map(ToString::to_string).collect());
        let query = Query::of(&Selection { collection: "aws.x".into(), ids, times }, 1);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", query.sql)).expect("a statement");
        let steps = statement.query_map(rusqlite::params_from_iter(query.parameters), |row| row.get::<_, String>(3)).expect("a plan");
        steps.collect::<rusqlite::Result<Vec<_>>>().expect("steps").join("; ")
    }

    #[test]
    fn lists_stream_in_the_order_of_their_index() {
        // Only equal starts and ids are sorted after the fact; that is a handful at a time.
        let sorted = "USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY";
        let window = TimeConditions::Every(vec![TimeCondition::AliveSince(1), TimeCondition::AliveUntil(2)]);
        for times in [TimeConditions::current(), TimeConditions::all(), window, TimeConditions::StateBefore { until: 5 }] {
            let plan = plan(None, times);
            assert!(plan.contains(sorted) && plan.contains("(collection=?"), "{plan}");
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }

    #[test]
    fn what_began_in_a_span_is_found_without_looking_at_the_rest() {
        let span = TimeConditions::Every(vec![TimeCondition::BeganSince(1), TimeCondition::BeganUntil(2)]);
        let plan = plan(None, span);
        assert!(plan.contains("records_by_start (collection=? AND stime>? AND stime<?)"), "{plan}");
    }

    #[test]
    fn ids_are_looked_up() {
        let plan = plan(Some(&["a", "b"]), TimeConditions::current());
        assert!(plan.contains("records_by_id (collection=? AND id=?)"), "{plan}");
    }
}
