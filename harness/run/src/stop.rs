//! A run that ends early: the word to stop, and waiting for it.
//!
//! Who says it (an interrupt, a deadline) is for the user of the run.

use std::sync::Arc;

use tokio::sync::watch;

/// Ends a run early. Clones are the same stop; it is never taken back.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Says it. Cases that are being played are given up, no further one begins.
    pub fn now(&self) {
        self.0.send_replace(true);
    }

    /// True where it was said.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub(crate) async fn wait(&self) {
        // It cannot fail: the sender lives as long as this.
        let _ = self.0.subscribe().wait_for(|said| *said).await;
    }
}
