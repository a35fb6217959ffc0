//! What reporters listen to while a run goes on.

use assay_wire::recording::Recording;

use crate::plan::Plan;
use crate::report::CaseResult;

/// Something that happened in a run.
pub enum Event<'a> {
    /// Before the first case: what will be played and what was assumed of the target.
    Planned {
        /// The plan.
        plan: &'a Plan,
        /// What was found out about claims that the profile leaves open.
        assumed: &'a [String],
    },
    /// A case run ended.
    Finished {
        /// What it came to.
        result: &'a CaseResult,
        /// Every octet of it.
        recording: &'a Recording,
    },
}

/// Takes events, from several threads.
pub type Sink = dyn Fn(&Event<'_>) + Send + Sync;
