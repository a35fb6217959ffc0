//! Rewrites how a response is framed, in its octets: length or chunks.
//!
//! Knows the one form that the HTTP server of the peers writes.

/// Sends a body in chunks instead of saying its length.
pub(crate) fn in_chunks(octets: &mut Vec<u8>) {
    let (Some((at, end)), Some(head)) = (length_field(octets), head_end(octets)) else {
        return;
    };
    if head == octets.len() {
        return;
    }
    let body = octets.split_off(head);
    octets.splice(at..end, b"Transfer-Encoding: chunked\r\n".iter().copied());
    for chunk in body.chunks(256) {
        octets.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        octets.extend_from_slice(chunk);
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b"0\r\n\r\n");
}

/// Leaves the first half of a body, and the length that was said.
pub(crate) fn halve_body(octets: &mut Vec<u8>) {
    if let Some(head) = head_end(octets) {
        octets.truncate(head + (octets.len() - head) / 2);
    }
}

/// Where the head of a response ends.
pub(crate) fn head_end(octets: &[u8]) -> Option<usize> {
    octets
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// Where the line of Content-Length begins and ends.
pub(crate) fn length_field(octets: &[u8]) -> Option<(usize, usize)> {
    let head = &octets[..head_end(octets)?];
    let mut at = 0;
    for line in head.split_inclusive(|&octet| octet == b'\n') {
        if line.to_ascii_lowercase().starts_with(b"content-length:") {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Says another Content-Length.
pub(crate) fn rewrite_length(octets: &mut Vec<u8>, change: fn(usize) -> usize) {
    let Some((at, end)) = length_field(octets) else {
        return;
    };
    let line = String::from_utf8_lossy(&octets[at..end]).into_owned();
    let Some((name, value)) = line.split_once(':') else {
        return;
    };
    let Ok(length) = value.trim().parse() else {
        return;
    };
    octets.splice(
        at..end,
        format!("{name}: {}\r\n", change(length)).into_bytes(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX: y\r\n\r\n0123456789";

    #[test]
    fn a_body_is_cut_into_chunks() {
        let mut octets = ANSWER.to_vec();
        in_chunks(&mut octets);
        let chunked = String::from_utf8(octets).expect("text");
        assert!(
            chunked.ends_with("chunked\r\nX: y\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"),
            "{chunked}"
        );
    }

    #[test]
    fn half_a_body_keeps_its_head() {
        let mut octets = ANSWER.to_vec();
        halve_body(&mut octets);
        assert_eq!(octets, &ANSWER[..ANSWER.len() - 5]);
    }
}
