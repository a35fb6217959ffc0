//! Text to tree: markup by quick-xml, everything that it lets pass noted here.
//!
//! quick-xml finds where tokens begin and end. It accepts two roots, elements left open, undefined
//! entities and much more, so names, attributes, references, nesting and namespaces are read here,
//! from the input itself. The tree borrows from the input; each token keeps its span. What
//! vocabularies allow, and what a note means for a verdict, is decided elsewhere.

mod characters;
mod elements;

use std::borrow::Cow;

use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;
use quick_xml::reader::Reader as Tokens;

use super::names;
use super::prolog;
use super::scope::Scopes;
use super::text::{self, Oddities};
use crate::span::{Limits, Note, Notes, Span, TooBad};
use crate::tree::{Form, Kind, NodeId, Tree};

/// Octets of input for a node, from the bottom of what is met: how large a tree is made at first.
const OCTETS_A_NODE: usize = 10;

/// Reads a document: its tree, and a note on each departure from XML 1.0 or from Namespaces in XML
/// 1.0, in the order of the input. The document is well-formed if none of them is a fault
/// ([`super::is_fault`]).
///
/// Text of a tree borrows from `bytes`, line ends normalised and references resolved. Text outside
/// the root element is left out. Elements left open end where the element around them does.
///
/// # Errors
/// [`TooBad`] where no element is left, where the input is UTF-16, or beyond a limit.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Tree<'a>, Vec<Note>), TooBad> {
    if bytes.len() > limits.bytes {
        let span = Span::new(limits.bytes, bytes.len());
        let text = format!("the document is longer than {} octets", limits.bytes);
        return Err(TooBad::new("xml.too-long", span, text));
    }
    if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] = bytes {
        let text = "the document is in UTF-16, which is not read";
        return Err(TooBad::new("xml.encoding", Span::new(0, 2), text));
    }
    let mut notes = Notes::new(limits);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let tree = Reader::new(text, limits, &mut notes).document()?;
        return Ok((tree, sorted(notes)));
    }
    let text = text::patched(bytes, &mut notes);
    let tree = Reader::new(&text, limits, &mut notes)
        .document()?
        .into_owned();
    Ok((tree, sorted(notes)))
}

/// Some notes are made in a pass of their own; all are given in the order of the input.
fn sorted(notes: Notes) -> Vec<Note> {
    let mut notes = notes.into_vec();
    notes.sort_by_key(|note| note.span.at);
    notes
}

/// An element whose end tag has not come yet.
struct Open<'a> {
    id: NodeId,
    last: Option<NodeId>,
    name: &'a str,
    mark: usize,
}

struct Reader<'a, 'n> {
    text: &'a str,
    limits: Limits,
    notes: &'n mut Notes,
    odd: Oddities,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    scopes: Scopes<'a>,
    nodes: usize,
    rooted: bool,
    typed: bool,
}

impl<'a, 'n> Reader<'a, 'n> {
    fn new(text: &'a str, limits: &Limits, notes: &'n mut Notes) -> Self {
        let nodes = (text.len() / OCTETS_A_NODE).min(limits.nodes) + 4;
        Self {
            text,
            limits: *limits,
            notes,
            odd: Oddities::of(text.as_bytes()),
            tree: Tree::with_capacity(nodes),
            open: Vec::with_capacity(limits.depth.min(16)),
            scopes: Scopes::default(),
            nodes: 0,
            rooted: false,
            typed: false,
        }
    }

