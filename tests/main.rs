//! The whole program, run as a user runs it.

mod support;

mod archive;
mod archive_collect;
mod archive_import;
mod archive_keeping;
mod archive_serve;
mod aws;
mod bad_input;
mod chef_rules;
mod command_line;
mod delivery;
mod demo;
mod grants;
mod inventory_faults;
mod manifests;
mod monitoring;
mod original;
mod outputs_elasticsearch;
mod outputs_hooks;
mod outputs_hostile;
mod outputs_mail;
mod rule_cases;
mod rule_trials;
mod s3_rules;
mod shipped_rules;
mod signing;
mod web_rules;
mod windows;
