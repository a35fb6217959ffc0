//! Questions about sessions: ids, split packages, repeats, two devices, aborts.

use super::{queue, take};
use crate::device::{Cred, Device, dev_info};
use crate::http::Noted;

/// Session ids, split packages, repeats, two devices.
pub(super) fn sessions(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-session");
    for session in ["0", "FFFF", "1a", "00A1"] {
        device.open_as(session);
        device.package_1(&format!("session {session}"), &Cred::None);
        device.package_1(&format!("session {session} with digest"), &Cred::Md5);
    }

    queue(
        admin,
        r#"{"device":"assay-session","kind":"Get","target":"./DevInfo/Mod"}"#,
    );
    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.set_next_cmd_id(7);
    draft.alert(1201);
    device.post("split package 1, first message", &draft);
    let mut draft = device.draft(&Cred::None);
    draft.set_next_cmd_id(900);
    dev_info(&mut draft, "assay-session");
    draft.fin();
    device.post("split package 1, second message", &draft);
    let last = device.last.clone();
    let seen = device.seen.clone();
    device.post_octets("the same message again", &last);
    device.seen = seen;
    device.finish("split");

    device.open();
    let mut draft = device.draft(&Cred::None);
    draft.alert(1201);
    device.post("split package 1 without credentials", &draft);

    for kind in [
        "./DevInfo/Man",
        "./DevInfo/Mod",
        "./DevInfo/Lang",
        "./DevInfo/DmV",
    ] {
        queue(
            admin,
            &format!(r#"{{"device":"assay-session","kind":"Get","target":"{kind}"}}"#),
        );
    }
    device.get_in("withheld");
    queue(
        admin,
        r#"{"device":"assay-session","kind":"Get","target":"./DevDetail/SwV"}"#,
    );
    let seen = device.seen.clone();
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 0, |_| 200, false);
    device.post("no Status, no Final", &draft);
    device.seen = seen.clone();
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 2, |_| 200, true);
    device.post("half of the Statuses, no Final", &draft);
    device.seen = seen;
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 2, 9, |_| 200, true);
    draft.fin();
    device.post("the other half", &draft);
    device.finish("withheld");

    // A session that is left alone, and a new one.
    queue(
        admin,
        r#"{"device":"assay-session","kind":"Get","target":"./DevInfo/Man"}"#,
    );
    device.get_in("left alone");
    device.open();
    device.package_1("new session before the old one ended", &Cred::Md5);
    device.finish("new session");
    device.open();
    device.seen.msg = "1".to_owned();
    device.answer("package 3 of an unknown session", |_| 200, false);

    // Two devices with the same SessionID.
    let mut other = Device::new(dm, "assay-other");
    device.open_as("77");
    other.open_as("77");
    device.package_1("two devices: first, package 1", &Cred::None);
    other.package_1("two devices: second, package 1", &Cred::None);
    device.package_1("two devices: first, with digest", &Cred::Md5);
    other.package_1("two devices: second, with digest", &Cred::Md5);
    take(other, all);

    // Abort, and more after it.
    queue(
        admin,
        r#"{"device":"assay-session","kind":"Get","target":"./DevInfo/Man"}"#,
    );
    device.get_in("abort");
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 0, |_| 200, false);
    draft.alert(1223);
    draft.fin();
    device.post("abort: 1223", &draft);
    device.answer("abort: more", |_| 200, false);

    // A connection for each message.
    device.open();
    device.package_1("connections: first", &Cred::None);
    device.http.close();
    device.package_1("connections: second", &Cred::Md5);
    take(device, all);
}
