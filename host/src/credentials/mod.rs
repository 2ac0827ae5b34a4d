//! Signs the requests of rules on their way out. A rule names nothing secret and sees nothing secret: the operator binds a credential to a
//! grant, or the rule's manifest declares which of its settings are one, and the host adds the headers.

mod authorization;
mod aws;
mod aws_place;
mod chef;
mod error;
mod profile;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

pub use self::authorization::Authorization;
pub use self::aws::AwsKeys;
pub use self::chef::ChefClient;
pub use self::error::{CredentialError, SigningError};
use crate::settings::CredentialSettings;

/// What signs requests. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub enum Credential {
    /// With AWS Signature Version 4.
    Aws(AwsKeys),
    /// With Chef's X-Ops headers.
    Chef(Box<ChefClient>),
    /// With `Authorization: Bearer`.
    Bearer(Authorization),
    /// With `Authorization: Basic`.
    Basic(Authorization),
}

/// What a request says about how it is to be signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningOptions {
    /// AWS's region. None: that of the host's name, else `us-east-1`.
    pub aws_region: Option<String>,
    /// AWS's service, as in `s3`. None: that of the host's name.
    pub aws_service: Option<String>,
}

impl Credential {
    /// Makes a credential of what the config says. Reads the files and variables that it names.
    ///
    /// # Errors
    /// There is no such key, or it cannot be used.
    pub fn new(settings: &CredentialSettings) -> Result<Self, CredentialError> {
        Ok(match settings {
            CredentialSettings::Aws(settings) => Self::Aws(AwsKeys::new(settings)?),
            CredentialSettings::Chef { user, key, version } => Self::Chef(Box::new(ChefClient::new(user, key, *version)?)),
            CredentialSettings::Bearer { token } => Self::Bearer(Authorization::bearer(token)?),
            CredentialSettings::Basic { user, password } => Self::Basic(Authorization::basic(user, password)?),
        })
    }

    /// Adds the headers that say who asks. The request must be complete: nothing of it may change afterwards. `now` is what the other side
    /// compares its clock with.
    ///
    /// # Errors
    /// The request cannot be signed this way.
    pub fn sign(&self, request: &mut reqwest::Request, options: &SigningOptions, now: SystemTime) -> Result<(), SigningError> {
        match self {
            Self::Aws(keys) => keys.sign(request, options, now),
            Self::Chef(client) => client.sign(request, now),
            Self::Bearer(authorization) | Self::Basic(authorization) => {
                authorization.add_to(request);
                Ok(())
            }
        }
    }
}

/// The credentials that the requests of one rule can be signed with.
#[derive(Clone, Debug, Default)]
pub struct RuleCredentials {
    /// Those of the config, which a grant of the operator names.
    pub granted: BTreeMap<String, Arc<Credential>>,
    /// Those that the rule's manifest declares among the rule's own settings, which an ask of the manifest names.
    pub own: BTreeMap<String, Arc<Credential>>,
}
