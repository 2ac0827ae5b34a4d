//! What the whole-program tests share.

mod aws;
mod chef_server;
mod edda_server;
mod inventory;
mod program;
mod sentry_server;
mod web_sites;

pub(crate) use aws::{Aws, skipped};
pub(crate) use chef_server::{ChefServer, is_installed};
pub(crate) use edda_server::{EddaServer, Reply};
pub(crate) use inventory::{Account, recorded_account};
pub(crate) use program::{Place, Ran, project, ran, shipped_rule};
pub(crate) use sentry_server::SentryServer;
pub(crate) use web_sites::{Site, WebSites};
