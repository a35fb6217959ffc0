//! Where the harness listens for what targets send of their own accord: a gateway that speaks PAP,
//! an SMS centre that speaks SMPP, sockets that take datagrams. One for a run.
//!
//! Every device that a case has leased has a mailbox here. What comes in goes to the mailbox of
//! the device that it names; what it means, and what becomes of the case, is not decided here.
//! Whoever sends may be anybody: connections, times and octets are bounded.

mod mailbox;
mod pap;
mod smpp;
mod udp;

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use assay_suites::profile::Listen;
use assay_wire::pap::digits;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::target::Identity;

pub(crate) use mailbox::{Carrier, Mailbox, Policy, Unit};
pub(crate) use pap::own_address;

/// So many connections are open at the same time; further ones are closed at once.
const CONNECTIONS: usize = 64;
/// How long a connection may stay silent.
const SILENCE: Duration = Duration::from_mins(1);
/// How long a request or a PDU may take from its first octet to its last.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most octets of one request or PDU.
const MOST: usize = 512 * 1024;

/// The listeners of a run. They end when this is dropped.
pub(crate) struct Hub {
    desk: Arc<Desk>,
    pap: SocketAddr,
    smpp: SocketAddr,
    /// One socket for all devices, where the profile gives a port.
    shared: Option<SocketAddr>,
    /// Where sockets of single devices are opened.
    udp: SocketAddr,
    host: Option<String>,
    tasks: Mutex<Vec<AbortHandle>>,
    /// The sockets of single devices, by device.
    sockets: Mutex<BTreeMap<String, SocketAddr>>,
}

/// What all connections share: who has which mailbox.
pub(crate) struct Desk {
    boxes: Mutex<Vec<Arc<Mailbox>>>,
    connections: AtomicU64,
    permits: Arc<Semaphore>,
}

impl Hub {
    /// Listens on the addresses of a profile.
    pub(crate) async fn start(listen: &Listen) -> Result<Self, String> {
        let address = |key: &str, text: &Option<String>| match text {
            None => Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)),
            Some(text) => text
                .parse()
                .map_err(|_| format!("listen.{key}: {text} is no address with a port")),
        };
        let no = |key: &'static str| {
            move |error: io::Error| format!("cannot listen for {key} (listen.{key}): {error}")
        };
        let gateway = TcpListener::bind(address("pap", &listen.pap)?).await;
        let gateway = gateway.map_err(no("pap"))?;
        let centre = TcpListener::bind(address("smpp", &listen.smpp)?).await;
        let centre = centre.map_err(no("smpp"))?;
        let udp = address("udp", &listen.udp)?;
        let desk = Arc::new(Desk {
            boxes: Mutex::default(),
            connections: AtomicU64::new(0),
            permits: Arc::new(Semaphore::new(CONNECTIONS)),
        });
        let mut hub = Self {
            pap: gateway.local_addr().map_err(no("pap"))?,
            smpp: centre.local_addr().map_err(no("smpp"))?,
            shared: None,
            udp,
            host: listen.host.clone(),
            tasks: Mutex::default(),
            sockets: Mutex::default(),
            desk,
        };
        if udp.port() != 0 {
            hub.shared = Some(hub.socket(None).await.map_err(no("udp"))?);
        }
        hub.keep(&tokio::spawn(accept(
            gateway,
            Arc::clone(&hub.desk),
            pap::serve,
        )));
        hub.keep(&tokio::spawn(accept(
            centre,
            Arc::clone(&hub.desk),
            smpp::serve,
        )));
        Ok(hub)
    }

    /// Gives a device a mailbox until the last of its owners is gone.
    pub(crate) fn lease(&self, identity: &Identity) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::new(identity));
        let mut boxes = lock(&self.desk.boxes);
        boxes.retain(|known| known.is_leased());
        boxes.push(Arc::clone(&mailbox));
        mailbox
    }

    /// Where this device is pushed to over this carrier; empty for files.
    pub(crate) async fn gateway(
        &self,
        identity: &Identity,
        carrier: Carrier,
    ) -> Result<String, String> {
        Ok(match carrier {
            Carrier::Pap => format!(
                "http://{}/pap/{}",
                self.public(self.pap),
                pap::escaped(&identity.id)
            ),
            Carrier::Smpp => self.public(self.smpp),
            Carrier::Udp => {
                let known = lock(&self.sockets).get(&identity.id).copied();
                let address = if let Some(address) = self.shared.or(known) {
                    address
                } else {
                    let opened = self.socket(Some(identity.id.clone())).await;
                    opened.map_err(|error| format!("cannot listen for udp: {error}"))?
                };
                self.public(address)
            }
            Carrier::File => String::new(),
        })
    }

    /// Opens a socket, for one device or for all.
    async fn socket(&self, device: Option<String>) -> io::Result<SocketAddr> {
        let socket = UdpSocket::bind(self.udp).await?;
        let address = socket.local_addr()?;
        if let Some(device) = &device {
            let mut sockets = lock(&self.sockets);
            if let Some(known) = sockets.get(device) {
                // Somebody else was faster.
                return Ok(*known);
            }
            sockets.insert(device.clone(), address);
        }
        let desk = Arc::clone(&self.desk);
        self.keep(&tokio::spawn(udp::serve(socket, device, desk)));
        Ok(address)
    }

    fn keep(&self, task: &tokio::task::JoinHandle<()>) {
        lock(&self.tasks).push(task.abort_handle());
    }

    /// An address as targets reach it.
    fn public(&self, address: SocketAddr) -> String {
        match &self.host {
            Some(host) => format!("{host}:{}", address.port()),
            None => address.to_string(),
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        for task in lock(&self.tasks).iter() {
            task.abort();
        }
        // Connections that are still open find nobody any more.
        lock(&self.desk.boxes).clear();
        self.desk.permits.close();
    }
}

