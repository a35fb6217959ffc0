//! The whole cycle of an agent, packages and reports (CE 6.0 documentation, "Device Management
//! Operation", "Download Events"). The clock is virtual: nothing waits for a start time or a
//! period.
//!
//! What the poll response says of the server is not followed: where that is says the profile.

use assay_suites::step::Http;
use assay_suites::step::pull::{self, Instructions, Location, Poll, Status};
use assay_wire::pull::{
    Behavior, DOWNLOAD_FAILED, DOWNLOAD_STARTED, DOWNLOAD_SUCCEEDED, EXECUTION_SUCCEEDED,
};

use crate::Recorder;
use crate::halt::Halt;
use crate::pull::database::{Instructed, Package, PackageState};
use crate::pull::{Actor, fetch, reports};

/// So many packages are looked after in one cycle.
const MOST_PACKAGES: usize = 16;
/// A message that fails is not sent more often than this again, whatever the server wants.
const MOST_RETRIES: u32 = 5;

impl Actor<'_> {
    /// Polls, fetches what is missing, forgets what is no longer listed, repeats what recurs,
    /// reports what is ordered.
    pub(super) async fn sync(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &pull::Sync,
    ) -> Result<(), Halt> {
        let name = step.device.clone().unwrap_or_else(|| "a".to_owned());
        let memory = &mut self.lease.device_mut(&name)?.pull;
        memory.wait();
        self.retries = memory.settings.retries.min(MOST_RETRIES);
        let done = self.cycle(recorder, number, &name).await;
        self.retries = 0;
        done
    }

    async fn cycle(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
    ) -> Result<(), Halt> {
        let poll = Poll {
            device: Some(name.to_owned()),
            ..Poll::default()
        };
        if !self.poll(recorder, number, &poll).await? {
            // A poll that failed changes nothing.
            return Ok(());
        }
        let device = self.device(name);
        let (orders, lists_more) = (device.orders.clone(), device.lists_more);
        let listed = device.listed.clone().unwrap_or_default();
        let memory = &mut self.lease.device_mut(name)?.pull;
        if !lists_more {
            memory.packages.retain(|id, _| listed.contains(id));
        }
        self.retries = memory.settings.retries.min(MOST_RETRIES);
        let mut events = 0;
        for id in &listed {
            let known = self.lease.device(name)?.pull.packages.get(id);
            let package = match known.map(|known| (&known.state, known.instructed)) {
                Some((PackageState::Done, instructed)) => {
                    let again = instructed.and_then(|known| Some((known, known.again?.0)));
                    let Some((instructed, behavior)) = again else {
                        continue;
                    };
                    self.again(recorder, number, name, id, instructed, behavior)
                        .await?
                }
                _ => self.install(recorder, number, name, id).await?,
            };
            let memory = &mut self.lease.device_mut(name)?.pull;
            memory.packages.insert(id.clone(), package);
            events += 1;
            if events == MOST_PACKAGES {
                break;
            }
        }
        for order in &orders {
            for report in reports::ordered(order, self.generation) {
                self.deliver(recorder, number, name, report, &Http::default())
                    .await?;
            }
        }
        Ok(())
    }

    /// A package that the device lacks, from its instructions to what is run.
    async fn install(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        id: &str,
    ) -> Result<Package, Halt> {
        let step = Instructions {
            device: Some(name.to_owned()),
            package: Some(id.to_owned()),
            ..Instructions::default()
        };
        let came = self.instructions(recorder, number, &step).await?;
        let known = self.device(name).instructed.get(id).copied();
        let Some(mut instructed) = known.filter(|_| came) else {
            return Ok(Package {
                state: PackageState::Pending,
                instructed: None,
            });
        };
        // The oldest agents know of no packages without files.
        instructed.source_files |= !self.generation.has_source_files();
        let state = self.event(recorder, number, name, id, instructed).await?;
        Ok(Package {
            state,
            instructed: Some(instructed),
        })
    }

    /// A package that is there and whose period is over.
    async fn again(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        id: &str,
        instructed: Instructed,
        behavior: Behavior,
    ) -> Result<Package, Halt> {
        let now = Instructed {
            source_files: instructed.source_files && behavior == Behavior::DownloadAndExecute,
            ..instructed
        };
        self.event(recorder, number, name, id, now).await?;
        // What was fetched before is still there where it could not be fetched again.
        Ok(Package {
            state: PackageState::Done,
            instructed: Some(instructed),
        })
    }

    /// The download event of a package.
    async fn event(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        id: &str,
        instructed: Instructed,
    ) -> Result<PackageState, Halt> {
        if let Some(start) = instructed.start {
            self.lease.device_mut(name)?.pull.clock.reach(start);
        }
        if instructed.source_files {
            let step = Location {
                device: Some(name.to_owned()),
                package: Some(id.to_owned()),
                ..Location::default()
            };
            if !self.location(recorder, number, &step).await? {
                return Ok(PackageState::Pending);
            }
            // Nothing is said to have begun where nothing may.
            let ways = fetch::ways(self.target, self.device(name), id)?;
            if ways.is_empty() {
                return Ok(PackageState::Pending);
            }
            self.say(recorder, number, name, id, DOWNLOAD_STARTED, None)
                .await?;
            let octets = match self.obtain(recorder, number, name, id, &ways).await? {
                Ok(octets) => octets,
                Err(left) => {
                    self.say(recorder, number, name, id, DOWNLOAD_FAILED, None)
                        .await?;
                    return Ok(left);
                }
            };
            self.say(recorder, number, name, id, DOWNLOAD_SUCCEEDED, Some(octets))
                .await?;
        }
        if instructed.command {
            self.say(recorder, number, name, id, EXECUTION_SUCCEEDED, None)
                .await?;
        }
        Ok(PackageState::Done)
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
