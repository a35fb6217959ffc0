//! `list`: what there is.

use assay_suites::Catalogue;
use assay_suites::select::Selector;

use crate::args::List;
use crate::out;

/// Prints a line each.
pub(crate) fn list(args: &List) -> anyhow::Result<u8> {
    let catalogue = Catalogue::embedded().map_err(|diagnostics| xtask::joined(&diagnostics))?;
    let rows: Vec<(String, String)> = match args.what.as_str() {
        "requirements" => catalogue
            .requirements()
            .map(|(suite, requirement)| {
                let level = format!("{:?}", requirement.level()).to_lowercase();
                let role = suite.suite.role.name();
                let disposition = requirement.disposition().name;
                let text = format!("{role} {level:6} {disposition:12} {}", requirement.says());
                (requirement.id.value.clone(), text)
            })
            .collect(),
        "faults" => assay_peers::all_faults()
            .map(|f| (f.name.to_owned(), f.says.to_owned()))
            .collect(),
        "variants" => assay_peers::all_variants()
            .map(|v| (v.name.to_owned(), v.says.to_owned()))
            .collect(),
        "vectors" => assay_vectors::all()
            .map(|v| (v.name.to_string(), v.path.to_string()))
            .collect(),
        _ => {
            let cases = catalogue.cases();
            cases
                .map(|(_, case)| (case.id.value.clone(), case.does.clone()))
                .collect()
        }
    };
    let selector = Selector::new(&args.only, &[])?;
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(pattern) = selector.unmatched(names).first() {
        anyhow::bail!("the pattern {pattern} matches nothing");
    }
    let width = rows
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    for (name, text) in rows.iter().filter(|(name, _)| selector.matches(name)) {
        out::line(format_args!("{name:width$}  {text}"));
    }
    Ok(0)
}
