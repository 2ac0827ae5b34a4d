//! Credentials of the config, `credentials.<name>`: what signs the requests of rules. Their secrets belong to the host; no rule sees one.

mod declared;
mod reading;

use std::path::PathBuf;

use super::secret::Secret;

pub(super) use self::declared::Declared;
pub(super) use self::reading::{json_schema, read};

/// A credential as the config or a rule's settings say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSettings {
    /// Signs with AWS Signature Version 4.
    Aws(AwsSettings),
    /// Signs with Chef's X-Ops headers.
    Chef {
        /// The client's name on the Chef server.
        user: Secret,
        /// Its private key, in PEM.
        key: Secret,
        /// How it signs.
        version: ChefVersion,
    },
    /// Sends `Authorization: Bearer`.
    Bearer {
        /// The token.
        token: Secret,
    },
    /// Sends `Authorization: Basic`.
    Basic {
        /// The user.
        user: Secret,
        /// The password.
        password: Secret,
    },
}

/// Where the keys of AWS are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsSettings {
    /// In the settings themselves.
    Keys {
        /// Which key.
        access_key: Secret,
        /// What signs.
        secret_key: Secret,
        /// What comes with temporary keys.
        session_token: Option<Secret>,
    },
    /// In a section of a file that other AWS tools share.
    Profile {
        /// The name of the section.
        profile: String,
        /// The file.
        file: PathBuf,
    },
    /// In `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, with temporary keys, `AWS_SESSION_TOKEN`.
    Environment,
}

/// The versions of Chef's way to sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChefVersion {
    /// The oldest, for servers that know nothing else.
    V1_0,
    /// As 1.0, with the digest of the user's name instead of the name.
    V1_1,
    /// With SHA-256; every server since 2015 knows it.
    #[default]
    V1_3,
}

/// The versions by their names.
const CHEF_VERSIONS: [(&str, ChefVersion); 3] = [("1.0", ChefVersion::V1_0), ("1.1", ChefVersion::V1_1), ("1.3", ChefVersion::V1_3)];
