//! What a client of Windows does, as far as it shows without a certificate.

use super::take;
use crate::device::{Cred, Device, alert, dev_info};
use crate::http::Noted;

/// Its query, its field, and its events.
pub(super) fn windows(dm: &str, _: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-windows");
    device.get_in("prepared");

    device.open().path = "/dm?mode=Maintenance&Platform=WoA".to_owned();
    device.package_1("query and no credentials", &Cred::None);

    device.open();
    device.fields.push(("MS-CV", "a.0".to_owned()));
    device.package_1("field", &Cred::Md5);
    device.fields.pop();

    for (label, kind, alone) in [
        ("event alone", "com.microsoft/MDM/LoginStatus", true),
        ("event of setup", "com.microsoft.mdm.synctype", false),
    ] {
        device.open();
        let mut draft = device.draft(&Cred::Md5);
        alert(&mut draft, 1224, &[(kind, "user")]);
        if !alone {
            draft.alert(1201);
            dev_info(&mut draft, "assay-windows");
        }
        draft.fin();
        device.post(label, &draft);
    }
    take(device, all);
}
