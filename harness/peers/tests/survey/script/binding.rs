//! Questions about HTTP and WBXML.

use assay_wire::{Encoding, wbxml};

use super::{queue, take};
use crate::device::{Cred, Device, dev_info};
use crate::http::{Noted, Request};

/// The binding to HTTP.
pub(super) fn http(dm: &str, admin: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-http");
    device.get_in("prepared");
    let ask = |device: &mut Device| {
        device.open();
        let mut draft = device.draft(&Cred::Md5);
        draft.alert(1201);
        dev_info(&mut draft, "assay-http");
        draft.fin();
        device.octets(&draft)
    };
    let xml = "application/vnd.syncml.dm+xml";
    for (label, media, version, chunked) in [
        (
            "charset",
            "application/vnd.syncml.dm+xml; charset=utf-8",
            "HTTP/1.1",
            false,
        ),
        (
            "capitals",
            "Application/VND.SyncML.DM+XML",
            "HTTP/1.1",
            false,
        ),
        ("text/plain", "text/plain", "HTTP/1.1", false),
        ("chunked", xml, "HTTP/1.1", true),
        ("HTTP/1.0", xml, "HTTP/1.0", false),
    ] {
        let octets = ask(&mut device);
        device.post_as(label, &octets, media, version, chunked);
    }
    for (label, field, value) in [
        ("expect", "Expect", "100-continue"),
        ("accept WBXML", "Accept", "application/vnd.syncml.dm+wbxml"),
        (
            "accept both",
            "Accept",
            "application/vnd.syncml.dm+wbxml, application/vnd.syncml.dm+xml",
        ),
    ] {
        let octets = ask(&mut device);
        device.fields.push((field, value.to_owned()));
        device.post_octets(label, &octets);
        device.fields.pop();
    }
    let octets = ask(&mut device);
    let agent = device.fields.remove(0);
    device.post_octets("no User-Agent", &octets);
    device.fields.push(agent);
    let octets = ask(&mut device);
    device.path = "/dm?mode=Maintenance&Platform=WoA".to_owned();
    device.post_octets("query", &octets);
    device.path = "/dm".to_owned();

    let octets = ask(&mut device);
    let text = String::from_utf8(octets).expect("text");
    device.post_octets("cut", &text.as_bytes()[..text.len() / 2]);
    device.post_octets("empty", b"");
    device.post_as("empty, chunked", b"", xml, "HTTP/1.1", true);
    device.post_octets("no XML", b"\xff\xfe\x00garbage");
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{}",
        text.replace("m</Data>", "&b;</Data>")
    );
    device.post_octets("entities", bomb.as_bytes());
    device.post_octets("deep", "<a>".repeat(5000).as_bytes());
    device.post_octets("large", &vec![b'x'; (1 << 20) + 1]);
    device.http.close();
    for method in ["GET", "PUT", "HEAD"] {
        let request = Request {
            method,
            target: "/dm".to_owned(),
            version: "HTTP/1.1",
            fields: Vec::new(),
            body: b"",
            chunked: false,
        };
        device.http.send(method, &request);
    }
    queue(
        admin,
        r#"{"device":"assay-http","kind":"Get","target":"./DevInfo/Man"}"#,
    );
    device.get_in("still alive");
    device.finish("still alive");
    take(device, all);
}

/// Requests in WBXML, written in all ways.
pub(super) fn binary(dm: &str, _: &str, all: &mut Vec<Noted>) {
    let mut device = Device::new(dm, "assay-binary");
    device.encoding = Encoding::Wbxml;
    device.get_in("prepared");
    let plain = wbxml::Style::default();
    let styles = [
        (
            "version 1.1",
            wbxml::Style {
                version: 1,
                ..plain.clone()
            },
        ),
        (
            "version 1.3",
            wbxml::Style {
                version: 3,
                ..plain.clone()
            },
        ),
        (
            "string table",
            wbxml::Style {
                strings: wbxml::Strings::Table,
                ..plain.clone()
            },
        ),
        (
            "opaque",
            wbxml::Style {
                strings: wbxml::Strings::Opaque,
                ..plain.clone()
            },
        ),
        (
            "mixed",
            wbxml::Style {
                strings: wbxml::Strings::Mixed,
                ..plain.clone()
            },
        ),
        (
            "id as text",
            wbxml::Style {
                public_id: wbxml::Identify::Text,
                ..plain.clone()
            },
        ),
        (
            "other id",
            wbxml::Style {
                public_id: wbxml::Identify::OtherVersion,
                ..plain.clone()
            },
        ),
        (
            "switches",
            wbxml::Style {
                redundant_switches: true,
                ..plain.clone()
            },
        ),
        (
            "empty with end",
            wbxml::Style {
                empty_with_content: true,
                ..plain.clone()
            },
        ),
    ];
    for (label, style) in styles {
        device.wbxml = style;
        device.open();
        device.package_1(label, &Cred::Md5);
    }
    device.wbxml = plain;
    device.open();
    let mut draft = device.draft(&Cred::Md5);
    draft.alert(1201);
    dev_info(&mut draft, "assay-binary");
    draft.fin();
    let octets = device.octets(&draft);
    device.post_octets("cut WBXML", &octets[..octets.len() / 2]);
    take(device, all);
}
