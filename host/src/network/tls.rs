//! How servers are recognised: by the authorities that the system trusts, or by the only ones that a grant names.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::error::NetworkError;
use crate::failure_kind::FailureKind;
use crate::settings::grants::Certificates;

/// One configuration for each set of authorities. Reading those of the system takes longer than a request, so it is done once, and only
/// when it is needed.
#[derive(Default)]
pub(super) struct TlsConfigurations(Mutex<HashMap<Option<PathBuf>, ClientConfig>>);

impl TlsConfigurations {
    /// For servers that `authorities` vouch for; None: those of the system.
    pub(super) fn get(&self, authorities: Option<&Certificates>) -> Result<ClientConfig, NetworkError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = authorities.map(|authorities| authorities.file.clone());
        if let Some(configuration) = known.get(&file) {
            return Ok(configuration.clone());
        }
        let made = configuration(authorities).map_err(|error| {
            let whose = authorities
                .map_or_else(|| "the system's certificates".to_owned(), |own| format!("the certificates in {}", own.file.display()));
            NetworkError::new(FailureKind::Other, format!("{whose} cannot be used: {error}"))
        })?;
        known.insert(file, made.clone());
        Ok(made)
    }
}

fn configuration(authorities: Option<&Certificates>) -> Result<ClientConfig, rustls::Error> {
    let provider: Arc<CryptoProvider> = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let Some(authorities) = authorities else {
        return Ok(builder.with_platform_verifier()?.with_no_client_auth());
    };
    let mut roots = RootCertStore::empty();
    for certificate in &authorities.list {
        roots.add(certificate.clone())?;
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
