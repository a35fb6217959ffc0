//! A diagnostic is printed and kept in logs: no password may stand in it.

use crate::diagnostic::Diagnostic;

/// Of a value that does not read: its message may quote the value.
pub(super) fn value(mut problem: Diagnostic, source: &str) -> Diagnostic {
    let Some(start) = secret(&problem, source) else {
        return problem;
    };
    if problem.marked.start >= start {
        let message = "a secret is written `{text: …}`, `{env: NAME}` or `{file: PATH}`";
        message.clone_into(&mut problem.message);
    }
    cut(problem, start)
}

/// Of a value that reads and cannot be right: its message quotes no secret, its line may hold one.
pub(super) fn line(problem: Diagnostic, source: &str) -> Diagnostic {
    match secret(&problem, source) {
        Some(start) => cut(problem, start),
        None => problem,
    }
}

fn cut(mut problem: Diagnostic, start: usize) -> Diagnostic {
    problem.source.truncate(start);
    problem.source.push_str(" …");
    problem.marked.start = problem.marked.start.min(start);
    problem.marked.end = problem.marked.end.min(start).max(problem.marked.start);
    problem
}

/// Where in the line of a problem a secret begins: below or behind its key, behind a slip of that key,
/// or in a URL before the host.
fn secret(problem: &Diagnostic, source: &str) -> Option<usize> {
    let above = source.lines().take(problem.line.saturating_sub(1));
    let above = above
        .filter(|line| !line.trim().is_empty())
        .last()
        .unwrap_or_default();
    let line = &problem.source;
    let below = ["password:", "pin:"]
        .into_iter()
        .any(|key| above.trim_end().ends_with(key))
        .then(|| line.len() - line.trim().len());
    // The value of a header field may be a key.
    let is_field = problem.message.contains("header field");
    let slip = ["`password`?", "`pin`?"]
        .into_iter()
        .any(|word| problem.message.ends_with(word) || is_field)
        .then_some(problem.marked.end);
    let keys = ["password:", "pin:", "text:"].into_iter();
    let on_it = keys.filter_map(|key| Some(line.find(key)? + key.len()));
    let in_url = line.match_indices("://").find_map(|(at, scheme)| {
        let start = at + scheme.len();
        let host = line[start..].split(['/', '?', '#']).next()?;
        host.contains('@').then_some(start)
    });
    below
        .into_iter()
        .chain(slip)
        .chain(on_it)
        .chain(in_url)
        .min()
}
