//! What the server answers: who asks, with which token, for what, and what comes of it.
//!
//! Routes and rules of HTTP are in `server`, lawful input that only a switched peer refuses in
//! `stumble`, the documents' elements in `package` and in `wire`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_wire::pull::{
    Action, ClientSettingsDraft, DevicePoll, InstructionsDraft, Kind, LocationDraft,
    LocationRequest, MOST_ID, PackageLocationDraft, PollResponseDraft, ReportKind, Status,
};
use assay_wire::{Tree, xml};

use super::asked::{Asked, Wanted, read};
use super::doc::{Doc, Facts};
use super::package::Package;
use super::store::{Device, Held, Poll, Report, Store};
use super::stumble;
use crate::switch::{Family, Switches};

/// A request as the service sees it.
#[derive(Debug, Default)]
pub(crate) struct Call<'a> {
    /// The value of each field of the service, where it is there and is text.
    pub(crate) uuid: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) timestamp: Option<&'a str>,
    pub(crate) client_version: Option<&'a str>,
    pub(crate) action: Option<&'a str>,
    pub(crate) report_type: Option<&'a str>,
    pub(crate) filename: Option<&'a str>,
    /// The media type.
    pub(crate) media_type: Option<&'a str>,
    /// Scheme, host and port as the agent reached them.
    pub(crate) origin: String,
    /// Host and port.
    pub(crate) host: String,
    /// The body.
    pub(crate) body: &'a [u8],
}

/// What comes of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Refused with this HTTP status, and why.
    Refused(u16, &'static str),
    /// Taken, with nothing to say.
    Taken,
    /// A document.
    Document(Answered),
}

/// A document and what stands beside it.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// Its octets.
    pub(crate) body: Vec<u8>,
    /// The token from now on.
    pub(crate) token: Option<String>,
    /// The mark of the poll.
    pub(crate) timestamp: Option<String>,
}

/// How a request may go on that is let in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Admitted {
    Fresh,
    /// A poll that was answered already.
    Again,
}

/// The service.
#[derive(Debug)]
pub(crate) struct Server {
    /// What it does otherwise.
    pub(crate) switches: Arc<Switches>,
    store: Mutex<Store>,
}

