//! What the whole-program tests share.

mod edda_server;
mod inventory;
mod program;

pub use edda_server::{EddaServer, Reply};
pub use inventory::{Account, recorded_account};
pub use program::{Place, Ran, project, ran, shipped_rule};
