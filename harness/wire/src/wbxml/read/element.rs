//! Elements: which name a token has where it stands, whether it may stand there, and what may
//! stand in it.
//!
//! Attributes are read beside this, texts and ENDs above.

#![expect(
    clippy::inline_always,
    reason = "measured: half of the time of a message"
)]

use std::borrow::Cow;

use super::super::lex::{ATTRIBUTES, CONTENT};
use super::super::pages::{Page, Since, Space};
use super::{Open, Reader, beyond, octet_at};
use crate::span::{Span, TooBad};
use crate::tree::{Element, Kind, Namespace, NodeId};

impl<'a> Reader<'a> {
    #[inline(always)]
    pub(super) fn element(&mut self, code: u8, span: Span) -> Result<(), TooBad> {
        let tag = code & 0x3F;
        let Some(page) = self.page else {
            let name = self.unknown(tag, span);
            return self.open(code, name, Namespace::None, None, span);
        };
        let namespace = page.space.namespace(self.named);
        let Some(name) = page.tag(tag, self.version) else {
            let name = self.unknown(tag, span);
            return self.open(code, name, namespace, None, span);
        };
        if self.inside.allowed & bit(page.space) == 0 {
            self.misplaced(page, name, span);
        }
        if page.since(tag) > self.version {
            self.too_new(page, tag, name, span);
        }
        if code & (ATTRIBUTES | CONTENT) == CONTENT
            && !declares_version(Some(page.space), tag)
            && self.leaf(name, &namespace, span)
        {
            return Ok(());
        }
        let space = Some(page.space);
        if code & ATTRIBUTES != 0 {
            return self.open(code, Cow::Borrowed(name), namespace, space, span);
        }
        self.room(span)?;
        let Open { id, last, .. } = self.inside;
        let id = self
            .tree
            .push_element_behind(id, last, (name, namespace, span));
        self.inside.last = Some(id);
        if code & CONTENT != 0 {
            self.enter(id, tag, space, span)?;
        }
        Ok(())
    }

    pub(super) fn literal(&mut self, octet: u8, index: u32, span: Span) -> Result<(), TooBad> {
        let octets = self.strings.at(index, span, &mut self.notes)?;
        let name = self.strings.decode(octets, span, &mut self.notes);
        // A name without a token is in the namespace around it, as an unprefixed one is in XML.
        let around = self.inside.id.and_then(|id| self.tree.element(id));
        let namespace = around.map_or(Namespace::None, |element| element.namespace.clone());
        self.open(octet, name, namespace, None, span)
    }

    /// Adds an element; `code` says whether attributes and content follow.
    #[inline(never)]
    fn open(
        &mut self,
        code: u8,
        name: Cow<'a, str>,
        mut namespace: Namespace<'a>,
        space: Option<Space>,
        mut span: Span,
    ) -> Result<(), TooBad> {
        let mut attributes = Vec::new();
        if code & ATTRIBUTES != 0 {
            attributes = self.attributes()?;
            span = Span::new(span.start(), self.lexer.at());
            let mut declared = attributes
                .iter()
                .filter(|attribute| attribute.name == "xmlns");
            if let (None, Some(declared)) = (space, declared.next()) {
                namespace = Namespace::from_uri(declared.value.clone());
            }
        }
        let element = Element {
            name,
            namespace,
            attributes,
            end: Span::new(span.end(), span.end()),
        };
        let id = self.push(Kind::Element(element), span)?;
        if code & CONTENT != 0 {
            self.enter(id, code & 0x3F, space, span)?;
        }
        Ok(())
    }

