//! Recordings by hand: requests and responses as text, one connection.
use assay_judge::{Judgement, Rules, judge};
use assay_suites::profile::Profile;
use assay_suites::{Catalogue, Diagnostic};
use assay_wire::Span;
use assay_wire::recording::{Event, Link, LinkId, Recording};

/// A recording in the making.
pub(crate) struct Tape {
    recording: Recording,
    out: usize,
    r#in: usize,
}

impl Tape {
    /// Of a case run with this version.
    pub(crate) fn new(version: &str) -> Self {
        let mut recording = Recording {
            case: "dm.test.case".into(),
            ..Recording::default()
        };
        recording.axes.insert("version".into(), version.into());
        recording.links.push(Link::default());
        let mut tape = Self {
            recording,
            out: 0,
            r#in: 0,
        };
        tape.event(Event::Open { link: LinkId(0) });
        tape
    }

    /// Any event.
    pub(crate) fn event(&mut self, event: Event) {
        self.recording.events.push((0, event));
    }

    /// A lawful request of step `step` with this document.
    pub(crate) fn send(&mut self, step: u32, body: &str) {
        self.send_as(step, body, true, 1);
    }

    /// A request.
    pub(crate) fn send_as(&mut self, step: u32, body: &str, lawful: bool, session: u32) {
        let head = "POST /dm HTTP/1.1\r\nHost: h\r\nContent-Type: application/vnd.syncml.dm+xml";
        let octets = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let start = self.out;
        self.recording.links[0].out.extend(octets.as_bytes());
        self.out += octets.len();
        let span = Span::new(start, self.out);
        let (link, device) = (LinkId(0), "a".to_owned());
        self.event(Event::Sent {
            link,
            span,
            step,
            device,
            session,
            lawful,
        });
    }

    /// A response 200 with this document.
    pub(crate) fn receive(&mut self, body: &str) {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+xml";
        let octets = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        self.receive_octets(octets.as_bytes());
    }

    /// A response as octets.
    pub(crate) fn receive_octets(&mut self, octets: &[u8]) {
        let start = self.r#in;
        self.recording.links[0].r#in.extend(octets);
        self.r#in += octets.len();
        self.event(Event::Received {
            link: LinkId(0),
            span: Span::new(start, self.r#in),
        });
    }

    /// The recording.
    pub(crate) fn done(self) -> Recording {
        self.recording
    }
}

/// Package 1 of the device.
pub(crate) fn package_1(msg: &str) -> String {
    message(
        msg,
        "<Target><LocURI>http://h/dm</LocURI></Target><Source><LocURI>IMEI:1</LocURI></Source>",
        "<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>\
         <Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source>\
         <Data>IMEI:1</Data></Item></Replace><Final/>",
    )
}

/// A reply with this body.
pub(crate) fn reply(msg: &str, body: &str) -> String {
    message(
        msg,
        "<Target><LocURI>IMEI:1</LocURI></Target><Source><LocURI>http://h/dm</LocURI></Source>",
        body,
    )
}

fn message(msg: &str, ends: &str, body: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD>\
         <VerProto>DM/1.2</VerProto><SessionID>1a</SessionID><MsgID>{msg}</MsgID>{ends}</SyncHdr>\
         <SyncBody>{body}</SyncBody></SyncML>"
    )
}

/// A Status.
pub(crate) fn status(id: &str, cmd_ref: &str, cmd: &str, code: &str) -> String {
    format!(
        "<Status><CmdID>{id}</CmdID><MsgRef>1</MsgRef><CmdRef>{cmd_ref}</CmdRef><Cmd>{cmd}</Cmd>\
         <Data>{code}</Data></Status>"
    )
}

/// A suite of OMA DM with this text behind its head.
pub(crate) fn suite(text: &str) -> String {
    format!("assay: 1\nrole: dm-server\nchapter: dm.test\nstandard: S\n{text}")
}

/// A catalogue of one suite, and its rules.
pub(crate) fn compiled(path: &str, source: &str) -> Result<(Catalogue, Rules), Vec<Diagnostic>> {
    let files = [(path.to_owned(), source.to_owned())];
    let catalogue = Catalogue::from_sources(files).expect("a suite that loads");
    let rules = Rules::compile(&catalogue)?;
    Ok((catalogue, rules))
}

/// What is wrong with the rules of a suite.
pub(crate) fn troubles(text: &str) -> Vec<Diagnostic> {
    compiled("dm/test.yaml", &suite(text))
        .err()
        .expect("something is wrong")
}

/// Judges the only case of a suite of OMA DM.
pub(crate) fn judged(text: &str, recording: &Recording) -> Judgement {
    judged_in("dm/test.yaml", &suite(text), recording)
}

/// Judges the only case of a suite.
pub(crate) fn judged_in(path: &str, source: &str, recording: &Recording) -> Judgement {
    let (catalogue, rules) = match compiled(path, source) {
        Ok(compiled) => compiled,
        Err(troubles) => panic!("{}", troubles[0]),
    };
    let (_, case) = catalogue.cases().next().expect("a case");
    judge(&rules, &catalogue, case, &profile(), recording)
}

/// A profile that says nothing.
pub(crate) fn profile() -> Profile {
    assay_suites::yaml::read("p.yaml", "assay: 1\n").expect("a profile")
}
