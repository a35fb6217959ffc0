//! Small help with words: which known name somebody meant.

/// The known name that is nearest to what was written, if one is near enough to be meant.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> = written.chars().take(80).collect();
    let most = (written.len() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|name| (distance(&written, name), name))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// `; did you mean …?`, or nothing.
pub fn hint<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    closest(written, known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (above, letter) in (1..).zip(to.chars()) {
        let mut diagonal = std::mem::replace(&mut row[0], above);
        for (nth, other) in from.iter().enumerate() {
            let change = diagonal + usize::from(*other != letter);
            diagonal = row[nth + 1];
            row[nth + 1] = change.min(diagonal + 1).min(row[nth] + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_another_word_finds_none() {
        let known = ["requirements", "cases", "chapter"];
        assert_eq!(closest("reqirements", known), Some("requirements"));
        assert_eq!(closest("caes", known), Some("cases"));
        assert_eq!(closest("profiles", known), None);
        assert_eq!(closest("", known), None);
        assert_eq!(hint("chaptre", known), "; did you mean `chapter`?");
    }
}
