//! The first words with an OMA DM server: a package 1 without credentials, in each form of message.

use std::collections::BTreeMap;

use assay_drive::{Lease, Target};
use assay_suites::profile::Profile;
use assay_suites::step::{Auth, Basic, Package1, Step};
use assay_suites::suite::{Axis, Protocol, Role, Scheme};
use assay_wire::dm::Message;
use assay_wire::{Encoding, Limits, http, media};

use super::{CannotJudge, First, Found, first};
use crate::plan::{Axes, Claims};

/// How a target took a package 1.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// It spoke: the code of its Status for the header, where it gave one, and the schemes of its
    /// challenge.
    Speaks {
        code: Option<u64>,
        challenges: Vec<Scheme>,
    },
    /// It refused this form of message, as the standards have it.
    Refuses(String),
    /// It answered something else.
    Strange(String),
    /// There was no answer.
    Silent(String),
}

/// Looks at a DM server.
pub(super) async fn look(
    target: &Target,
    profile: &Profile,
    lease: &mut Lease,
) -> Result<Found, CannotJudge> {
    let mut claims = Claims::of(Role::DmServer, profile);
    let mut assumed = Vec::new();
    let mut server = None;
    let mut spoke: Option<(Axes, Answer)> = None;
    let mut refused: Vec<(Axes, String)> = Vec::new();
    let mut troubles = Vec::new();
    let open = profile.claims.versions.is_none() || profile.claims.encodings.is_none();
    for axes in pairs(&claims) {
        let (answer, its_server) = ask(target, lease, &axes, Auth::None).await;
        server = server.or(its_server);
        match answer {
            Answer::Speaks { .. } => spoke = spoke.or(Some((axes, answer))),
            Answer::Refuses(why) => {
                troubles.push((pair_name(&axes), format!("refuses: {why}")));
                refused.push((axes, why));
            }
            Answer::Strange(why) => troubles.push((pair_name(&axes), why)),
            Answer::Silent(why) => {
                // Nobody is there: asking in another form would not help.
                return Err(CannotJudge {
                    url: target.url.to_string(),
                    why,
                });
            }
        }
        if !open && spoke.is_some() {
            break;
        }
    }
    let Some((axes, Answer::Speaks { code, challenges })) = spoke else {
        return Err(CannotJudge {
            url: target.url.to_string(),
            why: in_groups(&troubles),
        });
    };
    // A value is refused where it was refused with every value of the other axis.
    let forms = pairs(&claims).len();
    for axis in [Axis::Version, Axis::Encoding] {
        if profile.claims.values(axis).is_none()
            && let Some(values) = claims.values.get_mut(&axis)
        {
            settle(values, axis, forms, &refused, &mut assumed);
        }
    }
    if profile.claims.auth.is_none()
        && let Some(code) = code
    {
        claims.auth = schemes(target, lease, &axes, code, &challenges).await;
        let names: Vec<_> = claims.auth.iter().map(|scheme| scheme.name()).collect();
        if names.is_empty() {
            // Nobody knows what it would take; a missing challenge is for the suite to find.
            claims.auth = Claims::of(Role::DmServer, profile).auth;
            let why = "names no scheme that is known";
            assumed.push(format!(
                "auth md5, basic, mac: the answer {code} to a package 1 without credentials {why}"
            ));
        } else {
            assumed.push(format!(
                "auth {}: from the answer {code} to a package 1 without credentials",
                names.join(", ")
            ));
        }
    } else if profile.claims.auth.is_none() {
        let why = "a package 1 was answered without a Status for its header";
        assumed.push(format!("auth md5, basic, mac: {why}"));
    }
    if profile.claims.protocols.is_none() {
        assumed.push("protocol OMA DM: the profile names no other".to_owned());
    } else if claims.protocols == [Protocol::WindowsMdm]
        && let Some(versions) = claims.values.get_mut(&Axis::Version)
    {
        versions.retain(|version| version == "1.2");
    }
    Ok(Found {
        claims,
        assumed,
        server,
        met: None,
    })
}

/// Which schemes the target takes: what it challenges for, and basic if it takes that unasked.
async fn schemes(
    target: &Target,
    lease: &mut Lease,
    axes: &Axes,
    code: u64,
    challenges: &[Scheme],
) -> Vec<Scheme> {
    if (200..300).contains(&code) {
        return vec![Scheme::None];
    }
    let mut schemes = challenges.to_vec();
    let has_secret = lease
        .devices
        .values()
        .any(|device| device.identity.password.is_some());
    if has_secret && !schemes.contains(&Scheme::Basic) {
        let (answer, _) = ask(target, lease, axes, Auth::Basic(Basic::default())).await;
        if matches!(
            answer,
            Answer::Speaks {
                code: Some(200..300),
                ..
            }
        ) {
            schemes.push(Scheme::Basic);
        }
    }
    schemes
}

