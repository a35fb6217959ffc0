//! What is wrong with a file, and where: file, line, column, the source line. The only file that
//! knows the renderer.
//!
//! It finds nothing wrong itself: the loader, the linter and the compiler of rules do.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// So many bytes of a source line are kept: more than anybody writes.
const KEPT: usize = 4096;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as it was named when it was read.
    pub file: String,
    /// The line, from 1; 0 where it is the whole file.
    pub line: usize,
    /// The column in characters, from 1; 0 where it is the whole file.
    pub column: usize,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The source line; empty where it is the whole file.
    pub source: String,
    /// The bytes of `source` that are marked.
    pub marked: Range<usize>,
}

impl Diagnostic {
    /// Of the value at this byte offset of the source, so many bytes long.
    pub fn new(file: &str, source: &str, at: usize, len: usize, message: &str) -> Self {
        let at = floor(source, at);
        let before = &source[..at];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &source[start..];
        let whole = rest.lines().next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = source[start..at].chars().count() + 1;
        let shown = &whole[..floor(whole, KEPT)];
        let first = (at - start).min(shown.len());
        let last = floor(shown, (first + len.max(1)).min(shown.len())).max(first);
        Self {
            file: file.to_owned(),
            line,
            column,
            message: message.to_owned(),
            source: shown.to_owned(),
            marked: first..last,
        }
    }

    /// Of a whole file, which may not even be there.
    pub fn of_file(file: &str, message: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: message.to_owned(),
            source: String::new(),
            marked: 0..0,
        }
    }
}

/// The largest character boundary that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "error: {}: {}", self.file, self.message);
        }
        let title = Level::ERROR.primary_title(self.message.as_str());
        let mark = AnnotationKind::Primary.span(self.marked.clone());
        let snippet = Snippet::source(self.source.as_str())
            .line_start(self.line)
            .path(self.file.as_str())
            .annotation(mark);
        let report = [title.element(snippet)];
        f.write_str(
            &Renderer::plain()
                .decor_style(DecorStyle::Ascii)
                .render(&report),
        )
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_and_a_mark_bytes() {
        let source = "first\nGrüße: schön\nlast";
        let at = source.find("schön").unwrap();
        let found = Diagnostic::new("a.yaml", source, at, "schön".len(), "is a word");
        assert_eq!((found.line, found.column), (2, 8));
        assert_eq!(&found.source[found.marked.clone()], "schön");
        insta::assert_snapshot!(found);
    }

    #[test]
    fn no_place_is_beyond_the_text() {
        for at in 0..20 {
            for len in 0..20 {
                let found = Diagnostic::new("a.yaml", "ü\n\nöö", at, len, "is odd");
                assert!(found.line >= 1 && found.column >= 1 && !found.to_string().is_empty());
            }
        }
        let found = Diagnostic::new("a.yaml", "", usize::MAX, usize::MAX, "is empty");
        assert_eq!((found.line, found.column), (1, 1));
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let source = "x".repeat(1 << 20);
        let found = Diagnostic::new("a.yaml", &source, 1 << 19, 1 << 18, "is long");
        assert_eq!(found.column, (1 << 19) + 1);
        assert!(found.to_string().len() < 3 * KEPT);
    }
}
