//! A session from the server's side: which message gets which answer (OMA-TS-DM_Protocol 6, 8, 9).
//!
//! Between HTTP, which hands over messages that were read, and `reply`, which writes the answer.
//! What is known of a message stands in `heard`; who may speak is decided in `auth`, the codes of
//! single commands in `statuses`, what is sent next in `next`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_wire::dm::{Command, Header, Message, Version};
use assay_wire::view::{Text, value};
use assay_wire::{Encoding, digest};

use super::auth::{self, Outcome};
use super::heard::{Call, Heard, is_answer, is_event_alone, opens};
use super::own::{self, Proof};
use super::reply::{self, Plan};
use super::store::{Key, Last, Session, Stage, Store};
use super::{doc, next, statuses, stumble};
use crate::switch::Switches;

/// The server behind the routes.
#[derive(Debug)]
pub(crate) struct Server {
    /// What is switched on.
    pub(crate) switches: Arc<Switches>,
    store: Mutex<Store>,
}

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A message, in HTTP 200.
    Message {
        /// Its octets.
        body: Vec<u8>,
        /// Their form.
        encoding: Encoding,
        /// True where it asks for credentials after wrong ones.
        denied: bool,
        /// The mac over it, for the head.
        mac: Option<String>,
    },
    /// An HTTP status and one line.
    Http(u16, &'static str),
}

/// What a message means to the session that it names.
enum Standing {
    New,
    Known,
    /// Refused with this code.
    Over(u32),
}

/// True where a device was asked to call, and calls in a session of another number: read as decimal
/// digits, which is a mistake.
fn is_stranger(store: &mut Store, heard: &Heard<'_, '_>) -> bool {
    let alerts = |c: &Command<'_>| c.name == "Alert" && c.code() == 1200;
    let is_asked = heard.message.requests().any(alerts);
    let wanted = store.device(heard.device).triggered;
    is_asked && wanted.is_some_and(|wanted| heard.session != wanted.to_string())
}

impl Server {
    /// A server that nobody has talked to yet.
    pub(crate) fn new(switches: Arc<Switches>) -> Self {
        let store = Mutex::new(Store::new(&switches.options));
        Self { switches, store }
    }

    /// What it remembers. A panic elsewhere left it as good as it was.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a message.
    pub(crate) fn answer(&self, call: &Call<'_>, message: &Message<'_>) -> Answer {
        let Some(header) = &message.header else {
            return Answer::Http(400, "no SyncHdr");
        };
        let naive = self.switches.on("entities-accepted");
        if (message.body.is_none() && !naive) || message.tree.name(message.root) != "SyncML" {
            return Answer::Http(400, "no SyncML message");
        }
        if let Some((status, why)) = stumble::over(message, &self.switches) {
            return Answer::Http(status, why);
        }
        // Whoever expands entities is not strict about the rest either.
        let given = |text: Option<&'_ Text<'_>>| match value(text) {
            "" if naive => "entity".to_owned(),
            text => text.to_owned(),
        };
        let device = given(header.source.as_ref());
        let target = given(header.target.as_ref());
        let (session, msg) = (
            given(header.session_id.as_ref()),
            given(header.msg_id.as_ref()),
        );
        if [session.as_str(), &msg, &device, &target].contains(&"") {
            return Answer::Http(400, "SessionID, MsgID, Target or Source is missing");
        }
        let heard = Heard {
            call,
            message,
            header,
            session: &session,
            msg: &msg,
            device: &device,
            opens: message.requests().any(opens) || is_event_alone(message),
            fin: message.fin.is_some(),
        };
        let mut store = self.store();
        self.hear(&mut store, &heard)
    }

