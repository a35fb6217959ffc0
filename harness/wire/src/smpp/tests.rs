//! PDUs byte for byte, and octets that are none.

use rstest::rstest;

use super::*;

fn bind() -> Pdu {
    let bind = Bind {
        system_id: "assay".to_owned(),
        password: "secret".to_owned(),
        version: 0x34,
        ..Bind::default()
    };
    Pdu::ask(command::BIND_TRANSCEIVER, 1, Body::Bind(bind))
}

fn submit(user_data: &[u8]) -> Pdu {
    let message = Message::of_segment("12345", "+358408201681", user_data);
    Pdu::ask(command::SUBMIT_SM, 2, Body::Message(Box::new(message)))
}

fn all() -> Vec<Pdu> {
    let (bind, submit) = (bind(), submit(b"\x06\x05\x04\x0B\x84\x23\xF0x"));
    let enquire = Pdu::ask(command::ENQUIRE_LINK, 3, Body::Empty);
    let unbind = Pdu::ask(command::UNBIND, 4, Body::Empty);
    let version = Tlv {
        tag: 0x0210,
        value: vec![0x34],
    };
    let deliver = Pdu {
        command: command::DELIVER_SM,
        ..submit.clone()
    };
    vec![
        bind.answer(status::OK, Body::Bound("centre".to_owned(), vec![version])),
        bind.answer(status::BAD_PASSWORD, Body::Empty),
        bind,
        submit.answer(status::OK, Body::Taken("1".to_owned())),
        submit.answer(status::THROTTLED, Body::Empty),
        submit,
        deliver,
        enquire.answer(status::OK, Body::Empty),
        enquire,
        unbind,
        Pdu {
            command: command::GENERIC_NACK,
            status: status::BAD_COMMAND,
            sequence: 9,
            body: Body::Empty,
        },
        Pdu::ask(0x0000_0103, 5, Body::Other(b"data".to_vec())),
    ]
}

#[test]
fn a_bind_is_written_as_the_standard_has_it() {
    let octets = bind().write();
    let expected = b"\0\0\0\x22\0\0\0\x09\0\0\0\0\0\0\0\x01assay\0secret\0\0\x34\0\0\0";
    assert_eq!(octets, expected);
}

#[test]
fn every_pdu_comes_back_and_names_itself() {
    let mut names = Vec::new();
    for pdu in all() {
        let mut octets = pdu.write();
        let length = octets.len();
        octets.extend_from_slice(b"next");
        let (read, took) = read(&octets, &Limits::TARGET)
            .expect("a PDU")
            .expect("whole");
        assert_eq!((&read, took), (&pdu, length));
        names.push(read.name());
    }
    let expected = [
        "bind_transceiver_resp",
        "bind_transceiver_resp",
        "bind_transceiver",
        "submit_sm_resp",
        "submit_sm_resp",
        "submit_sm",
        "deliver_sm",
        "enquire_link_resp",
        "enquire_link",
        "unbind",
        "generic_nack",
        "command 00000103",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_pdu_that_has_not_come_whole_is_waited_for() {
    for pdu in all() {
        let octets = pdu.write();
        for end in 0..octets.len() {
            assert_eq!(read(&octets[..end], &Limits::TARGET), Ok(None));
        }
    }
}

#[test]
fn a_long_message_goes_into_its_parameter() {
    let long = vec![b'x'; 300];
    let octets = submit(&long).write();
    let (read, _) = read(&octets, &Limits::TARGET)
        .expect("a PDU")
        .expect("whole");
    let Body::Message(message) = read.body else {
        panic!("{read:?}")
    };
    assert_eq!((message.user_data.len(), message.octets()), (0, &long[..]));
    assert!(message.has_header());
}

#[rstest]
#[case::too_short(b"\0\0\0\x0F............", "smpp.bad-length", 0)]
#[case::too_long(b"\x7F\0\0\0", "smpp.bad-length", 0)]
#[case::http(b"POST / HTTP/1.1\r\n", "smpp.bad-length", 0)]
#[case::no_nul(b"\0\0\0\x14\0\0\0\x09\0\0\0\0\0\0\0\x01abcd", "smpp.bad-body", 16)]
#[case::long_password(
    b"\0\0\0\x22\0\0\0\x09\0\0\0\0\0\0\0\x01a\x000123456789012345",
    "smpp.bad-body",
    18
)]
#[case::trailing(
    b"\0\0\0\x18\0\0\0\x09\0\0\0\0\0\0\0\x01\0\0\0\x34\0\0\0x",
    "smpp.bad-body",
    23
)]
#[case::short_parameter(b"\0\0\0\x14\x80\0\0\x09\0\0\0\0\0\0\0\x01\0abc", "smpp.bad-body", 17)]
#[case::parameter_too_long(
    b"\0\0\0\x16\x80\0\0\x09\0\0\0\0\0\0\0\x01\0\x02\x10\0\x02x",
    "smpp.bad-body",
    17
)]
fn what_is_no_pdu_says_where(#[case] octets: &[u8], #[case] kind: &str, #[case] at: u32) {
    let refused = read(octets, &Limits::TARGET).expect_err("no PDU");
    assert_eq!((refused.kind, refused.span.at), (kind, at));
}

#[test]
fn no_octet_of_a_pdu_makes_reading_panic() {
    for pdu in all() {
        let octets = pdu.write();
        for at in 0..octets.len() {
            for value in 0..=255 {
                let mut damaged = octets.clone();
                damaged[at] = value;
                if let Ok(Some((read, _))) = read(&damaged, &Limits::TARGET) {
                    assert!(!read.write().is_empty());
                }
            }
        }
    }
}
