//! What a mock host asks when the test gives no answer itself.

use std::fmt::Debug;

use serde_json::Value;

use crate::{CallError, Request, Response, Target, Times};

/// Answers in place of an inventory and of the network.
pub trait Source: Debug {
    /// The documents of a path without selector, whole.
    fn documents(&self, path: &str, times: Times) -> Result<Vec<Value>, CallError>;

    /// A whole answer as text.
    fn text(&self, path: &str, times: Times) -> Result<String, CallError>;

    /// What a request is answered; the body is cut by the mock host.
    fn send(&self, request: &Request) -> Result<Response, CallError>;

    /// Whether a port takes a connection.
    fn probe(&self, target: &Target) -> Result<bool, CallError>;
}
