//! Vectors of pushes and what carries them, against the readers: what is odd is noted as it is
//! announced, MACs and digests are right, segments make the push that they were cut from, and the
//! annotated dump of each is a snapshot.

use std::collections::BTreeMap;

use crate::common::{self, announced, bytes};
use assay_vectors::{Kind, Vector, all};
use assay_wire::dump::{self, Format};
use assay_wire::mac::{Method, Secrets};
use assay_wire::{Limits, Note, TooBad, digest, mac, pap, smpp, sms, trigger, wbxml, wsp, xml};

/// The folders, and what is in them.
const FOLDERS: [(&str, Format); 7] = [
    ("cp/pap/", Format::Pap),
    ("cp/pap-control/", Format::Xml),
    ("cp/push/", Format::Push),
    ("cp/sms/", Format::Sms),
    ("cp/smpp/", Format::Smpp),
    ("cp/tpdu/", Format::Tpdu),
    ("cp/trigger/", Format::Trigger),
];

fn vectors() -> impl Iterator<Item = (Vector, Format)> {
    all()
        .filter(|vector| vector.kind == Kind::Bytes)
        .filter_map(|vector| {
            let folder = FOLDERS
                .iter()
                .find(|(folder, _)| vector.name.starts_with(folder));
            folder.map(|(_, format)| (vector, *format))
        })
}

fn of(format: Format) -> impl Iterator<Item = Vector> {
    vectors()
        .filter(move |(_, other)| *other == format)
        .map(|(vector, _)| vector)
}

/// The notes of a push and of the document in it.
fn of_push(octets: &[u8]) -> Result<Vec<Note>, TooBad> {
    let push = wsp::read(octets, &Limits::TARGET)?;
    let mut notes = push.notes;
    let body = push.body.of(octets);
    if body.first() == Some(&0x03) {
        notes.extend(wbxml::read(body, &Limits::TARGET)?.2);
    }
    Ok(notes)
}

/// The notes of user data, and of the push in it where that is whole.
fn of_user_data(octets: &[u8]) -> Result<Vec<Note>, TooBad> {
    let segment = sms::segment(octets, true);
    let mut notes = segment.notes;
    let payload = segment.payload.of(octets);
    if segment.part.is_none() && payload.get(1) == Some(&wsp::PUSH) {
        notes.extend(of_push(payload)?);
    }
    Ok(notes)
}

fn notes(vector: &Vector, format: Format, octets: &[u8]) -> Result<Vec<Note>, TooBad> {
    let limits = Limits::TARGET;
    match format {
        Format::Push => of_push(octets),
        Format::Sms => of_user_data(octets),
        Format::Trigger => Ok(trigger::read(octets, &limits)?.notes),
        Format::Pap => {
            let content_type = announced(vector, "content-type:");
            Ok(pap::multipart(octets, &content_type, &limits)?.notes)
        }
        Format::Tpdu => {
            let tpdu = sms::read(octets)?;
            let mut notes = tpdu.notes;
            if tpdu.has_header {
                notes.extend(of_user_data(tpdu.user_data.of(octets))?);
            }
            Ok(notes)
        }
        Format::Smpp => {
            let mut notes = Vec::new();
            let mut rest = octets;
            while let Some((pdu, length)) = smpp::read(rest, &limits)? {
                if let smpp::Body::Message(message) = &pdu.body {
                    notes.extend(of_user_data(message.octets())?);
                }
                rest = &rest[length..];
            }
            Ok(notes)
        }
        Format::Xml => {
            let (tree, notes) = xml::read(octets, &limits)?;
            assert!(
                !notes.iter().any(|note| xml::is_fault(note.kind)),
                "{}",
                vector.path
            );
            Ok(pap::Document::of(&tree).expect("a root").notes)
        }
        Format::Wbxml => Ok(wbxml::read(octets, &limits)?.2),
    }
}

