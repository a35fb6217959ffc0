//! The proof that the suite catches what it claims to: faults, each killed by the requirement that
//! names it; variants, which nothing may find fault with; and trivial peers, which pass next to nothing.
//!
//! The implementations to run against come as a [`Bench`], so that this crate knows no peer.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::sync::Arc;

use crate::proof::{FaultProof, Proof, TrivialProof, VariantProof};
use crate::report::{CaseResult, Summary};
use crate::schedule::Suite;
use crate::state::State;
use crate::{CannotJudge, Names, Options, Preflight, run};
use assay_suites::basis::{Level, Worst, worst};
use assay_suites::profile::Profile;
use assay_suites::suite::{Requirement, Role};

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

    /// The names of the servers that know nothing of the protocol.
    fn trivial(&self) -> Vec<String>;

    /// Starts one with these switches on; the profile says how to test it.
    fn start(
        &self,
        faults: &[String],
        variants: &[String],
    ) -> impl Future<Output = io::Result<(Self::Peer, Profile)>> + Send;

    /// Starts a trivial one.
    fn start_trivial(
        &self,
        name: &str,
    ) -> impl Future<Output = io::Result<(Self::Peer, Profile)>> + Send;
}

/// What to prove.
#[derive(Clone, Debug, Default)]
pub struct ProveOptions {
    /// Only faults, variants and trivial peers of these names; all where empty.
    pub only: Vec<String>,
    /// True to play the whole suite against each fault, which shows all collateral.
    pub all: bool,
    /// How many cases at the same time.
    pub jobs: usize,
}

/// Runs the proof. `progress` hears a line for each fault, variant and trivial peer.
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

    for peer in bench.trivial().into_iter().filter(wanted) {
        let one = prove_trivial(bench, suite, peer).await?;
        let mark = if one.is_passing() { "PASSES" } else { "fails" };
        let (peer, passed, mandatory) = (&one.peer, one.passed.len(), one.mandatory);
        progress(&format!(
            "trivial {mark:8} {peer}: {passed} of {mandatory} passed"
        ));
        proof.trivial.total += 1;
        if one.is_passing() {
            let passed = one.passed.join(", ");
            proof.trivial.passing += 1;
            proof
                .gaps
                .push(format!("a server that {peer} passes {passed}"));
        }
        proof.gaps.extend(
            one.errors
                .iter()
                .map(|error| format!("a server that {} is too much for {error}", one.peer)),
        );
        proof.trivial_runs.push(one);
    }
    Ok(proof)
}

/// Plays everything against a server that knows nothing of the protocol: one case after the other, for
/// what such a server says may depend on who comes first.
async fn prove_trivial<B: Bench>(
    bench: &B,
    suite: &Arc<Suite>,
    peer: String,
) -> Result<TrivialProof, CannotJudge> {
    let started = bench.start_trivial(&peer).await;
    let options = Options {
        jobs: 1,
        gives_up: false,
        ..Options::all(bench.role())
    };
    let summary = played(suite, started, options).await?;
    let is_mandatory = |id: &String| {
        let requirement = suite.catalogue.requirement(id);
        requirement.is_some_and(|(_, requirement)| requirement.level() == Level::Must)
    };
    let is_planned =
        |case: &&CaseResult| !case.verdict.is_outside() && case.proves.iter().any(is_mandatory);
    let mandatory: Vec<&CaseResult> = summary.cases.iter().filter(is_planned).collect();
    let has_passed = |case: &&&CaseResult| {
        let mut found = case.findings.iter().map(|finding| finding.verdict);
        case.verdict == State::Pass && found.all(|verdict| verdict == State::Pass)
    };
    let passed = mandatory.iter().filter(has_passed);
    let errors = summary.cases.iter();
    let errors = errors.filter(|case| case.verdict == State::Error);
    Ok(TrivialProof {
        passed: passed.map(|case| case.name()).collect(),
        mandatory: mandatory.len(),
        errors: errors.map(describe).collect(),
        role: bench.role().name().to_owned(),
        peer,
    })
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
    let started = bench.start(faults, variants).await;
    let options = Options {
        names,
        jobs,
        ..Options::all(bench.role())
    };
    played::<B::Peer>(suite, started, options).await
}

/// Plays against a peer that was started, and stops it.
async fn played<P: Send>(
    suite: &Arc<Suite>,
    started: io::Result<(P, Profile)>,
    options: Options,
) -> Result<Summary, CannotJudge> {
    let (peer, profile) = started.map_err(|error| CannotJudge {
        url: "the built-in peer".to_owned(),
        why: error.to_string(),
    })?;
    let options = Options {
        preflight: Preflight::Skip,
        ..options
    };
    let (suite, profile) = (Arc::clone(suite), Arc::new(profile));
    let summary = run(suite, profile, &options, Arc::new(|_| {})).await;
    drop(peer);
    summary
}
