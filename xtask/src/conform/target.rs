//! What is judged, from the arguments: a profile file, a bare URL, or both.

use anyhow::Context as _;
use assay_suites::profile::{self, Device, Owner, Profile, Secret};

use crate::args::{Conform, Identity};

/// The profile that the arguments make: a file, a bare URL, or both; none for the built-in server.
pub(super) fn profile_of(args: &Conform) -> anyhow::Result<Option<Profile>> {
    let mut profile = match (&args.profile, &args.target) {
        (None, None) => return Ok(None),
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
    Ok(Some(profile))
}

fn apply(profile: &mut Profile, identity: &Identity) -> anyhow::Result<()> {
    if !identity.device.is_empty() {
        profile.devices = identity
            .device
            .iter()
            .map(|id| Device {
                id: id.clone(),
                ..Device::default()
            })
            .collect();
    }
    let password = match (&identity.password, &identity.password_file) {
        (Some(password), _) => Some(Secret::Text(password.clone())),
        (None, Some(file)) => Some(Secret::File(file.clone())),
        (None, None) => None,
    };
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
        let (name, value) = field
            .split_once(':')
            .with_context(|| format!("the header field {field:?} is not 'Name: value'"))?;
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
