//! `reddalert` watches AWS accounts with rules that are sandboxed WebAssembly components. The way of a run starts in `commands::run`;
//! `CONTRIBUTING.md` has the map.

pub mod alert;
pub mod canonical_json;
pub mod collecting;
pub mod command_line;
#[cfg(feature = "sandbox")]
pub mod commands;
pub mod contract;
pub mod credentials;
pub mod exit_code;
pub mod failure_kind;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod inventory;
pub mod json_object;
pub mod json_value;
pub mod log;
pub mod moment;
pub mod monitoring;
pub mod network;
pub mod outputs;
#[cfg(feature = "sandbox")]
pub mod packaging;
pub mod plugin;
pub mod port_range;
pub mod recording;
pub mod rule_lock;
pub mod rule_name;
pub mod run_report;
#[cfg(feature = "sandbox")]
pub mod runner;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod service;
pub mod settings;
pub mod special_address;
pub mod status;
pub mod templates;
pub mod time_window;
pub mod visible_text;
