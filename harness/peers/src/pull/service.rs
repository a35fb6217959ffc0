//! What the server answers: who asks, with which token, for what, and what comes of it.
//!
//! Routes and rules of HTTP are in `server`, tokens in `door`, the answer to a poll in `poll`, what
//! agents tell in `told`, lawful input that only a switched peer refuses in `stumble`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_wire::pull::{
    Action, InstructionsDraft, Kind, LocationDraft, LocationRequest, MOST_ID, PackageLocationDraft,
    ReportKind,
};
use assay_wire::{Tree, xml};

use super::asked::{Asked, Wanted, read};
use super::call::{Answer, Answered, Call, Refusal};
use super::doc::{Doc, Facts};
use super::store::{Device, Held, Store};
use super::{door, download, stumble};
use crate::switch::{Family, Switches};

/// The service.
#[derive(Debug)]
pub(crate) struct Server {
    /// What it does otherwise.
    pub(crate) switches: Arc<Switches>,
    store: Mutex<Store>,
}

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
        let Some(wanted) = door::wanted(call, switches)? else {
            return Ok(Answer::Taken);
        };
        let mut store = self.store();
        let admitted = door::admit(store.known_mut(uuid), call, wanted, switches)?;
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
            folder.clone() + download::FILE
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

    /// Fields that only a variant puts beside anything but the answer to a poll.
    pub(super) fn beside(&self, mut answered: Answered, device: &Device) -> Answered {
        if self.switches.on("token-in-all-answers") {
            answered.token.clone_from(&device.token);
        }
        if self.switches.on("timestamp-in-all-answers") && !device.timestamp.is_empty() {
            answered.timestamp = Some(device.timestamp.clone());
        }
        answered
    }

    /// Tree, switches, octets.
    pub(super) fn write(&self, tree: Tree<'static>, kind: Kind, device: &Device) -> Answered {
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
