//! What the whole-program tests share.

mod aws;
mod certificates;
mod edda_server;
mod inventory;
mod mail_server;
mod program;
mod recorder;
mod tools;

pub(crate) use aws::Aws;
pub(crate) use certificates::Certificates;
pub(crate) use edda_server::{EddaServer, Reply};
pub(crate) use inventory::{Account, open_balancers, recorded_account};
pub(crate) use mail_server::MailServer;
pub(crate) use program::{Place, Ran, project, ran, shipped_rule};
pub(crate) use recorder::Recorder;
pub(crate) use tools::{Server, free_port, osmem_server, skipped, system_program};
