//! TLS 1.2 and 1.3 of the exchanges: whom to trust, what to present, and what the handshake showed.
//!
//! The verdict about the certificate of a target is recorded whether or not it is obeyed. Older
//! versions of TLS are out of scope: a terminating proxy serves them.

use std::sync::{Arc, Mutex, PoisonError};

use assay_wire::recording::TlsFacts;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, CommonState, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Whom a link trusts and what it presents.
#[derive(Clone, Debug)]
pub struct Tls {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
    presented: Option<Arc<CertifiedKey>>,
    /// True to go on whatever certificate the target has.
    pub(crate) insecure: bool,
}

/// Why certificates or keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of further roots.
    #[error("the file of roots: {0}")]
    Roots(String),
    /// The file of the client certificate and its key.
    #[error("the file of the client certificate: {0}")]
    Client(String),
}

impl Tls {
    /// The roots of the web, and those of the PEM text `roots`; presents the certificate and the
    /// key of the PEM text `client`; takes any certificate where `insecure`.
    ///
    /// # Errors
    /// A text that holds no certificate or no key, or a key that does not fit.
    pub fn new(
        roots: Option<&[u8]>,
        client: Option<&[u8]>,
        insecure: bool,
    ) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let mut store = RootCertStore::empty();
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(pem) = roots {
            for root in certificates(pem).map_err(TlsError::Roots)? {
                store
                    .add(root)
                    .map_err(|error| TlsError::Roots(error.to_string()))?;
            }
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(&provider))
                .build()
                .map_err(|error| TlsError::Roots(error.to_string()))?;
        let presented = client
            .map(|pem| {
                let chain = certificates(pem)?;
                let key = PrivateKeyDer::from_pem_slice(pem)
                    .map_err(|error| format!("no private key: {error}"))?;
                CertifiedKey::from_der(chain, key, &provider)
                    .map(Arc::new)
                    .map_err(|error| error.to_string())
            })
            .transpose()
            .map_err(TlsError::Client)?;
        Ok(Self {
            provider,
            verifier,
            presented,
            insecure,
        })
    }

    /// The same for whoever shows no certificate.
    pub(crate) fn anonymous(&self) -> Self {
        Self {
            presented: None,
            ..self.clone()
        }
    }

    /// A configuration for one handshake, and the place where what it shows is kept.
    pub(crate) fn watched(&self) -> Result<(Arc<ClientConfig>, Arc<Watch>), Error> {
        let watch = Arc::new(Watch {
            inner: Arc::clone(&self.verifier),
            presented: self.presented.clone(),
            insecure: self.insecure,
            seen: Mutex::default(),
        });
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&watch) as Arc<dyn ServerCertVerifier>)
            .with_client_cert_resolver(Arc::clone(&watch) as Arc<dyn ResolvesClientCert>);
        // A resumed session would show no certificate.
        config.resumption = Resumption::disabled();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((Arc::new(config), watch))
    }

    /// A configuration for the ordinary calls around the exchanges.
    pub(crate) fn ordinary(&self) -> Result<ClientConfig, Error> {
        let (config, _) = self.watched()?;
        Ok(Arc::unwrap_or_clone(config))
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    if found.is_empty() {
        return Err("no certificate in PEM".to_owned());
    }
    Ok(found)
}

/// Verifies and presents for one handshake, and keeps what it saw.
#[derive(Debug)]
pub(crate) struct Watch {
    inner: Arc<WebPkiServerVerifier>,
    presented: Option<Arc<CertifiedKey>>,
    insecure: bool,
    seen: Mutex<Seen>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    verdict: Option<Result<(), String>>,
    asked: bool,
    presented: bool,
}

impl Watch {
    /// What the handshake showed; `connection` where it came to its end.
    pub(crate) fn facts(&self, connection: Option<&CommonState>, failure: &str) -> TlsFacts {
        let seen = self.seen();
        let version = connection.and_then(CommonState::protocol_version);
        let suite = connection.and_then(CommonState::negotiated_cipher_suite);
        let fault = match seen.verdict {
            Some(Ok(())) => None,
            Some(Err(why)) => Some(why),
            None => Some(format!("{}: {failure}", TlsFacts::NO_CERTIFICATE)),
        };
        TlsFacts {
            version: version
                .map(|version| format!("{version:?}"))
                .unwrap_or_default(),
            suite: suite
                .map(|suite| format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1))
                .unwrap_or_default(),
            asked_for_certificate: seen.asked,
            presented_certificate: seen.presented,
            certificate_valid: fault.is_none(),
            certificate_fault: fault,
        }
    }

    fn seen(&self) -> Seen {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn judged<T>(&self, result: Result<T, Error>, assumed: T) -> Result<T, Error> {
        match result {
            Err(error) => {
                let why = error.to_string();
                self.note(|seen| {
                    if !matches!(seen.verdict, Some(Err(_))) {
                        seen.verdict = Some(Err(why));
                    }
                });
                if self.insecure {
                    Ok(assumed)
                } else {
                    Err(error)
                }
            }
            valid => {
                self.note(|seen| {
                    seen.verdict.get_or_insert(Ok(()));
                });
                valid
            }
        }
    }
}

impl ServerCertVerifier for Watch {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let result = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        self.judged(result, ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.inner.verify_tls12_signature(message, cert, dss);
        self.judged(result, HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.inner.verify_tls13_signature(message, cert, dss);
        self.judged(result, HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

impl ResolvesClientCert for Watch {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let presented = self.presented.clone();
        self.note(|seen| {
            seen.asked = true;
            seen.presented = presented.is_some();
        });
        presented
    }

    fn has_certs(&self) -> bool {
        // Also without one: that the target asks is worth knowing.
        true
    }
}
