//! The Rust side of `wit/`, generated from the wider of the two worlds: every rule of the narrow one fits it too.
#![allow(missing_docs, clippy::all, clippy::pedantic, unreachable_pub)] // Generated code; `wit/` has the explanations.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "network-rule",
    imports: { default: trappable },
});

pub use self::reddalert::rule::{alerts, edda, http, report, status, tcp, types};
pub use exports::reddalert::rule::lifecycle::Alert;
