//! tshark (written against 4.0.17 of Debian 12): it dissects our pushes to the fields that we read.
//!
//! All vectors go through it in one capture, since starting it takes longer than reading them. The
//! body of package 0 it does not dissect, only what stands around it.

use std::path::{Path, PathBuf};
use std::process::Command;

use assay_vectors::{Kind, Vector, all};
use assay_wire::{Limits, sms, wsp};

use crate::common::{announced, bytes};
use crate::libwbxml::{reason, short};

const PACKAGE: &str = "tshark";

/// Pushes that tshark dissects otherwise than we do, although nothing is wrong with them.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "mac-quoted",
        "shows a second quotation mark, which is not there",
    ),
    (
        "params-untyped",
        "has no field for a parameter that stands as text",
    ),
    ("sec-as-text", "takes SEC for a number only"),
];

/// Vectors in this folder about which nothing is wrong.
fn sound(folder: &'static str) -> Vec<Vector> {
    let found =
        all().filter(|vector| vector.kind == Kind::Bytes && vector.name.starts_with(folder));
    found
        .filter(|vector| {
            let notes = announced(vector, "notes:");
            !notes
                .split(' ')
                .any(|kind| wsp::is_fault(kind) || sms::is_fault(kind))
        })
        .collect()
}

/// A capture file of these packets: of this link type, in the classic format.
fn capture(name: &str, link: u32, packets: &[Vec<u8>]) -> PathBuf {
    let mut octets: Vec<u8> = Vec::new();
    let head: [u32; 6] = [0xA1B2_C3D4, 0x0004_0002, 0, 0, 65_535, link];
    // Version 2.4 stands in two fields of sixteen bits, the major one first.
    octets.extend(head.iter().flat_map(|word| word.to_le_bytes()));
    for packet in packets {
        let length = packet.len() as u32;
        let words = [0, 0, length, length];
        octets.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        octets.extend_from_slice(packet);
    }
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pcap", std::process::id()));
    std::fs::write(&path, octets).expect("the scratch directory takes files");
    path
}

/// A datagram from the port of WSP to the push port, on a link of bare IP packets.
fn datagram(payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 28) as u16;
    let mut out = vec![
        0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    out[2..4].copy_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&wsp::WSP_PORT.to_be_bytes());
    out.extend_from_slice(&wsp::PUSH_PORT.to_be_bytes());
    out.extend_from_slice(&(length - 20).to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(payload);
    out
}

/// The fields that tshark finds in each packet.
fn dissected(tool: &Path, capture: &Path, options: &[&str], fields: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new(tool);
    command.arg("-r").arg(capture).args(options);
    command.args(["-T", "fields", "-E", "separator=|", "-E", "occurrence=a"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let run = command.output().expect("the tool starts");
    let _ = std::fs::remove_file(capture);
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    text.lines()
        .map(|line| line.split('|').map(str::to_owned).collect())
        .collect()
}

/// What we read of a push, as tshark writes it.
fn ours(octets: &[u8]) -> Vec<String> {
    let push = wsp::read(octets, &Limits::TARGET).expect("a push");
    let media = push.content_type.as_ref().map(|media| media.media.clone());
    let sec = push.sec().map(|sec| format!("0x{sec:02x}"));
    let fields = [
        Some(format!("0x{:02x}", push.tid)),
        Some(format!("0x{:02x}", push.pdu_type)),
        Some(push.headers_length.value.to_string()),
        media,
        sec,
        push.mac().map(str::to_owned),
        push.header("X-Wap-Application-Id")
            .and_then(|header| Some(header.value.as_ref()?.text.clone())),
        push.header("X-Wap-Initiator-URI")
            .and_then(|header| Some(header.value.as_ref()?.text.clone())),
    ];
    fields.into_iter().map(Option::unwrap_or_default).collect()
}

#[test]
fn tshark_dissects_pushes_as_we_read_them() {
    let Some(tool) = crate::tool("tshark", PACKAGE) else {
        return;
    };
    let vectors = sound("cp/push/");
    let packets: Vec<_> = vectors
        .iter()
        .map(|vector| datagram(&bytes(vector)))
        .collect();
    let fields = [
        "wsp.TID",
        "wsp.pdu_type",
        "wsp.headers_length",
        "wsp.header.content_type",
        "wsp.parameter.sec",
        "wsp.parameter.mac",
        "wsp.header.x_wap_application_id",
        "wsp.header.initiator_uri",
    ];
    // 101: bare IP packets.
    let theirs = dissected(&tool, &capture("push", 101, &packets), &[], &fields);
    assert_eq!(theirs.len(), vectors.len());
    let mut otherwise = Vec::new();
    for (vector, theirs) in vectors.iter().zip(&theirs) {
        let ours = ours(&bytes(vector));
        if *theirs != ours && reason(OTHERWISE, vector).is_none() {
            println!("{}\n  tshark {theirs:?}\n  ours   {ours:?}", vector.path);
        }
        if *theirs != ours {
            otherwise.push(short(vector));
        }
    }
    let pinned: Vec<_> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    assert_eq!(otherwise, pinned);
}

#[test]
fn tshark_dissects_short_messages_as_we_read_them() {
    let Some(tool) = crate::tool("tshark", PACKAGE) else {
        return;
    };
    let vectors: Vec<_> = sound("cp/tpdu/")
        .into_iter()
        .filter(|vector| short(vector).starts_with("deliver"))
        .collect();
    // Segments as well, each in a delivery of its own.
    let segments = sound("cp/sms/");
    let tpdu = |vector: &Vector| sms::TpduDraft::deliver("+358408201681", bytes(vector)).write();
    let packets: Vec<_> = vectors
        .iter()
        .map(bytes)
        .chain(segments.iter().map(tpdu))
        .collect();
    let fields = [
        "gsm_sms.destination_port",
        "gsm_sms.originator_port",
        "gsm_sms.udh.mm.msg_parts",
        "gsm_sms.udh.mm.msg_part",
        "gsm_sms.tp-dcs",
    ];
    let link = [
        "-o",
        "uat:user_dlts:\"User 0 (DLT=147)\",\"gsm_sms\",\"0\",\"\",\"0\",\"\"",
    ];
    let theirs = dissected(&tool, &capture("sms", 147, &packets), &link, &fields);
    assert_eq!(theirs.len(), packets.len());
    for (packet, theirs) in packets.iter().zip(&theirs) {
        let tpdu = sms::read(packet).expect("a delivery");
        let segment = sms::segment(tpdu.user_data.of(packet), tpdu.has_header);
        let (to, from) = segment.ports.unwrap_or_default();
        let part = segment
            .part
            .filter(|part| part.total > 1 || theirs[2] == "1");
        let ours = [
            to.to_string(),
            from.to_string(),
            part.map_or(String::new(), |part| part.total.to_string()),
            part.map_or(String::new(), |part| part.number.to_string()),
            tpdu.coding.to_string(),
        ];
        assert_eq!(theirs[..], ours);
    }
}
