//! What a case needs of a profile: hooks, devices, credentials, TLS, the owner's word.

use std::collections::BTreeSet;

use assay_suites::profile::{Device, Owner, Profile};
use assay_suites::step::{Auth, Step};
use assay_suites::suite::{Case, Need, Scheme};
use assay_suites::uses::Uses;

/// How many devices a case leases; at least one.
pub fn devices(case: &Case) -> usize {
    Uses::of(case).devices.len().max(1)
}

/// What of these needs, and of the needs of the steps, the profile does not give.
pub(crate) fn missing(
    case: &Case,
    needs: &BTreeSet<Need>,
    profile: &Profile,
    auth: &[Scheme],
) -> Vec<String> {
    let uses = Uses::of(case);
    // A device that answers challenges as it usually does gets no farther than the first of them.
    let is_challenged = opens_usually(case) && !auth.contains(&Scheme::None);
    let hooks = uses
        .hooks
        .iter()
        .filter(|hook| !profile.hooks.contains_key(*hook));
    let mut missing: BTreeSet<String> = hooks.map(|hook| format!("hook {hook}")).collect();
    if (uses.abuse || needs.contains(&Need::Owner)) && !is_owners(profile) {
        missing.insert("owner: mine".to_owned());
    }
    let pair = if needs.contains(&Need::SecondDevice) {
        2
    } else {
        1
    };
    let devices = uses.devices.len().max(pair);
    if devices > profile.devices.len() {
        missing.insert(format!("{devices} devices"));
    }
    // Of each: which of them a case leases is not known before.
    let mut all = profile.devices.iter();
    let known = !profile.devices.is_empty() && all.all(|device| device.password.is_some());
    if (uses.credentials || is_challenged || needs.contains(&Need::Credentials)) && !known {
        missing.insert("user and password of each device".to_owned());
    }
    if (uses.tls || needs.contains(&Need::Tls)) && !has_tls(profile) {
        missing.insert("an https URL (target.url or target.secure-url)".to_owned());
    }
    let certificate =
        profile.target.client_cert.is_some() || profile.target.client_cert_pem.is_some();
    if needs.contains(&Need::ClientCertificate) && !certificate {
        missing.insert("a client certificate (target.client-cert)".to_owned());
    }
    if needs.contains(&Need::ServerCredentials) && profile.server.is_none() {
        missing.insert("server: its id and password".to_owned());
    }
    let lacks = |has: fn(&Device) -> bool| !profile.devices.iter().all(has);
    if needs.contains(&Need::Imsi) && lacks(|device| device.imsi.is_some()) {
        missing.insert("imsi of each device".to_owned());
    }
    if needs.contains(&Need::Pin) && lacks(|device| device.pin.is_some()) {
        missing.insert("pin of each device".to_owned());
    }
    missing.into_iter().collect()
}

fn opens_usually(case: &Case) -> bool {
    let mut steps = case.steps.iter();
    steps.any(|step| matches!(&step.value, Step::Package1(open) if open.auth == Auth::Usual))
}

/// True where the target may be harmed: on loopback, or the user's own.
pub fn is_owners(profile: &Profile) -> bool {
    if profile.owner == Some(Owner::Mine) {
        return true;
    }
    let host = profile
        .target
        .url
        .as_deref()
        .and_then(assay_drive::target::host);
    host.is_some_and(|host| {
        host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

fn has_tls(profile: &Profile) -> bool {
    let urls = [&profile.target.url, &profile.target.secure_url];
    urls.into_iter()
        .flatten()
        .any(|url| url.starts_with("https:"))
}
