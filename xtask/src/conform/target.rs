//! What is judged, from the arguments: a profile file, a bare URL, or both.

use anyhow::Context as _;
use assay_suites::Catalogue;
use assay_suites::profile::{self, Device, Owner, Profile, Secret};
use assay_suites::suite::Role;
use assay_suites::words::hint;
use xtask::BuiltIn;

use crate::args::{Conform, Identity};

/// The profile that the arguments make: a file, a bare URL, or both; none for the built-in server.
pub(super) fn profile_of(args: &Conform, catalogue: &Catalogue) -> anyhow::Result<Option<Profile>> {
    let mut profile = match (&args.profile, &args.target) {
        (None, None) => {
            let flag = args.identity.given();
            anyhow::ensure!(
                flag.is_none(),
                "--{} says something about a target: give --target URL or --profile FILE",
                flag.unwrap_or_default()
            );
            return Ok(None);
        }
        (Some(file), _) => {
            profile::load(file).map_err(|diagnostic| anyhow::anyhow!("{diagnostic}"))?
        }
        (None, Some(url)) => {
            Profile::for_url(url).map_err(|diagnostic| anyhow::anyhow!("{diagnostic}"))?
        }
    };
    if let Some(url) = &args.target {
        profile.target.url = Some(url.clone());
    }
    anyhow::ensure!(
        profile.target.url.is_some(),
        "the profile names no target.url; give --target URL"
    );
    apply(&mut profile, &args.identity)?;
    profile.validate().map_err(anyhow::Error::msg)?;
    let checked = check_baseline(&profile, catalogue);
    match &args.profile {
        Some(file) => checked.with_context(|| file.display().to_string())?,
        None => checked?,
    }
    Ok(Some(profile))
}

/// Every entry of the baseline is about something that there is.
fn check_baseline(profile: &Profile, catalogue: &Catalogue) -> anyhow::Result<()> {
    for known in &profile.baseline {
        let id = &known.requirement;
        if catalogue.requirement(id).is_none() {
            let ids = catalogue.requirements().map(|(_, it)| it.id.value.as_str());
            anyhow::bail!(
                "the baseline names {id}, and there is no such requirement{}",
                hint(id, ids)
            );
        }
        // A case, or a run of it: `dm.x.y@1.2+xml`.
        let case = known
            .case
            .as_deref()
            .map(|case| case.split('@').next().unwrap_or(case));
        if let Some(case) = case.filter(|case| catalogue.case(case).is_none()) {
            let ids = catalogue.cases().map(|(_, it)| it.id.value.as_str());
            anyhow::bail!(
                "the baseline names {case}, and there is no such case{}",
                hint(case, ids)
            );
        }
    }
    Ok(())
}

/// Every fault and variant is one of a built-in server that will be played.
pub(super) fn check_switches(args: &Conform, role: Option<Role>) -> anyhow::Result<()> {
    let switches = xtask::switches(&args.fault, &args.variant)?;
    let Some(role) = role else { return Ok(()) };
    let own = BuiltIn(role).family();
    let stranger = switches.all().find(|switch| Some(switch.family) != own);
    anyhow::ensure!(
        stranger.is_none(),
        "`{}` is no switch of a {}: it would change nothing",
        stranger.map_or("", |switch| switch.name),
        role.name()
    );
    Ok(())
}

impl Identity {
    /// A flag that was given and is about a target.
    fn given(&self) -> Option<&'static str> {
        let flags = [
            ("user", self.user.is_some()),
            ("password", self.password.is_some()),
            ("password-file", self.password_file.is_some()),
            ("device", !self.device.is_empty()),
            ("ca", self.ca.is_some()),
            ("client-cert", self.client_cert.is_some()),
            ("insecure", self.insecure),
            ("header", !self.header.is_empty()),
            ("timeout", self.timeout.is_some()),
            ("mine", self.mine),
        ];
        flags
            .into_iter()
            .find(|(_, given)| *given)
            .map(|(name, _)| name)
    }
}

/// The device of this id: the one that a profile describes, or a new one where it describes none.
fn device(id: &str, known: &[Device]) -> anyhow::Result<Device> {
    if let Some(device) = known.iter().find(|device| device.id == id) {
        return Ok(device.clone());
    }
    let described = known
        .iter()
        .filter(|it| it.password.is_some() || it.user.is_some());
    let ids: Vec<&str> = described.map(|device| device.id.as_str()).collect();
    anyhow::ensure!(
        ids.is_empty(),
        "the profile describes no device {id}, but {}",
        ids.join(", ")
    );
    Ok(Device {
        id: id.to_owned(),
        ..Device::default()
    })
}

fn apply(profile: &mut Profile, identity: &Identity) -> anyhow::Result<()> {
    if !identity.device.is_empty() {
        let wanted = identity.device.iter();
        profile.devices = wanted
            .map(|id| device(id, &profile.devices))
            .collect::<Result<_, _>>()?;
    }
    let password = match (&identity.password, &identity.password_file) {
        (Some(password), _) => Some(Secret::Text(password.clone())),
        (None, Some(file)) => Some(Secret::File(file.clone())),
        (None, None) => None,
    };
    anyhow::ensure!(
        identity.device.len() < 2 || (password.is_none() && identity.user.is_none()),
        "one --user and one password are those of one --device; a profile gives each device its own"
    );
    for device in &mut profile.devices {
        if let Some(user) = &identity.user {
            device.user = Some(user.clone());
        }
        if let Some(password) = &password {
            device.password = Some(password.clone());
            device.user.get_or_insert_with(|| device.id.clone());
        }
    }
    for field in &identity.header {
        // What stands behind the colon may be a secret.
        let (name, value) = field
            .split_once(':')
            .context("a header field is given as 'Name: value'")?;
        profile
            .target
            .headers
            .insert(name.trim().to_owned(), value.trim().to_owned());
    }
    if identity.ca.is_some() {
        profile.target.ca.clone_from(&identity.ca);
    }
    if identity.client_cert.is_some() {
        profile.target.client_cert.clone_from(&identity.client_cert);
    }
    if identity.mine {
        profile.owner = Some(Owner::Mine);
    }
    profile.target.insecure |= identity.insecure;
    if identity.timeout.is_some() {
        profile.limits.timeout_ms = identity.timeout;
    }
    Ok(())
}
