//! Whole questions to an EDDA on the loopback that does what a test says.

mod archive;
mod faults;
mod server;
mod sharing;
mod times;

use std::time::{Duration, Instant};

use self::server::Server;
use super::http::HttpLimits;
use super::{Inventory, QueryError, Times};
use crate::settings::InventoryAddress;
use crate::time_window::TimeWindow;

/// The moment at which the runs of these tests begin.
const NOW: i64 = 1_764_000_000_000;
const WINDOW: TimeWindow = TimeWindow { since: 1000, until: 2001 };

/// As in a run, but without pauses.
fn limits() -> HttpLimits {
    HttpLimits { pause: Duration::ZERO, ..HttpLimits::default() }
}

fn address(server: &Server) -> InventoryAddress {
    InventoryAddress::Http(server.address().parse().expect("an address"))
}

fn open_within(server: &Server, limits: HttpLimits) -> Inventory {
    Inventory::open_within(&address(server), NOW, limits).expect("an inventory")
}

fn open(server: &Server) -> Inventory {
    open_within(server, limits())
}

fn later() -> Instant {
    Instant::now() + Duration::from_mins(5)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(50)
}

fn ask_until(inventory: &Inventory, path: &str, deadline: Instant) -> Result<Vec<String>, QueryError> {
    let answer = inventory.documents(path, &Times::Context, WINDOW, deadline)?;
    Ok((0..answer.documents.len()).filter_map(|index| answer.documents.get(index)).map(str::to_owned).collect())
}

/// What a rule is given for a path; how far the collection is known is not asked.
fn ask(inventory: &Inventory, path: &str) -> Result<Vec<String>, QueryError> {
    ask_until(inventory, path, later())
}
