//! Fetches packages: folders are listed first, and what broke is gone on with from where it broke
//! (CE 6.0 documentation, "Checkpoint Restart").
//!
//! What an answer means stands in `fetch`, the messages before and after in `sync`.

use assay_suites::step::Http;
use assay_suites::step::pull::Download;
use assay_wire::recording::Breakage;
use reqwest::Url;

use crate::halt::Halt;
use crate::outgoing;
use crate::pull::Actor;
use crate::pull::compose::is_lawful_request;
use crate::pull::database::PackageState;
use crate::pull::fetch::{self, Came};
use crate::{Outcome, Recorder, Tag};

/// So often a download goes on after it broke.
const RESUMED: u32 = 3;
/// So many locations of a package are tried.
const MOST_WAYS: usize = 3;

/// What a request for a package, or for a part of it, came to.
struct Fetched {
    came: Came,
    /// True where the link broke.
    broke: bool,
    /// True where it may be worth going on at once: something came, and the target ended it.
    go_on: bool,
}

impl Actor<'_> {
    /// Fetches a package or a part of it. A link that breaks after some of it came ends nothing.
    pub(super) async fn download(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Download,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let package = self.package(&name, step.package.as_ref())?;
        let mut url = fetch::way(self.target, self.device(&name), &package)?;
        if fetch::is_folder(&url) && !step.propfind {
            // A folder has nothing to give but what is in it.
            let files = self.list(recorder, number, &name, &url).await?;
            url = files.into_iter().next().unwrap_or(url);
        }
        let fetched = self.get(recorder, number, &name, &url, step).await?;
        if fetched.broke && fetched.came == Came::Nothing {
            return Err(Halt::Over);
        }
        Ok(())
    }

    /// Fetches a package by the first of these ways that gives it. Gives how many octets came, or
    /// what is left of the attempt.
    pub(super) async fn obtain(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        package: &str,
        ways: &[Url],
    ) -> Result<Result<u64, PackageState>, Halt> {
        let mut left = PackageState::Failed;
        for way in ways.iter().take(MOST_WAYS) {
            let files = if fetch::is_folder(way) {
                self.list(recorder, number, name, way).await?
            } else {
                Vec::new()
            };
            if !files.is_empty() {
                if let Some(octets) = self.all(recorder, number, name, &files).await? {
                    return Ok(Ok(octets));
                }
                continue;
            }
            let origin = way.origin().ascii_serialization();
            let known = self.lease.device(name)?.pull.packages.get(package);
            let from = match known.map(|known| &known.state) {
                Some(PackageState::Broken {
                    origin: then,
                    octets,
                }) if *then == origin => *octets,
                _ => 0,
            };
            match self.file(recorder, number, name, way, from).await? {
                Came::Whole(octets) => return Ok(Ok(octets)),
                Came::Part(octets) if octets > 0 => left = PackageState::Broken { origin, octets },
                Came::Part(_) | Came::Nothing => {}
            }
        }
        Ok(Err(left))
    }

    /// All files of a folder. Gives how many octets they have together.
    async fn all(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        files: &[Url],
    ) -> Result<Option<u64>, Halt> {
        let mut together = 0_u64;
        for url in files {
            match self.file(recorder, number, name, url, 0).await? {
                Came::Whole(octets) => together = together.saturating_add(octets),
                Came::Part(_) | Came::Nothing => return Ok(None),
            }
        }
        Ok(Some(together))
    }

    /// One file from this octet on, and on from where it breaks.
    async fn file(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        url: &Url,
        mut from: u64,
    ) -> Result<Came, Halt> {
        let mut came = Came::Nothing;
        for _ in 0..=RESUMED {
            let step = Download {
                from: Some(from).filter(|from| *from > 0),
                ..Download::default()
            };
            let fetched = self.get(recorder, number, name, url, &step).await?;
            came = match fetched.came {
                // What was there before the link broke is still there.
                Came::Nothing if fetched.broke && from > 0 => Came::Part(from),
                came => came,
            };
            match came {
                Came::Part(octets) if octets > from && fetched.go_on => from = octets,
                _ => break,
            }
        }
        Ok(came)
    }

    /// What is in a folder; nothing where the server does not say.
    async fn list(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        folder: &Url,
    ) -> Result<Vec<Url>, Halt> {
        if let Some(files) = self.device(name).folders.get(folder) {
            return Ok(files.clone());
        }
        let step = Download {
            propfind: true,
            ..Download::default()
        };
        self.get(recorder, number, name, folder, &step).await?;
        let files = self.device(name).folders.get(folder);
        Ok(files.cloned().unwrap_or_default())
    }

    /// One request for these octets, or for what is in a folder.
    async fn get(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        url: &Url,
        step: &Download,
    ) -> Result<Fetched, Halt> {
        let mut fields = if step.management_headers {
            let mut fields = self.envelope(name)?.fields(None, None, None);
            fields.retain(|(name, _)| name != "Content-Type");
            fields
        } else {
            vec![("User-Agent".to_owned(), outgoing::USER_AGENT.to_owned())]
        };
        fields.extend(fetch::fields(step)?);
        let method = if step.propfind { "PROPFIND" } else { "GET" };
        let http = Http {
            method: step.http.method.clone().or_else(|| Some(method.to_owned())),
            secure: false,
            ..step.http.clone()
        };
        // Only a folder has something to list.
        let lawful = !step.propfind || fetch::is_folder(url);
        let place = outgoing::with_query(url.clone(), http.query.as_deref());
        let (target, body, secrets) = (self.target, Vec::new(), Vec::new());
        let mut out = outgoing::outgoing(target, url.clone(), &http, fields, body, secrets)?;
        // The URL of a package is whole: the profile adds nothing to its query.
        out.url = place;
        let tag = Tag {
            step: number,
            session: self.session(name),
            lawful: lawful && is_lawful_request(&http, method, false),
            device: name.to_owned(),
        };
        let from = step.from.unwrap_or_default();
        let outcome = self.put_on_the_wire(recorder, name, out, tag).await;
        let limits = self.limits();
        let part = |raw: &[u8]| fetch::broke(raw, from, &limits);
        let (came, broke, go_on) = match &outcome {
            Outcome::Answer(response) => (fetch::came(response, from), false, true),
            // Too much of it: an agent has no room for more than it was promised.
            Outcome::Broke(Breakage::TooLong, _) => (Came::Nothing, false, false),
            Outcome::Broke(Breakage::Closed, _) => (part(recorder.last_received()), true, true),
            // Whoever stalls once is not waited for again.
            Outcome::Broke(Breakage::Timeout, _) => (part(recorder.last_received()), true, false),
            Outcome::Broke(Breakage::Garbled, _) | Outcome::Refused(_) => {
                (Came::Nothing, true, false)
            }
        };
        let response = match outcome {
            Outcome::Answer(response) => Some(response),
            _ => None,
        };
        if step.propfind
            && let Some(response) = &response
        {
            let files = fetch::members(response, url, &limits);
            self.device(name).folders.insert(url.clone(), files);
        }
        Ok(Fetched { came, broke, go_on })
    }
}