impl Desk {
    /// The mailbox of the device of this id.
    fn of_device(&self, id: &str) -> Option<Arc<Mailbox>> {
        self.find(|mailbox| mailbox.id == id)
    }

    /// The mailbox of the device of this telephone number, however it is written.
    fn of_address(&self, address: &str) -> Option<Arc<Mailbox>> {
        let digits = digits(address);
        let wanted = |mailbox: &Mailbox| mailbox.address.as_ref().is_some_and(|own| *own == digits);
        (!digits.is_empty()).then(|| self.find(wanted)).flatten()
    }

    /// The mailbox of the one device that somebody waits for; of the only one otherwise.
    fn waiting(&self) -> Option<Arc<Mailbox>> {
        let boxes = lock(&self.boxes);
        let leased = || boxes.iter().filter(|mailbox| mailbox.is_leased());
        let only = |found: Vec<&Arc<Mailbox>>| match found[..] {
            [one] => Some(Arc::clone(one)),
            _ => None,
        };
        only(leased().filter(|mailbox| mailbox.is_expecting()).collect())
            .or_else(|| only(leased().collect()))
    }

    fn find(&self, is_it: impl Fn(&Mailbox) -> bool) -> Option<Arc<Mailbox>> {
        let boxes = lock(&self.boxes);
        // The newest: whoever leased a device before is done with it.
        let mut found = boxes.iter().rev();
        found
            .find(|mailbox| mailbox.is_leased() && is_it(mailbox))
            .map(Arc::clone)
    }

    /// A number for a new connection.
    fn connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
}

async fn accept<F, Done>(listener: TcpListener, desk: Arc<Desk>, serve: F)
where
    F: Fn(TcpStream, Arc<Desk>) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open: the next try may do better.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(permit) = Arc::clone(&desk.permits).try_acquire_owned() else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        let conversation = serve(stream, Arc::clone(&desk));
        tokio::spawn(async move {
            conversation.await;
            drop(permit);
        });
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
