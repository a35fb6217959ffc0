//! Questions about credentials and nonces.

use assay_wire::dm::StatusDraft;

use super::{take, tell};
use crate::device::{Cred, Device, dev_info};
use crate::http::Noted;

/// Credentials, good and bad.
pub(super) fn security(dm: &str, _: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-secure");
    device.get_in("good");
    device.open();
    let good = device.nonce.clone();
    device.package_1("the nonce of the last session", &Cred::Md5);
    device.open();
    device.package_1("a nonce that is used up", &Cred::Md5Of(good));
    device.package_1("after it the new one", &Cred::Md5);

    device.open();
    device.package_1("challenged", &Cred::None);
    let text = assay_wire::digest::b64(&device.nonce);
    device.package_1(
        "digest over the text of the nonce",
        &Cred::Md5Of(text.into_bytes()),
    );
    device.package_1("digest of SyncML 1.0", &Cred::Syncml10);
    device.package_1("basic instead of md5", &Cred::Basic);
    device.package_1("basic again, now too often", &Cred::Basic);
    device.package_1("a good digest, too late", &Cred::Md5);

    device.open();
    let stored = device.nonce.clone();
    device.get_in("stored");
    let stored_now = device.nonce.clone();
    assert!(stored != stored_now || stored.len() < 16 || stored == b"always the same!");
    device.open();
    device.password = "wrong".to_owned();
    device.package_1("somebody else fails", &Cred::Md5);
    device.password = "secret-assay-secure".to_owned();
    device.open();
    device.package_1("and the true client is not hurt", &Cred::Md5Of(stored_now));

    for (label, cred) in [
        ("basic at once", Cred::Basic),
        (
            "unknown scheme",
            Cred::Raw {
                kind: Some("syncml:auth-foo"),
                data: "AAAA".to_owned(),
            },
        ),
        (
            "no base64",
            Cred::Raw {
                kind: Some("syncml:auth-md5"),
                data: "*!*".to_owned(),
            },
        ),
        (
            "empty",
            Cred::Raw {
                kind: Some("syncml:auth-md5"),
                data: String::new(),
            },
        ),
        (
            "without Meta",
            Cred::Raw {
                kind: None,
                data: "QnJ1Y2UyOk9oQmVoYXZl".to_owned(),
            },
        ),
    ] {
        device.open();
        device.package_1(label, &cred);
    }

    device.open();
    device.package_1("406: package 1", &Cred::None);
    let mut draft = device.draft(&Cred::None);
    draft.status(&StatusDraft {
        msg_ref: "1".into(),
        cmd_ref: "1".into(),
        cmd: "Status".into(),
        code: 406,
        ..StatusDraft::default()
    });
    draft.fin();
    device.post("406 for the challenge", &draft);
    device.package_1("406: basic then", &Cred::Basic);

    device.open();
    device.package_1("leading: package 1", &Cred::None);
    let mut draft = device.draft(&Cred::Md5);
    device.statuses(&mut draft, 0, 0, |_| 200, false);
    draft.alert(1201);
    dev_info(&mut draft, "assay-secure");
    draft.fin();
    device.post("package 1 with a leading Status", &draft);

    device.user = "assay-envelope".to_owned();
    device.password = "secret-assay-envelope".to_owned();
    device.open();
    device.package_1("credentials of another device", &Cred::None);
    device.package_1("credentials of another device, digest", &Cred::Md5);
    take(device, all);

    let mut stranger = Device::new(dm, "assay-stranger");
    stranger.user = "nobody".to_owned();
    stranger.open();
    stranger.package_1("stranger", &Cred::None);
    stranger.package_1("unknown user", &Cred::Md5);
    take(stranger, all);

    let mut bruce = Device::new(dm, "assay-bruce");
    bruce.user = "Bruce2".to_owned();
    bruce.password = "OhBehave".to_owned();
    bruce.open();
    bruce.package_1("bruce", &Cred::BasicText("Bruce2:OhBehave".to_owned()));
    bruce.get_in("bruce by digest");
    take(bruce, all);

    let mut colon = Device::new(dm, "assay-colon");
    colon.open();
    colon.package_1(
        "colons",
        &Cred::BasicText("assay-colon:pass:w\u{f6}rd:\u{20ac}".to_owned()),
    );
    take(colon, all);
}

/// A session that the server asked for, of a device whose nonce is lost.
pub(super) fn called(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let notice = r#"{"device":"assay-called","session-id":"4660","nonce-lost":"true"}"#;
    tell(admin, "/admin/trigger-dm", notice);
    let mut device = Device::new(dm, "assay-called");
    device.open_as("1234");
    let mut draft = device.draft(&Cred::Md5Of(vec![0; 4]));
    draft.alert(1200);
    dev_info(&mut draft, "assay-called");
    draft.fin();
    device.post("called", &draft);
    device.open_as("1235");
    device.package_1("default nonce again", &Cred::Md5Of(vec![0; 4]));
    take(device, all);
}
