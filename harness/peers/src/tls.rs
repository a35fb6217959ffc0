//! The certificates of a peer, made anew at each start, and how it speaks TLS with them.
//!
//! A root, a server certificate for loopback, and a client certificate for whoever wants to show
//! one. The peer asks for a client certificate, and usually serves clients without one.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};

use crate::switch::Switches;

/// What a peer presents, and what others need to trust it.
pub(crate) struct Identity {
    /// How it accepts connections.
    pub(crate) config: Arc<ServerConfig>,
    /// Its root, PEM.
    pub(crate) ca_pem: String,
    /// A client certificate of the same root and its key, PEM.
    pub(crate) client_pem: String,
}

/// Makes root, server and client certificate, and the configuration of the listener.
pub(crate) fn identity(switches: &Switches) -> io::Result<Identity> {
    make(switches).map_err(io::Error::other)
}

fn make(switches: &Switches) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Assay peer root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let mut names: Vec<String> = ["127.0.0.1", "::1", "localhost"]
        .map(str::to_owned)
        .to_vec();
    if switches.on("certificate-for-other-host") || switches.on("certificate-misnamed") {
        names = vec!["dm.other-host.example".to_owned()];
    }
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Assay peer");
    params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ServerAuth);
    if switches.on("certificate-expired") {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let server_key = KeyPair::generate()?;
    let server = params.signed_by(&server_key, &root)?;

    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "assay-device");
    params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ClientAuth);
    let client_key = KeyPair::generate()?;
    let client = params.signed_by(&client_key, &root)?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let ca: &rcgen::Certificate = root.as_ref();
    let builder = if switches.on("client-certificate-not-asked") {
        builder.with_no_client_auth()
    } else {
        let mut roots = RootCertStore::empty();
        roots.add(ca.der().clone())?;
        let mut verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        if !switches.on("client-certificate-required") {
            verifier = verifier.allow_unauthenticated();
        }
        builder.with_client_cert_verifier(verifier.build()?)
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    let config = builder.with_single_cert(vec![server.der().clone()], key)?;
    Ok(Identity {
        config: Arc::new(config),
        ca_pem: ca.pem(),
        client_pem: format!("{}{}", client.pem(), client_key.serialize_pem()),
    })
}
