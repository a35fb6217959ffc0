//! Reads profiles: from a file, from those that come with the suite, from a bare URL; and lays one over
//! the one that it extends.
//!
//! It does not look whether files, variables or hosts that a profile names are there.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::check::{Wrong, check};
use super::{Claims, Device, Listen, Profile, RunLimits, Secret, Target, discreet};
use crate::diagnostic::Diagnostic;
use crate::yaml;

static PROFILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// The device of a bare URL.
const BARE_DEVICE: &str = "assay-a";

/// The names of the profiles that come with the suite.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = PROFILES
        .files()
        .filter_map(|file| file.path().to_str()?.strip_suffix(".yaml"))
        .collect();
    names.sort_unstable();
    names
}

/// The profile of this name that comes with the suite.
pub fn embedded(name: &str) -> Result<Profile, Diagnostic> {
    let file = format!("{name}.yaml");
    let Some(source) = PROFILES
        .get_file(&file)
        .and_then(include_dir::File::contents_utf8)
    else {
        return Err(Diagnostic::of_file(
            &format!("profile {name}"),
            &unknown(name),
        ));
    };
    read(&format!("profiles/{file}"), source)
}

/// The profile in this file. The files that it names are found from where it is.
pub fn load(path: impl AsRef<Path>) -> Result<Profile, Diagnostic> {
    let path = path.as_ref();
    let source = yaml::read_file(path)?;
    let mut profile = read(&path.display().to_string(), &source)?;
    if let Some(folder) = path.parent() {
        for file in profile.files() {
            *file = folder.join(&file);
        }
    }
    Ok(profile)
}

/// A profile from its text: read, laid over the one that it extends, and checked.
pub fn read(file: &str, source: &str) -> Result<Profile, Diagnostic> {
    let told = |wrong: Wrong| discreet::line(wrong.diagnostic(file, source), source);
    let profile: Profile =
        yaml::read(file, source).map_err(|problem| discreet::value(problem, source))?;
    check(&profile).map_err(told)?;
    let Some(name) = profile.extends.clone() else {
        return Ok(profile.with_a_device());
    };
    if !names().contains(&name.as_str()) {
        return Err(told(Wrong::new("extends", &name, unknown(&name))));
    }
    let base = embedded(&name)?;
    if base.extends.is_some() {
        let message = format!("`{name}` extends another profile itself; one level only");
        return Err(told(Wrong::new("extends", &name, message)));
    }
    let whole = profile.over(base);
    check(&whole).map_err(told)?;
    Ok(whole.with_a_device())
}

fn unknown(name: &str) -> String {
    let hint = crate::words::hint(name, names());
    format!(
        "no profile of the suite is named `{name}`; there are {}{hint}",
        names().join(", ")
    )
}

impl Profile {
    /// The profile of a target of which nothing is known but its URL.
    pub fn for_url(url: &str) -> Result<Self, Diagnostic> {
        let profile = Self {
            assay: 1,
            target: Target {
                url: Some(url.to_owned()),
                ..Target::default()
            },
            ..Self::default()
        };
        check(&profile).map_err(|wrong| Diagnostic::of_file("--target", &wrong.message))?;
        Ok(profile.with_a_device())
    }

    /// The same with a device to speak, where it names none.
    fn with_a_device(mut self) -> Self {
        if self.devices.is_empty() {
            self.devices.push(Device {
                id: BARE_DEVICE.to_owned(),
                ..Device::default()
            });
        }
        self
    }

    /// The paths of all files that it names.
    fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let devices = self.devices.iter_mut();
        let secrets = devices.flat_map(|device| [&mut device.password, &mut device.pin]);
        let server = self.server.as_mut().map(|server| &mut server.password);
        let secrets = secrets.flatten().chain(server);
        let secrets = secrets.filter_map(|secret| match secret {
            Secret::File(path) => Some(path),
            Secret::Text(_) | Secret::Env(_) => None,
        });
        let target = [&mut self.target.ca, &mut self.target.client_cert];
        target.into_iter().flatten().chain(secrets)
    }

    /// What cannot be right in it, for profiles that were changed after they were read.
    pub fn validate(&self) -> Result<(), String> {
        check(self).map_err(|wrong| wrong.message)
    }

    /// This profile, with the values of another where it gives none.
    fn over(self, base: Self) -> Self {
        let mut hooks = base.hooks;
        hooks.extend(self.hooks);
        Self {
            assay: self.assay,
            extends: self.extends,
            role: self.role.or(base.role),
            target: self.target.over(base.target),
            claims: self.claims.over(base.claims),
            devices: if self.devices.is_empty() {
                base.devices
            } else {
                self.devices
            },
            server: self.server.or(base.server),
            listen: self.listen.over(base.listen),
            hooks,
            owner: self.owner.or(base.owner),
            limits: self.limits.over(&base.limits),
            baseline: if self.baseline.is_empty() {
                base.baseline
            } else {
                self.baseline
            },
        }
    }
}

impl Target {
    fn over(self, base: Self) -> Self {
        let mut headers = base.headers;
        headers.extend(self.headers);
        Self {
            url: self.url.or(base.url),
            secure_url: self.secure_url.or(base.secure_url),
            ca: self.ca.or(base.ca),
            ca_pem: self.ca_pem.or(base.ca_pem),
            signers: self.signers.or(base.signers),
            client_cert: self.client_cert.or(base.client_cert),
            client_cert_pem: self.client_cert_pem.or(base.client_cert_pem),
            insecure: self.insecure || base.insecure,
            headers,
            query: self.query.or(base.query),
            download_hosts: if self.download_hosts.is_empty() {
                base.download_hosts
            } else {
                self.download_hosts
            },
        }
    }
}

impl Claims {
    fn over(self, base: Self) -> Self {
        Self {
            versions: self.versions.or(base.versions),
            encodings: self.encodings.or(base.encodings),
            auth: self.auth.or(base.auth),
            protocols: self.protocols.or(base.protocols),
            generations: self.generations.or(base.generations),
            carriers: self.carriers.or(base.carriers),
        }
    }
}

impl Listen {
    fn over(self, base: Self) -> Self {
        Self {
            pap: self.pap.or(base.pap),
            smpp: self.smpp.or(base.smpp),
            udp: self.udp.or(base.udp),
            host: self.host.or(base.host),
        }
    }
}

impl RunLimits {
    fn over(&self, base: &Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(base.timeout_ms),
            answer_bytes: self.answer_bytes.or(base.answer_bytes),
            pause_ms: self.pause_ms.or(base.pause_ms),
        }
    }
}
