//! Leases: which device plays in which case.
//!
//! A nonce lives with its device, so two cases on one device at the same time would break each
//! other. A case takes what it needs out of the pool and gives it back, with the nonces as they are.

use std::sync::Mutex;

use assay_drive::{Lease, LeasedDevice};
use tokio::sync::Semaphore;

/// The devices of a profile.
pub(crate) struct Pool {
    free: Mutex<Vec<Slot>>,
    permits: Semaphore,
}

/// A device and whether a case has left something behind for it on the target.
pub(crate) struct Slot {
    device: LeasedDevice,
    /// True where a hook was called for it since the last reset.
    pub(crate) dirty: bool,
}

impl Pool {
    pub(crate) fn new(devices: impl IntoIterator<Item = LeasedDevice>) -> Self {
        let free: Vec<Slot> = devices
            .into_iter()
            .map(|device| Slot {
                device,
                dirty: false,
            })
            .collect();
        Self {
            permits: Semaphore::new(free.len()),
            free: Mutex::new(free),
        }
    }

    /// Takes this many devices, waiting until they are free, under the names `a`, `b`, …; the
    /// flag says whether one of them is dirty.
    pub(crate) async fn take(&self, count: usize) -> (Lease, bool) {
        let count = count.max(1);
        let permits = u32::try_from(count).unwrap_or(u32::MAX);
        if let Ok(permit) = self.permits.acquire_many(permits).await {
            permit.forget();
        }
        let mut free = self
            .free
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = free.len().saturating_sub(count);
        let taken = free.split_off(at);
        let dirty = taken.iter().any(|slot| slot.dirty);
        let names = (b'a'..=b'z').map(|letter| char::from(letter).to_string());
        let devices = names
            .zip(taken.into_iter().map(|slot| slot.device))
            .collect();
        (Lease { devices }, dirty)
    }

    /// Gives them back.
    pub(crate) fn give_back(&self, lease: Lease, dirty: bool) {
        let count = lease.devices.len();
        let mut free = self
            .free
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        free.extend(
            lease
                .devices
                .into_values()
                .map(|device| Slot { device, dirty }),
        );
        drop(free);
        self.permits.add_permits(count);
    }
}
