//! A tree to tokens, in every form that the format leaves free.
//!
//! Names without a token become literals. Comments are lost, and so is white space between
//! elements: WBXML has neither. Whether a document makes sense is left to whoever built it, so
//! that a peer may write wrong ones.

mod attributes;

use std::borrow::Cow;
use std::collections::HashMap;

use super::header::PublicId;
use super::lex::{
    ATTRIBUTES, CONTENT, END, LITERAL, OPAQUE, PI, STR_I, STR_T, SWITCH_PAGE, put_integer,
    terminated,
};
use super::pages::{Document, Page, Since, Space, Vocabulary};
use super::strings::Builder;
use super::style::{Identify, Strings, Style, Unwritable};
use crate::tree::{Attribute, Children, Element, Form, Kind, Namespace, NodeId, Tree};

/// Writes a document.
///
/// Elements without namespace are looked up in the page of the root element and then in the
/// others. Namespace declarations are left out where code pages say the same; a literal element in
/// another namespace than its parent carries one.
///
/// # Errors
/// [`Unwritable`] where there is no root element or a name or length that WBXML cannot hold.
pub fn write(tree: &Tree<'_>, style: &Style) -> Result<Vec<u8>, Unwritable> {
    let root = tree.root().ok_or(Unwritable::NoRoot)?;
    let document = document_of(tree, root);
    let vocabulary = document.vocabulary;
    let home = vocabulary
        .pages
        .iter()
        .copied()
        .find(|page| page.space == document.root);
    let mut writer = Writer {
        tree,
        style,
        vocabulary,
        home,
        page: 0,
        attribute_page: 0,
        turn: 0,
        counts: HashMap::new(),
        counting: false,
        strings: Builder::default(),
        out: Vec::with_capacity(tree.len().saturating_mul(10) + 16),
    };
    let public_id = identify(document, &style.public_id);
    let keep_nul = style.public_id != Identify::TextWithoutNul;
    let mut index = 0;
    if let PublicId::Text(text) = &public_id
        && keep_nul
    {
        index = writer.name(Cow::Borrowed(text))?;
    }
    if style.strings == Strings::Shared {
        writer.counting = true;
        writer.body()?;
        writer.counting = false;
        writer.out.clear();
        writer.page = 0;
        writer.attribute_page = 0;
    }
    writer.body()?;

    let mut table = writer.strings.octets().to_vec();
    let mut out = vec![style.version];
    match &public_id {
        PublicId::Number(number) => put_integer(&mut out, *number),
        PublicId::Text(text) => {
            if !keep_nul {
                index = length(table.len())?;
                table.extend_from_slice(text.as_bytes());
            }
            out.push(0);
            put_integer(&mut out, index);
        }
    }
    if style.version != 0 {
        put_integer(&mut out, style.charset);
    }
    put_integer(&mut out, length(table.len())?);
    if out.len() + table.len() <= 16 {
        // The usual case: a small header in front of the body, moved in place.
        out.extend_from_slice(&table);
        writer.out.splice(0..0, out);
        return Ok(writer.out);
    }
    out.reserve_exact(table.len() + writer.out.len());
    out.extend_from_slice(&table);
    out.extend_from_slice(&writer.out);
    Ok(out)
}

/// What the root element is, and in which version.
fn document_of(tree: &Tree<'_>, root: NodeId) -> &'static Document {
    let declared = |path: &str| {
        let text = tree.find(root, path).map(|id| tree.text(id));
        text.and_then(|text| Since::from_dtd(&text))
            .unwrap_or(Since::V12)
    };
    let (space, version) = match tree.element(root).map(|element| &element.namespace) {
        Some(Namespace::SyncMl10) => (Space::SyncMl, Since::V10),
        Some(Namespace::SyncMl11) => (Space::SyncMl, Since::V11),
        Some(Namespace::SyncMl12) => (Space::SyncMl, Since::V12),
        Some(Namespace::MetInf) => (Space::MetInf, Since::V12),
        Some(Namespace::DmDdf) => (Space::DmDdf, Since::V12),
        Some(Namespace::DevInf) => (Space::DevInf, declared("VerDTD")),
        _ => match tree.name(root) {
            "MetInf" => (Space::MetInf, Since::V12),
            "MgmtTree" => (Space::DmDdf, Since::V12),
            "DevInf" => (Space::DevInf, declared("VerDTD")),
            "wap-provisioningdoc" => (Space::Prov, Since::V10),
            "si" => (Space::Si, Since::V10),
            "sl" => (Space::Sl, Since::V10),
            _ => (Space::SyncMl, declared("SyncHdr/VerDTD")),
        },
    };
    Document::with_root(space, version)
}

fn identify(document: &'static Document, how: &Identify) -> PublicId {
    let text = || PublicId::Text(document.fpi.to_owned());
    let number = |document: &Document| document.number.map(PublicId::Number);
    match how {
        Identify::Number => number(document).unwrap_or_else(text),
        Identify::Text | Identify::TextWithoutNul => text(),
        Identify::OtherVersion => {
            let other = if document.version == Since::V12 {
                Since::V11
            } else {
                Since::V12
            };
            number(Document::with_root(document.root, other)).unwrap_or_else(text)
        }
        Identify::Given(id) => id.clone(),
    }
}

fn length(octets: usize) -> Result<u32, Unwritable> {
    u32::try_from(octets).map_err(|_| Unwritable::TooLarge)
}

/// Where one string goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Inline,
    Table,
    Opaque,
}

