//! Heads, framings, damages and cuts.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn whole(raw: &[u8]) -> Response {
    match response(raw, "POST", true, &Limits::TARGET) {
        Ok(Progress::Done(response)) => response,
        other => panic!("{other:?}"),
    }
}

fn kinds(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.kind).collect()
}

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
    4\r\nWiki\r\n7;x=\"y\"\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\nTrail: er\r\n\r\n";

#[test]
fn a_head_keeps_names_order_and_spans() {
    let raw =
        b"HTTP/1.1 200 All Right\r\ncontent-TYPE:  text/xml \r\nContent-Length: 2\r\nX:\r\n\r\nhi";
    let read = whole(raw);
    assert_eq!(
        (read.version, read.status, &*read.reason),
        (1, 200, "All Right")
    );
    assert_eq!(read.body.octets, b"hi");
    assert_eq!(read.body.framing, Framing::Length);
    assert_eq!(read.fields[0].name, "content-TYPE");
    assert_eq!(read.fields[0].value, "text/xml");
    assert_eq!(read.fields[0].span.of(raw), b"content-TYPE:  text/xml ");
    assert_eq!(read.field("x").unwrap().span.of(raw), b"X:");
    assert_eq!(read.field("CONTENT-length").unwrap().value, "2");
    assert_eq!(read.span, Span::new(0, raw.len()));
    assert_eq!(kinds(&read.notes), [""; 0]);
}

#[test]
fn chunks_are_joined_and_spans_lead_back_to_the_raw_octets() {
    let read = whole(CHUNKED);
    assert_eq!(read.body.octets, b"Wikipedia in \r\nchunks.");
    assert_eq!(read.body.framing, Framing::Chunked);
    assert_eq!(kinds(&read.notes), [""; 0]);
    assert_eq!(read.body.raw(Span::new(0, 4)).of(CHUNKED), b"Wiki");
    assert_eq!(read.body.raw(Span::new(4, 9)).of(CHUNKED), b"pedia");
    assert_eq!(
        read.body.raw(Span::new(2, 6)).of(CHUNKED),
        b"ki\r\n7;x=\"y\"\r\npe"
    );
    let end = read.body.octets.len();
    assert_eq!(read.body.raw(Span::new(end, end)).len, 0);
    assert_eq!(read.body.raw(Span::new(end - 1, end)).of(CHUNKED), b".");
}

#[test]
fn a_body_without_framing_ends_with_the_connection() {
    let raw = b"HTTP/1.0 200 OK\r\n\r\nall of it";
    assert_eq!(
        response(raw, "POST", false, &Limits::TARGET),
        Ok(Progress::More)
    );
    let read = whole(raw);
    assert_eq!((read.version, read.body.framing), (0, Framing::Close));
    assert_eq!(read.body.octets, b"all of it");
}

