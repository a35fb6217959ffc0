//! The plan: which case is played with which axis values, and what stands outside and why.
//!
//! Needs no connection: a plan is made of the suite, the profile and what was picked.

use std::collections::{BTreeMap, BTreeSet};

use assay_suites::Catalogue;
use assay_suites::profile::Profile;
use assay_suites::suite::{Axis, Case, Need, Protocol, Requirement, Role, Scheme};

use crate::needs;
use crate::state::State;

/// The most controls that stand before each other; the linter refuses circles.
const DEEPEST: usize = 16;

/// Axis values of one case run.
pub type Axes = BTreeMap<Axis, String>;

/// Which cases are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// All of them.
    #[default]
    All,
    /// Those of these ids.
    These(BTreeSet<String>),
}

impl Names {
    /// True where the case of this id is wanted.
    pub fn has(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.contains(id),
        }
    }
}

/// A case with its axis values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run {
    /// The id of the case.
    pub case: String,
    /// What it is played with.
    pub axes: Axes,
}

impl Run {
    /// The name of the run: `dm.security.replayed-digest@1.2+wbxml`.
    pub fn name(&self) -> String {
        let axes: Vec<&str> = self.axes.values().map(String::as_str).collect();
        format!("{}@{}", self.case, axes.join("+"))
    }
}

/// A run that will be played.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Which case, with what.
    pub run: Run,
    /// The run that must pass before this one means anything.
    pub control: Option<Run>,
    /// How many controls stand before it.
    pub level: usize,
    /// True where nothing picked it but a case that it controls.
    pub as_control: bool,
    /// How many devices it leases.
    pub devices: usize,
}

/// A run that will not be played.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Which case, with what.
    pub run: Run,
    /// [`State::NotApplicable`] or [`State::Unreached`].
    pub state: State,
    /// The claim that is missing, or what the profile would have to give.
    pub reasons: Vec<String>,
    /// The requirements that the case judges.
    pub proves: Vec<String>,
}

/// What a run of the suite will do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// To be played, controls before what they control.
    pub planned: Vec<Planned>,
    /// Not to be played.
    pub outside: Vec<Outside>,
}

/// What a target claims, every part of it known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `1.1`, `1.2`.
    pub versions: Vec<String>,
    /// `xml`, `wbxml`.
    pub encodings: Vec<String>,
    /// Authentication schemes.
    pub auth: Vec<Scheme>,
    /// True for a server of the Windows MDM profile.
    pub windows_mdm: bool,
}

impl Claims {
    /// What the profile claims; what it leaves open counts as claimed.
    pub fn of(profile: &Profile) -> Self {
        let claims = &profile.claims;
        let all = |values: &Option<Vec<String>>, usual: [&str; 2]| {
            values
                .clone()
                .unwrap_or_else(|| usual.map(String::from).to_vec())
        };
        Self {
            versions: all(&claims.versions, ["1.1", "1.2"]),
            encodings: all(&claims.encodings, ["xml", "wbxml"]),
            auth: claims
                .auth
                .clone()
                .unwrap_or_else(|| vec![Scheme::Md5, Scheme::Basic]),
            windows_mdm: claims
                .protocols
                .as_ref()
                .is_some_and(|protocols| protocols.contains(&Protocol::WindowsMdm)),
        }
    }

    /// The profile with these claims in the place of its own.
    pub(crate) fn settle(&self, profile: &Profile) -> Profile {
        let mut settled = profile.clone();
        settled.claims.versions = Some(self.versions.clone());
        settled.claims.encodings = Some(self.encodings.clone());
        settled.claims.auth = Some(self.auth.clone());
        settled
    }

    /// The protocol that a run with these axis values speaks.
    pub fn protocol(&self, axes: &Axes) -> Protocol {
        match (
            self.windows_mdm,
            axes.get(&Axis::Version).map(String::as_str),
        ) {
            (true, _) => Protocol::WindowsMdm,
            (false, Some("1.1")) => Protocol::Dm11,
            (false, _) => Protocol::Dm12,
        }
    }

    fn values(&self, axis: Axis) -> &[String] {
        match axis {
            Axis::Version => &self.versions,
            Axis::Encoding => &self.encodings,
            Axis::Generation => &[],
        }
    }

    /// The value of an axis that a case does not name: 1.2 and xml where they are claimed.
    fn usual(&self, axis: Axis) -> Option<&String> {
        let preferred = match axis {
            Axis::Version => "1.2",
            Axis::Encoding => "xml",
            Axis::Generation => "5.0",
        };
        let values = self.values(axis);
        values
            .iter()
            .find(|value| *value == preferred)
            .or(values.first())
    }
}

