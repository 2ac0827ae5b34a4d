//! A user name and its password, and where they may be sent.

use super::section::OutputSection;
use crate::settings::secret::Secret;

/// A user name and its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl Login {
    /// `user` and `password`: both or none.
    pub(super) fn read(section: &mut OutputSection<'_, '_>) -> Option<Self> {
        let user = section.take("user", |entry, _| entry.filled_text().map(str::to_owned));
        let password = section.take("password", Secret::read);
        let (has_user, has_password) = (section.has("user"), section.has("password"));
        section.refuse("user", !has_password, "a user needs a `password` beside it");
        section.refuse("password", !has_user, "a password needs a `user` beside it");
        Some(Self { user: user?, password: password? })
    }
}

/// Whether what is sent to `host` stays on this machine.
pub(super) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}
