//! Polls: what is kept of them, and the answer, with packages, settings and orders for reports.
//!
//! Who may poll is decided in `door`.

use assay_wire::pull::{ClientSettingsDraft, DevicePoll, Kind, MOST_ID, PollResponseDraft};

use super::call::{Answer, Call};
use super::door::Admitted;
use super::package::Order;
use super::service::Server;
use super::store::{Poll, Store};

/// How many packages the endless list names.
const ENDLESS: usize = 100_000;

impl Server {
    /// Answers a poll of this device.
    pub(super) fn poll(
        &self,
        store: &mut Store,
        uuid: &str,
        call: &Call<'_>,
        poll: &DevicePoll<'_>,
        admitted: Admitted,
    ) -> Answer {
        let on = |name| self.switches.on(name);
        if admitted == Admitted::Fresh {
            self.record(store, uuid, call, poll);
        }
        if on("html-for-polls") {
            return Answer::Page;
        }
        let whose = match store.polls_now(uuid) {
            Some(before) if on("answers-crossed") => before,
            _ => uuid.to_owned(),
        };
        let packages = self.packages(store, &whose);
        if packages.is_empty() && on("empty-list-as-error") {
            return Answer::Refused(404, "no packages");
        }
        let orders = &store.device(&whose).orders;
        let quiet = on("settings-left-out") && orders.is_empty();
        let draft = PollResponseDraft {
            client: (!quiet).then(|| ClientSettingsDraft {
                version: Some("1.0".into()),
                poll_server: Some(call.host.clone()),
                poll_interval: Some("0000-00-00 01:00:00".into()),
                retry_count: Some("5".into()),
                retry_interval: Some("0000-00-00 00:03:00".into()),
            }),
            orders: if on("orders-forgotten") {
                Vec::new()
            } else {
                orders.iter().map(Order::draft).collect()
            },
            packages,
        };
        let device = store.device(uuid);
        let mut answered = self.write(draft.tree(), Kind::PollResponse, device);
        answered.token.clone_from(&device.token);
        if !on("timestamp-not-sent") {
            answered.timestamp = Some(device.timestamp.clone());
        }
        Answer::Document(answered)
    }

    /// Brings the record of the device up to date, and gives it a new token and a new mark.
    fn record(&self, store: &mut Store, uuid: &str, call: &Call<'_>, poll: &DevicePoll<'_>) {
        let on = |name| self.switches.on(name);
        if on("record-forgotten-at-poll") && store.device(uuid).polls > 0 {
            store.forget_packages(uuid);
        }
        let token = store.draw();
        let device = store.device(uuid);
        device.polls += 1;
        device.timestamp = if on("timestamps-opaque") {
            format!("mark#{}", device.polls)
        } else {
            mark(device.polls)
        };
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
            body: call.fingerprint(),
        });
        let keeps = device.token.is_some() && on("token-not-rotated");
        if !keeps && !on("token-not-handed-out") {
            device.rotate(token);
        }
    }

    /// The ids of the packages that this device is to have.
    fn packages(&self, store: &mut Store, whose: &str) -> Vec<String> {
        let on = |name| self.switches.on(name);
        let device = store.device(whose);
        let mut ids: Vec<String> = device
            .packages
            .iter()
            .filter(|held| held.package.required || !on("optional-packages-unlisted"))
            .map(|held| held.package.id.clone())
            .collect();
        if on("packages-listed-once-only") {
            ids.retain(|id| device.listed.insert(id.clone()));
        }
        if on("packages-of-all-listed") {
            for id in store.ids() {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        if on("package-list-without-end") {
            let more = 1..=ENDLESS;
            ids.extend(more.map(|number| format!("00000000-0000-4000-8000-{number:012X}")));
        }
        ids
    }
}

/// The mark of a poll by its number: in the form of a date, as agents know it, and ever another.
fn mark(polls: u64) -> String {
    let (hours, minutes, seconds) = (polls / 3600 % 12, polls / 60 % 60, polls % 60);
    let day = 1 + polls / 43_200 % 28;
    format!("05/{day:02}/2031 {hours:02}:{minutes:02}:{seconds:02} AM")
}
