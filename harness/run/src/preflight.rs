//! Before the run: is the target there, does it speak the protocol, and what may be assumed of it.
//!
//! A claim that the profile makes in writing is never questioned here. One that it leaves open is
//! assumed, unless the target refuses it cleanly; what was assumed and why goes into the report.
//! What the first words of a family are stands in a file of its own.

mod dm;
mod pull;

use assay_drive::{Lease, LeasedDevice, Target, play};
use assay_suites::profile::Profile;
use assay_suites::role::Family;
use assay_suites::step::Step;
use assay_suites::suite::{Case, Role};
use assay_wire::recording::{Direction, Event, Place, Recording};
use assay_wire::{Limits, http};

use crate::lease;
use crate::plan::{Axes, Claims};
use crate::stop::Stop;

/// Why a run could not even begin. Exit code 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot judge {url}: {why}")]
pub struct CannotJudge {
    /// The target.
    pub url: String,
    /// The cause, and what was tried.
    pub why: String,
}

/// What is asked before the first case.
#[derive(Clone, Default)]
pub enum Preflight {
    /// Whether the target is there and speaks the protocol.
    #[default]
    Ask,
    /// Nothing.
    Skip,
    /// Nothing, since that was asked before: [`detect`].
    Done(Box<Found>),
}

/// What was found out.
#[derive(Clone)]
pub struct Found {
    /// Claims, all of them known now.
    pub(crate) claims: Claims,
    /// What was assumed, and why: one line each.
    pub(crate) assumed: Vec<String>,
    /// The Server header field of an answer.
    pub(crate) server: Option<String>,
    /// The device that asked, with what it was given: a nonce, a token.
    pub(crate) met: Option<LeasedDevice>,
}

impl Found {
    /// The role that the target plays.
    pub fn role(&self) -> Role {
        self.claims.role
    }

    /// What the profile says, nobody asked.
    pub(crate) fn unasked(role: Role, profile: &Profile) -> Self {
        let (claims, assumed) = without_asking(role, profile);
        Self {
            claims,
            assumed,
            server: None,
            met: None,
        }
    }
}

/// Looks at a target that plays this role.
pub(crate) async fn look(
    role: Role,
    target: &Target,
    profile: &Profile,
    seed: u64,
) -> Result<Found, CannotJudge> {
    let first = target.devices.first().cloned().into_iter();
    let devices = first.map(|identity| ("a".to_owned(), lease::fresh(identity, seed)));
    let mut lease = Lease {
        devices: devices.collect(),
    };
    let found = match role.family() {
        Family::Dm => dm::look(target, profile, &mut lease).await,
        Family::Pull => pull::look(target, profile, &mut lease).await,
        // It pushes: there is nobody to ask.
        Family::Cp => Ok(Found::unasked(role, profile)),
    };
    found.map(|found| Found {
        met: lease.devices.remove("a"),
        ..found
    })
}

/// Finds out which role a target plays that answers requests: the first whose first words it takes.
///
/// # Errors
///
/// What each of them came to, where none did; an interruption.
pub async fn detect(profile: &Profile, seed: u64, stop: &Stop) -> Result<Found, CannotJudge> {
    tokio::select! {
        found = each(profile, seed) => found,
        () = stop.wait() => Err(interrupted(profile.target.url.clone().unwrap_or_default())),
    }
}

/// Nothing was played, since nobody wanted it any more.
pub(crate) fn interrupted(url: String) -> CannotJudge {
    CannotJudge {
        url,
        why: "interrupted before the first case".to_owned(),
    }
}

async fn each(profile: &Profile, seed: u64) -> Result<Found, CannotJudge> {
    let url = profile.target.url.clone().unwrap_or_default();
    let mut troubles: Vec<String> = Vec::new();
    for role in [Role::DmServer, Role::PullServer] {
        let mut profile = profile.clone();
        profile.role = Some(role);
        let target = Target::from_profile(&profile).map_err(|error| CannotJudge {
            url: url.clone(),
            why: crate::with_causes(&error),
        })?;
        match look(role, &target, &profile, seed).await {
            Ok(found) => return Ok(found),
            Err(error) if troubles.contains(&error.why) => {}
            Err(error) => troubles.push(error.why),
        }
    }
    let why = match troubles.as_slice() {
        // Nobody is there, whatever is asked.
        [why] => why.clone(),
        whys => format!(
            "no family that is known answers there; --role says which one it is: {}",
            whys.join("; ")
        ),
    };
    Err(CannotJudge { url, why })
}

/// What came back first.
#[derive(Clone, Debug)]
enum First {
    /// An answer.
    Answer(http::Response),
    /// Something that is no answer of HTTP.
    Strange(String),
    /// Nothing.
    Silent(String),
}

/// Plays one step and returns what came back.
async fn first(step: Step, axes: &Axes, target: &Target, lease: &mut Lease) -> First {
    let case = Case {
        id: "preflight".to_owned().into(),
        does: "Asks whether the target is there.".to_owned(),
        steps: vec![step.into()],
        ..Case::default()
    };
    came_back(&play(&case, axes, target, lease).await)
}

fn came_back(recording: &Recording) -> First {
    let mut first = First::Silent("nothing was sent".to_owned());
    for (_, event) in &recording.events {
        match event {
            Event::Refused { why, .. } | Event::Broke { why, .. } | Event::Stuck { why, .. } => {
                let hint = if why.contains("UnknownIssuer") {
                    " (target.ca or --ca FILE trusts more roots, --insecure takes any certificate)"
                } else {
                    ""
                };
                first = First::Silent(format!("{why}{hint}"));
            }
            Event::Received { link, span } => {
                let place = Place {
                    link: *link,
                    direction: Direction::In,
                    span: *span,
                };
                let octets = recording.octets(place);
                first = match http::response(octets, "POST", true, &Limits::TARGET) {
                    Ok(http::Progress::Done(response)) => First::Answer(response),
                    Ok(http::Progress::More) => First::Strange("half an answer".to_owned()),
                    Err(error) => First::Strange(error.to_string()),
                };
            }
            _ => {}
        }
    }
    first
}

/// What a run against a target of this role would assume; for `--plan`, which asks nobody.
pub fn without_asking(role: Role, profile: &Profile) -> (Claims, Vec<String>) {
    let claims = Claims::of(role, profile);
    let mut assumed = Vec::new();
    for (axis, values) in &claims.values {
        if profile.claims.values(*axis).is_none() {
            let (name, values) = (axis.name(), values.join(" and "));
            assumed.push(format!("{name}s {values}: not asked"));
        }
    }
    if role.family() == Family::Dm {
        if profile.claims.auth.is_none() {
            assumed.push("auth md5 and basic: not asked".to_owned());
        }
        if profile.claims.protocols.is_none() {
            assumed.push("protocol OMA DM".to_owned());
        }
    }
    (claims, assumed)
}
