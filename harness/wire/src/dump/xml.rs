//! The tokens of an XML document in words: its tree, and what stands between its nodes.
//!
//! What is odd is told by the notes of the reader.

use super::{Line, quoted, refused, with_notes};
use crate::span::Span;
use crate::tree::{Form, Kind, NodeId, Tree};
use crate::{Limits, xml};

pub(super) fn lines(bytes: &[u8], limits: &Limits) -> Vec<Line> {
    match xml::read(bytes, limits) {
        Ok((tree, notes)) => {
            let mut walk = Walk {
                bytes,
                tree: &tree,
                at: 0,
                lines: Vec::new(),
            };
            walk.document();
            with_notes(walk.lines, notes)
        }
        Err(why) => {
            let mut lines = Vec::new();
            refused(&mut lines, bytes, &why);
            lines
        }
    }
}

struct Walk<'t> {
    bytes: &'t [u8],
    tree: &'t Tree<'t>,
    /// Where the next token begins, if nothing stands in between.
    at: usize,
    lines: Vec<Line>,
}

impl Walk<'_> {
    fn document(&mut self) {
        for top in self.tree.top() {
            let mut open: Vec<NodeId> = Vec::new();
            for id in self.tree.descend(top) {
                let parent = self.tree.parent(id);
                while let Some(&last) = open.last()
                    && Some(last) != parent
                {
                    open.pop();
                    self.end(last, open.len());
                }
                self.start(id, open.len());
                if self.tree.element(id).is_some() {
                    open.push(id);
                }
            }
            while let Some(last) = open.pop() {
                self.end(last, open.len());
            }
        }
        self.between(self.bytes.len(), 0);
    }

    fn start(&mut self, id: NodeId, depth: usize) {
        let node = self.tree.node(id);
        let text = match &node.kind {
            Kind::Element(element) if node.token.of(self.bytes).ends_with(b"/>") => {
                format!("{} (empty)", element.name)
            }
            Kind::Element(element) => element.name.to_string(),
            Kind::Text(text, form) => format!("{} {}", called(*form), quoted(text)),
            Kind::Opaque(octets) => format!("{} octets", octets.len()),
            Kind::Comment(text) => format!("comment {}", quoted(text)),
            Kind::Instruction(text) => format!("instruction {}", quoted(text)),
        };
        self.token(node.token, depth, text);
    }

    fn end(&mut self, id: NodeId, depth: usize) {
        let Some(element) = self.tree.element(id).filter(|element| element.end.len > 0) else {
            return;
        };
        self.token(element.end, depth, format!("end {}", element.name));
    }

    fn token(&mut self, span: Span, depth: usize, text: String) {
        self.between(span.start(), depth);
        self.at = self.at.max(span.end());
        self.lines.push(Line { span, depth, text });
    }

    /// What stands in front of `end` and is no node: the declaration, the document type, space.
    fn between(&mut self, end: usize, depth: usize) {
        let span = Span::new(self.at, end);
        let octets = span.of(self.bytes);
        if octets.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let text = quoted(String::from_utf8_lossy(octets).trim());
        self.lines.push(Line {
            span,
            depth,
            text: format!("outside the tree {text}"),
        });
    }
}

fn called(form: Form) -> &'static str {
    match form {
        Form::Plain | Form::Table | Form::Opaque => "text",
        Form::Cdata => "CDATA",
        Form::Reference => "reference",
    }
}
