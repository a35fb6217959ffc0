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

/// Keys whose values are secrets, or hold some: the value of a header field may be a key.
const SECRETS: [&str; 4] = ["password", "pin", "text", "headers"];

/// Where in the line of a problem a secret begins: behind its key, anywhere below it, behind a slip of that
/// key, or in a URL before the host.
fn secret(problem: &Diagnostic, source: &str) -> Option<usize> {
    let line = &problem.source;
    let above: Vec<&str> = source
        .lines()
        .take(problem.line.saturating_sub(1))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let is_field = problem.message.contains("header field");
    let slip = ["`password`?", "`pin`?"]
        .into_iter()
        .any(|word| problem.message.ends_with(word) || is_field)
        .then_some(problem.marked.end);
    // What is wrong with a header field is marked: its name may be told.
    let keys = SECRETS
        .into_iter()
        .filter(|key| !(is_field && *key == "headers"));
    let on_it = keys.filter_map(|key| behind(line, key));
    let in_url = line.match_indices("://").find_map(|(at, scheme)| {
        let start = at + scheme.len();
        let host = line[start..].split(['/', '?', '#']).next()?;
        host.contains('@').then_some(start)
    });
    below(line, &above)
        .into_iter()
        .chain(slip)
        .chain(on_it)
        .chain(in_url)
        .min()
}

/// Where the value of this key begins, quoted or not, if the line has it.
fn behind(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key).find_map(|(at, _)| {
        let is_whole = !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        let rest = &line[at + key.len()..];
        let value = rest.trim_start_matches(['"', '\'']).trim_start();
        let colon = value.strip_prefix(':')?;
        is_whole.then(|| line.len() - colon.len())
    })
}

/// Where a line begins to be secret that stands below a key of a secret: the name of a header field may be
/// told, nothing else.
fn below(line: &str, above: &[&str]) -> Option<usize> {
    let mut depth = indent(line);
    // A value that was begun on the line before needs no deeper one.
    let before = above.last().copied().unwrap_or_default();
    let open = |key| behind(before, key).is_some_and(|at| before[at..].trim().is_empty());
    let mut holder = SECRETS.into_iter().find(|key| open(key));
    for upper in above.iter().rev() {
        if holder.is_some() {
            break;
        }
        if indent(upper) < depth {
            depth = indent(upper);
            holder = SECRETS.into_iter().find(|key| behind(upper, key).is_some());
        }
    }
    let start = match holder? {
        "headers" => line.find(':').map_or(0, |colon| colon + 1),
        _ => line.len() - line.trim_start().len(),
    };
    Some(start)
}

/// How deep a line stands; the dash of a list does not count as part of it.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}
