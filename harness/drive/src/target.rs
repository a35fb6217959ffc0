//! A target as the actors use it: a profile whose secrets, files and URLs have been resolved.
//!
//! Which cases it allows is planned elsewhere; nothing is connected here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assay_suites::profile::{Claims, Hook, Listen, Profile, Secret};
use assay_suites::suite::Role;
use reqwest::Url;
use tokio::sync::OnceCell;

use crate::cp::Hub;
use crate::tls::{Tls, TlsError};

/// Where a target is, how it is reached, and whom it knows.
#[derive(Clone)]
pub struct Target {
    /// The URL of the service. A target that only pushes needs none: then it is that of its first
    /// hook, of which scheme, host and port are its own, and one that nobody has otherwise.
    pub url: Url,
    /// The same service over TLS, where it has another URL.
    pub secure_url: Option<Url>,
    /// Header fields that every request carries.
    pub headers: Vec<(String, String)>,
    /// What every request adds to the query of the URL.
    pub query: Option<String>,
    /// Whom to trust over TLS, and what to present.
    pub tls: Tls,
    /// Time and size.
    pub limits: Limits,
    /// How the target is made to do what no message of the protocol asks for.
    pub hooks: BTreeMap<String, Hook>,
    /// The devices that it knows.
    pub devices: Vec<Identity>,
    /// Its own identity, where the profile gives it.
    pub server: Option<ServerIdentity>,
    /// What it claims.
    pub claims: Claims,
    /// Which side it plays, where the profile says so.
    pub role: Option<Role>,
    /// Hosts, `host` or `host:port`, from which packages may be fetched beside its own.
    pub download_hosts: Vec<String>,
    /// Where the harness listens for what it sends of its own accord.
    pub listen: Listen,
    /// The listeners, once somebody needs them.
    pub(crate) hub: Arc<OnceCell<Hub>>,
}

/// Time and size of exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one exchange, connecting included.
    pub timeout: Duration,
    /// Octets of one answer.
    pub answer_bytes: usize,
    /// Between two exchanges.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            answer_bytes: 1 << 20,
            pause: Duration::ZERO,
        }
    }
}

/// A device that the target knows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Its id, `Source/LocURI`.
    pub id: String,
    /// Its user name; its id where the profile gives none.
    pub user: String,
    /// Its password, where the profile gives one.
    pub password: Option<String>,
    /// Its telephone number, where the profile gives one.
    pub address: Option<String>,
    /// The number of its subscriber, where the profile gives one.
    pub imsi: Option<String>,
    /// The PIN of its user, where the profile gives one.
    pub pin: Option<String>,
}

/// The identity of the server.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerIdentity {
    /// Its identifier.
    pub id: String,
    /// Its password.
    pub password: String,
}

/// The URL of a target that has none (RFC 6761 6.4).
const NOWHERE: &str = "http://target.invalid/";

/// The host of a URL as it stands there; absent where the text is no URL with a host.
pub fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}

