//! Everything a device may put to the DM server, in one long script.
//!
//! Each question is asked in a way that some switch answers otherwise.

mod binding;
mod input;
mod proofs;
mod security;
mod session;
mod windows;

use assay_wire::Encoding;
use assay_wire::dm::{MetaDraft, Version};

use crate::client::summary;
use crate::device::{Cred, Device, dev_info};
use crate::http::{Http, Noted, Request};

/// What is asked in one go, of a peer that may have been asked other things before.
pub(crate) type Section = fn(&str, &str, &mut Vec<Noted>);

/// Everything, in order.
pub(crate) const SECTIONS: [Section; 15] = [
    |dm, admin, all| managed(dm, admin, Version::V1_2, Encoding::Xml, all),
    |dm, admin, all| managed(dm, admin, Version::V1_1, Encoding::Wbxml, all),
    |dm, admin, all| managed(dm, admin, Version::V1_1, Encoding::Xml, all),
    |dm, admin, all| managed(dm, admin, Version::V1_2, Encoding::Wbxml, all),
    envelopes,
    session::sessions,
    input::package_1,
    input::package_3,
    security::security,
    binding::http,
    binding::binary,
    security::called,
    proofs::of_server,
    proofs::macs,
    windows::windows,
];

fn queue(admin: &str, order: &str) {
    tell(admin, "/admin/queue", order);
}

pub(crate) fn tell(admin: &str, target: &str, order: &str) {
    let mut hook = Http::new(admin, summary);
    let request = Request {
        method: "POST",
        target: target.to_owned(),
        version: "HTTP/1.1",
        fields: vec![("Content-Type", "application/json".to_owned())],
        body: order.as_bytes(),
        chunked: false,
    };
    let response = hook.send("hook", &request).expect("an answer of the hook");
    assert_eq!(response.status, 200, "{order}");
}

fn take(device: Device, all: &mut Vec<Noted>) {
    all.extend(device.http.notes);
}

/// Sessions with all commands, in each version and form.
fn managed(dm: &str, admin: &str, version: Version, encoding: Encoding, all: &mut Vec<Noted>) {
    let name = format!("{} {encoding:?}", version.dtd());
    let id = format!("assay-{}-{encoding:?}", version.dtd().replace('.', ""));
    let mut device = Device::new(dm, &id);
    (device.version, device.encoding) = (version, encoding);
    for order in [
        r#""kind":"Get","target":"./DevInfo/Man""#,
        r#""kind":"Add","target":"./Vendor/b","format":"b64","type":"x/y","data":"AAECAwQF""#,
        r#""kind":"Replace","target":"./Vendor/x","format":"xml","data":"<a>&amp;</a>""#,
        r#""kind":"Exec","target":"./Vendor/e","data":"go""#,
        r#""xml":"<Atomic><Replace><Item><Target><LocURI>./V/n</LocURI></Target><Meta><Format xmlns='syncml:metinf'>int</Format></Meta><Data>1</Data></Item></Replace><Delete><Item><Target><LocURI>./V/o</LocURI></Target></Item></Delete></Atomic>""#,
    ] {
        queue(admin, &format!(r#"{{"device":"{id}",{order}}}"#));
    }
    device.get_in(&name);
    let seen = device.seen.clone();
    for (part, from, count) in [("first", 0, 2), ("second", 2, 9)] {
        device.seen = seen.clone();
        let mut draft = device.draft(&Cred::None);
        device.statuses(&mut draft, from, count, |_| 200, true);
        if part == "second" {
            draft.fin();
        }
        device.post(&format!("{name}: {part} half"), &draft);
    }
    device.finish(&name);
    device.open();
    device.package_1(&format!("{name}: the next session"), &Cred::Md5);
    take(device, all);
}

/// Ids, versions, sizes.
fn envelopes(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-envelope");
    for (dtd, proto) in [("9.9", "DM/1.2"), ("1.2", "DM/9.9"), ("1.1", "DM/1.2")] {
        device.open();
        let mut draft = device.draft(&Cred::None);
        for (name, text) in [("VerDTD", dtd), ("VerProto", proto)] {
            let node = draft.tree.child(draft.header, name).expect("a version");
            draft.tree.set_text(node, text);
        }
        draft.alert(1201);
        dev_info(&mut draft, "assay-envelope");
        draft.fin();
        device.post(&format!("versions {dtd} {proto}"), &draft);
    }
    for missing in ["SessionID", "MsgID", "Source"] {
        device.open();
        let mut draft = device.draft(&Cred::None);
        let node = draft.tree.child(draft.header, missing).expect("a child");
        draft.tree.detach(node);
        draft.alert(1201);
        dev_info(&mut draft, "assay-envelope");
        draft.fin();
        device.post(&format!("without {missing}"), &draft);
    }
    device.get_in("sizes");
    for number in 0..6 {
        let data = "x".repeat(600);
        let order = format!(r#""kind":"Replace","target":"./V/{number}","data":"{data}""#);
        queue(admin, &format!(r#"{{"device":"assay-envelope",{order}}}"#));
    }
    queue(
        admin,
        &format!(
            r#"{{"device":"assay-envelope","kind":"Add","target":"./V/big","data":"{}"}}"#,
            "y".repeat(1200)
        ),
    );
    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.header_meta(&MetaDraft {
        max_msg_size: Some("2048".into()),
        max_obj_size: Some("1000".into()),
        ..MetaDraft::default()
    });
    draft.alert(1201);
    dev_info(&mut draft, "assay-envelope");
    draft.fin();
    device.post("MaxMsgSize 2048, MaxObjSize 1000", &draft);
    device.finish("MaxMsgSize");
    take(device, all);
}