    fn hear(&self, store: &mut Store, heard: &Heard<'_, '_>) -> Answer {
        let on = |name| self.switches.on(name);
        let key = heard.key(&self.switches);
        if !on("repeat-not-recognised")
            && let Some(answer) = repeated(store, &key, heard)
        {
            return answer;
        }
        let version = match heard.version(&self.switches) {
            Ok(version) => version,
            Err((code, supported)) => return self.refuse(heard, Version::V1_2, code, supported),
        };

        let answers = heard.message.commands.iter().any(|c| is_answer(c.name));
        let stray = answers && !heard.opens && !on("unknown-session-asked-again");
        let known = match self.standing(store.session(&key), heard) {
            Standing::Over(code) => return self.refuse(heard, version, code, &[]),
            Standing::Known => store.take(&key),
            Standing::New if !stray => None,
            Standing::New if on("unknown-session-crashes") => {
                return Answer::Http(500, "no such session");
            }
            Standing::New => return self.refuse(heard, version, 400, &[]),
        };
        let mut session = known.unwrap_or_else(|| {
            let token = digest::b64(&store.octets()).replace(['+', '/', '='], "-");
            Session::new(heard.device, token, version, heard.call)
        });
        let answer = self.step(store, &mut session, heard);
        store.put(key, session);
        answer
    }

    /// What a message means to the session of its key: the next one, a new beginning, too late.
    fn standing(&self, session: Option<&mut Session>, heard: &Heard<'_, '_>) -> Standing {
        let on = |name| self.switches.on(name);
        let Some(session) = session else {
            return Standing::New;
        };
        let moved = session.connection != heard.call.connection;
        let followed = heard.call.token.is_some();
        if (moved && on("session-tied-to-connection"))
            || (followed && on("resp-uri-starts-new-session"))
        {
            return Standing::New;
        }
        let open = session.stage == Stage::Open;
        let blind = on("new-session-continues-old") || on("sessions-by-id-alone");
        // Package 1 with MsgID 1 begins anew, whatever became of its SessionID before.
        let afresh = heard.opens && heard.msg == "1" && session.last.is_some();
        let over = heard.opens && session.stage == Stage::Closed;
        match session.stage {
            _ if (afresh || over) && !(open && blind) => Standing::New,
            Stage::Open => Standing::Known,
            Stage::Closed => Standing::Over(400),
            Stage::Refused => Standing::Over(403),
        }
    }

    /// One message of a session.
    fn step(&self, store: &mut Store, session: &mut Session, heard: &Heard<'_, '_>) -> Answer {
        let switches = &self.switches;
        let on = |name| switches.on(name);
        session.msg += 1;
        limits_of(session, heard.header);
        let unsupported = |status: &Command<'_>| status.code() == 406;
        if session.challenge.is_some() && heard.message.statuses().any(unsupported) {
            auth::turn_down(store, session, switches);
        }
        let outcome = if on("trigger-matched-in-decimal") && is_stranger(store, heard) {
            Outcome::Refused(403)
        } else {
            auth::look(store, session, switches, heard)
        };
        let is_in = matches!(outcome, Outcome::In(..));
        let doubted = is_in && own::hear(store, session, heard);
        let (code, chal, refusal) = match outcome {
            Outcome::In(code, chal) => (code, chal, None),
            Outcome::Asked(code, chal) => (code, Some(chal), Some(code)),
            Outcome::Refused(code) => (code, None, Some(code)),
        };
        let mut statuses = statuses::of(
            heard.message,
            session.version,
            heard.device,
            refusal,
            switches,
        );
        if !session.package_1 && on("alert-in-package-3-unanswered") {
            statuses.retain(|status| status.cmd != "Alert");
        }
        let aborted = heard
            .message
            .requests()
            .any(|c| c.name == "Alert" && c.code() == 1223);
        let mut orders = Vec::new();
        let stage = match refusal {
            Some(401 | 407) => doc::Stage::Challenge,
            Some(_) => doc::Stage::Refusal,
            None => {
                let doubted = doubted.then(|| own::tries_again(session, switches));
                orders = next::choose(store, session, heard, (aborted, doubted), switches);
                match (heard.fin && !session.waiting, orders.is_empty()) {
                    (_, false) => doc::Stage::Managing,
                    (false, _) if !aborted => doc::Stage::NextMessage,
                    _ => doc::Stage::Closing,
                }
            }
        };

        let proof = if is_in {
            own::proof(store, session, heard.device, switches)
        } else {
            Proof::default()
        };
        let plan = Plan {
            facts: heard.facts(session, stage),
            msg: session.msg.to_string(),
            token: &session.token,
            target: value(heard.header.target.as_ref()).to_owned(),
            header_code: code,
            header_items: Vec::new(),
            chal,
            statuses,
            next_message: stage == doc::Stage::NextMessage,
            orders,
            fin: (heard.fin && !session.waiting) || aborted,
            proof,
        };
        let limit = session.max_msg_size.filter(|_| !on("max-msg-size-ignored"));
        let written = reply::fit(plan, limit, switches);
        for order in written.left.into_iter().rev() {
            store.device(&session.device).queue.push_front(order);
        }
        session.outstanding.extend(written.sent);
        // What did not fit at all is dropped, and the session may be over after all.
        let closing = stage == doc::Stage::Closing || written.stage == doc::Stage::Closing;
        if session.stage == Stage::Open && closing {
            session.stage = Stage::Closed;
        }
        if heard.fin && refusal.is_none() {
            session.package_1 = false;
        }
        if closing && session.msg > 1 && on("close-without-message") {
            return Answer::Http(204, "");
        }
        let keeper = store.device(heard.device);
        session.last = Some(Last {
            msg: heard.msg.to_owned(),
            request: heard.fingerprint(),
            answer: written.body.clone(),
            encoding: written.encoding,
            mac: written.mac.clone(),
            then: (keeper.nonces, keeper.queued),
        });
        Answer::Message {
            body: written.body,
            encoding: written.encoding,
            denied: code == 401,
            mac: written.mac,
        }
    }