/// Why a profile is no target.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It names no URL.
    #[error("the profile has no `target.url`, and none was given")]
    NoUrl,
    /// A URL that cannot be used.
    #[error("`{key}: {text}` is no URL of a service: {why}")]
    Url {
        /// The key of the profile.
        key: &'static str,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// An environment variable that a secret should come from.
    #[error("the {what} of {whose}: the environment variable {name} is not set")]
    Unset {
        /// Which secret.
        what: &'static str,
        /// Whose secret.
        whose: String,
        /// The variable.
        name: String,
    },
    /// A secret of no character.
    #[error("the {what} of {whose} is empty")]
    Empty {
        /// Which secret.
        what: &'static str,
        /// Whose secret.
        whose: String,
    },
    /// A file that cannot be read.
    #[error("{what}: cannot read {}", path.display())]
    File {
        /// What it should hold.
        what: String,
        /// Its path.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Certificates or keys that cannot be used.
    #[error("cannot set up TLS with {}", of.display())]
    Tls {
        /// Where they came from.
        of: PathBuf,
        /// What is wrong with them.
        #[source]
        source: TlsError,
    },
}

impl Target {
    /// The target that a profile describes: secrets fetched, files read, URLs parsed.
    ///
    /// # Errors
    /// The first value of the profile that cannot be resolved.
    pub fn from_profile(profile: &Profile) -> Result<Self, TargetError> {
        let given = &profile.target;
        let url = match given.url.as_deref() {
            Some(text) => url("target.url", text)?,
            None if profile.role == Some(Role::CpServer) => home(profile)?,
            None => return Err(TargetError::NoUrl),
        };
        let secure_url = given
            .secure_url
            .as_deref()
            .map(|text| self::url("target.secure-url", text))
            .transpose()?;
        let pem = |what: &str, path: &Option<PathBuf>| {
            path.as_deref().map(|path| file(what, path)).transpose()
        };
        let mut roots = pem("the roots of `target.ca`", &given.ca)?;
        if let Some(text) = &given.ca_pem {
            roots
                .get_or_insert_default()
                .extend_from_slice(text.as_bytes());
        }
        let client = pem(
            "the certificate of `target.client-cert`",
            &given.client_cert,
        )?
        .or_else(|| given.client_cert_pem.clone().map(String::into_bytes));
        let tls =
            Tls::new(roots.as_deref(), client.as_deref(), given.insecure).map_err(|source| {
                let file = match &source {
                    TlsError::Roots(_) => &given.ca,
                    TlsError::Client(_) => &given.client_cert,
                };
                let of = file.clone().unwrap_or_else(|| "the profile".into());
                TargetError::Tls { of, source }
            })?;
        let devices = profile
            .devices
            .iter()
            .map(|device| {
                let whose = format!("device {}", device.id);
                let password = |secret| self::secret("password", &whose, secret);
                let pin = |secret| self::secret("PIN", &whose, secret);
                Ok(Identity {
                    id: device.id.clone(),
                    user: device.user.clone().unwrap_or_else(|| device.id.clone()),
                    password: device.password.as_ref().map(password).transpose()?,
                    address: device.address.clone(),
                    imsi: device.imsi.clone(),
                    pin: device.pin.as_ref().map(pin).transpose()?,
                })
            })
            .collect::<Result<_, _>>()?;
        let server = profile
            .server
            .as_ref()
            .map(|server| {
                Ok(ServerIdentity {
                    id: server.id.clone(),
                    password: secret("password", "the server", &server.password)?,
                })
            })
            .transpose()?;
        let usual = Limits::default();
        Ok(Self {
            url,
            secure_url,
            headers: given.headers.clone().into_iter().collect(),
            query: given.query.clone(),
            tls,
            limits: Limits {
                timeout: profile
                    .limits
                    .timeout_ms
                    .map_or(usual.timeout, Duration::from_millis),
                answer_bytes: profile.limits.answer_bytes.unwrap_or(usual.answer_bytes),
                pause: profile
                    .limits
                    .pause_ms
                    .map_or(usual.pause, Duration::from_millis),
            },
            hooks: profile.hooks.clone(),
            devices,
            server,
            claims: profile.claims.clone(),
            role: profile.role,
            download_hosts: given.download_hosts.clone(),
            listen: profile.listen.clone(),
            hub: Arc::default(),
        })
    }

    /// Where the harness listens for what this target sends; it begins to with the first call.
    pub(crate) async fn hub(&self) -> Result<&Hub, String> {
        self.hub.get_or_try_init(|| Hub::start(&self.listen)).await
    }

    /// The URL of the service over TLS, if it is known.
    pub fn secure(&self) -> Option<&Url> {
        let own = (self.url.scheme() == "https").then_some(&self.url);
        self.secure_url.as_ref().or(own)
    }

    /// `base` with what every request adds to the query, and with what this one adds.
    pub fn request_url(&self, base: &Url, more: Option<&str>) -> Url {
        let mut url = base.clone();
        let parts: Vec<&str> = [base.query(), self.query.as_deref(), more]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        if !parts.is_empty() {
            url.set_query(Some(&parts.join("&")));
        }
        url
    }

    /// Scheme, host and port of the target, `http://127.0.0.1:8080`.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

fn url(key: &'static str, text: &str) -> Result<Url, TargetError> {
    let error = |why: String| TargetError::Url {
        key,
        text: text.to_owned(),
        why,
    };
    let url = Url::parse(text).map_err(|source| error(source.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(error(format!("its scheme is {scheme}, not http or https"))),
    }
}

/// Where a target without a URL is at home.
fn home(profile: &Profile) -> Result<Url, TargetError> {
    let mut hooks = profile.hooks.values();
    let of_hook = hooks.find_map(|hook| match hook {
        Hook::Http(http) => Url::parse(&http.url).ok().filter(Url::has_host),
        Hook::Run(_) => None,
    });
    of_hook.map_or_else(|| url("target.url", NOWHERE), Ok)
}

fn file(what: &str, path: &Path) -> Result<Vec<u8>, TargetError> {
    std::fs::read(path).map_err(|source| TargetError::File {
        what: what.to_owned(),
        path: path.to_owned(),
        source,
    })
}

fn secret(what: &'static str, whose: &str, secret: &Secret) -> Result<String, TargetError> {
    let text = match secret {
        Secret::Text(text) => text.clone(),
        Secret::Env(name) => std::env::var(name).map_err(|_| TargetError::Unset {
            what,
            whose: whose.to_owned(),
            name: name.clone(),
        })?,
        Secret::File(path) => {
            let octets = file(&format!("the {what} of {whose}"), path)?;
            let text = String::from_utf8_lossy(&octets);
            text.lines().next().unwrap_or_default().to_owned()
        }
    };
    // A variable of a machine that has no such secret is usually there, and empty.
    if text.is_empty() {
        let whose = whose.to_owned();
        return Err(TargetError::Empty { what, whose });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use assay_suites::profile::Device;

    use super::*;

    fn profile(url: &str) -> Profile {
        let mut profile = Profile::default();
        profile.target.url = Some(url.to_owned());
        profile
    }

    fn error(profile: &Profile) -> String {
        match Target::from_profile(profile) {
            Ok(_) => "no error".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_bare_url_is_a_target() {
        let target = Target::from_profile(&profile("http://host:81/dm?x=1")).unwrap();
        assert_eq!(target.origin(), "http://host:81");
        assert_eq!(target.limits, Limits::default());
        assert_eq!(target.secure(), None);
    }

    #[test]
    fn queries_of_url_profile_and_request_are_joined() {
        let mut profile = profile("https://host/dm?x=1");
        profile.target.query = Some("mode=Maintenance".to_owned());
        let target = Target::from_profile(&profile).unwrap();
        let url = target.request_url(&target.url, Some("y=2"));
        assert_eq!(url.as_str(), "https://host/dm?x=1&mode=Maintenance&y=2");
        assert_eq!(target.secure(), Some(&target.url));
    }

    #[test]
    fn secrets_come_from_text_and_the_first_line_of_files() {
        let path = std::env::temp_dir().join(format!("assay-secret-{}", std::process::id()));
        std::fs::write(&path, "first line\nsecond").unwrap();
        let mut profile = profile("http://host/");
        for password in [Secret::Text("clear".to_owned()), Secret::File(path.clone())] {
            profile.devices.push(Device {
                id: "a".to_owned(),
                user: None,
                password: Some(password),
                ..Device::default()
            });
        }
        let target = Target::from_profile(&profile).unwrap();
        std::fs::remove_file(path).unwrap();
        assert_eq!(target.devices[0].user, "a");
        assert_eq!(target.devices[0].password.as_deref(), Some("clear"));
        assert_eq!(target.devices[1].password.as_deref(), Some("first line"));
    }

    #[test]
    fn what_cannot_be_resolved_is_named() {
        let mut none = Profile::default();
        assert_eq!(
            error(&none),
            "the profile has no `target.url`, and none was given"
        );
        assert_eq!(
            error(&profile("ftp://host/")),
            "`target.url: ftp://host/` is no URL of a service: its scheme is ftp, not http or https"
        );
        none = profile("http://host/");
        none.devices.push(Device {
            id: "a".to_owned(),
            user: None,
            password: Some(Secret::Env("ASSAY_NO_SUCH_VARIABLE".to_owned())),
            ..Device::default()
        });
        assert_eq!(
            error(&none),
            "the password of device a: the environment variable ASSAY_NO_SUCH_VARIABLE is not set"
        );
        none = profile("http://host/");
        none.target.ca = Some("/no/such/roots.pem".into());
        assert_eq!(
            error(&none),
            "the roots of `target.ca`: cannot read /no/such/roots.pem"
        );
    }
}
