//! The proof that the suite catches what it claims to: faults, each killed by the requirement that
//! names it, and variants, which nothing may find fault with.
//!
//! The implementations to run against come as a [`Bench`], so that this crate knows no peer.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::sync::Arc;

use assay_suites::basis::{Level, Worst, worst};
use assay_suites::profile::Profile;
use assay_suites::suite::{Requirement, Role};
use serde::{Deserialize, Serialize};

use crate::report::{CaseResult, Summary};
use crate::schedule::Suite;
use crate::state::State;

use crate::{CannotJudge, Names, Options, Preflight, run};

/// Implementations with switches.
pub trait Bench: Sync {
    /// One of them, running until it is dropped.
    type Peer: Send;

    /// The role that they play.
    fn role(&self) -> Role;

    /// The names of all faults.
    fn faults(&self) -> Vec<String>;

    /// The names of all variants.
    fn variants(&self) -> Vec<String>;

    /// Starts one with these switches on; the profile says how to test it.
    fn start(
        &self,
        faults: &[String],
        variants: &[String],
    ) -> impl Future<Output = io::Result<(Self::Peer, Profile)>> + Send;
}

/// What to prove.
#[derive(Clone, Debug, Default)]
pub struct ProveOptions {
    /// Only faults and variants of these names; all where empty.
    pub only: Vec<String>,
    /// True to play the whole suite against each fault, which shows all collateral.
    pub all: bool,
    /// How many cases at the same time.
    pub jobs: usize,
}

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
    /// The matrix: every fault.
    pub matrix: Vec<FaultProof>,
    /// Every variant.
    pub variant_runs: Vec<VariantProof>,
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

