//! Plays a plan: controls first, side by side as far as there are devices. Each run is judged at
//! once, beside those that are played meanwhile: its devices are free by then.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use assay_drive::{Lease, Target, hook, play};
use assay_judge::{Judgement, Rules, judge};
use assay_suites::Catalogue;
use assay_suites::profile::Profile;
use assay_suites::step::Step;
use assay_suites::suite::Case;
use assay_wire::recording::{Breakage, Event as RecordingEvent, LATE, Recording};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};

use crate::event::{Event, Sink};
use crate::lease::Pool;
use crate::plan::{Plan, Planned, Run, proved};
use crate::report::CaseResult;
use crate::state::State;
use crate::stop::Stop;
use crate::summary::{axis_names, shown};

/// Suites and their compiled rules.
pub struct Suite {
    /// The suites.
    pub catalogue: Catalogue,
    /// Their rules.
    pub rules: Rules,
}

pub(crate) struct Stage {
    pub(crate) suite: Arc<Suite>,
    pub(crate) profile: Arc<Profile>,
    pub(crate) target: Arc<Target>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) jobs: usize,
    /// Who may judge: as many as may play, one after the other.
    pub(crate) judges: Semaphore,
    pub(crate) stop: Stop,
    /// Said where the target has fallen silent.
    pub(crate) silence: Stop,
    /// False where that does not end the run.
    pub(crate) gives_up: bool,
    /// How many case runs in a row heard nothing until their deadline.
    pub(crate) silent: AtomicUsize,
    pub(crate) sink: Arc<Sink>,
}

/// After so many case runs in a row that heard nothing until their deadline the others are not played:
/// each of them would wait as long.
const SILENT: usize = 8;

/// Plays all of the plan and returns what each run came to. What is missing was not played, since
/// somebody said stop, or the target had fallen silent.
pub(crate) async fn play_all(stage: Arc<Stage>, plan: &Plan) -> Vec<CaseResult> {
    let states: Arc<Mutex<HashMap<Run, State>>> = Arc::default();
    let permits = Arc::new(Semaphore::new(stage.jobs.max(1)));
    let mut results = Vec::with_capacity(plan.planned.len());
    let levels = plan
        .planned
        .iter()
        .map(|planned| planned.level)
        .max()
        .unwrap_or_default();
    for level in 0..=levels {
        let mut running = JoinSet::new();
        for planned in plan.planned.iter().filter(|planned| planned.level == level) {
            let (stage, states) = (Arc::clone(&stage), Arc::clone(&states));
            let (permits, planned) = (Arc::clone(&permits), planned.clone());
            running.spawn(async move {
                let permit = permits.acquire_owned().await.ok();
                // Who is playing already waits for its own deadline.
                if stage.silence.is_set() {
                    return None;
                }
                let control = planned.control.as_ref().map(|control| {
                    let states = states
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    (control.clone(), states.get(control).copied())
                });
                let result = tokio::select! {
                    biased;
                    () = stage.stop.wait() => return None,
                    result = one(&stage, &planned, control, permit) => result,
                };
                let mut states = states
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                states.insert(planned.run, result.verdict);
                Some(result)
            });
        }
        while let Some(joined) = running.join_next().await {
            if let Ok(Some(result)) = joined {
                results.push(result);
            }
        }
    }
    results
}

impl Stage {
    /// Gives the target up where it has been silent for too long.
    fn heard(&self, recording: &Recording) {
        let mut events = recording.events.iter().map(|(_, event)| event);
        let has_said = |event: &RecordingEvent| {
            matches!(
                event,
                RecordingEvent::Received { .. } | RecordingEvent::Arrived { .. }
            )
        };
        if events.clone().any(has_said) {
            self.silent.store(0, Ordering::Relaxed);
            return;
        }
        let waited = |event: &RecordingEvent| match event {
            RecordingEvent::Broke { how, .. } => *how == Breakage::Timeout,
            // A connection, or its handshake, that did not come about.
            RecordingEvent::Refused { why, .. } => why.ends_with(LATE),
            _ => false,
        };
        if self.gives_up
            && events.any(waited)
            && self.silent.fetch_add(1, Ordering::Relaxed) + 1 >= SILENT
        {
            self.silence.now();
        }
    }
}

impl CaseResult {
    /// Of a run of which nothing is known yet.
    fn of(planned: &Planned) -> Self {
        Self {
            id: planned.run.case.clone(),
            axes: axis_names(&planned.run.axes),
            verdict: State::Error,
            reasons: Vec::new(),
            diff: Vec::new(),
            as_control: planned.as_control,
            control: None,
            findings: Vec::new(),
            looked: BTreeMap::new(),
            proves: Vec::new(),
            tried: BTreeSet::new(),
            micros: 0,
        }
    }
}

/// The result of a run that was not played.
pub(crate) fn not_played(
    suite: &Suite,
    planned: &Planned,
    verdict: State,
    why: &str,
) -> CaseResult {
    let case = suite.catalogue.case(&planned.run.case);
    CaseResult {
        verdict,
        reasons: vec![why.to_owned()],
        proves: case.map_or_else(Vec::new, |(_, case)| proved(case)),
        ..CaseResult::of(planned)
    }
}

