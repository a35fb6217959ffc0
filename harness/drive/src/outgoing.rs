//! What all families make of the `http` options of a step and of the bodies of `send`.
//!
//! Which fields a family sends by itself, and what is lawful there, is said by the family.

use assay_suites::step::{Http, Send};
use assay_suites::vectors;
use reqwest::Url;

use crate::halt::Halt;
use crate::{Outgoing, Target};

/// Characters that a key has at least.
const SHORTEST_KEY: usize = 8;

/// The name that a device gives itself.
pub(crate) const USER_AGENT: &str = concat!("assay/", env!("CARGO_PKG_VERSION"));

/// The URL of the profile that a step speaks to.
pub(crate) fn base(target: &Target, http: &Http) -> Result<Url, String> {
    if http.secure {
        secure(target)
    } else {
        Ok(target.url.clone())
    }
}

/// The request that carries this body to this URL: the usual fields of the family, those of the
/// profile where the URL is one of the target's, and those of the step.
pub(crate) fn outgoing(
    target: &Target,
    mut url: Url,
    http: &Http,
    usual: Vec<(String, String)>,
    body: Vec<u8>,
    mut secrets: Vec<Vec<u8>>,
) -> Result<Outgoing, String> {
    if http.secure && url.scheme() != "https" {
        url = secure(target)?;
    }
    // What the profile adds is meant for the target, not for wherever an answer leads.
    let homes = [Some(&target.url), target.secure()];
    let at_home = homes
        .into_iter()
        .flatten()
        .any(|home| home.origin() == url.origin());
    url = if at_home {
        target.request_url(&url, http.query.as_deref())
    } else {
        with_query(url, http.query.as_deref())
    };
    secrets.extend(
        target
            .headers
            .iter()
            .filter(|(name, value)| is_secret(name, value))
            .map(|(_, value)| value.clone().into_bytes()),
    );
    let mut fields = usual;
    let own = target
        .headers
        .iter()
        .filter(|_| at_home)
        .map(|(name, value)| (name, value));
    for (name, value) in own.chain(http.headers.iter()) {
        fields.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        fields.push((name.clone(), value.clone()));
    }
    Ok(Outgoing {
        method: http.method.clone().unwrap_or_else(|| "POST".to_owned()),
        url,
        fields,
        body,
        framing: http.framing,
        version: u8::from(http.version.as_deref() != Some("1.0")),
        new_connection: http.new_connection,
        without_certificate: http.without_certificate,
        secrets,
    })
}

/// True for a header field of the profile that may hold a key: who knows what it is for. What is short, or
/// a word of the protocol, is no key, and would be masked wherever it stands.
fn is_secret(name: &str, value: &str) -> bool {
    let known = ["accept", "accept-language", "content-type", "user-agent"];
    let is_word = value.to_ascii_lowercase().contains("syncml");
    value.len() >= SHORTEST_KEY
        && !is_word
        && !known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The URL with more in its query.
pub(crate) fn with_query(mut url: Url, more: Option<&str>) -> Url {
    let parts: Vec<&str> = url
        .query()
        .into_iter()
        .chain(more)
        .filter(|q| !q.is_empty())
        .collect();
    let query = parts.join("&");
    url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    url
}

/// The body of a `send` that is no message of the vectors; empty where it has none.
pub(crate) fn raw(step: &Send) -> Result<Vec<u8>, Halt> {
    if let Some(bytes) = &step.bytes {
        let octets = vector(&bytes.value, vectors::Kind::Bytes)?.bytes();
        return Ok(octets.map_err(|why| why.to_string())?.into_owned());
    }
    if let Some(text) = &step.text {
        return Ok(text.clone().into_bytes());
    }
    if let Some(octets) = step.filler {
        return Ok(vec![b'x'; octets as usize]);
    }
    let depth = step.nested.unwrap_or_default() as usize;
    let nested = ["<a>".repeat(depth), "</a>".repeat(depth)];
    Ok(nested.concat().into_bytes())
}

/// Cuts a body after so many octets, from the end where negative.
pub(crate) fn cut(body: &mut Vec<u8>, cut: Option<i64>) {
    let Some(cut) = cut else { return };
    let length = usize::try_from(cut.unsigned_abs()).unwrap_or(usize::MAX);
    let length = if cut < 0 {
        body.len().saturating_sub(length)
    } else {
        length
    };
    body.truncate(length);
}

/// The vector of this name, if it is of this kind.
pub(crate) fn vector(name: &str, kind: vectors::Kind) -> Result<vectors::Vector, Halt> {
    vectors::get(name)
        .filter(|vector| vector.kind == kind)
        .ok_or_else(|| Halt::Stuck(format!("no vector {name}{} is there", kind.ending())))
}

fn secure(target: &Target) -> Result<Url, String> {
    target
        .secure()
        .cloned()
        .ok_or_else(|| "the profile gives no https URL".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_may_be_is_secret_and_what_every_device_says_is_not() {
        assert!(is_secret("X-Api-Key", "canary-key"));
        assert!(!is_secret("X-Tenant", "short"));
        assert!(!is_secret("X-Form", "application/vnd.syncml.dm+xml"));
        assert!(!is_secret("user-agent", "a-device/1.0"));
    }
}