type Refusal = (u16, &'static str);

impl Server {
    /// One that knows nobody.
    pub(crate) fn new(switches: Arc<Switches>) -> Self {
        let store = Mutex::new(Store::new(&switches.options));
        Self { switches, store }
    }

    /// What it remembers.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request.
    pub(crate) fn answer(&self, call: &Call<'_>) -> Answer {
        self.try_answer(call)
            .unwrap_or_else(|(status, why)| Answer::Refused(status, why))
    }

    fn try_answer(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let switches = &*self.switches;
        let uuid = match call.uuid {
            Some(uuid) if !uuid.is_empty() => uuid,
            _ if switches.on("missing-uuid-accepted") => "nobody",
            _ => return Err((400, "X-Device-UUID is missing")),
        };
        let longest = if switches.on("long-uuid-refused") {
            64
        } else {
            MOST_ID
        };
        if uuid.len() > longest {
            return Err((400, "X-Device-UUID is too long"));
        }
        let Some(wanted) = self.wanted(call)? else {
            return Ok(Answer::Taken);
        };
        let mut store = self.store();
        let admitted = self.admit(store.known_mut(uuid), call, wanted)?;
        if let Wanted::Report(ReportKind::File) = wanted {
            return self.file(store.device(uuid), call);
        }

        let tree = read(call.body, switches.on("entities-taken"));
        let asked = tree.as_ref().and_then(|tree| Asked::of(wanted, tree));
        let (Some(tree), Some(asked)) = (&tree, asked) else {
            return self.malformed(&mut store, uuid, wanted);
        };
        if let Some(status) = stumble::over(tree, &asked, call, switches) {
            return Err((status, "the peer stumbled"));
        }
        match asked {
            Asked::Poll(poll) => Ok(self.poll(&mut store, uuid, call, &poll, admitted)),
            Asked::Instructions(asked) => {
                let id = asked.id.map(|id| id.value).filter(|id| !id.is_empty());
                let id = id.ok_or((400, "no package is named"))?;
                self.instructions(&store, uuid, id)
            }
            Asked::Location(asked) => self.location(&store, uuid, call, &asked),
            Asked::Status(status) => self.status(store.device(uuid), &status),
            Asked::Software => {
                Ok(self.reported(store.device(uuid), ReportKind::Software, "", call))
            }
            Asked::Machine(_) => {
                Ok(self.reported(store.device(uuid), ReportKind::Machine, "", call))
            }
        }
    }

    /// What the fields ask for; nothing where a switch lets anything pass.
    fn wanted(&self, call: &Call<'_>) -> Result<Option<Wanted>, Refusal> {
        let switches = &*self.switches;
        let action = call.action.and_then(Action::named);
        match action {
            None if switches.on("unknown-action-accepted") => Ok(None),
            None => Err((400, "X-Device-Action names no action")),
            Some(Action::Status) if switches.on("status-at-other-url") => {
                Err((404, "statuses go elsewhere"))
            }
            Some(Action::Report) if switches.on("report-type-ignored") => {
                Ok(Some(Wanted::Report(ReportKind::Software)))
            }
            Some(Action::Report) => match call.report_type.and_then(ReportKind::named) {
                Some(kind) => Ok(Some(Wanted::Report(kind))),
                None if switches.on("unknown-report-type-accepted") => Ok(None),
                None => Err((400, "X-Device-ReportType names no report")),
            },
            Some(action) => Ok(Some(Wanted::Action(action))),
        }
    }

    /// Looks at the token. A device that nobody knows has none, and no record is made for it yet:
    /// what is refused leaves no trace.
    fn admit(
        &self,
        device: Option<&mut Device>,
        call: &Call<'_>,
        wanted: Wanted,
    ) -> Result<Admitted, Refusal> {
        let switches = &*self.switches;
        let is_poll = wanted == Wanted::Action(Action::Poll);
        let timestamp = call.timestamp.unwrap_or_default();
        if is_poll && call.timestamp == Some("") && switches.on("empty-timestamp-refused") {
            return Err((400, "X-Device-Timestamp is empty"));
        }
        let Some(device) = device else {
            return Ok(Admitted::Fresh);
        };
        if !is_poll && timestamp != device.timestamp && switches.on("timestamp-needed-everywhere") {
            return Err((400, "X-Device-Timestamp is not the last one"));
        }
        let Some(newest) = &device.token else {
            return Ok(Admitted::Fresh);
        };
        let expected = match device.earlier.back() {
            Some(before) if switches.on("newest-token-refused") => before,
            _ => newest,
        };
        let token = call.token.unwrap_or_default();
        let stale = device.earlier.iter().any(|old| old == token);
        if token == expected {
            device.shown = true;
            return Ok(Admitted::Fresh);
        }
        let this = Poll {
            token: token.to_owned(),
            timestamp: timestamp.to_owned(),
            body: number(call.body),
        };
        if is_poll && !device.shown && device.last.as_ref() == Some(&this) {
            return Ok(Admitted::Again);
        }
        // A device that has lost what it kept begins anew.
        let begins = is_poll && call.token == Some("") && timestamp.is_empty();
        let lax = if stale {
            switches.on("stale-token-accepted")
        } else {
            switches.on("wrong-token-accepted")
        };
        if begins || lax {
            return Ok(Admitted::Fresh);
        }
        let status = if switches.on("token-refused-with-403") {
            403
        } else {
            401
        };
        Err((status, "X-Device-Auth is not the newest token"))
    }

    fn malformed(&self, store: &mut Store, uuid: &str, wanted: Wanted) -> Result<Answer, Refusal> {
        let switches = &*self.switches;
        if wanted == Wanted::Action(Action::Poll) && switches.on("malformed-poll-forgets") {
            store.forget_packages(uuid);
        }
        if switches.on("malformed-message-crashes") {
            return Err((500, "the body cannot be read"));
        }
        if matches!(wanted, Wanted::Report(_)) && switches.on("malformed-report-acknowledged") {
            return Ok(Answer::Taken);
        }
        Err((400, "the body is not such a document"))
    }

    fn poll(
        &self,
        store: &mut Store,
        uuid: &str,
        call: &Call<'_>,
        poll: &DevicePoll<'_>,
        admitted: Admitted,
    ) -> Answer {
        let switches = &*self.switches;
        if admitted == Admitted::Fresh {
            if switches.on("record-forgotten-at-poll") && store.device(uuid).polls > 0 {
                store.forget_packages(uuid);
            }
            let token = store.draw();
            let device = store.device(uuid);
            device.polls += 1;
            device.timestamp = mark(device.polls);
            device.name = poll
                .device_name
                .as_ref()
                .map(|name| name.value.chars().take(MOST_ID).collect())
                .unwrap_or_default();
            let platform = poll.platform.as_ref().map(|platform| &*platform.value);
            device.old_agent = call.client_version.is_some_and(|v| v.starts_with("4."))
                || platform.is_some_and(|platform| platform.contains("4.2"));
            device.last = Some(Poll {
                token: call.token.unwrap_or_default().to_owned(),
                timestamp: call.timestamp.unwrap_or_default().to_owned(),
                body: number(call.body),
            });
            let keeps = device.token.is_some() && switches.on("token-not-rotated");
            if !keeps && !switches.on("token-not-handed-out") {
                device.rotate(token);
            }
        }
        let device = store.device(uuid);
        let mut packages: Vec<String> = device
            .packages
            .iter()
            .filter(|held| held.package.required || !switches.on("optional-packages-unlisted"))
            .map(|held| held.package.id.clone())
            .collect();
        if switches.on("packages-listed-once-only") {
            packages.retain(|id| device.listed.insert(id.clone()));
        }
        if packages.is_empty() && switches.on("empty-list-as-error") {
            return Answer::Refused(404, "no packages");
        }
        let quiet = switches.on("settings-left-out") && device.orders.is_empty();
        let orders = device.orders.iter().map(super::package::Order::draft);
        let orders = if switches.on("orders-forgotten") {
            Vec::new()
        } else {
            orders.collect()
        };
        let draft = PollResponseDraft {
            client: (!quiet).then(|| ClientSettingsDraft {
                version: Some("1.0".into()),
                poll_server: Some(call.host.clone()),
                poll_interval: Some("0000-00-00 01:00:00".into()),
                retry_count: Some("5".into()),
                retry_interval: Some("0000-00-00 00:03:00".into()),
            }),
            orders,
            packages,
        };
        let mut answered = self.write(draft.tree(), Kind::PollResponse, device);
        answered.token.clone_from(&device.token);
        if !switches.on("timestamp-not-sent") {
            answered.timestamp = Some(device.timestamp.clone());
        }
        Answer::Document(answered)
    }

    /// A package that a device asks for, if it may have it.
    fn package(&self, store: &Store, uuid: &str, id: &str, open: &str) -> Option<Held> {
        let own = store.known(uuid).and_then(|device| device.package(id));
        own.cloned().or_else(|| {
            let open = self.switches.on(open);
            open.then(|| store.of_anybody(id)).flatten()
        })
    }

    fn instructions(&self, store: &Store, uuid: &str, id: &str) -> Result<Answer, Refusal> {
        let switches = &*self.switches;
        let device = store.known(uuid).ok_or((404, "no such device"))?;
        let held = self.package(store, uuid, id, "packages-of-others-instructed");
        let held = match (device.packages.first(), held) {
            (Some(first), Some(_)) if switches.on("instructions-for-first-package") => {
                Some(first.clone())
            }
            (_, held) => held,
        };
        let source_files = !device.old_agent || switches.on("source-files-for-ce-42");
        let draft = InstructionsDraft {
            packages: match held {
                Some(held) => vec![held.package.draft(source_files)],
                None if switches.on("unknown-package-as-empty") => Vec::new(),
                None => return Err((404, "no such package for this device")),
            },
        };
        let answered = self.write(draft.tree(), Kind::Instructions, device);
        Ok(Answer::Document(self.beside(answered, device)))
    }

    fn location(
        &self,
        store: &Store,
        uuid: &str,
        call: &Call<'_>,
        asked: &LocationRequest<'_>,
    ) -> Result<Answer, Refusal> {
        let switches = &*self.switches;
        let id = asked.package_id.as_ref().map(|id| &*id.value);
        let id = id.filter(|id| !id.is_empty());
        let id = id.ok_or((400, "no package is named"))?;
        let device = store.known(uuid).ok_or((404, "no such device"))?;
        let held = self.package(store, uuid, id, "packages-of-others-located");
        let locations = match held {
            Some(held) => self.ways(&held, call, asked),
            None if switches.on("unknown-package-as-empty") => Vec::new(),
            None => return Err((404, "no such package for this device")),
        };
        let draft = PackageLocationDraft {
            package_id: id.to_owned(),
            locations,
        };
        let answered = self.write(draft.tree(), Kind::PackageLocation, device);
        Ok(Answer::Document(self.beside(answered, device)))
    }

    fn ways(
        &self,
        held: &Held,
        call: &Call<'_>,
        asked: &LocationRequest<'_>,
    ) -> Vec<LocationDraft> {
        let switches = &*self.switches;
        let Held { package, place } = held;
        let folder = format!("{}/packages/{place}/", call.origin);
        let collection = package.collection || switches.on("package-url-is-collection");
        let url = if collection {
            folder.clone()
        } else {
            folder.clone() + "package.cab"
        };
        let mut first = LocationDraft {
            metric: Some("1".into()),
            url: Some(url),
            ..LocationDraft::default()
        };
        if switches.on("smb-beside-http") {
            first.smb_path = Some(format!("\\\\files\\packages\\{place}"));
        }
        if switches.on("location-with-subnets") {
            let near = asked.addresses.iter().filter_map(|(_, subnet)| *subnet);
            first.subnets = near.map(|subnet| subnet.value.to_owned()).collect();
            first.subnets.push("192.0.2.0".to_owned());
        }
        let mut all = vec![first];
        if switches.on("several-locations") {
            all.push(LocationDraft {
                metric: Some("20".into()),
                url: Some(folder + "copy.cab"),
                ..LocationDraft::default()
            });
        }
        all
    }

    fn status(&self, device: &mut Device, status: &Status<'_>) -> Result<Answer, Refusal> {
        let mut all = Vec::new();
        for message in &status.messages {
            let package = message.package_id.map(|id| id.value).unwrap_or_default();
            let code = message
                .message_id
                .and_then(|id| id.value.parse::<u32>().ok());
            let time = message.timestamp.map(|time| time.value).unwrap_or_default();
            match code {
                Some(code) if !package.is_empty() && package.len() <= MOST_ID => {
                    all.push((package, code, time));
                }
                _ => return Err((400, "a status without package or code")),
            }
        }
        if all.is_empty() {
            return Err((400, "no status"));
        }
        for (package, code, time) in all {
            let time: String = time.chars().take(MOST_ID).collect();
            let new = device.note_status(package, code, &time);
            if !new && self.switches.on("status-repeat-refused") {
                return Err((409, "the status is known"));
            }
        }
        Ok(self.taken(device))
    }

    fn file(&self, device: &mut Device, call: &Call<'_>) -> Result<Answer, Refusal> {
        let name = call.filename.filter(|name| !name.is_empty());
        let name = name.ok_or((400, "X-Device-FullyQualifiedFilename is missing"))?;
        if let Some(status) = stumble::over_file(call, &self.switches) {
            return Err((status, "the peer stumbled"));
        }
        Ok(self.reported(device, ReportKind::File, name, call))
    }

    fn reported(
        &self,
        device: &mut Device,
        kind: ReportKind,
        name: &str,
        call: &Call<'_>,
    ) -> Answer {
        device.note_report(Report {
            kind: kind.value(),
            name: name.chars().take(MOST_ID).collect(),
            octets: call.body.len(),
        });
        self.taken(device)
    }

    fn taken(&self, device: &Device) -> Answer {
        let answered = self.beside(Answered::default(), device);
        if answered.token.is_none() && answered.timestamp.is_none() {
            return Answer::Taken;
        }
        Answer::Document(answered)
    }

    /// Fields that only a variant puts beside anything but the answer to a poll.
    fn beside(&self, mut answered: Answered, device: &Device) -> Answered {
        if self.switches.on("token-in-all-answers") {
            answered.token.clone_from(&device.token);
        }
        if self.switches.on("timestamp-in-all-answers") && !device.timestamp.is_empty() {
            answered.timestamp = Some(device.timestamp.clone());
        }
        answered
    }

    /// Tree, switches, octets.
    fn write(&self, tree: Tree<'static>, kind: Kind, device: &Device) -> Answered {
        let facts = Facts {
            kind,
            old_agent: device.old_agent,
        };
        let mut doc = Doc { tree, facts };
        for apply in self.switches.documents() {
            apply(&mut doc);
        }
        let mut style = xml::Style {
            declaration: Some("version=\"1.0\" encoding=\"utf-8\"".to_owned()),
            ..xml::Style::default()
        };
        for apply in self.switches.xml_styles() {
            apply(&mut style);
        }
        let mut body = xml::write(&doc.tree, &style);
        for apply in self.switches.bodies(Family::Pull) {
            apply(&mut body);
        }
        Answered {
            body,
            ..Answered::default()
        }
    }
}

impl Package {
    /// Octets to download where nobody says which.
    pub(crate) fn octets(count: usize) -> Vec<u8> {
        (0..count)
            .map(|at| u8::try_from((at * 7 + at / 256) % 251).unwrap_or(0))
            .collect()
    }
}

/// The mark of a poll by its number: in the form of a date, as agents know it, and ever another.
fn mark(polls: u64) -> String {
    let (hours, minutes, seconds) = (polls / 3600 % 12, polls / 60 % 60, polls % 60);
    let day = 1 + polls / 43_200 % 28;
    format!("05/{day:02}/2031 {hours:02}:{minutes:02}:{seconds:02} AM")
}

fn number(octets: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    octets.hash(&mut hasher);
    hasher.finish()
}