/// Adjacent texts that go to the same place, not written yet.
struct Pending<'t> {
    text: Cow<'t, str>,
    place: Place,
    /// All of it is character data, so that it may be white space between elements.
    plain: bool,
}

/// An element (or the top) whose children are being written.
struct Inside<'t, 'a> {
    element: Option<NodeId>,
    rest: Children<'t, 'a>,
    /// Whether it holds elements, as soon as somebody asked.
    elements: Option<bool>,
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    style: &'t Style,
    vocabulary: &'static Vocabulary,
    home: Option<&'static Page>,
    page: u8,
    attribute_page: u8,
    turn: usize,
    counts: HashMap<Cow<'t, str>, u32>,
    counting: bool,
    strings: Builder<'t>,
    out: Vec<u8>,
}

impl<'t, 'a> Writer<'t, 'a> {
    /// All that is at the top, with what is in it; walks without recursion.
    fn body(&mut self) -> Result<(), Unwritable> {
        let tree = self.tree;
        let mut inside = Inside {
            element: None,
            rest: tree.top(),
            elements: Some(true),
        };
        let mut outside: Vec<Inside<'t, 'a>> = Vec::with_capacity(16);
        let mut pending: Option<Pending<'t>> = None;
        loop {
            let Some(id) = inside.rest.next() else {
                if pending.is_some() {
                    self.flush(&mut pending, &mut inside)?;
                }
                let Some(around) = outside.pop() else {
                    return Ok(());
                };
                self.out.push(END);
                inside = around;
                continue;
            };
            match &tree.node(id).kind {
                Kind::Element(element) => {
                    if pending.is_some() {
                        self.flush(&mut pending, &mut inside)?;
                    }
                    if let Some((text, form)) = self.only_text(id) {
                        let place = self.place(text, form);
                        self.element(element, inside.element, true)?;
                        self.text(Cow::Borrowed(text), place)?;
                        self.out.push(END);
                        continue;
                    }
                    let content = self.has_content(id);
                    self.element(element, inside.element, content)?;
                    if content {
                        let rest = tree.children(id);
                        let inner = Inside {
                            element: Some(id),
                            rest,
                            elements: None,
                        };
                        outside.push(std::mem::replace(&mut inside, inner));
                    } else if self.style.empty_with_content {
                        self.out.push(END);
                    }
                }
                Kind::Text(text, form) => {
                    let place = self.place(text, *form);
                    let plain = *form == Form::Plain;
                    match &mut pending {
                        Some(before) if before.place == place && place != Place::Opaque => {
                            before.text.to_mut().push_str(text);
                            before.plain &= plain;
                        }
                        _ => {
                            self.flush(&mut pending, &mut inside)?;
                            let text = Cow::Borrowed(text.as_ref());
                            pending = Some(Pending { text, place, plain });
                        }
                    }
                }
                Kind::Opaque(octets) => {
                    self.flush(&mut pending, &mut inside)?;
                    self.opaque(octets)?;
                }
                Kind::Comment(_) => {}
                Kind::Instruction(text) => {
                    self.flush(&mut pending, &mut inside)?;
                    self.instruction(text)?;
                }
            }
        }
    }

    /// The text of an element that holds nothing else: half of all elements of a message.
    fn only_text(&self, id: NodeId) -> Option<(&'t str, Form)> {
        let tree = self.tree;
        let mut children = tree.children(id);
        let first = children.next()?;
        match &tree.node(first).kind {
            Kind::Text(text, form) if !text.is_empty() && children.next().is_none() => {
                Some((text, *form))
            }
            _ => None,
        }
    }

    /// True where an element has anything that is written.
    fn has_content(&self, id: NodeId) -> bool {
        self.tree
            .children(id)
            .any(|child| match &self.tree.node(child).kind {
                Kind::Element(_) | Kind::Opaque(_) | Kind::Instruction(_) => true,
                Kind::Text(text, _) => !text.is_empty(),
                Kind::Comment(_) => false,
            })
    }

    fn place(&mut self, text: &str, form: Form) -> Place {
        match self.style.strings {
            _ if terminated(text.as_bytes()).is_some() => Place::Opaque,
            Strings::AsGiven => match form {
                Form::Table => Place::Table,
                Form::Opaque => Place::Opaque,
                Form::Plain | Form::Cdata | Form::Reference => Place::Inline,
            },
            Strings::Inline | Strings::Shared | Strings::Mixed => Place::Inline,
            Strings::Table => Place::Table,
            Strings::Opaque => Place::Opaque,
        }
    }

