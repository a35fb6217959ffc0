//! Questions about what packages 1 and 3 may hold.

use assay_wire::dm::{MetaDraft, StatusDraft};

use super::{queue, take};
use crate::device::{Cred, Device, alert, dev_info, replace};
use crate::http::Noted;

/// What package 1 may hold.
pub(super) fn package_1(dm: &str, _: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-package");
    device.get_in("prepared");

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    dev_info(&mut draft, "assay-package");
    draft.alert(1200);
    draft.fin();
    device.post("DevInfo first, alert 1200", &draft);

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.alert(1201);
    alert(
        &mut draft,
        1224,
        &[("com.microsoft/MDM/LoginStatus", "user")],
    );
    alert(
        &mut draft,
        1226,
        &[("Reversed-Domain-Name: com.microsoft.x", "1")],
    );
    dev_info(&mut draft, "assay-package");
    draft.fin();
    device.post("1201, 1224 and 1226", &draft);

    let mut one = |label: &str, code: u32, items: &[(&str, &str)]| {
        device.open();
        let mut draft = device.draft(&Cred::Md5);
        draft.alert(1201);
        alert(&mut draft, code, items);
        dev_info(&mut draft, "assay-package");
        draft.fin();
        device.post(label, &draft);
        device.finish(label);
    };
    one(
        "1226 of unknown type",
        1226,
        &[("Reversed-Domain-Name: example.unknown", "1")],
    );
    one("1226 without type", 1226, &[("", "1")]);
    one("1226 without items", 1226, &[]);
    let known = "Reversed-Domain-Name: example.assay/a";
    one("1226 with two items", 1226, &[(known, "1"), (known, "2")]);
    one("1226 with a bad item", 1226, &[(known, "1"), ("x/y", "2")]);
    one("1224 of unknown type", 1224, &[("x/y", "1")]);
    one("1299", 1299, &[]);
    one("1100 of the client", 1100, &[("", "MINDT=1"), ("", "text")]);

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.alert(1201);
    let node = alert(&mut draft, 1226, &[(known, "1")]);
    draft.leaf(node, "Correlator", "c1");
    dev_info(&mut draft, "assay-package");
    draft.fin();
    device.post("1226 with a Correlator", &draft);

    for (label, nodes, dev_id) in [
        (
            "DevInfo with extensions",
            [("./DevInfo/Ext/x", "1"), ("./DevInfo/Bearer/y", "2")],
            true,
        ),
        (
            "DevInfo without ./",
            [("DevInfo/Man", "1"), ("DevInfo/Mod", "2")],
            true,
        ),
        (
            "DevId of another device",
            [("./DevInfo/DevId", "assay-x"), ("./DevInfo/Man", "1")],
            false,
        ),
        (
            "a node that is none of DevInfo",
            [("./Vendor/a", "1"), ("./Vendor/b", "2")],
            true,
        ),
    ] {
        device.open();
        let mut draft = device.draft(&Cred::Md5);
        draft.alert(1201);
        let nodes = nodes.map(|(uri, value)| (uri.to_owned(), value.to_owned()));
        replace(&mut draft, &nodes);
        if dev_id {
            dev_info(&mut draft, "assay-package");
        }
        draft.fin();
        device.post(label, &draft);
    }

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.alert(1201);
    draft.fin();
    device.post("without DevInfo", &draft);

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    dev_info(&mut draft, "assay-package");
    draft.fin();
    device.post("without session alert", &draft);

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.alert(1201);
    dev_info(&mut draft, "assay-package");
    for name in ["Get", "Add"] {
        let command = draft.command(name);
        let item = draft.item(command);
        draft.located(item, "Target", "./Secret", None);
    }
    draft.fin();
    device.post("Get and Add of the client", &draft);

    device.open();
    let mut draft = device.draft(&Cred::Md5);
    let header = draft.header;
    let cred = draft.tree.child(header, "Cred").expect("a Cred");
    draft.resp_uri("http://device/dm");
    let uri = draft.tree.child(header, "RespURI").expect("a RespURI");
    draft.tree.detach(uri);
    draft.tree.attach_before(cred, uri);
    draft.alert(1201);
    dev_info(&mut draft, "assay-package");
    draft.fin();
    device.post("RespURI of the client", &draft);
    take(device, all);
}

/// What package 3 may hold.
pub(super) fn package_3(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-third");
    let get = r#"{"device":"assay-third","kind":"Get","target":"./DevInfo/Man"}"#;
    let exec = r#"{"device":"assay-third","kind":"Exec","target":"./V/e"}"#;

    queue(admin, get);
    device.get_in("alerts in package 3");
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 9, |_| 200, true);
    alert(
        &mut draft,
        1226,
        &[("Reversed-Domain-Name: example.assay", "1")],
    );
    draft.fin();
    device.post("1226 in package 3", &draft);

    queue(admin, get);
    device.get_in("stray");
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 9, |_| 200, true);
    draft.status(&StatusDraft {
        msg_ref: "99".into(),
        cmd_ref: "99".into(),
        cmd: "Get".into(),
        code: 200,
        ..StatusDraft::default()
    });
    draft.fin();
    device.post("a Status for nothing", &draft);

    queue(admin, get);
    device.get_in("odd Results");
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 9, |_| 200, false);
    let results = draft.command("Results");
    draft.leaf(results, "CmdRef", "4");
    draft.leaf(results, "Cmd", "Get");
    draft.meta(results, &MetaDraft::new("chr", "text/plain"));
    let item = draft.item(results);
    draft.located(item, "Source", "./DevInfo/Man", None);
    draft.leaf(item, "Data", "Assay");
    draft.fin();
    device.post("Results without MsgRef", &draft);

    queue(admin, get);
    queue(admin, exec);
    device.get_in("failures");
    device.answer("all answered 404", |_| 404, false);
    device.finish("failures");

    queue(admin, get);
    device.get_in("chunks");
    let mut draft = device.draft(&Cred::None);
    device.statuses(&mut draft, 0, 9, |_| 200, true);
    let data = draft.command("Results");
    draft.leaf(data, "CmdRef", "4");
    let item = draft.item(data);
    draft.leaf(item, "Data", "first");
    draft.element(item, "MoreData");
    device.post("a chunk of Results", &draft);

    queue(
        admin,
        r#"{"device":"assay-third","kind":"Alert","type":"1101","target":"MINDT=5","data":"Sure?"}"#,
    );
    device.get_in("display");
    device.answer("406 for a display alert", |_| 406, false);
    take(device, all);
}
