//! Where the harness goes because a target said so: to the hosts of the target, and to those that
//! its profile names.
//!
//! The URLs under test come from elsewhere.

use std::net::IpAddr;

use reqwest::Url;

use crate::Target;

/// True for the hosts of the target, for loopback where the target itself is there, and for what
/// the profile names.
pub(crate) fn is_allowed(target: &Target, url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let own = [Some(&target.url), target.secure()];
    let is_own = own
        .into_iter()
        .flatten()
        .any(|home| home.host_str() == Some(host));
    let beside = is_loopback(host) && target.url.host_str().is_some_and(is_loopback);
    let port = url.port_or_known_default().unwrap_or_default();
    let is_named = target.download_hosts.iter().any(|known| {
        known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&format!("{host}:{port}"))
    });
    is_own || beside || is_named
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use assay_suites::profile::Profile;
    use rstest::rstest;

    use super::*;

    fn target(url: &str) -> Target {
        let mut profile = Profile::default();
        profile.target.url = Some(url.to_owned());
        profile.target.download_hosts =
            vec!["dp.example".to_owned(), "cdn.example:8080".to_owned()];
        Target::from_profile(&profile).unwrap()
    }

    #[rstest]
    #[case("http://dm.example/x", true)]
    #[case("http://dm.example:99/x", true)]
    #[case("https://DP.example/x", true)]
    #[case("http://cdn.example:8080/x", true)]
    #[case("http://cdn.example/x", false)]
    #[case("http://dp.example.evil/x", false)]
    #[case("http://dp.example@evil/x", false)]
    #[case("http://127.0.0.1/x", false)]
    #[case("http://localhost/x", false)]
    #[case("http://169.254.169.254/x", false)]
    fn packages_come_from_hosts_that_are_named(#[case] url: &str, #[case] allowed: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(is_allowed(&target("http://dm.example/dm"), &url), allowed);
    }

    #[rstest]
    #[case("http://127.0.0.1:9/x", true)]
    #[case("http://[::1]/x", true)]
    #[case("http://localhost/x", true)]
    #[case("http://192.0.2.1/x", false)]
    fn a_target_on_loopback_may_name_loopback(#[case] url: &str, #[case] allowed: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(is_allowed(&target("http://127.0.0.1:80/dm"), &url), allowed);
    }
}
