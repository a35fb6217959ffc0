//! An SMS centre as small as Kannel takes it: it says yes to everything, and gives what was
//! submitted, put together again.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use assay_wire::smpp::{self, Body, Message, Pdu, command, status};
use assay_wire::wsp::{self, Push};
use assay_wire::{Limits, sms};

use crate::PROMPT;

/// The centre.
pub(crate) struct Centre {
    submitted: Receiver<Message>,
}

/// A push that came whole.
pub(crate) struct Pushed {
    /// The number that it went to.
    pub(crate) to: String,
    /// The octets of the PDU.
    pub(crate) octets: Vec<u8>,
    /// What they say.
    pub(crate) push: Push,
    /// To which port, and from which.
    pub(crate) ports: Option<(u16, u16)>,
    /// How many short messages it took.
    pub(crate) segments: usize,
}

impl Pushed {
    /// The body of the push.
    pub(crate) fn body(&self) -> &[u8] {
        self.push.body.of(&self.octets)
    }
}

impl Centre {
    /// Opens it where suites/profiles/kannel.conf looks for it.
    pub(crate) fn open() -> Self {
        Self::of(TcpListener::bind("127.0.0.1:2775").expect("a free port"))
    }

    /// Opens it on a port that somebody listens on already.
    pub(crate) fn of(listener: TcpListener) -> Self {
        let (sender, submitted) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || serve(stream, &sender));
            }
        });
        Self { submitted }
    }

    /// The next push, as soon as all of it is there. What is odd about it is a failure.
    pub(crate) fn push(&self) -> Pushed {
        let mut messages: Vec<Message> = Vec::new();
        loop {
            let message = self.submitted.recv_timeout(PROMPT).expect("a push comes");
            assert_eq!(message.coding, sms::OCTETS, "octets, not characters");
            messages.push(message);
            let segments = messages.iter().map(|it| (it.octets(), it.has_header()));
            let joined = sms::join(segments);
            let Some(whole) = joined.whole().next() else {
                continue;
            };
            let faults = joined.notes.iter().map(|(_, note)| note);
            let faults = faults.chain(joined.segments.iter().flat_map(|it| &it.notes));
            let faults: Vec<_> = faults.filter(|it| sms::is_fault(it.kind)).collect();
            assert!(faults.is_empty(), "{faults:?}");
            let octets = whole.payload.clone();
            let push = wsp::read(&octets, &Limits::default()).expect("a push");
            let faults: Vec<_> = push
                .notes
                .iter()
                .filter(|it| wsp::is_fault(it.kind))
                .collect();
            assert!(faults.is_empty(), "{faults:?}");
            return Pushed {
                to: messages[0].to.digits.clone(),
                ports: whole.ports,
                segments: messages.len(),
                octets,
                push,
            };
        }
    }

    /// Whether nothing comes for a while.
    pub(crate) fn is_silent(&self) -> bool {
        let while_ = Duration::from_millis(300);
        self.submitted.recv_timeout(while_).is_err()
    }
}

/// Answers one connection until it ends.
fn serve(mut stream: TcpStream, submitted: &Sender<Message>) {
    let mut octets = Vec::new();
    let mut some = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut some) {
        octets.extend_from_slice(&some[..read]);
        while let Some((pdu, length)) = smpp::read(&octets, &Limits::default()).expect("SMPP") {
            octets.drain(..length);
            let body = match &pdu.body {
                Body::Bind(_) => Body::Bound("assay".to_owned(), Vec::new()),
                Body::Message(_) => Body::Taken("1".to_owned()),
                _ => Body::Empty,
            };
            if !pdu.is_answer()
                && stream
                    .write_all(&pdu.answer(status::OK, body).write())
                    .is_err()
            {
                return;
            }
            if let Pdu {
                command: command::SUBMIT_SM,
                body: Body::Message(message),
                ..
            } = pdu
            {
                let _ = submitted.send(*message);
            }
        }
    }
}
