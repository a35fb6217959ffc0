//! What `--only` and `--skip` pick, and what to say where they pick nothing.

use std::collections::BTreeSet;

use anyhow::ensure;
use assay_run::{Names, Suite};
use assay_suites::select::Selector;
use assay_suites::suite::{Case, Role};

/// The cases that are wanted: a pattern of `only` names cases, or requirements and rows that they
/// prove; one of `skip` names cases.
pub(super) fn pick(
    only: &[String],
    skip: &[String],
    suite: &Suite,
    role: Option<Role>,
) -> anyhow::Result<Names> {
    if only.is_empty() && skip.is_empty() {
        return Ok(Names::All);
    }
    let cases = suite.catalogue.cases();
    let cases = cases.filter(|(loaded, _)| role.is_none_or(|role| loaded.suite.role == role));
    let cases: Vec<&Case> = cases.map(|(_, case)| case).collect();
    let (picked, left_out) = (Selector::new(only, &[])?, Selector::new(&[], skip)?);
    let names = cases.iter().flat_map(|case| names_of(case, suite));
    if let Some(pattern) = picked.unmatched(names).first() {
        anyhow::bail!("{}", no_case(pattern, suite));
    }
    let ids = cases.iter().map(|case| case.id.value.as_str());
    if let Some(pattern) = left_out.unmatched(ids).first() {
        anyhow::bail!(
            "--skip takes cases, and {pattern} is none; what is known of a requirement goes into the \
             `baseline` of a profile"
        );
    }
    let wanted = cases.iter().filter(|case| {
        left_out.matches(&case.id.value) && names_of(case, suite).any(|name| picked.matches(name))
    });
    let wanted: BTreeSet<String> = wanted.map(|case| case.id.value.clone()).collect();
    ensure!(
        !wanted.is_empty(),
        "nothing is left to play: what --only picks, --skip leaves out"
    );
    Ok(Names::These(wanted))
}

/// Something of this is for a target of this role.
pub(super) fn check_role(names: &Names, suite: &Suite, role: Role) -> anyhow::Result<()> {
    let mut cases = suite.catalogue.cases();
    ensure!(
        cases.any(|(loaded, case)| loaded.suite.role == role && names.has(&case.id.value)),
        "none of the cases that are wanted is one for a {}",
        role.name()
    );
    Ok(())
}

/// Why a pattern picks no case.
fn no_case(pattern: &str, suite: &Suite) -> String {
    let one = Selector::new(&[pattern.to_owned()], &[]).unwrap_or_default();
    let mut cases = suite.catalogue.cases();
    if let Some((loaded, _)) =
        cases.find(|(_, case)| names_of(case, suite).any(|it| one.matches(it)))
    {
        let role = loaded.suite.role.name();
        return format!("the pattern {pattern} matches cases for a {role} alone");
    }
    let mut requirements = suite.catalogue.requirements();
    let found = requirements.find(|(_, it)| {
        let mut names = [&it.id].into_iter().chain(&it.aka);
        names.any(|name| one.matches(&name.value))
    });
    let Some((_, requirement)) = found else {
        return format!(
            "the pattern {pattern} matches no case and no requirement; `cargo xtask list` shows the \
             names"
        );
    };
    let id = &requirement.id.value;
    match requirement.disposition().why {
        Some(_) => format!("{id} is {}: no case is played for it", {
            requirement.disposition().name
        }),
        None => format!(
            "no case for this role proves {id}: add it to what one `proves`, or name a case that \
             brings about what it looks at"
        ),
    }
}

/// The names by which a case may be picked: its own, and those of the requirements that it proves.
fn names_of<'a>(case: &'a Case, suite: &'a Suite) -> impl Iterator<Item = &'a str> {
    let proved = case.proves.iter().flat_map(|id| {
        let requirement = suite.catalogue.requirement(&id.value);
        let others = requirement.into_iter().flat_map(|(_, it)| &it.aka);
        [id].into_iter().chain(others)
    });
    [&case.id]
        .into_iter()
        .chain(proved)
        .map(|id| id.value.as_str())
}
