//! Plays a case: its steps in order, by the actor of its family.
//!
//! It talks and never judges: `given` and `expect` are looked at later, in the recording.

use std::collections::BTreeMap;

use assay_suites::step::{HookCall, Step};
use assay_suites::suite::{Axis, Case};
use assay_wire::Encoding;
use assay_wire::dm::Version;
use assay_wire::recording::{Event, Recording};

use crate::dm::{Actor, Halt};
use crate::{Lease, Recorder, Target, hook};

/// Plays a case with these axis values against a target, with the devices that were leased for it.
///
/// The run ends at the first step that cannot be played, when the link breaks, and when a hook
/// does not work; the last event says which. A link that breaks over an unlawful message ends it
/// only where the target accepts no further one. Nonces that the target gave out stay in the lease.
pub async fn play(
    case: &Case,
    axes: &BTreeMap<Axis, String>,
    target: &Target,
    lease: &mut Lease,
) -> Recording {
    let mut recorder = Recorder::new(&case.id.value, axes, target);
    let version = axes
        .get(&Axis::Version)
        .and_then(|text| Version::from_dtd(text));
    let encoding = match axes.get(&Axis::Encoding).map(String::as_str) {
        Some("wbxml") => Encoding::Wbxml,
        _ => Encoding::Xml,
    };
    let mut actor = Actor::new(target, lease, version.unwrap_or(Version::V1_2), encoding);
    for (number, step) in (0_u32..).zip(&case.steps) {
        let recorder = &mut recorder;
        let played = match &step.value {
            Step::Package1(step) => actor.package_1(recorder, number, step).await,
            Step::Answer(step) => actor.answer(recorder, number, step).await,
            Step::Finish(step) => actor.finish(recorder, number, step).await,
            Step::Send(step) => actor.send(recorder, number, step).await,
            Step::Repeat(step) => actor.repeat(recorder, number, step).await,
            Step::Hook(step) => call_hook(&actor, recorder, number, step, target).await,
            Step::Given(_) | Step::Expect(_) => Ok(()),
            _ => Err(Halt::Stuck("no device speaks like that yet".to_owned())),
        };
        match played {
            Ok(()) => {}
            Err(Halt::Over) => break,
            Err(Halt::Stuck(why)) => {
                recorder.event(Event::Stuck { step: number, why });
                break;
            }
        }
    }
    recorder.finish()
}

async fn call_hook(
    actor: &Actor<'_>,
    recorder: &mut Recorder<'_>,
    number: u32,
    step: &HookCall,
    target: &Target,
) -> Result<(), Halt> {
    let name = &step.call.value;
    let Some(hook) = target.hooks.get(name) else {
        return Err(Halt::Stuck(format!("the profile has no hook {name}")));
    };
    let (device, user) = actor.hook_values(step.device.as_ref())?;
    let mut values = step.with.clone();
    values.insert("device".to_owned(), device);
    values.insert("user".to_owned(), user);
    let (worked, answer) = match hook::call(hook, &values, target).await {
        Ok(answer) => (true, answer),
        Err(why) => (false, why),
    };
    recorder.event(Event::Hook {
        step: number,
        name: name.clone(),
        worked,
        answer,
    });
    if worked { Ok(()) } else { Err(Halt::Over) }
}
