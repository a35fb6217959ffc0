//! The routes of the provisioning server, and what it remembers: packages, numbers that it drew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use assay_wire::digest::hmac_sha1;
use axum::Router;
use axum::routing::{any, post};

use super::packages::{self, Shelf};
use super::{admin, pap};
use crate::hex;
use crate::switch::Switches;

/// Most devices whose first nonce is kept.
const DEVICES: usize = 1024;

/// The server.
#[derive(Debug)]
pub(crate) struct Server {
    /// What it does otherwise.
    pub(crate) switches: Arc<Switches>,
    state: Mutex<State>,
}

/// What it remembers.
#[derive(Debug)]
pub(crate) struct State {
    /// The packages.
    pub(crate) shelf: Shelf,
    /// The first nonce of each device, for the fault that holds on to it.
    nonces: HashMap<String, Vec<u8>>,
    seed: String,
    drawn: u64,
}

impl Server {
    /// One that has nothing.
    fn new(switches: Arc<Switches>) -> Self {
        let seed = switches.options.seed.clone().unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.map_or(0, |now| now.as_nanos()).to_string()
        });
        let state = State {
            shelf: Shelf::default(),
            nonces: HashMap::new(),
            seed,
            drawn: 0,
        };
        Self {
            switches,
            state: Mutex::new(state),
        }
    }

    /// What it remembers.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A number that no earlier call gave.
    pub(crate) fn number(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    /// The nonce that this device had first; so many devices are kept.
    pub(crate) fn first_nonce(&mut self, device: &str, nonce: Vec<u8>) -> Vec<u8> {
        if self.nonces.len() >= DEVICES {
            self.nonces.clear();
        }
        self.nonces
            .entry(device.to_owned())
            .or_insert(nonce)
            .clone()
    }

    /// A text that nobody guesses and no earlier call gave, of sixteen characters.
    pub(crate) fn token(&mut self) -> String {
        let number = self.number();
        let digest = hmac_sha1(self.seed.as_bytes(), &number.to_be_bytes());
        hex::lower(&digest[..8])
    }
}

/// The routes: hooks, packages, and where gateways tell what came of a push.
pub(crate) fn routes(switches: Arc<Switches>) -> Router {
    let package = format!("{}{{place}}/{{name}}", packages::PATH);
    Router::new()
        .route(&package, any(packages::file))
        .route(pap::NOTIFY, post(pap::notified))
        .route("/admin/cp/{what}", post(admin::hook))
        .with_state(Arc::new(Server::new(switches)))
}
