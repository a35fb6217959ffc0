//! The files of a recording: names and octets, no I/O.
//!
//! `events.ndjson` holds one JSON value a line: first the head (format version, case, axes, start,
//! links), then the events in order. Beside it stand two raw files a link, `1.out` and `1.in`,
//! `2.out`, …, so that a span of the recording is an offset in a file that any tool can open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Direction, Event, FORMAT, Link, LinkId, Place, Recording, TlsFacts};
use crate::span::Span;

/// The file with the head and the events.
pub const EVENTS: &str = "events.ndjson";

/// The files of one recording: octets by file name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why files are no recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A file is not there.
    #[error("{file}: missing from the recording")]
    Missing {
        /// Its name.
        file: String,
    },
    /// A line cannot be read, or says what cannot be.
    #[error("{file}:{line}: {why}")]
    Line {
        /// The name of the file.
        file: &'static str,
        /// The line, from one.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    assay_recording: u32,
    case: String,
    axes: BTreeMap<String, String>,
    started: String,
    links: Vec<LinkHead>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkHead {
    tls: Option<TlsFacts>,
}

/// Read before the head, so that a recording of another format says so instead of which key is odd.
#[derive(Deserialize)]
struct Version {
    assay_recording: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Microseconds since the start of the case run.
    at: u64,
    event: Event,
}

impl Recording {
    /// The files of this recording.
    pub fn write(&self) -> Files {
        let head = Head {
            assay_recording: FORMAT,
            case: self.case.clone(),
            axes: self.axes.clone(),
            started: self.started.clone(),
            links: self
                .links
                .iter()
                .map(|link| LinkHead {
                    tls: link.tls.clone(),
                })
                .collect(),
        };
        let mut lines = Vec::new();
        push_line(&mut lines, &head);
        for (at, event) in &self.events {
            let event = event.clone();
            push_line(&mut lines, &Line { at: *at, event });
        }
        let mut files = Files::from([(EVENTS.to_owned(), lines)]);
        for (number, link) in (0..).map(LinkId).zip(&self.links) {
            files.insert(file(number, Direction::Out), link.out.clone());
            files.insert(file(number, Direction::In), link.r#in.clone());
        }
        files
    }

    /// The recording in these files; further files are not looked at.
    ///
    /// # Errors
    /// A file that is missing, a line that cannot be read, or a place that no link has.
    pub fn read(files: &Files) -> Result<Self, Unreadable> {
        let octets = |name: &str| {
            files.get(name).ok_or_else(|| Unreadable::Missing {
                file: name.to_owned(),
            })
        };
        let error = |line: usize, why: String| Unreadable::Line {
            file: EVENTS,
            line,
            why,
        };
        let mut lines = octets(EVENTS)?
            .split(|octet| *octet == b'\n')
            .zip(1..)
            .filter(|(text, _)| !text.trim_ascii().is_empty());
        let (first, number) = lines.next().ok_or_else(|| error(1, "no head".to_owned()))?;
        let version: Version = parse(first).map_err(|why| error(number, why))?;
        if version.assay_recording != FORMAT {
            let why = format!(
                "a recording of format {}; this reads format {FORMAT}",
                version.assay_recording
            );
            return Err(error(number, why));
        }
        let head: Head = parse(first).map_err(|why| error(number, why))?;
        let mut links = Vec::new();
        for (number, link) in (0..).map(LinkId).zip(head.links) {
            links.push(Link {
                out: octets(&file(number, Direction::Out))?.clone(),
                r#in: octets(&file(number, Direction::In))?.clone(),
                tls: link.tls,
            });
        }
        let mut recording = Self {
            case: head.case,
            axes: head.axes,
            links,
            events: Vec::new(),
            started: head.started,
        };
        for (text, number) in lines {
            let Line { at, event } = parse(text).map_err(|why| error(number, why))?;
            recording.fits(&event).map_err(|why| error(number, why))?;
            recording.events.push((at, event));
        }
        Ok(recording)
    }

    /// Whether what an event speaks of is there.
    fn fits(&self, event: &Event) -> Result<(), String> {
        let (link, direction, span) = match event {
            Event::Open { link } | Event::Broke { link, .. } => {
                (*link, Direction::Out, Span::default())
            }
            Event::Sent { link, span, .. } | Event::Answered { link, span } => {
                (*link, Direction::Out, *span)
            }
            Event::Received { link, span } | Event::Arrived { link, span, .. } => {
                (*link, Direction::In, *span)
            }
            Event::Proof(proof) => {
                let Place {
                    link,
                    direction,
                    span,
                } = proof.place;
                (link, direction, span)
            }
            _ => return Ok(()),
        };
        let Some(found) = self.link(link) else {
            return Err(format!("there is no link {}", link.0));
        };
        let len = match direction {
            Direction::Out => found.out.len(),
            Direction::In => found.r#in.len(),
        };
        if span.end() > len {
            return Err(format!(
                "octets {} to {} of {}, which holds {len}",
                span.start(),
                span.end(),
                file(link, direction)
            ));
        }
        Ok(())
    }
}

/// The raw file of one direction of a link: `1.out` for the first.
pub fn file(link: LinkId, direction: Direction) -> String {
    let number = u64::from(link.0) + 1;
    match direction {
        Direction::Out => format!("{number}.out"),
        Direction::In => format!("{number}.in"),
    }
}

fn push_line(lines: &mut Vec<u8>, value: &impl Serialize) {
    // Plain data with text keys: there is nothing that JSON could not hold.
    lines.extend(serde_json::to_vec(value).unwrap_or_default());
    lines.push(b'\n');
}

fn parse<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Breakage, Proof};
    use super::*;

    fn recording() -> Recording {
        let link = LinkId(0);
        let place = Place {
            link,
            direction: Direction::Out,
            span: Span::new(1, 3),
        };
        Recording {
            case: "dm.security.md5-accepted".to_owned(),
            axes: BTreeMap::from([("version".to_owned(), "1.2".to_owned())]),
            links: vec![
                Link {
                    out: b"POST".to_vec(),
                    r#in: vec![0, 255, 10],
                    tls: None,
                },
                Link {
                    tls: Some(TlsFacts {
                        version: "TLSv1_3".to_owned(),
                        certificate_fault: Some("expired".to_owned()),
                        ..TlsFacts::default()
                    }),
                    ..Link::default()
                },
            ],
            events: vec![
                (0, Event::Open { link }),
                (
                    5,
                    Event::Sent {
                        link,
                        span: Span::new(0, 4),
                        step: 0,
                        device: "a".to_owned(),
                        session: 1,
                        lawful: true,
                    },
                ),
                (
                    6,
                    Event::Received {
                        link,
                        span: Span::new(0, 3),
                    },
                ),
                (
                    7,
                    Event::Proof(Proof {
                        place,
                        formula: "md5-cred".to_owned(),
                        with: "a".to_owned(),
                        nonce: "octets".to_owned(),
                        holds: true,
                    }),
                ),
                (
                    8,
                    Event::Broke {
                        link,
                        how: Breakage::Timeout,
                        why: "late".to_owned(),
                    },
                ),
                (9, Event::Throttled { step: 0, waited: 0 }),
                (10, Event::Died { step: 0 }),
                (
                    11,
                    Event::Arrived {
                        link,
                        span: Span::new(0, 3),
                        step: 1,
                        device: "a".to_owned(),
                        carrier: "pap".to_owned(),
                    },
                ),
                (
                    12,
                    Event::Answered {
                        link,
                        span: Span::new(0, 4),
                    },
                ),
                (
                    13,
                    Event::Waited {
                        step: 2,
                        device: "a".to_owned(),
                        millis: 10_000,
                        what: "1 push by pap".to_owned(),
                    },
                ),
            ],
            started: "2026-11-22T01:02:03Z".to_owned(),
        }
    }

    fn with_line(number: usize, text: &str) -> String {
        let mut files = recording().write();
        let events = String::from_utf8(files[EVENTS].clone()).unwrap();
        let mut lines: Vec<&str> = events.lines().collect();
        lines[number - 1] = text;
        files.insert(EVENTS.to_owned(), lines.join("\n").into_bytes());
        Recording::read(&files).unwrap_err().to_string()
    }

    #[test]
    fn files_give_back_the_recording() {
        let files = recording().write();
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["1.in", "1.out", "2.in", "2.out", EVENTS]);
        assert_eq!(files["1.in"], [0, 255, 10]);
        assert_eq!(Recording::read(&files), Ok(recording()));
    }

    #[test]
    fn the_format_is_pinned() {
        let files = recording().write();
        insta::assert_snapshot!(String::from_utf8_lossy(&files[EVENTS]));
    }

    #[test]
    fn errors_name_file_and_line() {
        assert_eq!(
            with_line(1, r#"{"assay_recording":2,"new":1}"#),
            "events.ndjson:1: a recording of format 2; this reads format 1"
        );
        assert_eq!(
            with_line(2, r#"{"at":0,"event":{"open":{"link":7}}}"#),
            "events.ndjson:2: there is no link 7"
        );
        assert_eq!(
            with_line(
                4,
                r#"{"at":6,"event":{"received":{"link":0,"span":{"at":2,"len":9}}}}"#
            ),
            "events.ndjson:4: octets 2 to 11 of 1.in, which holds 3"
        );
        assert!(with_line(3, "{").starts_with("events.ndjson:3: EOF while parsing"));
        let mut files = recording().write();
        files.remove("2.in");
        assert_eq!(
            Recording::read(&files).unwrap_err().to_string(),
            "2.in: missing from the recording"
        );
        assert_eq!(
            Recording::read(&Files::new()).unwrap_err().to_string(),
            "events.ndjson: missing from the recording"
        );
    }

    proptest! {
        #[test]
        fn any_octets_and_words_survive(
            out in proptest::collection::vec(any::<u8>(), 0..50),
            why in any::<String>(),
            at in any::<u64>(),
        ) {
            let mut recording = recording();
            recording.links[1].out = out;
            recording.events.push((at, Event::Refused { step: 3, why }));
            prop_assert_eq!(Recording::read(&recording.write()), Ok(recording));
        }

        #[test]
        fn no_events_file_makes_it_panic(junk in proptest::collection::vec(any::<u8>(), 0..200)) {
            let files = Files::from([(EVENTS.to_owned(), junk)]);
            prop_assert!(Recording::read(&files).is_err());
        }
    }
}