    fn document(mut self) -> Result<Tree<'a>, TooBad> {
        if self.odd.control {
            text::excluded(self.text, self.notes);
        }
        // quick-xml would skip a byte order mark without counting it.
        let start = if self.text.starts_with('\u{FEFF}') {
            3
        } else {
            0
        };
        let mut from = start;
        while let Some(next) = self.tokens(from, start)? {
            from = next;
        }
        let end = self.text.len();
        while let Some(open) = self.open.pop() {
            self.unclosed(&open, end);
        }
        if !self.rooted {
            let text = "the document holds no element";
            return Err(TooBad::new("xml.no-root", Span::new(0, end), text));
        }
        Ok(self.tree)
    }

    /// Reads tokens from this offset on; gives where to go on behind markup that is none.
    fn tokens(&mut self, from: usize, start: usize) -> Result<Option<usize>, TooBad> {
        let mut base = self.plain_tokens(from)?;
        let Some(mut rest) = self.text.get(base..) else {
            return Ok(None);
        };
        while let Some(behind) = rest.strip_prefix('\u{FEFF}') {
            self.characters_at(base, base + 3, Form::Plain, Cow::Borrowed("\u{FEFF}"))?;
            base += 3;
            rest = behind;
        }
        let mut tokens = Tokens::from_str(rest);
        let config = tokens.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            let at = base + tokens.buffer_position() as usize;
            let event = tokens.read_event();
            let end = base + tokens.buffer_position() as usize;
            let is_tag = matches!(event, Ok(Event::Start(_) | Event::Empty(_) | Event::End(_)));
            match event {
                Ok(Event::Start(_)) => self.start(at, end, false)?,
                Ok(Event::Empty(_)) => self.start(at, end, true)?,
                Ok(Event::End(_)) => self.end(at, end),
                Ok(Event::Text(_)) => self.plain(at, end)?,
                Ok(Event::GeneralRef(_)) => self.reference(at, end)?,
                Ok(Event::CData(_)) => {
                    let text = self.piece(at + 9, end - 3);
                    self.characters_at(at, end, Form::Cdata, text)?;
                }
                Ok(Event::Comment(_)) => self.comment(at, end)?,
                Ok(Event::PI(_)) => self.instruction(at, end)?,
                Ok(Event::Decl(_)) if at == start => {
                    self.extend(prolog::declaration(&self.text[at..end], at));
                }
                Ok(Event::Decl(_)) => {
                    let why = "an XML declaration that is not at the very start";
                    self.notes
                        .push("xml.late-declaration", Span::new(at, end), why);
                }
                Ok(Event::DocType(_)) => self.doctype(at, end),
                Ok(Event::Eof) => return Ok(None),
                Err(Error::IllFormed(_)) if end > at => {
                    self.notes.push(
                        "xml.bad-doctype",
                        Span::new(at, end),
                        "it names no document type",
                    );
                }
                Err(error) => return Ok(self.resume(at, end, &error)),
            }
            if is_tag {
                return Ok(Some(end));
            }
        }
    }

    /// Reads the tokens from this offset on that need no second look: tags that are nothing but a
    /// plain name, and text without references between them. Gives the offset of the first other one.
    fn plain_tokens(&mut self, from: usize) -> Result<usize, TooBad> {
        let text = self.text;
        let octets = text.as_bytes();
        let mut at = from;
        loop {
            let rest = octets.get(at..).unwrap_or_default();
            match rest {
                [b'<', b'/', ..] => {
                    let Some(name) = self.open.last().map(|open| open.name) else {
                        return Ok(at);
                    };
                    let end = at + name.len() + 3;
                    let is_its = octets.get(at + 2..end - 1) == Some(name.as_bytes())
                        && octets.get(end - 1) == Some(&b'>');
                    if !is_its {
                        return Ok(at);
                    }
                    self.close(at, end);
                    at = end;
                }
                [b'<', ..] => {
                    let len = names::simple_len(&text[at + 1..]);
                    let behind = rest.get(len + 1..).unwrap_or_default();
                    let empty = match behind {
                        [b'>', ..] if len > 0 => false,
                        [b'/', b'>', ..] if len > 0 => true,
                        _ => return Ok(at),
                    };
                    let end = at + len + 2 + usize::from(empty);
                    if !empty && let Some(behind) = self.plain_leaf(at, end)? {
                        at = behind;
                        continue;
                    }
                    self.start(at, end, empty)?;
                    at = end;
                }
                // Outside of all elements the other reader has to say what is there.
                [] => return Ok(at),
                _ if self.open.is_empty() => return Ok(at),
                _ => {
                    let Some(len) = rest.iter().position(|octet| matches!(octet, b'<' | b'&'))
                    else {
                        return Ok(at);
                    };
                    if rest.get(len) == Some(&b'&') {
                        return Ok(at);
                    }
                    self.plain(at, at + len)?;
                    at += len;
                }
            }
        }
    }

    /// Reads an element without attributes, prefix and markup inside, as most are, in one go: its
    /// start tag is between these offsets. Gives the offset behind its end tag; absent where it is no
    /// such element, and nothing was read.
    fn plain_leaf(&mut self, at: usize, end: usize) -> Result<Option<usize>, TooBad> {
        let (Some(open), false) = (
            self.open.last(),
            self.odd.carriage_return | self.odd.bracket,
        ) else {
            return Ok(None);
        };
        let octets = self.text.as_bytes();
        let rest = octets.get(end..).unwrap_or_default();
        let inside = rest.iter().position(|octet| matches!(octet, b'<' | b'&'));
        let Some(inside @ 1..) = inside else {
            return Ok(None);
        };
        let name = &self.text[at + 1..end - 1];
        let close = end + inside;
        let behind = close + name.len() + 3;
        let is_closed = octets.get(close..close + 2) == Some(b"</")
            && octets.get(close + 2..behind - 1) == Some(name.as_bytes())
            && octets.get(behind - 1) == Some(&b'>');
        if !is_closed || self.open.len() >= self.limits.depth {
            return Ok(None);
        }
        let (parent, previous) = (open.id, open.last);
        let token = Span::new(at, end);
        self.count(1, token)?;
        let text = Span::new(end, close);
        self.count(1, text)?;
        let element = (name, self.scopes.unprefixed(), token);
        let text = (&self.text[end..close], text);
        let close = Span::new(close, behind);
        let id = self
            .tree
            .push_leaf_behind(Some(parent), previous, element, text, close);
        if let Some(open) = self.open.last_mut() {
            open.last = Some(id);
        }
        Ok(Some(behind))
    }

    /// Where to go on behind a token that quick-xml cannot read, if anything is left there.
    fn resume(&mut self, at: usize, read: usize, error: &Error) -> Option<usize> {
        let whole = self.text.len();
        let end = match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) => self.text[at..]
                .find('>')
                .map_or(whole, |close| at + close + 1),
            // All others are found behind the token, or at the end of the input.
            _ if read > at => read,
            _ => whole,
        };
        if end < whole || matches!(error, Error::Syntax(SyntaxError::InvalidBangMarkup)) {
            let why = "a less-than sign that begins no markup";
            self.notes.push("xml.bad-markup", Span::new(at, end), why);
        } else {
            let why = "the input ends inside this markup";
            self.notes.push("xml.cut", Span::new(at, end), why);
        }
        (end < whole).then_some(end)
    }

    fn comment(&mut self, at: usize, end: usize) -> Result<(), TooBad> {
        let inside = &self.text[at + 4..end - 3];
        if inside.contains("--") || inside.ends_with('-') {
            self.notes.push(
                "xml.bad-comment",
                Span::new(at, end),
                "a comment with two hyphens inside it",
            );
        }
        let text = self.piece(at + 4, end - 3);
        self.leaf(Kind::Comment(text), Span::new(at, end))
    }

    fn instruction(&mut self, at: usize, end: usize) -> Result<(), TooBad> {
        if let Err(why) = prolog::instruction(&self.text[at + 2..end - 2]) {
            self.notes
                .push("xml.bad-instruction", Span::new(at, end), why);
        }
        let text = self.piece(at + 2, end - 2);
        self.leaf(Kind::Instruction(text), Span::new(at, end))
    }

    fn leaf(&mut self, kind: Kind<'a>, token: Span) -> Result<(), TooBad> {
        self.count(1, token)?;
        self.add(kind, token);
        Ok(())
    }

    #[expect(
        clippy::inline_always,
        reason = "measured: nodes are large and else are moved twice"
    )]
    #[inline(always)]
    fn add(&mut self, kind: Kind<'a>, token: Span) -> NodeId {
        let Some(open) = self.open.last_mut() else {
            return self.tree.push(None, kind, token);
        };
        let id = self.tree.push_behind(Some(open.id), open.last, kind, token);
        open.last = Some(id);
        id
    }

    fn doctype(&mut self, at: usize, end: usize) {
        if self.rooted {
            let why = "a document type declaration that is not in front of the root element";
            self.notes
                .push("xml.misplaced-doctype", Span::new(at, end), why);
        } else if self.typed {
            self.notes.push(
                "xml.second-doctype",
                Span::new(at, end),
                "a second document type declaration",
            );
        }
        self.typed = true;
        self.extend(prolog::doctype(&self.text[at..end], at));
    }

    fn extend(&mut self, notes: Vec<Note>) {
        for note in notes {
            self.notes.push(note.kind, note.span, note.text);
        }
    }

    fn count(&mut self, more: usize, token: Span) -> Result<(), TooBad> {
        self.nodes += more;
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let text = format!("the document has more than {} nodes", self.limits.nodes);
        Err(TooBad::new("xml.too-many-nodes", token, text))
    }
}