#[rstest]
#[case("HEAD", 200)]
#[case("POST", 204)]
#[case("POST", 304)]
fn some_answers_have_no_body_whatever_they_promise(#[case] method: &str, #[case] status: u16) {
    let raw = format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\n\r\n");
    match response(raw.as_bytes(), method, false, &Limits::TARGET) {
        Ok(Progress::Done(read)) => {
            assert_eq!(read.body.framing, Framing::None);
            assert_eq!(kinds(&read.notes), [""; 0]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn interim_responses_are_skipped_and_noted() {
    let raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let read = whole(raw);
    assert_eq!(read.status, 200);
    assert_eq!(read.span.start(), interim(raw));
    assert_eq!(kinds(&read.notes), ["http.interim", "http.interim"]);
    assert_eq!(interim(&raw[..24]), 0);
    assert_eq!(
        response(&raw[..25], "POST", false, &Limits::TARGET),
        Ok(Progress::More)
    );
}

#[rstest]
#[case::two_lengths("Content-Length: 5\r\nContent-Length: 2\r\n", "hi", "hi", &["http.two-lengths"])]
#[case::two_in_one("Content-Length: 2, 2\r\n", "hi", "hi", &["http.two-lengths"])]
#[case::length_and_chunked(
    "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n", "hi",
    &["http.length-and-chunked"]
)]
#[case::bad_length("Content-Length: two\r\n", "hi", "hi", &["http.bad-length"])]
#[case::negative_length("Content-Length: -2\r\n", "hi", "hi", &["http.bad-length"])]
#[case::length_with_unit("Content-Length: 2b\r\n", "hi", "hi", &["http.bad-length"])]
#[case::huge_length("Content-Length: 99999999999999999999999\r\n", "hi", "hi", &["http.bad-length"])]
#[case::short_body("Content-Length: 5\r\n", "hi", "hi", &["http.short-body"])]
#[case::extra_bytes("Content-Length: 2\r\n", "hi there", "hi", &["http.extra-bytes"])]
#[case::folded("Content-Length: 2\r\nX: a\r\n b\r\n", "hi", "hi", &["http.obs-fold"])]
#[case::no_field("Content-Length: 2\r\nwhat is this\r\n", "hi", "hi", &["http.bad-field"])]
#[case::space_before_colon("Content-Length : 2\r\n", "hi", "hi", &["http.space-before-colon"])]
#[case::bare_lf("Content-Length: 2\n", "hi", "hi", &["http.bare-lf"])]
#[case::unknown_coding("Transfer-Encoding: gzip\r\n", "hi", "hi", &["http.bad-coding"])]
#[case::bad_chunk(
    "Transfer-Encoding: chunked\r\n", "2\r\nhi\r\nzz\r\nho\r\n", "hi", &["http.bad-chunk"]
)]
#[case::chunk_without_end(
    "Transfer-Encoding: chunked\r\n", "2\r\nhiho\r\n0\r\n\r\n", "", &["http.bad-chunk"]
)]
#[case::negative_chunk("Transfer-Encoding: chunked\r\n", "-2\r\nhi\r\n", "", &["http.bad-chunk"])]
#[case::empty_chunk_size("Transfer-Encoding: chunked\r\n", "\r\nhi\r\n", "", &["http.bad-chunk"])]
#[case::huge_chunk("Transfer-Encoding: chunked\r\n", "fffffffff\r\nhi", "", &["http.bad-chunk"])]
#[case::chunks_in_bare_lines("Transfer-Encoding: chunked\r\n", "2\nhi\n0\n\n", "hi", &["http.bare-lf"])]
#[case::cut_chunk("Transfer-Encoding: chunked\r\n", "5\r\nhi", "hi", &["http.short-body"])]
#[case::cut_behind_chunk(
    "Transfer-Encoding: chunked\r\n",
    "2\r\nhi\r",
    "hi",
    &["http.short-body"]
)]
#[case::no_last_chunk("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n", "hi", &["http.short-body"])]
fn odd_framing_is_read_and_noted(
    #[case] fields: &str,
    #[case] sent: &str,
    #[case] body: &str,
    #[case] notes: &[&str],
) {
    let raw = format!("HTTP/1.1 200 OK\r\n{fields}\r\n{sent}");
    let read = whole(raw.as_bytes());
    assert_eq!(String::from_utf8_lossy(&read.body.octets), body);
    assert_eq!(kinds(&read.notes), notes);
}

#[test]
fn a_folded_value_is_joined() {
    let read = whole(b"HTTP/1.1 200 OK\r\nX: a\r\n\t b\r\nY: c\r\n\r\n");
    assert_eq!(read.field("x").unwrap().value, "a b");
    assert_eq!(read.field("y").unwrap().value, "c");
}

#[test]
fn a_status_line_may_lack_its_reason() {
    assert_eq!(
        kinds(&whole(b"HTTP/1.1 200\r\n\r\n").notes),
        ["http.no-reason"]
    );
    assert_eq!(kinds(&whole(b"HTTP/1.1 200 \r\n\r\n").notes), [""; 0]);
    assert_eq!(
        kinds(&whole(b"\r\nHTTP/1.1 200 OK\r\n\r\n").notes),
        ["http.empty-line"]
    );
}

#[rstest]
#[case::nothing(b"", "http.empty")]
#[case::part_of_a_head(b"HTTP/1.1 200 OK\r\nX", "http.short-head")]
#[case::only_interim(b"HTTP/1.1 100 Continue\r\n\r\n", "http.short-head")]
#[case::no_http(b"SSH-2.0-OpenSSH_9.2\r\n", "http.garbled")]
#[case::no_status(b"HTTP/1.1 OK\r\n\r\n", "http.garbled")]
#[case::other_version(b"HTTP/2.0 200 OK\r\n\r\n", "http.garbled")]
#[case::too_long(b"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", "http.too-long")]
fn what_is_no_answer_is_too_bad(#[case] raw: &[u8], #[case] kind: &str) {
    let error = response(raw, "POST", true, &Limits::TARGET).unwrap_err();
    assert_eq!(error.kind, kind);
}

