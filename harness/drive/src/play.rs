//! Plays a case: its steps in order, by the actor of its family.
//!
//! It talks and never judges: `given` and `expect` are looked at later, in the recording.

use std::collections::BTreeMap;

use assay_suites::role::Family;
use assay_suites::step::{HookCall, Step};
use assay_suites::suite::{Axis, Case, Role};
use assay_wire::Encoding;
use assay_wire::dm::Version;
use assay_wire::pull::Generation;
use assay_wire::recording::{Event, Recording};

use crate::halt::Halt;
use crate::{Lease, Recorder, Target, cp, dm, hook, pull};

/// Plays a case with these axis values against a target, with the devices that were leased for it.
///
/// The run ends at the first step that cannot be played, when the link breaks, and when a hook
/// does not work; the last event says which. What the target gave out (nonces, tokens, packages)
/// stays in the lease.
pub async fn play(
    case: &Case,
    axes: &BTreeMap<Axis, String>,
    target: &Target,
    lease: &mut Lease,
) -> Recording {
    let mut recorder = Recorder::new(&case.id.value, axes, target);
    let mut player = Player::of(case, axes, target, lease);
    for (number, step) in (0_u32..).zip(&case.steps) {
        let played = match &step.value {
            Step::Given(_) | Step::Expect(_) => Ok(()),
            Step::Hook(step) => match &mut player {
                Player::Cp(actor) => actor.hook(&mut recorder, number, step).await,
                player => call_hook(player, &mut recorder, number, step, target).await,
            },
            step => player.play(&mut recorder, number, step).await,
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
    if let Player::Cp(actor) = &mut player {
        actor.finish(&mut recorder);
    }
    recorder.finish()
}

/// The actor of a family.
enum Player<'a> {
    Dm(Box<dm::Actor<'a>>),
    Pull(Box<pull::Actor<'a>>),
    Cp(Box<cp::Actor<'a>>),
}

impl<'a> Player<'a> {
    fn of(
        case: &Case,
        axes: &BTreeMap<Axis, String>,
        target: &'a Target,
        lease: &'a mut Lease,
    ) -> Self {
        let axis = |axis| axes.get(&axis).map(String::as_str);
        match family(case, target) {
            Family::Cp => Self::Cp(Box::new(cp::Actor::new(target, lease, axis(Axis::Carrier)))),
            Family::Dm => {
                let version = axis(Axis::Version).and_then(Version::from_dtd);
                let encoding = match axis(Axis::Encoding) {
                    Some("wbxml") => Encoding::Wbxml,
                    _ => Encoding::Xml,
                };
                let version = version.unwrap_or(Version::V1_2);
                let speaks = case.speaks;
                Self::Dm(Box::new(dm::Actor::new(
                    target, lease, version, encoding, speaks,
                )))
            }
            Family::Pull => {
                let generation = axis(Axis::Generation).and_then(Generation::named);
                let generation = generation.unwrap_or_default();
                Self::Pull(Box::new(pull::Actor::new(target, lease, generation)))
            }
        }
    }

    async fn play(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Step,
    ) -> Result<(), Halt> {
        match (self, step) {
            (Self::Dm(actor), Step::Package1(step)) => {
                actor.package_1(recorder, number, step).await
            }
            (Self::Dm(actor), Step::Answer(step)) => actor.answer(recorder, number, step).await,
            (Self::Dm(actor), Step::Finish(step)) => actor.finish(recorder, number, step).await,
            (Self::Dm(actor), Step::Send(step)) => actor.send(recorder, number, step).await,
            (Self::Dm(actor), Step::Repeat(step)) => actor.repeat(recorder, number, step).await,
            (Self::Pull(actor), step) => actor.play(recorder, number, step).await,
            (Self::Cp(actor), step) => actor.play(recorder, number, step).await,
            (Self::Dm(_), _) => Err(Halt::Stuck("no device of OMA DM does this".to_owned())),
        }
    }

    fn hook_values(&self, device: Option<&String>) -> Result<(String, String), Halt> {
        match self {
            Self::Dm(actor) => actor.hook_values(device),
            Self::Pull(actor) => actor.hook_values(device),
            Self::Cp(_) => Err(Halt::Stuck("its hooks are called by itself".to_owned())),
        }
    }
}

/// The family of a case: that of its verbs, else that of the target.
fn family(case: &Case, target: &Target) -> Family {
    let by_verb = case.steps.iter().find_map(|step| step.value.family());
    by_verb.unwrap_or(target.role.unwrap_or(Role::DmServer).family())
}

async fn call_hook(
    player: &mut Player<'_>,
    recorder: &mut Recorder<'_>,
    number: u32,
    step: &HookCall,
    target: &Target,
) -> Result<(), Halt> {
    let name = &step.call.value;
    let Some(hook) = target.hooks.get(name) else {
        return Err(Halt::Stuck(format!("the profile has no hook {name}")));
    };
    let (device, user) = player.hook_values(step.device.as_ref())?;
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
    if !worked {
        return Err(Halt::Over);
    }
    if let (Player::Pull(actor), "reset") = (player, name.as_str()) {
        actor.forget(step.device.as_ref());
    }
    Ok(())
}
