//! TLS 1.2 and 1.3, with a certificate that is replaced when its files change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig, version};
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::config::TlsConfig;
use crate::metrics;
use crate::reload;

/// What a port needs to speak TLS; clones share it.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    handshake_timeout: Duration,
}

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read, or holds no PEM of the right kind.
    #[error("{} cannot be read as PEM", .0.display())]
    Pem(PathBuf, #[source] pem::Error),
    /// A file without a certificate.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate and a key that do not belong together, or of a kind that is not known.
    #[error("the certificate and the key cannot be used")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// Reads certificate and key, and again whenever they have changed, until `end`. Files that cannot
    /// be used then leave the former certificate in force.
    ///
    /// # Errors
    /// Files that cannot be used now.
    pub fn open(config: &TlsConfig, end: CancellationToken) -> Result<Self, TlsError> {
        let files = vec![config.certificate_file.clone(), config.key_file.clone()];
        let stamp = reload::stamp(&files);
        let current = read(&config.certificate_file, &config.key_file)?;
        let certificate = Arc::new(Certificate(ArcSwap::from_pointee(current)));
        let (replaced, named) = (certificate.clone(), config.clone());
        reload::watch(files, stamp, config.reload(), end, move || {
            replaced.replace(&named.certificate_file, &named.key_file);
        });
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(settings(certificate)?)),
            handshake_timeout: config.handshake_timeout(),
        })
    }

    /// Does the handshake.
    ///
    /// # Errors
    /// A client that speaks no TLS that is taken here, or takes too long.
    pub(super) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        timeout(self.handshake_timeout, self.acceptor.accept(stream))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn settings(certificate: Arc<Certificate>) -> Result<ServerConfig, rustls::Error> {
    let mut settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        // Televisions of before 2020 know no 1.3; what is older than 1.2 is broken.
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificate);
    settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // A device that comes back with its heartbeat need not shake hands in full.
    settings.ticketer = ring::Ticketer::new()?;
    Ok(settings)
}

/// The certificate in force.
#[derive(Debug)]
struct Certificate(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl Certificate {
    fn replace(&self, certificate_file: &Path, key_file: &Path) {
        match read(certificate_file, key_file) {
            Ok(fresh) => {
                self.0.store(Arc::new(fresh));
                metrics::file_reloaded("certificate", true);
                tracing::info!("the certificate was read again");
            }
            Err(error) => {
                metrics::file_reloaded("certificate", false);
                let error = anyhow::Error::from(error);
                tracing::error!(
                    error = format!("{error:#}"),
                    "the certificate cannot be used; the former one stays in force"
                );
            }
        }
    }
}

fn read(certificate_file: &Path, key_file: &Path) -> Result<CertifiedKey, TlsError> {
    let in_certificate = |error| TlsError::Pem(certificate_file.to_owned(), error);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate_file)
        .map_err(in_certificate)?
        .collect::<Result<_, _>>()
        .map_err(in_certificate)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate_file.to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(key_file)
        .map_err(|error| TlsError::Pem(key_file.to_owned(), error))?;
    Ok(CertifiedKey::from_der(
        chain,
        key,
        &ring::default_provider(),
    )?)
}