#[test]
fn heads_and_bodies_have_limits() {
    let long = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; HEAD_BYTES]].concat();
    let error = response(&long, "POST", false, &Limits::TARGET).unwrap_err();
    assert_eq!(error.kind, "http.too-long");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(300));
    let error = response(many.as_bytes(), "POST", false, &Limits::TARGET).unwrap_err();
    assert_eq!(error.kind, "http.too-long");
    let small = Limits {
        bytes: 10,
        ..Limits::TARGET
    };
    let endless = b"HTTP/1.1 200 OK\r\n\r\n01234567890";
    let error = response(endless, "POST", false, &small).unwrap_err();
    assert_eq!(error.kind, "http.too-long");
    let error = response(CHUNKED, "POST", false, &small).unwrap_err();
    assert_eq!(error.kind, "http.too-long");
    let interims = b"HTTP/1.1 102 P\r\n\r\n".repeat(40);
    let error = response(&interims, "POST", false, &Limits::TARGET).unwrap_err();
    assert_eq!(error.kind, "http.too-long");
}

#[test]
fn a_request_is_read_with_its_body() {
    let raw = b"POST /dm?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    match request(raw, &Limits::TARGET) {
        Ok(Progress::Done(read)) => {
            assert_eq!(
                (&*read.method, &*read.target, read.version),
                ("POST", "/dm?a=b", 1)
            );
            assert_eq!(read.body.octets, b"abc");
            assert_eq!(read.body.raw(Span::new(1, 2)).of(raw), b"b");
            assert_eq!(read.span, Span::new(0, raw.len()));
        }
        other => panic!("{other:?}"),
    }
    let bare = request(b"GET / HTTP/1.0\r\n\r\n", &Limits::TARGET);
    assert!(matches!(bare, Ok(Progress::Done(read)) if read.body.framing == Framing::None));
}

#[test]
fn a_message_cut_at_any_octet_is_unfinished_and_never_wrong() {
    let plain = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\n b\r\n\r\nhello";
    for raw in [&plain[..], CHUNKED] {
        for cut in 0..raw.len() {
            let open = response(&raw[..cut], "POST", false, &Limits::TARGET);
            assert_eq!(open, Ok(Progress::More), "cut at {cut}");
            match response(&raw[..cut], "POST", true, &Limits::TARGET) {
                Ok(Progress::Done(read)) => assert!(
                    kinds(&read.notes).contains(&"http.short-body"),
                    "cut at {cut}"
                ),
                Ok(Progress::More) => panic!("more after the close, cut at {cut}"),
                Err(error) => assert!(matches!(error.kind, "http.empty" | "http.short-head")),
            }
        }
        assert!(matches!(
            response(raw, "POST", false, &Limits::TARGET),
            Ok(Progress::Done(_))
        ));
    }
    let sent = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    for cut in 0..sent.len() {
        assert_eq!(request(&sent[..cut], &Limits::TARGET), Ok(Progress::More));
    }
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(junk in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
        let mut raw = CHUNKED.to_vec();
        let at = at.min(raw.len());
        raw.splice(at..at, junk.iter().copied());
        for input in [&raw, &junk] {
            let _ = request(input, &Limits::TARGET);
            let _ = interim(input);
            if let Ok(Progress::Done(read)) = response(input, "POST", true, &Limits::TARGET) {
                let inside = Span::new(0, read.body.octets.len());
                prop_assert!(read.body.raw(inside).end() <= input.len());
                prop_assert!(read.notes.iter().all(|note| note.span.end() <= input.len()));
            }
        }
    }

    #[test]
    fn chunks_of_any_size_give_back_the_body(body in proptest::collection::vec(any::<u8>(), 1..300), size in 1_usize..40) {
        let mut raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(size) {
            raw.extend_from_slice(format!("{:X}\r\n", chunk.len()).as_bytes());
            raw.extend_from_slice(chunk);
            raw.extend_from_slice(b"\r\n");
        }
        raw.extend_from_slice(b"0\r\n\r\n");
        let read = whole(&raw);
        prop_assert_eq!(&read.body.octets, &body);
        for at in 0..body.len() {
            prop_assert_eq!(read.body.raw(Span::new(at, at + 1)).of(&raw), &body[at..=at]);
        }
    }
}
