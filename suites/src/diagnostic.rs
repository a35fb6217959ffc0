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