async fn one(
    stage: &Stage,
    planned: &Planned,
    control: Option<(Run, Option<State>)>,
    permit: Option<OwnedSemaphorePermit>,
) -> CaseResult {
    let started = Instant::now();
    let mut result = CaseResult {
        control: control.as_ref().map(|(run, _)| run.name()),
        ..CaseResult::of(planned)
    };
    let Some((_, case)) = stage.suite.catalogue.case(&planned.run.case) else {
        result.reasons.push("the suite has no such case".to_owned());
        return result;
    };
    result.proves = proved(case);
    let mut recording = Recording::default();
    match control {
        Some((run, state)) if !state.is_some_and(State::is_good) => {
            result.verdict = State::Blocked;
            let state = state.map_or("was not played".to_owned(), |state| {
                format!("came to {state}")
            });
            result
                .reasons
                .push(format!("its control {} {state}", run.name()));
        }
        _ => match judged(stage, planned, case, permit).await {
            Ok((judgement, its_recording, tried)) => {
                result.tried = tried;
                result.verdict = judgement.verdict.into();
                result.reasons = judgement
                    .reasons
                    .iter()
                    .map(|reason| reason.text.clone())
                    .collect();
                let diffs = judgement.reasons.iter().flat_map(|reason| &reason.diff);
                result.diff = diffs.cloned().collect();
                result.findings = shown(&judgement.findings);
                result.looked = judgement.looked;
                recording = its_recording;
            }
            Err(why) => result.reasons.push(why),
        },
    }
    result.micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    (stage.sink)(&Event::Finished {
        result: &result,
        recording: &recording,
    });
    result
}

/// Plays a case and judges it, which holds up nobody who wants to play.
async fn judged(
    stage: &Stage,
    planned: &Planned,
    case: &Case,
    permit: Option<OwnedSemaphorePermit>,
) -> Result<(Judgement, Recording, BTreeSet<String>), String> {
    let (recording, tried) = played(stage, planned, case).await?;
    drop(permit);
    stage.heard(&recording);
    let _turn = stage.judges.acquire().await;
    let (suite, profile) = (Arc::clone(&stage.suite), Arc::clone(&stage.profile));
    let id = planned.run.case.clone();
    let task = tokio::task::spawn_blocking(move || {
        let (_, case) = suite.catalogue.case(&id)?;
        let judgement = judge(&suite.rules, &suite.catalogue, case, &profile, &recording);
        Some((judgement, recording, tried))
    });
    known(task.await)
}

/// Plays a case on leased devices. A panic is caught: it is the harness's fault, and the other cases
/// go on. Gives also who sent credentials, or was asked for some.
async fn played(
    stage: &Stage,
    planned: &Planned,
    case: &Case,
) -> Result<(Recording, BTreeSet<String>), String> {
    let (mut lease, dirty) = stage.pool.take(planned.devices).await;
    if dirty {
        reset(stage, &mut lease).await;
    }
    let calls_hooks = case
        .steps
        .iter()
        .any(|step| matches!(step.value, Step::Hook(_)));
    let spare = lease.clone();
    for device in lease.devices.values_mut() {
        device.has_tried = false;
    }
    let task = {
        let (suite, target) = (Arc::clone(&stage.suite), Arc::clone(&stage.target));
        let (run, mut lease) = (planned.run.clone(), lease);
        tokio::spawn(async move {
            let (_, case) = suite.catalogue.case(&run.case)?;
            let recording = play(case, &run.axes, &target, &mut lease).await;
            Some((recording, lease))
        })
    };
    let joined = task.await;
    let spare_is_dirty = dirty || joined.is_err();
    let played = known(joined);
    match played {
        Ok((recording, mut lease)) => {
            let mut tried = BTreeSet::new();
            for (name, device) in &mut lease.devices {
                if device.has_tried {
                    tried.insert(device.identity.id.clone());
                }
                let before = spare.devices.get(name);
                device.has_tried |= before.is_some_and(|before| before.has_tried);
            }
            stage.pool.give_back(lease, calls_hooks);
            Ok((recording, tried))
        }
        Err(why) => {
            stage.pool.give_back(spare, spare_is_dirty);
            Err(why)
        }
    }
}

/// What a task came to.
fn known<T>(joined: Result<Option<T>, JoinError>) -> Result<T, String> {
    match joined {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err("the suite has no such case".to_owned()),
        Err(panic) => Err(format!("the harness broke: {panic}")),
    }
}

/// Clears what an earlier case left behind for these devices, where the profile says how.
async fn reset(stage: &Stage, lease: &mut Lease) {
    let Some(reset) = stage.profile.hooks.get("reset") else {
        return;
    };
    for device in lease.devices.values_mut() {
        let values = BTreeMap::from([("device".to_owned(), device.identity.id.clone())]);
        // A target that cannot reset is no reason to stop: a case that minds what is left says so.
        if hook::call(reset, &values, &stage.target).await.is_ok() {
            device.forget();
        }
    }
}
