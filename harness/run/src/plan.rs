//! The plan: which case is played with which axis values, and what stands outside and why.
//!
//! Needs no connection: a plan is made of the suite, the profile and what was picked.

use std::collections::{BTreeMap, BTreeSet};

use assay_suites::Catalogue;
use assay_suites::profile::Profile;
use assay_suites::suite::{Axis, Case, Need, Protocol, Role, Scheme};

use crate::needs;
use crate::report::run_name;
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
        run_name(&self.case, &axes)
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
    /// The side that it plays.
    pub role: Role,
    /// The values of each axis of the role.
    pub values: BTreeMap<Axis, Vec<String>>,
    /// Authentication schemes.
    pub auth: Vec<Scheme>,
    /// Profiles of a protocol, as the profile names them.
    pub protocols: Vec<Protocol>,
}

impl Claims {
    /// What the profile claims; what it leaves open counts as claimed.
    pub fn of(role: Role, profile: &Profile) -> Self {
        let claims = &profile.claims;
        let all = |axis: Axis| axis.assumed().iter().map(|&it| it.to_owned()).collect();
        let values = role.axes().iter().map(|&axis| {
            let given = claims.values(axis).cloned();
            (axis, given.unwrap_or_else(|| all(axis)))
        });
        Self {
            role,
            values: values.collect(),
            auth: claims
                .auth
                .clone()
                .unwrap_or_else(|| vec![Scheme::Md5, Scheme::Basic, Scheme::Mac]),
            protocols: claims.protocols.clone().unwrap_or_default(),
        }
    }

    /// The profile with the role and these claims in the place of its own.
    pub(crate) fn settle(&self, profile: &Profile) -> Profile {
        let mut settled = profile.clone();
        let claims = &mut settled.claims;
        for (axis, values) in &self.values {
            *claims.values_mut(*axis) = Some(values.clone());
        }
        claims.auth = Some(self.auth.clone());
        settled.role = Some(self.role);
        settled
    }

    /// The protocol that a run with these axis values speaks, where its case names none.
    pub fn protocol(&self, axes: &Axes) -> Protocol {
        self.role
            .protocol(&self.protocols, |axis| axes.get(&axis).map(String::as_str))
    }

    /// Every protocol that some run of a case speaks.
    pub(crate) fn spoken(&self) -> BTreeSet<Protocol> {
        let all = self.values.iter().map(|(&axis, of)| (axis, of.clone()));
        let all = combined(all);
        let by_axes = all.iter().map(|axes| self.protocol(axes));
        by_axes.chain(self.protocols.iter().copied()).collect()
    }

    /// Everything that is claimed, for people: one line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .values
            .iter()
            .map(|(axis, values)| format!("{}s {}", axis.name(), values.join(", ")))
            .collect();
        if self.role == Role::DmServer {
            let auth: Vec<_> = self.auth.iter().map(|it| it.name()).collect();
            lines.push(format!("auth {}", auth.join(", ")));
        }
        if !self.protocols.is_empty() {
            let protocols: Vec<_> = self.protocols.iter().map(|it| it.name()).collect();
            lines.push(format!("protocols {}", protocols.join(", ")));
        }
        lines
    }

    pub(crate) fn values(&self, axis: Axis) -> &[String] {
        self.values
            .get(&axis)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The value of an axis that a case does not name: the usual one where it is claimed.
    fn usual(&self, axis: Axis) -> Option<&String> {
        let values = self.values(axis);
        values
            .iter()
            .find(|value| *value == axis.usual())
            .or(values.first())
    }
}

/// Makes the plan for the role that the claims are about. `names` decides which cases are wanted; controls come with them.
pub fn plan(catalogue: &Catalogue, profile: &Profile, claims: &Claims, names: &Names) -> Plan {
    let mut plan = Plan::default();
    let mut wanted: BTreeMap<Run, bool> = BTreeMap::new();
    let of_role = catalogue
        .cases()
        .filter(|(suite, _)| suite.suite.role == claims.role);
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

/// The requirements that a case judges.
pub(crate) fn proved(case: &Case) -> Vec<String> {
    case.proves.iter().map(|id| id.value.clone()).collect()
}

fn axis_values(case: &Case, claims: &Claims) -> Vec<Axes> {
    let values = claims.role.axes().iter().map(|&axis| {
        let values = match case.over.get(&axis) {
            Some(values) => values.iter().map(|value| value.value.clone()).collect(),
            None => claims.usual(axis).cloned().into_iter().collect(),
        };
        (axis, values)
    });
    combined(values)
}

/// Each value of each axis with each of all others.
fn combined(values: impl Iterator<Item = (Axis, Vec<String>)>) -> Vec<Axes> {
    values.fold(vec![Axes::new()], |all, (axis, values)| {
        all.iter()
            .flat_map(|axes| {
                values.iter().map(|value| {
                    let mut axes = axes.clone();
                    axes.insert(axis, value.clone());
                    axes
                })
            })
            .collect()
    })
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
        let schemes: Vec<_> = case.auth.iter().map(|scheme| scheme.name()).collect();
        unclaimed.insert(format!(
            "the target does not claim auth {}",
            schemes.join(" or ")
        ));
    }
    let protocol = case.speaks.unwrap_or_else(|| claims.protocol(axes));
    if case.speaks.is_some() && !claims.protocols.contains(&protocol) {
        let name = protocol.name();
        unclaimed.insert(format!("the target does not claim protocol {name}"));
    }
    let proves = || {
        case.proves
            .iter()
            .filter_map(|id| catalogue.requirement(&id.value))
    };
    if !proves().any(|(_, requirement)| requirement.holds_for(protocol)) {
        unclaimed.insert(format!(
            "nothing that it proves holds for {}",
            protocol.name()
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
