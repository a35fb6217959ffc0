//! The first words with a server of the Windows CE device management service: one poll.

use assay_drive::{Lease, Target};
use assay_suites::profile::Profile;
use assay_suites::step::{Step, pull::Poll};
use assay_suites::suite::{Axis, Role};
use assay_wire::pull::PollResponse;
use assay_wire::{Encoding, Limits, http};

use super::{CannotJudge, First, Found, first};
use crate::plan::{Axes, Claims};

/// Looks at a management server.
pub(super) async fn look(
    target: &Target,
    profile: &Profile,
    lease: &mut Lease,
) -> Result<Found, CannotJudge> {
    let claims = Claims::of(Role::PullServer, profile);
    let generations = claims.values(Axis::Generation);
    let mut axes = Axes::new();
    let usual = generations
        .iter()
        .find(|value| *value == Axis::Generation.usual())
        .or(generations.first());
    axes.extend(usual.map(|value| (Axis::Generation, value.clone())));
    let cannot = |why: String| CannotJudge {
        url: target.url.to_string(),
        why,
    };
    let response = match first(Step::Poll(Poll::default()), &axes, target, lease).await {
        First::Answer(response) => response,
        First::Strange(why) | First::Silent(why) => return Err(cannot(why)),
    };
    takes_polls(&response).map_err(|why| cannot(format!("a poll is {why}")))?;
    let assumed = match profile.claims.generations {
        Some(_) => Vec::new(),
        None => vec![format!(
            "generations {}: one poll was answered, and nothing in the service tells them apart",
            generations.join(", ")
        )],
    };
    Ok(Found {
        server: response.field("server").map(|field| field.value.clone()),
        claims,
        assumed,
        met: None,
    })
}

/// Whether this is an answer to a poll; else what it is.
fn takes_polls(response: &http::Response) -> Result<(), String> {
    if response.status != 200 {
        let (status, reason) = (response.status, &response.reason);
        return Err(format!("answered with HTTP {status} {reason}"));
    }
    let decoded = assay_wire::read(&response.body.octets, Encoding::Xml, &Limits::TARGET)
        .map_err(|error| format!("answered with what is no XML: {error}"))?;
    if PollResponse::of(&decoded.tree).is_some() {
        return Ok(());
    }
    let root = decoded.tree.root().map(|root| decoded.tree.name(root));
    Err(format!(
        "answered with a document {}, which is no PollResponse",
        root.unwrap_or("without a root")
    ))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::poll_response("200 OK", "<PollResponse/>", None)]
    #[case::syncml(
        "200 OK",
        "<SyncML/>",
        Some("answered with a document SyncML, which is no PollResponse")
    )]
    #[case::page("404 Not Found", "<html/>", Some("answered with HTTP 404 Not Found"))]
    fn only_a_poll_response_answers_a_poll(
        #[case] status: &str,
        #[case] body: &str,
        #[case] wrong: Option<&str>,
    ) {
        let length = body.len();
        let octets = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        let read = http::response(octets.as_bytes(), "POST", true, &Limits::TARGET);
        let Ok(http::Progress::Done(response)) = read else {
            panic!("{read:?}");
        };
        assert_eq!(takes_polls(&response).err().as_deref(), wrong);
    }
}
