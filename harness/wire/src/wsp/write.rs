//! A push PDU from its fields, in every form that the format leaves free and in some that it does
//! not, so that a peer may write wrong ones.
//!
//! What the fields ought to be is left to whoever drafts them.

use super::names::{application_code, header_code, media_code, parameter_code};
use super::{PUSH, put_uintvar};

/// A push that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushDraft {
    /// The media type of the body, without parameters.
    pub media: String,
    /// The number for `SEC`.
    pub sec: Option<u8>,
    /// The text for `MAC`.
    pub mac: Option<String>,
    /// Further parameters of the content type: name and value.
    pub params: Vec<(String, String)>,
    /// The headers behind it: name and value. `X-Wap-Application-Id` takes the URN, numbers are
    /// in decimal.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// How a push is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one freedom")]
pub struct Style {
    /// The transaction id.
    pub tid: u8,
    /// The type octet.
    pub pdu_type: u8,
    /// Media types as text even where they have a number.
    pub media_as_text: bool,
    /// Names of parameters as text.
    pub untyped_params: bool,
    /// Names of headers as text.
    pub headers_as_text: bool,
    /// Lengths up to 30 behind a length quote as well.
    pub length_quotes: bool,
    /// The length of the headers with a leading zero.
    pub padded_length: bool,
    /// How `SEC` is written.
    pub sec: SecForm,
    /// How `MAC` is written.
    pub mac: MacForm,
    /// `MAC` in front of `SEC`.
    pub mac_first: bool,
    /// Added to the true length of the headers. Wrong unless zero.
    pub headers_length_off: i32,
    /// Added to the true length of the content type. Wrong unless zero.
    pub value_length_off: i32,
}

/// How `SEC` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecForm {
    /// As a short integer.
    #[default]
    Short,
    /// As a long integer. Wrong.
    Long,
    /// As text. Wrong.
    Text,
}

/// How `MAC` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MacForm {
    /// As text with a NUL.
    #[default]
    Text,
    /// In quotation marks.
    Quoted,
    /// As text without a NUL. Wrong.
    WithoutNul,
}

impl Default for Style {
    /// Transaction 1, a push, numbers wherever there are any.
    fn default() -> Self {
        Self {
            tid: 0x01,
            pdu_type: PUSH,
            media_as_text: false,
            untyped_params: false,
            headers_as_text: false,
            length_quotes: false,
            padded_length: false,
            sec: SecForm::default(),
            mac: MacForm::default(),
            mac_first: false,
            headers_length_off: 0,
            value_length_off: 0,
        }
    }
}

impl PushDraft {
    /// A push of this media type and body, without protection and without headers.
    pub fn new(media: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            media: media.into(),
            sec: None,
            mac: None,
            params: Vec::new(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The PDU.
    pub fn write(&self, style: &Style) -> Vec<u8> {
        let mut head = self.content_type(style);
        for (name, value) in &self.headers {
            header(&mut head, name, value, style);
        }
        let mut out = vec![style.tid, style.pdu_type];
        if style.padded_length {
            out.push(0x80);
        }
        put_uintvar(&mut out, off(head.len(), style.headers_length_off));
        out.extend_from_slice(&head);
        out.extend_from_slice(&self.body);
        out
    }

    fn content_type(&self, style: &Style) -> Vec<u8> {
        let mut inner = Vec::new();
        match media_code(&self.media).filter(|_| !style.media_as_text) {
            Some(code) => integer(&mut inner, u64::from(code)),
            None => text(&mut inner, &self.media),
        }
        let bare = inner.len();
        let mut sec = Vec::new();
        if let Some(number) = self.sec {
            name(&mut sec, "SEC", style);
            match style.sec {
                SecForm::Short => sec.push(0x80 | number),
                SecForm::Long => sec.extend_from_slice(&[0x01, number]),
                SecForm::Text => text(&mut sec, &number.to_string()),
            }
        }
        let mut mac = Vec::new();
        if let Some(digits) = &self.mac {
            name(&mut mac, "MAC", style);
            match style.mac {
                MacForm::Text => text(&mut mac, digits),
                // A quoted string of WSP has no second quotation mark.
                MacForm::Quoted => text(&mut mac, &format!("\"{digits}")),
                MacForm::WithoutNul => mac.extend_from_slice(digits.as_bytes()),
            }
        }
        let (first, second) = if style.mac_first {
            (mac, sec)
        } else {
            (sec, mac)
        };
        inner.extend(first);
        inner.extend(second);
        for (key, value) in &self.params {
            name(&mut inner, key, style);
            scalar(&mut inner, value);
        }
        if inner.len() == bare {
            return inner;
        }
        let mut out = Vec::with_capacity(inner.len() + 3);
        let length = off(inner.len(), style.value_length_off);
        if length <= 30 && !style.length_quotes {
            out.push(length as u8);
        } else {
            out.push(0x1F);
            put_uintvar(&mut out, length);
        }
        out.extend(inner);
        out
    }
}

/// A length that is wrong by this much, and never below zero.
fn off(length: usize, by: i32) -> u32 {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let length = length.saturating_add(i64::from(by)).max(0);
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn name(out: &mut Vec<u8>, name: &str, style: &Style) {
    match parameter_code(name).filter(|_| !style.untyped_params) {
        Some(code) => integer(out, u64::from(code)),
        None => text(out, name),
    }
}

fn header(out: &mut Vec<u8>, name: &str, value: &str, style: &Style) {
    match header_code(name).filter(|_| !style.headers_as_text) {
        Some(code) => out.push(0x80 | code),
        None => text(out, name),
    }
    if name.eq_ignore_ascii_case("X-Wap-Application-Id")
        && let Some(code) = application_code(value)
    {
        return integer(out, u64::from(code));
    }
    scalar(out, value);
}

/// A number where the text is one, else the text.
fn scalar(out: &mut Vec<u8>, value: &str) {
    match value.parse() {
        Ok(number) => integer(out, number),
        Err(_) => text(out, value),
    }
}

/// A number in seven bits, or behind its length.
fn integer(out: &mut Vec<u8>, number: u64) {
    if let Ok(short) = u8::try_from(number)
        && short < 0x80
    {
        return out.push(0x80 | short);
    }
    let octets = number.to_be_bytes();
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    let octets = octets.get(zeros..).unwrap_or_default();
    out.push(octets.len() as u8);
    out.extend_from_slice(octets);
}

/// A text with its NUL, quoted where its first octet would be taken for a number.
fn text(out: &mut Vec<u8>, text: &str) {
    if text.as_bytes().first().is_some_and(|&first| first >= 0x80) {
        out.push(0x7F);
    }
    out.extend(text.bytes().filter(|&octet| octet != 0));
    out.push(0);
}
