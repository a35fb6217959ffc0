//! Package 0: the notification by which the management server asks a device to call.
//!
//! How it is pushed is the business of `push` and the carriers.

use assay_wire::digest::b64;
use assay_wire::trigger::{TriggerDraft, digest};

use crate::hex;
use crate::switch::Switches;

/// What a notification is made from.
#[derive(Clone, Debug)]
pub(crate) struct Notice<'a> {
    /// The notification.
    pub(crate) draft: TriggerDraft,
    /// The password of the server.
    pub(crate) password: &'a str,
    /// The password of the client, which has no place here.
    pub(crate) client_password: &'a str,
    /// The nonce that the device holds for this server.
    pub(crate) nonce: &'a [u8],
}

impl Notice<'_> {
    /// Its octets.
    pub(crate) fn write(&self, switches: &Switches) -> Vec<u8> {
        let mut draft = self.draft.clone();
        bend(&mut draft, switches);
        let trigger = draft.trigger();
        let password = if switches.on("trigger-digest-of-client-password") {
            self.client_password
        } else {
            self.password
        };
        let text = b64(self.nonce);
        let nonce = if switches.on("trigger-digest-of-nonce-text") {
            text.as_bytes()
        } else {
            self.nonce
        };
        let over = if switches.on("trigger-digest-over-fields-only") {
            trigger.get(..8).unwrap_or_default()
        } else {
            &trigger
        };
        let digest = digest(&draft.server, password, nonce, over);
        let front = match () {
            () if switches.on("trigger-digest-in-base64") => b64(&digest).into_bytes(),
            () if switches.on("trigger-digest-in-hex") => hex::lower(&digest).into_bytes(),
            () => digest.to_vec(),
        };
        [front, trigger].concat()
    }
}

fn bend(draft: &mut TriggerDraft, switches: &Switches) {
    if switches.on("trigger-version-as-octet") {
        draft.version <<= 2;
    }
    if switches.on("trigger-fields-shifted") {
        let late = u32::from(draft.initiator & 1) << 26;
        (draft.ui_mode, draft.initiator) = (draft.ui_mode >> 1, draft.ui_mode & 1);
        draft.future |= late;
    }
    if switches.on("trigger-reserved-bits-set") {
        draft.future = 0x07FF_FFFF;
    }
    if switches.on("trigger-session-zero") {
        draft.session = 0;
    }
    if switches.on("trigger-session-little-endian") {
        draft.session = draft.session.swap_bytes();
    }
    if switches.on("trigger-session-constant") {
        draft.session = 1;
    }
    if switches.on("trigger-names-url") {
        draft.server = format!("http://{}/dm", draft.server);
    }
    if switches.on("trigger-length-wrong") {
        draft.length_off = 1;
    }
    if switches.on("trigger-with-vendor-part") {
        draft.vendor.extend_from_slice(&[0x41, 0x53, 0x53, 0x59]);
    }
    if switches.on("trigger-too-long") {
        draft.vendor.resize(150, 0x2E);
    }
}

#[cfg(test)]
mod tests {
    use assay_wire::trigger::{read, verify};

    use super::*;

    fn written(switches: &[&str]) -> Vec<u8> {
        let notice = Notice {
            draft: TriggerDraft::new("assay-server", 0x1234),
            password: "secret",
            client_password: "other",
            nonce: b"nonce",
        };
        let (faults, variants): (Vec<&str>, Vec<&str>) = switches
            .iter()
            .partition(|name| **name != "trigger-with-vendor-part");
        notice.write(&Switches::new(&faults, &variants).expect("known switches"))
    }

    #[test]
    fn a_notification_carries_the_digest_of_the_server() {
        for switches in [&[][..], &["trigger-with-vendor-part"]] {
            let octets = written(switches);
            assert!(verify(&octets, "assay-server", "secret", b"nonce"));
            let trigger = read(&octets, &assay_wire::Limits::TARGET).expect("a notification");
            assert_eq!((trigger.version, trigger.session), (11, 0x1234));
        }
    }

    #[test]
    fn each_fault_changes_it() {
        let honest = written(&[]);
        let tables = crate::cp::faults::all();
        let names = tables.filter(|fault| fault.name.starts_with("trigger-"));
        let pushes = [
            "media",
            "application",
            "headers",
            "first-nonce",
            "default-nonce",
        ];
        for fault in names.filter(|fault| !pushes.iter().any(|part| fault.name.contains(part))) {
            assert_ne!(written(&[fault.name]), honest, "{}", fault.name);
        }
    }

    #[test]
    fn the_bits_go_one_place_late() {
        let octets = written(&["trigger-fields-shifted"]);
        assert_eq!(octets[16..21], [0x02, 0xCC, 0, 0, 0]);
        assert_eq!(written(&["trigger-version-as-octet"])[16], 0x0B);
    }
}
