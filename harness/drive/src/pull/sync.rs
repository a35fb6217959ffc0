//! The whole cycle of an agent, packages and reports (CE 6.0 documentation, "Device Management
//! Operation", "Download Events"). The clock is virtual: nothing waits for a start time or a
//! period.

use assay_suites::step::pull::{self, Download, Instructions, Location, Poll, Status};
use assay_wire::pull::{
    DOWNLOAD_FAILED, DOWNLOAD_STARTED, DOWNLOAD_SUCCEEDED, EXECUTION_SUCCEEDED,
};

use crate::Recorder;
use crate::halt::Halt;
use crate::pull::agent::Instructed;
use crate::pull::database::PackageState;
use crate::pull::fetch::{self, Came};
use crate::pull::{Actor, reports};

/// So many packages are fetched in one cycle.
const MOST_PACKAGES: usize = 16;
/// So often a download goes on after it broke.
const RESUMED: u32 = 3;

impl Actor<'_> {
    /// Polls, fetches what is missing, forgets what is no longer listed, reports what is ordered.
    pub(super) async fn sync(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &pull::Sync,
    ) -> Result<(), Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let poll = Poll {
            device: Some(name.clone()),
            ..Poll::default()
        };
        if !self.poll(recorder, number, &poll).await? {
            // A poll that failed changes nothing.
            return Ok(());
        }
        let device = self.device(&name);
        let listed = device.listed.clone().unwrap_or_default();
        let orders = device.orders.clone();
        let memory = &mut self.leased_mut(&name)?.pull;
        memory.packages.retain(|id, _| listed.contains(id));
        let missing: Vec<String> = listed.into_iter().filter(|id| !memory.holds(id)).collect();
        for package in missing.iter().take(MOST_PACKAGES) {
            let state = self.fetch(recorder, number, &name, package).await?;
            let memory = &mut self.leased_mut(&name)?.pull;
            memory.packages.insert(package.clone(), state);
        }
        if missing.len() > MOST_PACKAGES {
            return Err(Halt::Stuck(format!(
                "the server lists {} packages that the device lacks; {MOST_PACKAGES} were fetched",
                missing.len()
            )));
        }
        for order in &orders {
            let report = pull::Report {
                device: Some(name.clone()),
                ..reports::ordered(order)
            };
            self.report(recorder, number, &report).await?;
        }
        Ok(())
    }

    /// The download event of one package, from the instructions to what is run.
    async fn fetch(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        package: &str,
    ) -> Result<PackageState, Halt> {
        let step = Instructions {
            device: Some(name.to_owned()),
            package: Some(package.to_owned()),
            ..Instructions::default()
        };
        let instructed = if self.instructions(recorder, number, &step).await? {
            self.device(name).instructed.get(package).copied()
        } else {
            None
        };
        let Some(instructed) = instructed else {
            return Ok(PackageState::Pending);
        };
        if instructed.source_files || !self.generation.has_source_files() {
            let step = Location {
                device: Some(name.to_owned()),
                package: Some(package.to_owned()),
                ..Location::default()
            };
            if !self.location(recorder, number, &step).await? {
                return Ok(PackageState::Pending);
            }
            // Nothing is said to have begun where nothing may.
            fetch::url(self.target, self.device(name), package)?;
            self.say(recorder, number, name, package, DOWNLOAD_STARTED, None)
                .await?;
            let came = self.resume(recorder, number, name, package).await?;
            let Came::Whole(octets) = came else {
                self.say(recorder, number, name, package, DOWNLOAD_FAILED, None)
                    .await?;
                return self.left(name, package, came);
            };
            self.say(
                recorder,
                number,
                name,
                package,
                DOWNLOAD_SUCCEEDED,
                Some(octets),
            )
            .await?;
        }
        if let Instructed { command: true, .. } = instructed {
            self.say(recorder, number, name, package, EXECUTION_SUCCEEDED, None)
                .await?;
        }
        Ok(PackageState::Done)
    }

    /// Downloads a package, from where it broke before if it is still on the same server.
    async fn resume(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        package: &str,
    ) -> Result<Came, Halt> {
        let origin = fetch::url(self.target, self.device(name), package)?.origin();
        let mut from = match self.leased(name)?.pull.packages.get(package) {
            Some(PackageState::Broken {
                origin: then,
                octets,
            }) if *then == origin.ascii_serialization() => *octets,
            _ => 0,
        };
        let mut came = Came::Nothing;
        for _ in 0..=RESUMED {
            let step = Download {
                device: Some(name.to_owned()),
                package: Some(package.to_owned()),
                from: Some(from).filter(|from| *from > 0),
                ..Download::default()
            };
            came = self.download(recorder, number, &step).await?;
            match came {
                Came::Part(octets) if octets > from => from = octets,
                _ => break,
            }
        }
        Ok(came)
    }

    /// The state of a package whose download failed.
    fn left(&mut self, name: &str, package: &str, came: Came) -> Result<PackageState, Halt> {
        let Came::Part(octets) = came else {
            return Ok(PackageState::Failed);
        };
        let url = fetch::url(self.target, self.device(name), package)?;
        Ok(PackageState::Broken {
            origin: url.origin().ascii_serialization(),
            octets,
        })
    }

    async fn say(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        package: &str,
        id: u32,
        octets: Option<u64>,
    ) -> Result<(), Halt> {
        let octets = octets.map(|octets| ("bytes".to_owned(), octets.to_string()));
        let step = Status {
            device: Some(name.to_owned()),
            package: Some(package.to_owned()),
            ids: Some(vec![id]),
            parameters: octets.into_iter().collect(),
            ..Status::default()
        };
        self.status(recorder, number, &step).await
    }
}
