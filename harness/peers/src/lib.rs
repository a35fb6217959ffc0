//! Peers: implementations embedded in this project, to run a suite against.
//!
//! A peer is conforming until a switch says otherwise: a fault makes it break one requirement, a
//! variant makes it use a freedom that the standard grants. Peers share `wire` with the harness and
//! nothing else; no requirement is known here, and no verdict.

mod carry;
mod clock;
mod control;
pub mod cp;
pub mod dm;
mod framing;
mod hex;
mod intake;
mod listen;
mod loose;
mod mangle;
pub mod ppg;
pub mod pull;
mod range;
mod switch;
mod table;
mod tls;
mod trivial;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use carry::Sms;
pub use control::Control;
pub use switch::{
    At, Family, Fault, Switch, Switches, UnknownSwitch, Variant, all_faults, all_variants, faults,
    variants,
};
pub use trivial::{start_trivial, trivial};

/// A peer that runs. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// The URL of the OMA DM service, `http://127.0.0.1:port/dm`.
    pub dm: String,
    /// The same service over TLS.
    pub dm_secure: String,
    /// The URL of the management service, `http://127.0.0.1:port/devicemgmt/server.aspx`.
    pub pull: String,
    /// The same service over TLS.
    pub pull_secure: String,
    /// The root that vouches for the peer, PEM.
    pub ca_pem: String,
    /// A client certificate that the peer knows, and its key, PEM.
    pub client_pem: String,
    /// Where the hooks are, `http://127.0.0.1:port/admin`: `POST /queue`, `POST /reset`,
    /// and for the management service `POST /pull/…`.
    pub admin: String,
    /// Where the hooks of the provisioning server are, `http://127.0.0.1:port/admin/cp`.
    pub cp_admin: String,
    /// The URL of the push proxy gateway, `http://127.0.0.1:port/ppg`.
    pub ppg: String,
    /// Where its hooks are, `http://127.0.0.1:port/admin/ppg`.
    pub ppg_admin: String,
    /// Where the provisioning server serves packages, `http://127.0.0.1:port/provisioning/`.
    pub packages: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Starts a peer on this address, and with TLS on the next port (on any free one for port 0).
///
/// # Errors
///
/// Where the addresses cannot be had, or no certificate can be made.
pub async fn start(switches: Switches, listen: SocketAddr) -> io::Result<Running> {
    let plain = bind(listen).await?;
    let mut next = listen;
    next.set_port(match listen.port() {
        0 => 0,
        port => port
            .checked_add(1)
            .ok_or_else(|| io::Error::other("no port above"))?,
    });
    let secure = bind(next).await?;
    let identity = tls::identity(&switches)?;
    let (plain_at, secure_at) = (plain.local_addr()?, secure.local_addr()?);

    let switches = Arc::new(switches);
    let service = listen::Service {
        router: dm::routes(switches.clone())
            .merge(pull::routes(switches.clone()))
            .merge(cp::routes(switches.clone()))
            .merge(ppg::routes(switches.clone())),
        rewrites: switches.responses().collect(),
        title_case: !switches.on("header-names-lower-case")
            && !switches.on("field-names-lower-case"),
        hears: switches.on("field-names-case-matters"),
        tls: None,
    };
    let over_tls = listen::Service {
        tls: Some(identity.config),
        ..service.clone()
    };
    Ok(Running {
        dm: format!("http://{plain_at}/dm"),
        dm_secure: format!("https://{secure_at}/dm"),
        pull: format!("http://{plain_at}{}", pull::PATH),
        pull_secure: format!("https://{secure_at}{}", pull::PATH),
        ca_pem: identity.ca_pem,
        client_pem: identity.client_pem,
        admin: format!("http://{plain_at}/admin"),
        cp_admin: format!("http://{plain_at}/admin/cp"),
        ppg: format!("http://{plain_at}{}", ppg::PATH),
        ppg_admin: format!("http://{plain_at}/admin/ppg"),
        packages: format!("http://{plain_at}{}", cp::PACKAGES),
        tasks: vec![
            listen::spawn(plain, service),
            listen::spawn(secure, over_tls),
        ],
    })
}

async fn bind(at: SocketAddr) -> io::Result<TcpListener> {
    let bound = TcpListener::bind(at).await;
    bound.map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {at}: {error}")))
}