/// Runs the proof. `progress` hears a line for each fault and variant.
///
/// # Errors
///
/// [`CannotJudge`] where the honest implementation cannot be judged, or none can be started.
pub async fn prove<B: Bench>(
    bench: &B,
    suite: &Arc<Suite>,
    options: &ProveOptions,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Proof, CannotJudge> {
    let mut proof = Proof::default();
    let tested: Vec<&Requirement> = suite
        .catalogue
        .requirements()
        .filter(|(loaded, requirement)| {
            loaded.suite.role == bench.role() && requirement.is_tested()
        })
        .map(|(_, requirement)| requirement)
        .collect();
    let declared: BTreeMap<&str, &Requirement> = tested
        .iter()
        .flat_map(|requirement| {
            requirement
                .dies_by
                .iter()
                .map(|f| (f.value.as_str(), *requirement))
        })
        .collect();
    let faults = bench.faults();
    let wanted = |name: &String| options.only.is_empty() || options.only.contains(name);

    proof.requirements.tested = tested.len();
    proof.faults.total = faults.len();
    proof.faults.declared = faults
        .iter()
        .filter(|fault| declared.contains_key(fault.as_str()))
        .count();
    for fault in &faults {
        if !declared.contains_key(fault.as_str()) {
            proof
                .gaps
                .push(format!("no requirement names the fault {fault}"));
        }
    }
    for fault in declared
        .keys()
        .filter(|fault| !faults.iter().any(|known| known == *fault))
    {
        proof.gaps.push(format!("no peer has the fault {fault}"));
    }
    if options.only.is_empty() {
        let honest = play(bench, suite, &[], &[], Names::All, options.jobs).await?;
        for alarm in alarms(&honest) {
            proof.gaps.push(format!("without any fault: {alarm}"));
        }
        for requirement in honest.requirements.iter().filter(|requirement| {
            requirement.disposition == "tested" && requirement.verdict != Some(State::Pass)
        }) {
            let state = requirement.verdict.map_or("nothing", State::name);
            let reasons = requirement.reasons.join("; ");
            proof.gaps.push(format!(
                "{} comes to {state} without any fault: {reasons}",
                requirement.id
            ));
        }
    }

    let mut killing = BTreeSet::new();
    for fault in faults.iter().filter(|fault| wanted(fault)) {
        let Some(requirement) = declared.get(fault.as_str()) else {
            continue;
        };
        let one = prove_fault(bench, suite, fault, requirement, options).await?;
        if one.killed {
            proof.faults.killed += 1;
            killing.insert(requirement.id.value.clone());
        } else {
            let why = one.why.clone().unwrap_or_default();
            proof
                .gaps
                .push(format!("{fault} survives {}: {why}", one.requirement));
        }
        let mark = if one.killed { "killed" } else { "SURVIVED" };
        progress(&format!("fault   {mark:8} {fault} by {}", one.requirement));
        proof.matrix.push(one);
    }
    proof.requirements.killing = killing.len();
    if options.only.is_empty() {
        for requirement in &tested {
            if !killing.contains(&requirement.id.value) {
                proof
                    .gaps
                    .push(format!("{} kills no fault", requirement.id.value));
            }
        }
    }

    let variants = bench.variants();
    proof.variants.total = variants.len();
    for variant in variants.into_iter().filter(wanted) {
        let on = [variant.clone()];
        let summary = play(bench, suite, &[], &on, Names::All, options.jobs).await?;
        let alarms = alarms(&summary);
        let mark = if alarms.is_empty() { "quiet" } else { "ALARM" };
        progress(&format!("variant {mark:8} {variant}"));
        proof.variants.alarms += usize::from(!alarms.is_empty());
        proof.gaps.extend(
            alarms
                .iter()
                .map(|alarm| format!("variant {variant}: {alarm}")),
        );
        proof.variant_runs.push(VariantProof { variant, alarms });
    }
    Ok(proof)
}

async fn prove_fault<B: Bench>(
    bench: &B,
    suite: &Arc<Suite>,
    fault: &str,
    requirement: &Requirement,
    options: &ProveOptions,
) -> Result<FaultProof, CannotJudge> {
    let id = &requirement.id.value;
    let mut proof = FaultProof {
        fault: fault.to_owned(),
        requirement: id.clone(),
        killed: false,
        by: Vec::new(),
        collateral: Vec::new(),
        why: None,
    };
    let proving: BTreeSet<String> = suite
        .catalogue
        .cases()
        .filter(|(_, case)| case.proves.iter().any(|proved| proved.value == *id))
        .map(|(_, case)| case.id.value.clone())
        .collect();
    if proving.is_empty() {
        proof.why = Some("no case proves it".to_owned());
        return Ok(proof);
    }
    let names = if options.all {
        Names::All
    } else {
        Names::These(proving)
    };
    let on = [fault.to_owned()];
    let summary = match play(bench, suite, &on, &[], names, options.jobs).await {
        Ok(summary) => summary,
        Err(error) => {
            proof.why = Some(error.to_string());
            return Ok(proof);
        }
    };
    let mut collateral = BTreeSet::new();
    for case in &summary.cases {
        for finding in case
            .findings
            .iter()
            .filter(|f| is_breach(f.verdict, f.level, &f.message))
        {
            if finding.requirement == *id {
                let is_worst = finding.verdict == worst_state(finding.level, requirement);
                if is_worst && !proof.by.contains(&case.name()) {
                    proof.by.push(case.name());
                }
            } else {
                collateral.insert(finding.requirement.clone());
            }
        }
    }
    proof.killed = !proof.by.is_empty();
    proof.collateral = collateral.into_iter().collect();
    if !proof.killed {
        let came_to = summary
            .cases
            .iter()
            .filter(|case| !case.verdict.is_outside())
            .map(describe);
        proof.why = Some(came_to.collect::<Vec<_>>().join("; "));
    }
    Ok(proof)
}

fn describe(case: &CaseResult) -> String {
    let reasons = case.reasons.join(", ");
    let name = case.name();
    if reasons.is_empty() {
        format!("{name} {}", case.verdict)
    } else {
        format!("{name} {} ({reasons})", case.verdict)
    }
}

/// A finding of its own worst verdict: `fail` for a MUST, `warn` for a SHOULD or a weak basis, a
/// noted breach for a MAY.
fn worst_state(level: Level, requirement: &Requirement) -> State {
    match worst(level, requirement.basis) {
        Worst::Fail => State::Fail,
        Worst::Warn => State::Warn,
        Worst::Note => State::Pass,
    }
}

/// A breach, as against a requirement that was met: one of a MAY is a pass with a message.
fn is_breach(verdict: State, level: Level, message: &str) -> bool {
    verdict != State::Pass || (level == Level::May && !message.is_empty())
}

/// All findings of a run that should have none.
fn alarms(summary: &Summary) -> Vec<String> {
    let mut alarms = BTreeSet::new();
    for case in &summary.cases {
        if !case.verdict.is_outside() && case.verdict != State::Pass {
            alarms.insert(describe(case));
        }
        for finding in case
            .findings
            .iter()
            .filter(|finding| finding.verdict != State::Pass)
        {
            let message = &finding.message;
            alarms.insert(format!(
                "{} in {}: {message}",
                finding.requirement,
                case.name()
            ));
        }
    }
    alarms.into_iter().collect()
}

async fn play<B: Bench>(
    bench: &B,
    suite: &Arc<Suite>,
    faults: &[String],
    variants: &[String],
    names: Names,
    jobs: usize,
) -> Result<Summary, CannotJudge> {
    let (peer, profile) = bench
        .start(faults, variants)
        .await
        .map_err(|error| CannotJudge {
            url: "the built-in peer".to_owned(),
            why: error.to_string(),
        })?;
    let options = Options {
        names,
        preflight: Preflight::Skip,
        jobs,
        ..Options::all(bench.role())
    };
    let summary = run(
        Arc::clone(suite),
        Arc::new(profile),
        &options,
        Arc::new(|_| {}),
    )
    .await;
    drop(peer);
    summary
}