/// Makes the plan for one role. `names` decides which cases are wanted; controls come with them.
pub fn plan(
    catalogue: &Catalogue,
    role: Role,
    profile: &Profile,
    claims: &Claims,
    names: &Names,
) -> Plan {
    let mut plan = Plan::default();
    let mut wanted: BTreeMap<Run, bool> = BTreeMap::new();
    let of_role = catalogue
        .cases()
        .filter(|(suite, _)| suite.suite.role == role);
    for (_, case) in of_role.filter(|(_, case)| names.has(&case.id.value)) {
        for axes in axis_values(case, claims) {
            let run = Run {
                case: case.id.value.clone(),
                axes,
            };
            match outside_with_control(catalogue, case, &run, profile, claims) {
                Some((state, reasons)) => plan.outside.push(Outside {
                    run,
                    state,
                    reasons,
                    proves: proved(case),
                }),
                None => {
                    wanted.insert(run, false);
                }
            }
        }
    }
    let picked: Vec<Run> = wanted.keys().cloned().collect();
    for run in &picked {
        let mut at = run.clone();
        while let Some(control) = control_of(catalogue, &at, claims) {
            wanted.entry(control.clone()).or_insert(true);
            at = control;
        }
    }
    for (run, as_control) in wanted {
        let Some((_, case)) = catalogue.case(&run.case) else {
            continue;
        };
        let control = control_of(catalogue, &run, claims);
        let level =
            std::iter::successors(control.clone(), |run| control_of(catalogue, run, claims))
                .take(DEEPEST)
                .count();
        let devices = needs::devices(case);
        plan.planned.push(Planned {
            run,
            control,
            level,
            as_control,
            devices,
        });
    }
    plan.planned.sort_by_key(|planned| planned.level);
    plan
}

/// True where the requirement holds under the protocol.
pub fn applies(requirement: &Requirement, protocol: Protocol) -> bool {
    requirement.r#for.is_empty() || requirement.r#for.contains(&protocol)
}

/// The requirements that a case judges.
pub(crate) fn proved(case: &Case) -> Vec<String> {
    case.proves.iter().map(|id| id.value.clone()).collect()
}

fn axis_values(case: &Case, claims: &Claims) -> Vec<Axes> {
    let mut all = vec![Axes::new()];
    for axis in [Axis::Version, Axis::Encoding] {
        let values: Vec<String> = match case.over.get(&axis) {
            Some(values) => values.iter().map(|value| value.value.clone()).collect(),
            None => claims.usual(axis).cloned().into_iter().collect(),
        };
        all = all
            .into_iter()
            .flat_map(|axes| {
                values.iter().map(move |value| {
                    let mut axes = axes.clone();
                    axes.insert(axis, value.clone());
                    axes
                })
            })
            .collect();
    }
    all
}

/// The control of a run: the same axis values as far as the control has them.
fn control_of(catalogue: &Catalogue, run: &Run, claims: &Claims) -> Option<Run> {
    let (_, case) = catalogue.case(&run.case)?;
    let (_, control) = catalogue.case(&case.control.as_ref()?.value)?;
    let mut choices = axis_values(control, claims);
    choices.sort_by_key(|axes| {
        axes.iter()
            .filter(|(axis, value)| run.axes.get(axis) != Some(value))
            .count()
    });
    Some(Run {
        case: control.id.value.clone(),
        axes: choices.into_iter().next()?,
    })
}

/// Why a run is not played: for its own sake, or because a control of it is not.
fn outside_with_control(
    catalogue: &Catalogue,
    case: &Case,
    run: &Run,
    profile: &Profile,
    claims: &Claims,
) -> Option<(State, Vec<String>)> {
    let controls = std::iter::successors(control_of(catalogue, run, claims), |run| {
        control_of(catalogue, run, claims)
    });
    outside(catalogue, case, &run.axes, profile, claims).or_else(|| {
        controls.take(DEEPEST).find_map(|control| {
            let (_, case) = catalogue.case(&control.case)?;
            outside(catalogue, case, &control.axes, profile, claims)
        })
    })
}

fn outside(
    catalogue: &Catalogue,
    case: &Case,
    axes: &Axes,
    profile: &Profile,
    claims: &Claims,
) -> Option<(State, Vec<String>)> {
    let mut unclaimed = BTreeSet::new();
    for (axis, value) in axes {
        if !claims.values(*axis).contains(value) {
            let axis = axis.name();
            unclaimed.insert(format!("the target does not claim {axis} {value}"));
        }
    }
    if !case.auth.is_empty() && !case.auth.iter().any(|scheme| claims.auth.contains(scheme)) {
        let schemes: Vec<_> = case
            .auth
            .iter()
            .map(|&scheme| needs::scheme_name(scheme))
            .collect();
        unclaimed.insert(format!(
            "the target does not claim auth {}",
            schemes.join(" or ")
        ));
    }
    let protocol = claims.protocol(axes);
    let proves = || {
        case.proves
            .iter()
            .filter_map(|id| catalogue.requirement(&id.value))
    };
    if !proves().any(|(_, requirement)| applies(requirement, protocol)) {
        unclaimed.insert(format!(
            "nothing that it proves holds for {}",
            needs::protocol_name(protocol)
        ));
    }
    if !unclaimed.is_empty() {
        return Some((State::NotApplicable, unclaimed.into_iter().collect()));
    }
    let mut wanted: BTreeSet<Need> = case.needs.iter().copied().collect();
    if let Some((_, first)) = proves().next() {
        wanted.extend(first.needs.iter().copied());
    }
    let missing = needs::missing(case, &wanted, profile, &claims.auth);
    (!missing.is_empty()).then_some((State::Unreached, missing))
}

#[cfg(test)]
mod tests;