#[test]
fn octets_are_noted_for_what_they_announce_and_nothing_else() {
    let mut otherwise = Vec::new();
    for (vector, format) in vectors() {
        let octets = bytes(&vector);
        let (notes, refused) = match notes(&vector, format, &octets) {
            Ok(notes) => (notes, ""),
            Err(bad) => (Vec::new(), bad.kind),
        };
        let notes: Vec<_> = notes.iter().map(|note| note.kind).collect();
        let expected = (announced(&vector, "notes:"), announced(&vector, "refused:"));
        if (notes.join(" "), refused.to_owned()) != expected {
            otherwise.push((vector.path, notes.join(" "), refused));
        }
    }
    assert_eq!(otherwise, []);
}

#[test]
fn every_kind_of_note_has_a_vector() {
    let announced: Vec<_> = vectors()
        .map(|(vector, _)| announced(&vector, "notes:"))
        .collect();
    // What only several segments together can show has no vector of its own.
    let together = [
        "sms.doubled-part",
        "sms.differing-part",
        "sms.missing-part",
        "sms.differing-total",
        "sms.differing-ports",
        "sms.out-of-order",
    ];
    let kinds = [wsp::KINDS, sms::KINDS, pap::KINDS, trigger::KINDS];
    for (kind, ..) in kinds
        .concat()
        .iter()
        .filter(|row| !together.contains(&row.0))
    {
        let found = announced
            .iter()
            .any(|kinds| kinds.split(' ').any(|noted| noted == *kind));
        assert!(found, "no vector shows {kind}");
    }
}

#[test]
fn octets_are_dumped_with_their_meaning() {
    for (vector, format) in vectors() {
        let octets = bytes(&vector);
        let text = dump::render(&octets, &dump::of(&octets, format));
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(vector.name.replace('/', "-"), text);
        });
    }
}

#[test]
fn what_is_written_for_hex_files_is_the_same_octets() {
    for (vector, format) in vectors() {
        let octets = bytes(&vector);
        let text = dump::hex_text(&octets, &dump::of(&octets, format));
        assert_eq!(
            assay_vectors::hex::parse(&text),
            Ok(octets),
            "{}",
            vector.path
        );
    }
}

#[test]
fn sound_octets_are_known_for_what_they_are() {
    for (vector, format) in vectors().filter(|(vector, _)| announced(vector, "refused:").is_empty())
    {
        let name = vector.name.rsplit('/').next().unwrap_or_default();
        let sound = !name.starts_with("bad-") && name != "cut" && name != "confirmed";
        if sound {
            assert_eq!(dump::sniff(&bytes(&vector)), format, "{}", vector.path);
        }
    }
    for vector in common::documents().filter(|vector| vector.twin().is_some()) {
        let sound = !vector.name.contains("/bad-");
        if sound {
            assert_eq!(
                dump::sniff(&bytes(&vector)),
                Format::Wbxml,
                "{}",
                vector.path
            );
        }
    }
}

#[test]
fn macs_of_pushes_are_right() {
    let mut checked = [0; 4];
    for vector in of(Format::Push) {
        let Some(method) = Method::named(&announced(&vector, "method:")) else {
            continue;
        };
        let octets = bytes(&vector);
        let push = wsp::read(&octets, &Limits::TARGET).expect("a push");
        let body = push.body.of(&octets);
        let (imsi, pin) = (announced(&vector, "imsi:"), announced(&vector, "pin:"));
        let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let secrets = Secrets {
            imsi: some(&imsi),
            pin: some(&pin),
        };
        assert_eq!(
            push.sec(),
            Some(u64::from(method.code())),
            "{}",
            vector.path
        );
        match push.mac() {
            Some(claimed) => {
                assert_eq!(
                    mac::verify(method, &secrets, body, claimed),
                    Ok(true),
                    "{}",
                    vector.path
                );
            }
            None => assert!(mac::verify_pin(&pin, body), "{}", vector.path),
        }
        checked[usize::from(method.code())] += 1;
    }
    assert_eq!(checked, [5, 4, 4, 3]);
}

