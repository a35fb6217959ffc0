//! Package 0: the notification by which a DM server asks a device to call (OMA-TS-DM_Notification
//! 6.1; the same in 1.1.2).
//!
//! Which version and session a device takes is decided elsewhere; how it is pushed is the business
//! of `wsp`.

use crate::digest;
use crate::octets::{Octets, number};
use crate::span::{Limits, Note, Notes, Span, TooBad};

/// The media type of a notification.
pub const MEDIA: &str = "application/vnd.syncml.notification";
/// The application that it is for.
pub const APPLICATION: &str = "x-wap-application:syncml.dm";
/// The nonce where both have lost the one that they had: `0x00000000`.
pub const DEFAULT_NONCE: [u8; 4] = [0; 4];
/// The octets of the digest in front.
pub const DIGEST: usize = 16;

/// Every kind of note that [`read`] gives: whether it is a fault, and what it says.
pub const KINDS: &[(&str, bool, &str)] = &[
    (
        "trigger.bad-version",
        true,
        "a version that is none of 1.0, 1.1 and 1.2",
    ),
    (
        "trigger.future-use",
        true,
        "bits for future use that are not zero",
    ),
    ("trigger.bad-session", true, "a session id of zero"),
    (
        "trigger.bad-length",
        true,
        "a server id that is longer than what is left",
    ),
    ("trigger.no-server", true, "an empty server id"),
    ("trigger.bad-utf8", true, "a server id that is not UTF-8"),
    (
        "trigger.vendor",
        false,
        "octets of a vendor behind the server id",
    ),
];

/// True for a kind of note that no conforming notification gives.
pub fn is_fault(kind: &str) -> bool {
    KINDS.iter().any(|row| row.0 == kind && row.1)
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The digest over the rest.
    pub digest: [u8; DIGEST],
    /// The version times ten: 11 for 1.1.
    pub version: u16,
    /// 0 not specified, 1 background, 2 informative, 3 user interaction.
    pub ui_mode: u8,
    /// 0 the user or the device, 1 the server.
    pub initiator: u8,
    /// The 27 bits for future use.
    pub future: u32,
    /// The session that the device is to begin.
    pub session: u16,
    /// The length of the server id as it is written.
    pub length: u8,
    /// The server that it is to call.
    pub server: String,
    /// Where that stands.
    pub server_span: Span,
    /// What the vendor put behind it.
    pub vendor: Span,
    /// What was read past.
    pub notes: Vec<Note>,
}

