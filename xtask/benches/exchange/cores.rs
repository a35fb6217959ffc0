//! Which core a thread is on.

use std::sync::LazyLock;

use core_affinity::CoreId;

/// The cores that there were before any thread was bound to one of them.
static ALL: LazyLock<Vec<CoreId>> =
    LazyLock::new(|| core_affinity::get_core_ids().unwrap_or_default());

/// Binds this thread to the core on which client and server talk.
pub(crate) fn talk() {
    bind(ALL.first().copied());
}

/// All other cores; the same one where there is no other.
pub(crate) fn free() -> impl Iterator<Item = Option<CoreId>> {
    let others = ALL.iter().skip(1).copied().map(Some);
    let alone = (ALL.len() < 2).then(|| ALL.first().copied());
    others.chain(alone)
}

/// Binds this thread to a core, if it is known.
pub(crate) fn bind(core: Option<CoreId>) {
    // Where the system does not let us the thread stays where it is.
    let _ = core.map(core_affinity::set_for_current);
}
