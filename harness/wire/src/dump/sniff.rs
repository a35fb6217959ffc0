//! Which format some octets are in, as far as they show it.

use crate::span::Limits;
use crate::{smpp, sms, trigger, wbxml, wsp};

/// A format that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A document as text.
    Xml,
    /// A document in WBXML.
    Wbxml,
    /// A push PDU of WSP.
    Push,
    /// User data of a short message, with its header.
    Sms,
    /// A TPDU.
    Tpdu,
    /// A request of the push access protocol.
    Pap,
    /// PDUs of SMPP.
    Smpp,
    /// A notification of DM, package 0.
    Trigger,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Xml,
        Self::Wbxml,
        Self::Push,
        Self::Sms,
        Self::Tpdu,
        Self::Pap,
        Self::Smpp,
        Self::Trigger,
    ];

    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Wbxml => "wbxml",
            Self::Push => "push",
            Self::Sms => "sms",
            Self::Tpdu => "tpdu",
            Self::Pap => "pap",
            Self::Smpp => "smpp",
            Self::Trigger => "trigger",
        }
    }

    /// The format of this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// The format that fits best. XML where nothing does, since its reader says best what is wrong.
pub fn sniff(bytes: &[u8]) -> Format {
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"<") || text.starts_with(b"\xEF\xBB\xBF<") {
        return Format::Xml;
    }
    if is_multipart(text) {
        return Format::Pap;
    }
    let limits = Limits::TARGET;
    if let Ok(Some(_)) = smpp::read(bytes, &limits) {
        return Format::Smpp;
    }
    if is_document(bytes) {
        return Format::Wbxml;
    }
    // Ports in a header say more than the second octet of a push does.
    if is_tpdu(bytes) {
        return Format::Tpdu;
    }
    if wsp::read(bytes, &limits).is_ok_and(|push| is_push(&push)) {
        return Format::Push;
    }
    if bytes.len() <= sms::USER_DATA && has_ports(bytes) {
        return Format::Sms;
    }
    if let Ok(trigger) = trigger::read(bytes, &limits)
        && !trigger
            .notes
            .iter()
            .any(|note| trigger::is_fault(note.kind))
    {
        return Format::Trigger;
    }
    // WBXML begins with its version, 1.0 to 1.3, and hardly anything else does.
    match bytes.first() {
        Some(0x00..=0x08) => Format::Wbxml,
        _ => Format::Xml,
    }
}

/// Text in which a line begins as a boundary does.
fn is_multipart(text: &[u8]) -> bool {
    let lines = text
        .split(|&octet| octet == b'\n')
        .take(16)
        .map(<[u8]>::trim_ascii_end);
    let is_text = |line: &&[u8]| {
        line.iter()
            .all(|octet| matches!(octet, b'\t' | b' '..=b'~'))
    };
    let mut lines = lines.take_while(is_text);
    lines.any(|line| line.starts_with(b"--"))
}

/// A header that names a known type of document.
fn is_document(bytes: &[u8]) -> bool {
    let starts = matches!(bytes.first(), Some(0x00..=0x03));
    starts
        && wbxml::read(bytes, &Limits::TARGET).is_ok_and(|(_, header, _)| {
            wbxml::pages::Document::of(&header.public_id).is_some()
                && header.charset == wbxml::UTF_8
        })
}

/// A push whose headers make sense.
fn is_push(push: &wsp::Push) -> bool {
    let known = push
        .content_type
        .as_ref()
        .is_some_and(|media| media.media.contains('/'));
    let typed = matches!(push.pdu_type, wsp::PUSH | wsp::CONFIRMED_PUSH);
    let broken = [
        "wsp.headers-too-long",
        "wsp.bad-header",
        "wsp.unknown-media",
    ];
    typed && known && !push.notes.iter().any(|note| broken.contains(&note.kind))
}

/// A short message without fault, whose user data has ports.
fn is_tpdu(bytes: &[u8]) -> bool {
    sms::read(bytes).is_ok_and(|tpdu| {
        let sound = !tpdu.notes.iter().any(|note| sms::is_fault(note.kind));
        sound && tpdu.has_header && has_ports(tpdu.user_data.of(bytes))
    })
}

/// User data with ports in a header without fault.
fn has_ports(user_data: &[u8]) -> bool {
    let segment = sms::segment(user_data, true);
    segment.ports.is_some() && !segment.notes.iter().any(|note| sms::is_fault(note.kind))
}