/// Reads a notification.
///
/// # Errors
/// [`TooBad`] where it ends before its server id, and beyond a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Trigger, TooBad> {
    if bytes.len() > limits.bytes.min(u32::MAX as usize) {
        let span = Span::new(limits.bytes, bytes.len());
        let text = format!("{} octets, and {} are read", bytes.len(), limits.bytes);
        return Err(TooBad::new("trigger.limit", span, text));
    }
    let cut = || {
        let span = Span::new(bytes.len(), bytes.len());
        TooBad::new(
            "trigger.cut-short",
            span,
            "the notification ends before its server id",
        )
    };
    let mut notes = Notes::new(limits);
    let mut octets = Octets::new(bytes);
    let mut digest = [0; DIGEST];
    digest.copy_from_slice(octets.take(DIGEST).ok_or_else(cut)?);
    let start = octets.at();
    let bits = number(octets.take(5).ok_or_else(cut)?);
    let span = octets.since(start);
    let version = (bits >> 30 & 0x3FF) as u16;
    let future = (bits & 0x07FF_FFFF) as u32;
    if !(10..=12).contains(&version) {
        let text = format!("version {}.{}", version / 10, version % 10);
        notes.push("trigger.bad-version", span, text);
    }
    if future != 0 {
        notes.push(
            "trigger.future-use",
            span,
            format!("{future:#x} for future use"),
        );
    }
    let start = octets.at();
    let session = number(octets.take(2).ok_or_else(cut)?) as u16;
    if session == 0 {
        notes.push("trigger.bad-session", octets.since(start), "session 0");
    }
    let start = octets.at();
    let length = octets.octet().ok_or_else(cut)?;
    let count = usize::from(length);
    if count > octets.left() {
        let text = format!(
            "a server id of {count} octets where {} are left",
            octets.left()
        );
        notes.push("trigger.bad-length", octets.since(start), text);
    }
    let start = octets.at();
    let server = octets.take(count.min(octets.left())).unwrap_or_default();
    let server_span = octets.since(start);
    if server.is_empty() {
        notes.push("trigger.no-server", server_span, "no server id");
    }
    let server = std::str::from_utf8(server).map_or_else(
        |_| {
            notes.push(
                "trigger.bad-utf8",
                server_span,
                "a server id that is not UTF-8",
            );
            String::from_utf8_lossy(server).into_owned()
        },
        str::to_owned,
    );
    let vendor = octets.ahead();
    if vendor.len > 0 {
        notes.push(
            "trigger.vendor",
            vendor,
            format!("{} octets of a vendor", vendor.len),
        );
    }
    Ok(Trigger {
        digest,
        version,
        ui_mode: (bits >> 28 & 0x03) as u8,
        initiator: (bits >> 27 & 0x01) as u8,
        future,
        session,
        length,
        server,
        server_span,
        vendor,
        notes: notes.into_vec(),
    })
}

/// The digest of a notification over all that follows it:
/// `MD5(B64(MD5(server:password)):nonce:B64(MD5(trigger)))`.
pub fn digest(server: &str, password: &str, nonce: &[u8], trigger: &[u8]) -> [u8; DIGEST] {
    let text = digest::mac(server, password, nonce, trigger);
    let octets = digest::unb64(&text).unwrap_or_default();
    octets.try_into().unwrap_or([0; DIGEST])
}

/// Whether a notification carries the digest of this password and nonce, for the server that it
/// names.
pub fn verify(bytes: &[u8], server: &str, password: &str, nonce: &[u8]) -> bool {
    let rest = bytes.get(DIGEST..).unwrap_or_default();
    bytes.get(..DIGEST) == Some(&digest(server, password, nonce, rest)[..])
}

/// A notification that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerDraft {
    /// The version times ten.
    pub version: u16,
    /// How the user is asked.
    pub ui_mode: u8,
    /// Who began.
    pub initiator: u8,
    /// The bits for future use. Wrong unless zero.
    pub future: u32,
    /// The session that the device is to begin.
    pub session: u16,
    /// The server that it is to call.
    pub server: String,
    /// Added to the true length of the server id. Wrong unless zero.
    pub length_off: i8,
    /// What the vendor puts behind it.
    pub vendor: Vec<u8>,
}

impl TriggerDraft {
    /// A notification by a server, of version 1.1, which is what DM 1.2 writes.
    pub fn new(server: &str, session: u16) -> Self {
        Self {
            version: 11,
            ui_mode: 1,
            initiator: 1,
            future: 0,
            session,
            server: server.to_owned(),
            length_off: 0,
            vendor: Vec::new(),
        }
    }

    /// All but the digest.
    pub fn trigger(&self) -> Vec<u8> {
        let bits = u64::from(self.version & 0x3FF) << 30
            | u64::from(self.ui_mode & 0x03) << 28
            | u64::from(self.initiator & 0x01) << 27
            | u64::from(self.future & 0x07FF_FFFF);
        let server: Vec<u8> = self.server.bytes().take(255).collect();
        let mut out = bits.to_be_bytes().get(3..).unwrap_or_default().to_vec();
        out.extend_from_slice(&self.session.to_be_bytes());
        out.push((server.len() as u8).wrapping_add_signed(self.length_off));
        out.extend(server);
        out.extend_from_slice(&self.vendor);
        out
    }

