//! Datagrams: each is a push, and none is answered.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::Desk;
use super::mailbox::{Carrier, Unit};

/// The most octets of a datagram.
const DATAGRAM: usize = 65_536;

/// Takes what comes, for one device or for whoever waits.
pub(super) async fn serve(socket: UdpSocket, device: Option<String>, desk: Arc<Desk>) {
    let connection = desk.connection();
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let Ok((length, _)) = socket.recv_from(&mut buffer).await else {
            // An answer that nobody took, or no memory: the next one may be better.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let mailbox = match &device {
            Some(device) => desk.of_device(device),
            None => desk.waiting(),
        };
        let Some(mailbox) = mailbox else { continue };
        mailbox.put(Unit {
            connection: Some(connection),
            carrier: Carrier::Udp,
            octets: buffer.get(..length).unwrap_or_default().to_vec(),
            answer: Vec::new(),
            at: Instant::now(),
            is_whole: true,
        });
    }
}
