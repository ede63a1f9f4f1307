//! The certificate by which the page is known, replaced while it is served.

use std::sync::Arc;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::domain::access::Identity;

/// What TLS needs to know. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tls(pub(super) Arc<ServerConfig>);

impl Tls {
    /// What TLS needs to know of a server with this identity.
    ///
    /// # Errors
    /// When one of the files holds something else, or the key belongs to another certificate.
    pub fn new(identity: &Identity) -> anyhow::Result<Self> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(identity.chain.as_bytes())
            .collect::<Result<_, _>>()
            .context("`tls_cert_file` holds no certificate in PEM form")?;
        let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret().as_bytes())
            .context("`tls_key_file` holds no private key in PEM form")?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .context("no version of TLS can be spoken")?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("the certificate in `tls_cert_file` cannot be used with the key in `tls_key_file`")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }
}