    /// An answer outside any session: every command gets the code of the header.
    fn refuse(
        &self,
        heard: &Heard<'_, '_>,
        version: Version,
        code: u32,
        supported: &[&str],
    ) -> Answer {
        let mut session = Session::new(heard.device, String::new(), version, heard.call);
        session.msg = 1;
        limits_of(&mut session, heard.header);
        let plan = Plan {
            facts: heard.facts(&session, doc::Stage::Refusal),
            msg: session.msg.to_string(),
            token: "",
            target: value(heard.header.target.as_ref()).to_owned(),
            header_code: code,
            header_items: supported.iter().map(|&text| text.to_owned()).collect(),
            chal: None,
            statuses: statuses::of(
                heard.message,
                version,
                heard.device,
                Some(code),
                &self.switches,
            ),
            next_message: false,
            orders: Vec::new(),
            fin: heard.fin,
            proof: Proof::default(),
        };
        let written = reply::fit(plan, None, &self.switches);
        Answer::Message {
            body: written.body,
            encoding: written.encoding,
            denied: false,
            mac: None,
        }
    }
}

/// The answer that was given to the same message before, if the client may have lost it.
fn repeated(store: &mut Store, key: &Key, heard: &Heard<'_, '_>) -> Option<Answer> {
    let (nonces, queued) = {
        let keeper = store.device(heard.device);
        (keeper.nonces, keeper.queued)
    };
    let session = store.session(key)?;
    let last = session.last.as_ref()?;
    let same = last.msg == heard.msg && last.request == heard.fingerprint();
    // After its end, a session is only repeated while nothing has happened since.
    let current = session.stage == Stage::Open || last.then == (nonces, queued);
    (same && current).then(|| Answer::Message {
        body: last.answer.clone(),
        encoding: last.encoding,
        denied: false,
        mac: last.mac.clone(),
    })
}

/// MaxMsgSize and MaxObjSize bind until they are changed (OMA-TS-DM_Protocol 7).
fn limits_of(session: &mut Session, header: &Header<'_>) {
    let Some(meta) = &header.meta else { return };
    let size = |text: &Option<Text<'_>>| {
        text.as_ref()
            .and_then(Text::number)
            .and_then(|size| usize::try_from(size).ok())
    };
    session.max_msg_size = size(&meta.max_msg_size).or(session.max_msg_size);
    session.max_obj_size = size(&meta.max_obj_size).or(session.max_obj_size);
}