#[test]
fn digests_of_notifications_are_right() {
    let mut checked = 0;
    for vector in of(Format::Trigger) {
        let server = announced(&vector, "server:");
        if server.is_empty() {
            continue;
        }
        let nonce = digest::unb64(&announced(&vector, "nonce:")).expect("base64");
        let password = announced(&vector, "password:");
        assert!(
            trigger::verify(&bytes(&vector), &server, &password, &nonce),
            "{}",
            vector.path
        );
        assert!(
            !trigger::verify(&bytes(&vector), &server, "other", &nonce),
            "{}",
            vector.path
        );
        checked += 1;
    }
    assert_eq!(checked, 10);
}

#[test]
fn segments_make_the_push_that_they_were_cut_from() {
    let mut messages: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for vector in of(Format::Sms).filter(|vector| !announced(vector, "whole:").is_empty()) {
        let is_part = vector
            .name
            .rsplit('-')
            .next()
            .is_some_and(|last| last.len() == 1);
        let name = if is_part {
            &vector.name[..vector.name.len() - 2]
        } else {
            vector.name
        };
        let whole = announced(&vector, "whole:");
        messages
            .entry(format!("{name} {whole}"))
            .or_default()
            .push(bytes(&vector));
    }
    assert_eq!(messages.len(), 7);
    for (name, segments) in messages {
        let joined = sms::join(segments.iter().map(|segment| (segment.as_slice(), true)));
        let [message] = &joined.messages[..] else {
            panic!("{name}")
        };
        assert_eq!(
            (joined.notes.len(), message.missing.len()),
            (0, 0),
            "{name}"
        );
        let length = format!(" {} octets", message.payload.len());
        assert!(name.ends_with(&length), "{name}: {length}");
        assert_eq!(of_push(&message.payload), Ok(Vec::new()), "{name}");
        // The same cut again.
        let part = joined.segments[0].part;
        let split = sms::Split {
            reference: part.map_or(0, |part| part.reference),
            wide: part.is_some_and(|part| part.wide),
            ..sms::Split::default()
        };
        assert_eq!(sms::split(&message.payload, &split), Ok(segments), "{name}");
    }
}

#[test]
fn answers_carry_the_codes_that_they_announce() {
    for vector in of(Format::Xml).filter(|vector| !announced(vector, "code:").is_empty()) {
        let octets = bytes(&vector);
        let (tree, _) = xml::read(&octets, &Limits::TARGET).expect("a tree");
        let message = pap::Document::of(&tree)
            .expect("a document")
            .message
            .expect("a message");
        let code = message.code().map(|code| code.to_string());
        assert_eq!(code, Some(announced(&vector, "code:")), "{}", vector.path);
    }
}

#[test]
fn vectors_may_end_anywhere_and_any_octet_may_be_another() {
    for (vector, format) in vectors() {
        let octets = bytes(&vector);
        if octets.len() > 400 {
            continue;
        }
        for at in 0..octets.len() {
            survive(&vector, format, &octets[..at]);
            for value in [
                0x00,
                0x01,
                0x1F,
                0x20,
                0x7F,
                0x80,
                0xC3,
                0xFF,
                octets[at] ^ 1,
            ] {
                let mut damaged = octets.clone();
                damaged[at] = value;
                survive(&vector, format, &damaged);
            }
        }
    }
}

/// Reads and dumps: nothing may panic, and every span lies inside.
fn survive(vector: &Vector, format: Format, octets: &[u8]) {
    let noted = match format {
        // Damage may leave no well-formed text, which is no business of this test.
        Format::Xml => Ok(Vec::new()),
        _ => notes(vector, format, octets),
    };
    if let Err(bad) = noted {
        assert!(bad.span.start() <= octets.len(), "{}: {bad:?}", vector.path);
    }
    for line in dump::of(octets, format) {
        assert!(line.span.end() <= octets.len(), "{}: {line:?}", vector.path);
    }
    dump::sniff(octets);
}
