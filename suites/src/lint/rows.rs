//! The rows of the fact sheets, and which of them no requirement goes back to.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;

static ROWS: &str = include_str!("../../rows.txt");

/// The groups of which every row has an entry.
const GROUPS: [&str; 14] = [
    "dm A", "dm B", "dm C", "dm D", "dm E", "dm F", "dm J", "cp 9.1", "cp 9.2", "cp 9.3", "cp 9.4",
    "cp 9.5", "cp 9.7", "pull 4.1",
];

/// A row of the fact sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id: `DM-SRV-001`.
    pub id: &'static str,
    /// Family and group: `dm A`.
    pub group: &'static str,
}

/// All rows, in the order of the fact sheets.
pub fn rows() -> Vec<Row> {
    let mut group = "";
    let mut rows = Vec::new();
    for line in ROWS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line
            .strip_prefix('[')
            .and_then(|heading| heading.split_once(']'))
        {
            Some((heading, _)) => group = heading,
            None => rows.push(Row { id: line, group }),
        }
    }
    rows
}

/// The rows that should have an entry by now and have none.
pub fn uncovered_rows(catalogue: &Catalogue) -> Vec<Row> {
    let names = catalogue
        .requirements()
        .flat_map(|(_, requirement)| &requirement.aka);
    let covered: BTreeSet<&str> = names.map(|name| row_of(name)).collect();
    rows()
        .into_iter()
        .filter(|row| GROUPS.contains(&row.group) && !covered.contains(row.id))
        .collect()
}

/// True for names that look like a row, and not like an id of some other suite.
pub(super) fn is_row(name: &str) -> bool {
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if let Some((sheet, number)) = name.split_once('-')
        && matches!(sheet, "SISL" | "PAP" | "CPF" | "DP" | "ROM" | "PULL")
        && is_number(number)
    {
        return true;
    }
    let mut parts = name.splitn(3, '-');
    matches!(parts.next(), Some("DM" | "CP" | "PULL" | "PAP"))
        && matches!(parts.next(), Some("SRV" | "CLI"))
        && parts.next().is_some_and(is_number)
}

/// The row of a name: `DM-SRV-085` for `DM-SRV-085.2`.
pub(super) fn row_of(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((row, further)) if further.parse::<u8>().is_ok() => row,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_sheet_are_numbered_from_one_on() {
        let rows = rows();
        for (sheet, covered, all) in [
            ("DM-SRV", 187, 264),
            ("PULL-SRV", 50, 50),
            ("SISL", 13, 13),
            ("PAP", 16, 16),
            ("CPF", 11, 11),
        ] {
            let of_sheet = rows.iter().filter(|row| row.id.starts_with(sheet));
            for (row, number) in of_sheet.clone().zip(1..) {
                assert_eq!(row.id, format!("{sheet}-{number:03}"));
            }
            let has_entry = |row: &&Row| GROUPS.contains(&row.group);
            assert_eq!(of_sheet.clone().filter(has_entry).count(), covered);
            assert_eq!(of_sheet.count(), all);
        }
    }

    #[test]
    fn a_further_statement_counts_for_its_row() {
        assert_eq!(row_of("DM-SRV-085.2"), "DM-SRV-085");
        assert_eq!(row_of("DM-SRV-085"), "DM-SRV-085");
        assert!(
            is_row("DM-SRV-085.2")
                && is_row("CP-SRV-106")
                && is_row("SISL-004.2")
                && !is_row("SCTS-1.2")
        );
    }
}
