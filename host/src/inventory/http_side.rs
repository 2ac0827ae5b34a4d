//! An EDDA over HTTP as a side of the inventory. EDDA keeps the times; selectors stay here, so that one answer serves rules that want
//! different fields.

use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::fault::{InventoryError, QueryError};
use super::http::{EddaServer, HttpLimits, WholeText};
use super::patience::Asker;
use super::reading::Reading;
use super::side::{Question, Side};
use super::statistics::Counters;
use super::times::{Moments, Times};
use crate::json_value::{AnyJson, Json};
use crate::time_window::{EpochMillis, TimeWindow};

/// EDDA's slower crawls need some minutes. Milliseconds.
const CRAWL_LAG: EpochMillis = 5 * 60 * 1000;
/// EDDA has this one at hand, so it has no reason to be slow.
const PATIENCE_FOR_MTIME: Duration = Duration::from_mins(1);
/// An answer of one number. Bytes.
const LARGEST_MTIME_ANSWER: usize = 64 * 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct HttpSide {
    server: EddaServer,
    now: EpochMillis,
}

impl HttpSide {
    pub(super) fn open(address: &Url, now: EpochMillis, limits: HttpLimits, counters: Arc<Counters>) -> Result<Self, InventoryError> {
        Ok(Self { server: EddaServer::open(address, limits, counters)?, now })
    }

    fn crawled_until(&self) -> EpochMillis {
        self.now.saturating_sub(CRAWL_LAG)
    }
}

impl Side for HttpSide {
    fn moments(&self, times: &Times, window: TimeWindow) -> Result<Moments, QueryError> {
        Moments::over_http(times, window)
    }

    fn newest_known_until(&self) -> Result<EpochMillis, InventoryError> {
        Ok(self.crawled_until())
    }

    /// An EDDA that answers without a number (an old one, one that does not have the collection) is taken to be as far as it should be;
    /// one that does not answer at all is not.
    fn known_until(&self, collection: &str, asker: Asker<'_>) -> Result<EpochMillis, QueryError> {
        let path = collection.replace('.', "/") + ";_meta;_limit=1:(mtime)";
        let deadline = asker.deadline.min(Instant::now() + PATIENCE_FOR_MTIME);
        let mut answer = WholeText::up_to(LARGEST_MTIME_ANSWER);
        let sent = self.server.ask(&path, Asker { deadline, ..asker }, &mut answer);
        if let Err(error) = sent
            && error.is_trouble()
            && error.status.is_none()
        {
            return Err(error.about(&path));
        }
        let newest = answer.text().ok().and_then(|text| newest_mtime(&text));
        Ok(newest.map_or(self.crawled_until(), |mtime| mtime.min(self.crawled_until())))
    }

    fn read(&self, question: &Question, asker: Asker<'_>, reading: &mut Reading<'_>) -> Result<(), QueryError> {
        let path = question.path();
        self.server.ask(&path, asker, reading).map_err(|error| error.about(&path))
    }

    fn text(&self, question: &Question, asker: Asker<'_>, limit: usize) -> Result<String, QueryError> {
        let (path, mut answer) = (question.path(), WholeText::up_to(limit));
        self.server.ask(&path, asker, &mut answer).and_then(|()| answer.text()).map_err(|error| error.about(&path))
    }
}

/// The largest `mtime` of a list of records.
fn newest_mtime(answer: &str) -> Option<EpochMillis> {
    let records: Vec<AnyJson> = serde_json::from_str(answer).ok()?;
    records.iter().filter_map(|Json(record)| record.get("mtime")?.as_i64()).max()
}

#[cfg(test)]
mod tests {
    use super::newest_mtime;

    #[test]
    fn only_a_list_of_records_shows_an_mtime() {
        assert_eq!(newest_mtime(r#"[{"mtime":5},{"mtime":7},{"mtime":"9"},"x"]"#), Some(7));
        assert_eq!(newest_mtime(r#"[{"data":{"$serde_json::private::RawValue":4},"mtime":5}]"#), Some(5));
        for nothing in ["", "[]", r#"["i-1"]"#, r#"{"mtime":5}"#, "<html>", r#"[{"mtime":null}]"#] {
            assert_eq!(newest_mtime(nothing), None, "{nothing}");
        }
    }
}