    /// The notification, with the digest of this password and nonce in front.
    pub fn write(&self, password: &str, nonce: &[u8]) -> Vec<u8> {
        let trigger = self.trigger();
        let digest = digest(&self.server, password, nonce, &trigger);
        [&digest[..], &trigger].concat()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TRIGGER: &[u8] = b"\x02\xd8\x00\x00\x00\x12\x34\x12com.mgmtsrv.manage";

    fn kinds(bytes: &[u8]) -> Vec<&'static str> {
        let read = read(bytes, &Limits::TARGET).expect("a notification");
        read.notes.iter().map(|note| note.kind).collect()
    }

    #[test]
    fn a_notification_is_written_and_read() {
        let draft = TriggerDraft::new("com.mgmtsrv.manage", 0x1234);
        assert_eq!(draft.trigger(), TRIGGER);
        let nonce = digest::unb64("LG3iZQhhdmKNHg==").expect("base64");
        let octets = draft.write("srvpwd", &nonce);
        assert_eq!(octets[..4], [0xB7, 0x75, 0xE5, 0x80]);
        assert!(verify(&octets, "com.mgmtsrv.manage", "srvpwd", &nonce));
        assert!(!verify(&octets, "com.mgmtsrv.manage", "srvpwd", b"other"));
        let read = read(&octets, &Limits::TARGET).expect("a notification");
        assert_eq!((read.version, read.ui_mode, read.initiator), (11, 1, 1));
        assert_eq!(
            (read.session, read.server.as_str()),
            (0x1234, "com.mgmtsrv.manage")
        );
        assert_eq!(read.notes, []);
    }

    #[test]
    fn each_bit_field_has_its_place() {
        let draft = TriggerDraft {
            version: 12,
            ui_mode: 3,
            ..TriggerDraft::new("com.example.dm", 0x1234)
        };
        assert_eq!(
            draft.trigger()[..8],
            [0x03, 0x38, 0, 0, 0, 0x12, 0x34, 0x0E]
        );
        let draft = TriggerDraft {
            initiator: 0,
            future: 0x07FF_FFFF,
            ui_mode: 0,
            ..draft
        };
        assert_eq!(draft.trigger()[..5], [0x03, 0x07, 0xFF, 0xFF, 0xFF]);
    }

    #[rstest]
    #[case::version(TriggerDraft { version: 20, ..TriggerDraft::new("s", 1) }, &["trigger.bad-version"])]
    #[case::future(TriggerDraft { future: 1, ..TriggerDraft::new("s", 1) }, &["trigger.future-use"])]
    #[case::session(TriggerDraft::new("s", 0), &["trigger.bad-session"])]
    #[case::length(TriggerDraft { length_off: 1, ..TriggerDraft::new("s", 1) }, &["trigger.bad-length"])]
    #[case::short(
        TriggerDraft { length_off: -1, ..TriggerDraft::new("s", 1) },
        &["trigger.no-server", "trigger.vendor"]
    )]
    #[case::vendor(TriggerDraft { vendor: vec![1], ..TriggerDraft::new("s", 1) }, &["trigger.vendor"])]
    fn what_is_odd_is_noted(#[case] draft: TriggerDraft, #[case] noted: &[&str]) {
        assert_eq!(kinds(&draft.write("", b"")), noted);
    }

    #[test]
    fn a_server_id_that_is_no_text_is_noted() {
        let mut octets = TriggerDraft::new("s", 1).write("", b"");
        *octets.last_mut().expect("an octet") = 0xFF;
        assert_eq!(kinds(&octets), ["trigger.bad-utf8"]);
    }

    #[test]
    fn what_ends_before_its_server_id_is_none() {
        let octets = TriggerDraft::new("", 1).write("", b"");
        for end in 0..octets.len() {
            let refused = read(&octets[..end], &Limits::TARGET).expect_err("cut");
            assert_eq!(refused.kind, "trigger.cut-short");
        }
    }
}