fn pairs(claims: &Claims) -> Vec<Axes> {
    // The usual pair first, so that a target that speaks only that is found at once.
    let mut pairs = Vec::new();
    for version in claims.values(Axis::Version).iter().rev() {
        for encoding in claims.values(Axis::Encoding) {
            pairs.push(BTreeMap::from([
                (Axis::Version, version.clone()),
                (Axis::Encoding, encoding.clone()),
            ]));
        }
    }
    pairs
}

fn pair_name(axes: &Axes) -> String {
    axes.values().cloned().collect::<Vec<_>>().join("+")
}

/// What went wrong, each once, with the forms of message that it went wrong with.
fn in_groups(troubles: &[(String, String)]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (pair, why) in troubles {
        match groups.iter_mut().find(|(known, _)| known == why) {
            Some((_, pairs)) => pairs.push(pair),
            None => groups.push((why, vec![pair])),
        }
    }
    let texts: Vec<String> = groups
        .iter()
        .map(|(why, pairs)| format!("{why} (asked in {})", pairs.join(", ")))
        .collect();
    texts.join("; ")
}

/// Drops from the claims what was refused in every pair, and says what is assumed of the others.
fn settle(
    values: &mut Vec<String>,
    axis: Axis,
    forms: usize,
    refused: &[(Axes, String)],
    assumed: &mut Vec<String>,
) {
    let (name, others) = (axis.name(), forms / values.len().max(1));
    values.retain(|value| {
        let mine: Vec<_> = refused
            .iter()
            .filter(|(axes, _)| axes.get(&axis) == Some(value))
            .collect();
        if mine.len() >= others {
            assumed.push(format!("{name} {value} is not claimed: {}", mine[0].1));
            return false;
        }
        assumed.push(format!(
            "{name} {value} is claimed: the target does not refuse it"
        ));
        true
    });
}

async fn ask(
    target: &Target,
    lease: &mut Lease,
    axes: &Axes,
    auth: Auth,
) -> (Answer, Option<String>) {
    let step = Step::Package1(Package1 {
        auth,
        ..Package1::default()
    });
    read(first(step, axes, target, lease).await)
}

fn read(first: First) -> (Answer, Option<String>) {
    match first {
        First::Answer(response) => {
            let server = response.field("server").map(|field| field.value.clone());
            (classify(&response), server)
        }
        First::Strange(why) => (Answer::Strange(why), None),
        First::Silent(why) => (Answer::Silent(why), None),
    }
}

fn classify(response: &http::Response) -> Answer {
    let kind = response
        .field("content-type")
        .and_then(|field| media::parse(&field.value));
    let essence = kind.map_or_else(String::new, |media| media.essence);
    let named = if essence.is_empty() {
        "something without a media type"
    } else {
        &essence
    };
    match response.status {
        200 => {}
        415 | 406 => return Answer::Refuses(format!("HTTP {}", response.status)),
        status => {
            let to = response
                .field("location")
                .map_or(String::new(), |field| format!(", to {}", field.value));
            let reason = &response.reason;
            return Answer::Strange(format!("answers HTTP {status} {reason}{to}"));
        }
    }
    let encoding = if essence.ends_with("+wbxml") {
        Encoding::Wbxml
    } else {
        Encoding::Xml
    };
    if response.body.octets.is_empty() {
        let odd: Vec<&str> = response
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        let odd = if odd.is_empty() {
            String::new()
        } else {
            format!(" ({})", odd.join("; "))
        };
        return Answer::Strange(format!("answers HTTP 200 with an empty body{odd}"));
    }
    let decoded = match assay_wire::read(&response.body.octets, encoding, &Limits::TARGET) {
        Ok(decoded) => decoded,
        Err(error) => {
            return Answer::Strange(format!("answers {named} that does not decode: {error}"));
        }
    };
    let Some(message) = Message::of(&decoded.tree).filter(|message| message.header.is_some())
    else {
        let odd = decoded
            .notes
            .first()
            .map(|note| format!(" ({})", note.text));
        let odd = odd.unwrap_or_default();
        return Answer::Strange(format!("answers {named}, which is no SyncML message{odd}"));
    };
    let Some(status) = message.header_status() else {
        // A faulty server, but a server: the suite will say what is wrong with it.
        return Answer::Speaks {
            code: None,
            challenges: Vec::new(),
        };
    };
    let code = status.code();
    if code >= 400 && !matches!(code, 401 | 407) {
        return Answer::Refuses(format!("Status {code} for the header"));
    }
    let types = message
        .statuses()
        .filter_map(|status| status.chal.as_ref()?.meta.as_ref()?.kind.as_ref());
    let challenges = types.filter_map(|kind| Scheme::of_type(&kind.value));
    Answer::Speaks {
        code: Some(code),
        challenges: challenges.collect(),
    }
}

#[cfg(test)]
mod tests;