    fn flush(
        &mut self,
        pending: &mut Option<Pending<'t>>,
        inside: &mut Inside<'t, 'a>,
    ) -> Result<(), Unwritable> {
        let Some(Pending { text, place, plain }) = pending.take() else {
            return Ok(());
        };
        if text.is_empty() {
            return Ok(());
        }
        if plain && text.bytes().all(|octet| octet.is_ascii_whitespace()) {
            let tree = self.tree;
            let has_elements = || {
                inside
                    .element
                    .is_some_and(|id| tree.elements(id).next().is_some())
            };
            if *inside.elements.get_or_insert_with(has_elements) {
                return Ok(());
            }
        }
        self.text(text, place)
    }

    fn text(&mut self, text: Cow<'t, str>, mut place: Place) -> Result<(), Unwritable> {
        if self.counting {
            *self.counts.entry(text).or_default() += 1;
            return Ok(());
        }
        if place == Place::Inline {
            place = match self.style.strings {
                Strings::Mixed => {
                    self.turn += 1;
                    [Place::Opaque, Place::Inline, Place::Table][self.turn % 3]
                }
                // Shorter ones take no less room as a reference.
                Strings::Shared if text.len() > 2 && self.counts.get(&text) > Some(&1) => {
                    Place::Table
                }
                _ => Place::Inline,
            };
        }
        match place {
            Place::Inline => self.inline(&text),
            Place::Opaque => self.opaque(text.as_bytes())?,
            Place::Table => {
                let index = self.strings.put(text);
                self.out.push(STR_T);
                put_integer(&mut self.out, index);
            }
        }
        Ok(())
    }

    fn inline(&mut self, text: &str) {
        self.out.push(STR_I);
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(0);
    }

    fn opaque(&mut self, octets: &[u8]) -> Result<(), Unwritable> {
        self.out.push(OPAQUE);
        put_integer(&mut self.out, length(octets.len())?);
        self.out.extend_from_slice(octets);
        Ok(())
    }

    /// The table index of a name.
    fn name(&mut self, name: Cow<'t, str>) -> Result<u32, Unwritable> {
        if name.contains('\0') {
            return Err(Unwritable::Name(name.into_owned()));
        }
        // Names go in while counting as well: the second pass finds them there.
        Ok(self.strings.put(name))
    }

    fn element(
        &mut self,
        element: &'t Element<'a>,
        around: Option<NodeId>,
        content: bool,
    ) -> Result<(), Unwritable> {
        let mut name = element.name.as_ref();
        let mut token = self.token(&element.namespace, name);
        if token.is_none() && name.contains(':') {
            name = element.local();
            token = self.token(&element.namespace, name);
        }
        let mut bits = if content || self.style.empty_with_content {
            CONTENT
        } else {
            0
        };
        let mut declared = None;
        if token.is_none() {
            let around = around.and_then(|id| self.tree.element(id));
            let around = around.map(|element| &element.namespace);
            if let Namespace::Other(uri) = &element.namespace
                && around != Some(&element.namespace)
            {
                declared = Some(uri.as_ref());
            }
        }
        let listed = element
            .attributes
            .iter()
            .any(|attribute| !attribute.declares());
        if declared.is_some() || listed {
            bits |= ATTRIBUTES;
        }
        if let Some((page, token)) = token {
            let switch = page != self.page || self.style.redundant_switches;
            if switch && !self.style.unswitched_elements {
                self.out.extend_from_slice(&[SWITCH_PAGE, page]);
                self.page = page;
            }
            self.out.push(token | bits);
        } else {
            let index = self.name(Cow::Borrowed(name))?;
            self.out.push(LITERAL | bits);
            put_integer(&mut self.out, index);
        }
        if bits & ATTRIBUTES != 0 {
            if let Some(uri) = declared {
                self.attribute(Cow::Borrowed("xmlns"), uri)?;
            }
            self.attributes(&element.attributes)?;
            self.out.push(END);
        }
        Ok(())
    }

    /// The page and token of a name.
    #[inline]
    fn token(&self, namespace: &Namespace<'_>, name: &str) -> Option<(u8, u8)> {
        let on = |page: &Page| page.token(name).map(|token| (page.number, token));
        if *namespace == Namespace::None {
            let pages = self
                .home
                .into_iter()
                .chain(self.vocabulary.pages.iter().copied());
            return pages.into_iter().find_map(on);
        }
        self.vocabulary.page_of(namespace).and_then(on)
    }

    fn instruction(&mut self, text: &'t str) -> Result<(), Unwritable> {
        let text = text.trim_start();
        let (target, data) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        self.out.push(PI);
        self.attribute(Cow::Borrowed(target), data.trim_start())?;
        self.out.push(END);
        Ok(())
    }
}
