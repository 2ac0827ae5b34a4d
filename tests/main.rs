//! The whole program, run as a user runs it.

mod support;

mod archive;
mod bad_input;
mod command_line;
mod delivery;
mod demo;
mod inventory_faults;
mod original;
mod windows;
