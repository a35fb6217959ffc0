//! Questions about what proves the server, and about macs over messages.

use assay_wire::digest;
use assay_wire::dm::hmac::{self, Hmac};
use assay_wire::dm::{Draft, MetaDraft, StatusDraft};

use super::{queue, take, tell};
use crate::device::{Cred, Device, dev_info};
use crate::http::Noted;

fn set_account(admin: &str, device: &str, schemes: &str) {
    let order = format!(r#"{{"device":"{device}",{schemes}}}"#);
    tell(admin, "/admin/set-account", &order);
}

fn get(admin: &str, device: &str) {
    let order = r#""kind":"Get","target":"./DevInfo/Man""#;
    queue(admin, &format!(r#"{{"device":"{device}",{order}}}"#));
}

/// Answers the header with this code and a challenge, and the commands of the last reply.
fn doubt(device: &mut Device, kind: &str, code: u32) -> Draft {
    let mut draft = device.draft(&Cred::None);
    let nonce = format!("nonce of message {}", device.msg);
    let status = |cmd: &str, id: &str, chal| StatusDraft {
        msg_ref: device.seen.msg.clone(),
        cmd_ref: id.to_owned(),
        cmd: cmd.to_owned(),
        chal,
        code,
        ..StatusDraft::default()
    };
    let chal = MetaDraft {
        next_nonce: Some(digest::b64(nonce.as_bytes())),
        ..MetaDraft::new("b64", kind)
    };
    draft.status(&status("SyncHdr", "0", Some(chal)));
    for (name, id, _) in &device.seen.commands {
        draft.status(&status(name, id, None));
    }
    draft.fin();
    draft
}

/// A server that is to prove itself, and one that is asked to.
pub(super) fn of_server(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut alone = Device::new(dm, "assay-alone");
    set_account(admin, "assay-alone", r#""auth":"md5""#);
    alone.open();
    alone.package_1("md5 alone", &Cred::None);
    alone.package_1("md5 alone: basic", &Cred::Basic);
    take(alone, all);

    let mut shown = Device::new(dm, "assay-shown");
    set_account(admin, "assay-shown", r#""server-auth":"md5""#);
    shown.get_in("shown");
    take(shown, all);

    let mut device = Device::new(dm, "assay-doubts");
    for (label, code) in [("doubted", 407), ("believed once", 200), ("believed", 212)] {
        get(admin, "assay-doubts");
        device.get_in(label);
        let draft = doubt(&mut device, "syncml:auth-md5", 407);
        device.post(&format!("{label}: 407"), &draft);
        let draft = doubt(&mut device, "syncml:auth-md5", code);
        device.post(&format!("{label}: {code}"), &draft);
    }
    device.open();
    device.package_1("the server remembers", &Cred::Md5);
    take(device, all);
}

/// Messages with macs, right ones and others.
pub(super) fn macs(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-macs");
    set_account(admin, "assay-macs", r#""auth":"mac","server-auth":"mac""#);
    let user = device.user.clone();
    for label in ["mac", "mac, then none", "mac, then the nonce before"] {
        get(admin, "assay-macs");
        device.open();
        device.package_1(&format!("{label}: package 1"), &Cred::None);
        let first = device.nonce.clone();
        let draft = package_1(&mut device);
        with_mac(&mut device, label, &draft, &user, &first, Hmac::write);
        let draft = doubt(&mut device, "syncml:auth-MAC", 200);
        let newest = device.nonce.clone();
        match label {
            "mac" => with_mac(&mut device, "mac: on", &draft, &user, &newest, Hmac::write),
            "mac, then none" => device.post(label, &draft),
            _ => with_mac(&mut device, label, &draft, &user, &first, Hmac::write),
        }
    }
    let bare = |mac: &Hmac| {
        let usual = mac.write();
        usual.replace("algorithm=MD5, ", "").replace(", ", " ,  ")
    };
    device.open();
    device.package_1("bare mac: package 1", &Cred::None);
    let (draft, nonce) = (package_1(&mut device), device.nonce.clone());
    with_mac(&mut device, "bare mac", &draft, &user, &nonce, bare);

    for (label, user) in [("wrong mac", user.as_str()), ("mac of nobody", "nobody")] {
        device.open();
        device.package_1(&format!("{label}: package 1"), &Cred::None);
        let (draft, nonce) = (package_1(&mut device), device.nonce.clone());
        let nonce = if label == "wrong mac" {
            b"a nonce of nobody".to_vec()
        } else {
            nonce
        };
        with_mac(&mut device, label, &draft, user, &nonce, Hmac::write);
    }
    device.open();
    device.package_1("basic for mac: package 1", &Cred::None);
    device.package_1("basic for mac", &Cred::Basic);
    take(device, all);
}

fn package_1(device: &mut Device) -> Draft {
    let mut draft = device.draft(&Cred::None);
    draft.alert(1201);
    dev_info(&mut draft, &device.id);
    draft.fin();
    draft
}

/// Sends a message with the mac of a user, its field written like this.
fn with_mac(
    device: &mut Device,
    label: &str,
    draft: &Draft,
    user: &str,
    nonce: &[u8],
    write: impl Fn(&Hmac) -> String,
) {
    let body = device.octets(draft);
    let mac = Hmac {
        algorithm: Some("MD5".to_owned()),
        username: Some(user.to_owned()),
        mac: Some(digest::mac(user, &device.password, nonce, &body)),
        ..Hmac::default()
    };
    device.fields.push((hmac::FIELD, write(&mac)));
    device.post_octets(label, &body);
    device.fields.pop();
}
