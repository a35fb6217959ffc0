//! What a proof came to: the data of `prove.json`.
//!
//! How it is found out is in [`crate::prove`].

use serde::{Deserialize, Serialize};

/// So many of a hundred mandatory case runs, rounded up, may a server pass that knows nothing of the
/// protocol.
pub const TRIVIAL_PERCENT: usize = 2;

/// What came of it. `prove.json` is this, written out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Proof {
    /// Numbers of faults.
    pub faults: FaultNumbers,
    /// Numbers of variants.
    pub variants: VariantNumbers,
    /// Numbers of requirements.
    pub requirements: RequirementNumbers,
    /// Numbers of trivial peers.
    pub trivial: TrivialNumbers,
    /// The matrix: every fault.
    pub matrix: Vec<FaultProof>,
    /// Every variant.
    pub variant_runs: Vec<VariantProof>,
    /// Every trivial peer.
    pub trivial_runs: Vec<TrivialProof>,
    /// What stands against the proof: one line each. Empty where all is proved.
    pub gaps: Vec<String>,
}

/// Numbers of faults.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FaultNumbers {
    /// In the catalogue of the peers.
    pub total: usize,
    /// Named by a requirement.
    pub declared: usize,
    /// Caught by the requirement that names them.
    pub killed: usize,
}

/// Numbers of variants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct VariantNumbers {
    /// In the catalogue of the peers.
    pub total: usize,
    /// With a finding.
    pub alarms: usize,
}

/// Numbers of requirements.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RequirementNumbers {
    /// Tested.
    pub tested: usize,
    /// Tested, and killing at least one fault.
    pub killing: usize,
}

/// What came of one fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FaultProof {
    /// The fault.
    pub fault: String,
    /// The requirement that names it.
    pub requirement: String,
    /// True where that requirement caught it.
    pub killed: bool,
    /// The case runs that did.
    pub by: Vec<String>,
    /// Other requirements that found something.
    pub collateral: Vec<String>,
    /// Why it was not killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What came of one variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct VariantProof {
    /// The variant.
    pub variant: String,
    /// The findings that should not have been, `requirement in case`.
    pub alarms: Vec<String>,
}

/// Numbers of trivial peers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TrivialNumbers {
    /// Played against.
    pub total: usize,
    /// That passed more of the mandatory cases than [`TRIVIAL_PERCENT`] of them.
    pub passing: usize,
}

/// What came of one trivial peer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TrivialProof {
    /// The peer.
    pub peer: String,
    /// The role that it was taken for.
    pub role: String,
    /// How many case runs were planned that judge an absolute requirement.
    pub mandatory: usize,
    /// Those of them that passed, and in which no monitor found anything either.
    pub passed: Vec<String>,
    /// Case runs in which the harness went wrong over it, and how.
    pub errors: Vec<String>,
}

impl TrivialProof {
    /// True where it passed more than may be passed by chance.
    pub fn is_passing(&self) -> bool {
        self.passed.len() > (self.mandatory * TRIVIAL_PERCENT).div_ceil(100)
    }
}
