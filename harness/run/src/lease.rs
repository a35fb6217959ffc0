//! Leases: which device plays in which case.
//!
//! A nonce lives with its device, so two cases on one device at the same time would break each
//! other. A case takes what it needs out of the pool and gives it back, with the nonces as they are.

use std::collections::BTreeSet;
use std::sync::Mutex;

use assay_drive::target::Identity;
use assay_drive::{Lease, LeasedDevice};
use tokio::sync::Semaphore;

/// SessionIDs are decimal and have four characters at most (OMA-TS-DM_Protocol 8.3).
const SESSIONS: u64 = 9_000;

/// A device that remembers nothing; the seed says what its first SessionID is.
pub(crate) fn fresh(identity: Identity, seed: u64) -> LeasedDevice {
    LeasedDevice {
        next_session: u32::try_from(seed % SESSIONS).unwrap_or_default(),
        ..LeasedDevice::new(identity)
    }
}

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

    /// The devices that were asked for credentials and never let in.
    pub(crate) fn unbelieved(&self) -> BTreeSet<String> {
        let free = self
            .free
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let devices = free.iter().map(|slot| &slot.device);
        let unbelieved = devices.filter(|device| device.has_tried && !device.was_accepted);
        unbelieved.map(|it| it.identity.id.clone()).collect()
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::task::{JoinSet, yield_now};

    use super::*;

    fn pool(devices: usize) -> Pool {
        Pool::new((0..devices).map(|number| {
            LeasedDevice::new(Identity {
                id: format!("device-{number}"),
                user: String::new(),
                password: None,
                ..Identity::default()
            })
        }))
    }

    fn ids(lease: &Lease) -> Vec<String> {
        let devices = lease.devices.values();
        devices.map(|device| device.identity.id.clone()).collect()
    }

    #[tokio::test]
    async fn the_devices_of_a_lease_are_named_in_order() {
        let pool = pool(3);
        let (lease, dirty) = pool.take(2).await;
        let names: Vec<&String> = lease.devices.keys().collect();
        assert_eq!(names, ["a", "b"]);
        assert!(!dirty);
        let (one, _) = pool.take(0).await;
        assert_eq!(one.devices.len(), 1, "every case has a device");
    }

    #[tokio::test]
    async fn what_a_case_left_behind_is_known_to_the_next_one() {
        let pool = pool(1);
        let (mut lease, _) = pool.take(1).await;
        let device = lease.devices.get_mut("a").expect("a device");
        device.nonce = Some(b"fresh".to_vec());
        device.next_session = 7;
        pool.give_back(lease, true);
        let (lease, dirty) = pool.take(1).await;
        assert!(dirty);
        assert_eq!(lease.devices["a"].nonce.as_deref(), Some(&b"fresh"[..]));
        assert_eq!(lease.devices["a"].next_session, 7);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_device_is_in_two_cases_at_once() {
        let pool = Arc::new(pool(5));
        let playing: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let mut cases = JoinSet::new();
        for number in 0..200 {
            let (pool, playing) = (Arc::clone(&pool), Arc::clone(&playing));
            cases.spawn(async move {
                let (lease, _) = pool.take(number % 3 + 1).await;
                assert_eq!(lease.devices.len(), number % 3 + 1);
                for id in ids(&lease) {
                    assert!(playing.lock().expect("no panic").insert(id));
                }
                yield_now().await;
                for id in ids(&lease) {
                    assert!(playing.lock().expect("no panic").remove(&id));
                }
                pool.give_back(lease, false);
            });
        }
        cases.join_all().await;
        let (all, _) = pool.take(5).await;
        assert_eq!(ids(&all).into_iter().collect::<BTreeSet<_>>().len(), 5);
    }
}
