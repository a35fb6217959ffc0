//! What the command line and its tests share: suites loaded and compiled, and the built-in peers
//! as targets.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use assay_judge::Rules;
use assay_peers::{Running, Switches, UnknownSwitch};
use assay_run::{Bench, Suite};
use assay_suites::profile::{self, Device, Owner, Profile, Secret};
use assay_suites::suite::Role;
use assay_suites::{Catalogue, Diagnostic, lint};
use assay_wire::digest;

/// The suites, built in or from a folder, with their rules compiled. What a folder holds
/// is linted first: a name that stands for nothing would be a case that is not played, or not judged.
///
/// # Errors
///
/// All diagnostics, rendered.
pub fn suite(folder: Option<&Path>) -> anyhow::Result<Arc<Suite>> {
    let catalogue = match folder {
        Some(folder) => Catalogue::from_dir(folder),
        None => Catalogue::embedded(),
    };
    let catalogue = catalogue.map_err(|diagnostics| joined(&diagnostics))?;
    let found = folder.map_or_else(Vec::new, |_| lint::check_meaning(&catalogue));
    if !found.is_empty() {
        return Err(joined(&found));
    }
    let rules = Rules::compile(&catalogue).map_err(|diagnostics| joined(&diagnostics))?;
    Ok(Arc::new(Suite { catalogue, rules }))
}

/// Diagnostics as one error.
pub fn joined(diagnostics: &[Diagnostic]) -> anyhow::Error {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    anyhow!("{}", lines.join("\n"))
}

/// The switches of these names.
///
/// # Errors
///
/// A name that is no switch.
pub fn switches(faults: &[String], variants: &[String]) -> Result<Switches, UnknownSwitch> {
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    let variants: Vec<&str> = variants.iter().map(String::as_str).collect();
    Switches::new(&faults, &variants)
}

/// How long a trivial peer is waited for.
const TRIVIAL_MS: u64 = 50;

/// The built-in peer of a role as something to run against.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn(pub Role);

/// The roles that a built-in peer plays.
pub const BUILT_IN: [BuiltIn; 4] = [
    BuiltIn(Role::DmServer),
    BuiltIn(Role::CpServer),
    BuiltIn(Role::Ppg),
    BuiltIn(Role::PullServer),
];

impl Bench for BuiltIn {
    type Peer = Running;

    fn role(&self) -> Role {
        self.0
    }

    fn faults(&self) -> Vec<String> {
        let faults = self.family().into_iter().flat_map(assay_peers::faults);
        faults.map(|fault| fault.name.to_owned()).collect()
    }

    fn variants(&self) -> Vec<String> {
        let variants = self.family().into_iter().flat_map(assay_peers::variants);
        variants.map(|variant| variant.name.to_owned()).collect()
    }

    async fn start(
        &self,
        faults: &[String],
        variants: &[String],
    ) -> io::Result<(Running, Profile)> {
        let switches = switches(faults, variants).map_err(io::Error::other)?;
        let running = assay_peers::start(switches, SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let profile = self.profile(&running).map_err(io::Error::other)?;
        Ok((running, profile))
    }

    fn trivial(&self) -> Vec<String> {
        // That there is nothing to have is right however often a management server says it, and so is a
        // document that is pushed once more.
        let follows = matches!(self.0, Role::DmServer | Role::Ppg);
        let is_trivial = |peer: &&str| follows || *peer != "repeats";
        let peers = assay_peers::trivial().filter(is_trivial);
        peers.map(str::to_owned).collect()
    }

    async fn start_trivial(&self, name: &str) -> io::Result<(Running, Profile)> {
        let running = assay_peers::start_trivial(name).await?;
        let mut profile = self.profile(&running).map_err(io::Error::other)?;
        profile.target.secure_url = None;
        profile.target.ca_pem = None;
        profile.target.client_cert_pem = None;
        // Most of it is waiting for what never comes.
        profile.limits.timeout_ms = Some(TRIVIAL_MS);
        Ok((running, profile))
    }
}

impl BuiltIn {
    /// The family that its switches stand under; absent for a role that no peer plays.
    pub fn family(self) -> Option<assay_peers::Family> {
        match self.0 {
            Role::DmServer => Some(assay_peers::Family::Dm),
            Role::PullServer => Some(assay_peers::Family::Pull),
            Role::CpServer => Some(assay_peers::Family::Cp),
            Role::Ppg => Some(assay_peers::Family::Ppg),
            _ => None,
        }
    }

    /// The profile that goes with it, without its URLs.
    ///
    /// # Errors
    ///
    /// What is wrong with that profile.
    pub fn reference(self) -> Result<Profile, Diagnostic> {
        profile::embedded(match self.0 {
            Role::CpServer => "reference-cp",
            Role::Ppg => "reference-ppg",
            Role::PullServer => "reference-pull",
            _ => "reference",
        })
    }

    fn profile(self, running: &Running) -> Result<Profile, Diagnostic> {
        let (url, secure_url) = match self.0 {
            Role::PullServer => (&running.pull, &running.pull_secure),
            Role::CpServer => (&running.cp_admin, &running.cp_admin),
            Role::Ppg => (&running.ppg, &running.ppg),
            _ => (&running.dm, &running.dm_secure),
        };
        let mut profile = self.reference()?;
        if self.0 == Role::CpServer {
            profile.target.signers = Some(assay_wire::authenticode::specimen::ROOT.to_owned());
        }
        if self.0 == Role::Ppg {
            let (name, value) = ("Authorization", digest::basic("assay", "secret-assay"));
            let headers = &mut profile.target.headers;
            headers.insert(name.to_owned(), format!("Basic {value}"));
        }
        let pems = [&running.ca_pem, &running.client_pem];
        Ok(Self::dressed(
            profile,
            [url, secure_url],
            pems.map(String::as_str),
        ))
    }

    /// The profile of a built-in server that listens at these URLs, the second with TLS, with its root and
    /// the certificate of a client as PEM.
    ///
    /// The server knows every device named `assay-…`, so that many cases play side by side.
    pub fn dressed(mut profile: Profile, urls: [&str; 2], pems: [&str; 2]) -> Profile {
        let ([url, secure_url], [ca, client]) = (urls, pems);
        profile.target.url = Some(url.to_owned());
        profile.target.secure_url = Some(secure_url.to_owned());
        profile.target.ca_pem = Some(ca.to_owned());
        profile.target.client_cert_pem = Some(client.to_owned());
        profile.owner = Some(Owner::Mine);
        profile.devices = (1..=16)
            .map(|number| {
                let id = format!("assay-{number}");
                let password = Some(Secret::Text(format!("secret:{id}:\u{e9}")));
                Device {
                    user: Some(format!("user-{number}")),
                    id,
                    password,
                    address: Some(format!("+1555010{number:02}")),
                    // Half of them have an even number of digits.
                    imsi: Some(format!("00101{:0width$}", number, width = 9 + number % 2)),
                    pin: Some(Secret::Text(format!("73{number:02}84"))),
                }
            })
            .collect();
        profile
    }
}
