//! What the whole-program tests share.

mod aws;
mod certificates;
mod chef_server;
mod edda_server;
mod inventory;
mod mail_server;
mod memory;
mod program;
mod recorder;
mod search_server;
mod sentry_server;
mod tools;
mod web_sites;

pub(crate) use aws::Aws;
pub(crate) use certificates::Certificates;
pub(crate) use chef_server::ChefServer;
pub(crate) use edda_server::{EddaServer, Reply};
pub(crate) use inventory::{Account, open_balancers, recorded_account};
pub(crate) use mail_server::MailServer;
pub(crate) use memory::ran_with_peak;
pub(crate) use program::{Place, Ran, program, project, ran, shipped_rule};
pub(crate) use recorder::Recorder;
pub(crate) use search_server::Search;
pub(crate) use sentry_server::SentryServer;
pub(crate) use tools::{Server, free_port, skipped, system_program, tool};
pub(crate) use web_sites::{Site, WebSites};
