//! What a hook gives where its answer is what arrives: a push or a package, as hex, as a file, or
//! as it is.
//!
//! Words that a hook answers to be read by people are cut in `hook`; what arrives is never cut.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use assay_suites::profile::Hook;

/// The most octets that a push or a package may have that a hook gives.
const ARRIVAL: usize = 2 << 20;
/// The most octets that are read of an answer: such a push as hex, a line of words behind it, and
/// one more to know by that it is too long.
pub(super) const ANSWER: usize = 2 * ARRIVAL + 4096;

/// The first line of an answer, which is all of hex, a path or a URL.
pub(super) fn first_line(answer: &[u8]) -> String {
    let text = answer.trim_ascii_start();
    let end = text.iter().position(|octet| *octet == b'\n');
    let line = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    String::from_utf8_lossy(line).trim().to_owned()
}

/// The octets that a hook gave: as hex, by the path of a file where the hook is a command line of
/// the profile, or as they are.
///
/// # Errors
/// In words: nothing was given, more than fits, or a file that cannot be read.
pub(super) fn arrival(hook: &Hook, first: &str, answer: Vec<u8>) -> Result<Vec<u8>, String> {
    if answer.len() >= ANSWER {
        return Err(too_long("the hook answered"));
    }
    if let Some(octets) = hex(first) {
        return bounded(octets, "the hook answered");
    }
    // What a target answers over the network is no path to follow.
    if matches!(hook, Hook::Run(_)) && !first.is_empty() {
        let path = Path::new(first);
        if path.metadata().is_ok_and(|file| file.is_file()) {
            let octets = read(path).map_err(|error| format!("cannot read {first}: {error}"))?;
            return bounded(octets, &format!("{first} holds"));
        }
    }
    if answer.is_empty() {
        return Err("the hook gave nothing".to_owned());
    }
    bounded(answer, "the hook answered")
}

fn bounded(octets: Vec<u8>, who: &str) -> Result<Vec<u8>, String> {
    if octets.len() > ARRIVAL {
        return Err(too_long(who));
    }
    Ok(octets)
}

fn too_long(who: &str) -> String {
    format!("{who} more than the {ARRIVAL} octets that a push or a package may have")
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    let most = ARRIVAL as u64 + 1;
    File::open(path)?.take(most).read_to_end(&mut octets)?;
    Ok(octets)
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let octets = pairs.map(|pair| {
        let digits = std::str::from_utf8(pair).ok()?;
        let is_pair = pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
        is_pair.then(|| u8::from_str_radix(digits, 16).ok())?
    });
    octets
        .collect::<Option<Vec<u8>>>()
        .filter(|octets| !octets.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use assay_suites::profile::HttpHook;

    use super::*;

    fn given(answer: &[u8]) -> Result<Vec<u8>, String> {
        let hook = Hook::Run(vec!["x".to_owned()]);
        arrival(&hook, &first_line(answer), answer.to_vec())
    }

    #[test]
    fn a_hook_gives_hex_a_path_or_the_octets_themselves() {
        assert_eq!(given(b"\n 01064d \r\nmore"), Ok(vec![1, 6, 0x4d]));
        assert_eq!(given(b"MSCF\x01"), Ok(b"MSCF\x01".to_vec()));
        assert_eq!(given(b""), Err("the hook gave nothing".to_owned()));
        let path = std::env::temp_dir().join(format!("assay-given-{}", std::process::id()));
        std::fs::write(&path, b"octets").unwrap();
        let first = path.to_str().unwrap();
        assert_eq!(given(first.as_bytes()), Ok(b"octets".to_vec()));
        let http = Hook::Http(HttpHook {
            method: None,
            url: "http://host/".to_owned(),
            headers: BTreeMap::new(),
            body: None,
        });
        let of_target = arrival(&http, first, first.into());
        assert_eq!(of_target, Ok(first.as_bytes().to_vec()));
        File::create(&path)
            .and_then(|file| file.set_len(ARRIVAL as u64 + 1))
            .unwrap();
        let refused = given(first.as_bytes()).unwrap_err();
        assert_eq!(refused, too_long(&format!("{first} holds")));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_arrives_is_whole_up_to_a_limit_and_refused_beyond_it() {
        assert_eq!(given(&b"A5".repeat(5_000)), Ok(vec![0xA5; 5_000]));
        assert_eq!(given(&b"A5".repeat(ARRIVAL)), Ok(vec![0xA5; ARRIVAL]));
        let beyond = Err(too_long("the hook answered"));
        assert_eq!(given(&b"A5".repeat(ARRIVAL + 1)), beyond);
        assert_eq!(given(&vec![b'!'; ARRIVAL + 1]), beyond);
        assert_eq!(given(&vec![b'!'; ANSWER]), beyond);
    }
}