    /// Adds an element with an inline string and its END in one go, if that is what follows its
    /// token. Two of three elements of a message are such. False where it is anything else, or
    /// anything is odd about it.
    #[inline(always)]
    fn leaf(&mut self, name: &'a str, namespace: &Namespace<'a>, span: Span) -> bool {
        let Some(string) = self.lexer.ended_string() else {
            return false;
        };
        let start = self.lexer.at();
        let after = start + string.len() + 2;
        if string.is_empty()
            || !self.strings.is_utf_8()
            || self.around.len() >= self.limits.depth
            || self.tree.len() + self.attributes + 2 > self.limits.nodes
        {
            return false;
        }
        let Some(text) = self.stretch.text(start + 1, after - 1) else {
            return false;
        };
        let Open { id, last, .. } = self.inside;
        let string = Span {
            at: start as u32,
            len: (after - start) as u32,
        };
        let (element, text) = ((name, namespace.clone(), span), (text, string));
        let id = self
            .tree
            .push_leaf_behind(id, last, element, text, octet_at(after));
        self.inside.last = Some(id);
        self.lexer.go(after + 1);
        true
    }

    /// Makes an element the one that nodes are added to.
    #[inline(always)]
    fn enter(
        &mut self,
        id: NodeId,
        tag: u8,
        space: Option<Space>,
        span: Span,
    ) -> Result<(), TooBad> {
        if self.around.len() >= self.limits.depth {
            return Err(beyond(self.limits.depth, "levels of nesting", span));
        }
        let inner = Open {
            id: Some(id),
            last: None,
            space,
            allowed: allowed(space, tag),
            declares: declares_version(space, tag),
        };
        self.around.push(std::mem::replace(&mut self.inside, inner));
        Ok(())
    }

    #[cold]
    fn misplaced(&mut self, page: &'static Page, name: &str, span: Span) {
        let around = self.inside.id.map_or("", |id| self.tree.name(id));
        let text = format!(
            "{name} of page {} ({}) inside {around}",
            page.number, page.name
        );
        self.notes.push("wbxml.page-not-switched", span, text);
    }

    #[cold]
    fn too_new(&mut self, page: &'static Page, tag: u8, name: &str, span: Span) {
        let (since, version) = (page.since(tag).dtd(), self.version.dtd());
        let text = format!("{name} is of version {since} and the document of {version}");
        self.notes.push("wbxml.token-too-new", span, text);
    }

    #[cold]
    fn unknown(&mut self, tag: u8, span: Span) -> Cow<'a, str> {
        let around = self.inside.space.filter(|_| self.page.is_some());
        let of_space = self.vocabulary.pages.iter();
        let mut pages = of_space.filter(|page| Some(page.space) == around);
        let meant = pages.find_map(|page| page.tag(tag, Since::V12).map(|name| (page, name)));
        if let Some((page, name)) = meant {
            let text = format!("token {tag:02X} would be {name} on page {}", page.number);
            self.notes.push("wbxml.page-not-switched", span, text);
        } else {
            let page = self.page.map_or("this page", |page| page.name);
            self.notes.push(
                "wbxml.unknown-token",
                span,
                format!("{page} has no token {tag:02X}"),
            );
        }
        Cow::Owned(format!("token-{tag:02X}"))
    }
}

/// `Meta` of page 0.
const META: u8 = 0x1A;
/// `Data` of page 0.
const DATA: u8 = 0x0F;

/// The bit of a space in [`Open::allowed`].
#[inline]
fn bit(space: Space) -> u8 {
    1 << space as u8
}

/// The spaces whose elements may stand inside this one: Meta holds meta information and nothing
/// else does, save for Data, which may hold any document.
#[inline]
fn allowed(space: Option<Space>, tag: u8) -> u8 {
    match (space, tag) {
        (None, _) | (Some(Space::SyncMl), DATA) => u8::MAX,
        (Some(Space::SyncMl), META) => !bit(Space::SyncMl),
        (Some(space), _) => bit(space),
    }
}

/// True for VerDTD of SyncML and of DevInf.
#[inline]
fn declares_version(space: Option<Space>, tag: u8) -> bool {
    matches!(
        (space, tag),
        (Some(Space::SyncMl), 0x31) | (Some(Space::DevInf), 0x25)
    )
}
