//! What follows a push: the result is notified, and what the push points to is fetched.
//!
//! Both go where a target said, and only as far as the profile allows it.

use assay_suites::step::Http;
use assay_suites::step::cp::{Fetch, Notify, What};
use assay_wire::http::Response;
use assay_wire::pap::{self, OutcomeDraft};
use reqwest::Url;
use time::OffsetDateTime;
use time::macros::format_description;

use super::Actor;
use crate::halt::Halt;
use crate::outgoing::{self, USER_AGENT};
use crate::reach::is_allowed;
use crate::{Outcome, Outgoing, Recorder, Tag};

impl Actor<'_> {
    /// Says what became of the last push.
    pub(super) async fn notify(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Notify,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let identity = self.lease.device(&name)?.identity.clone();
        let standing = &self.device(&name).standing;
        let wanted = standing.notify_to.clone();
        let wanted =
            wanted.ok_or_else(|| format!("no push to {name} wants its result notified"))?;
        let known = standing.push_id.clone();
        let push_id = step.push_id.clone().or(known).unwrap_or_default();
        let url = self.way(&wanted)?;
        let now = OffsetDateTime::now_utc()
            .format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second]Z"
            ))
            .unwrap_or_default();
        let code = step.code.unwrap_or(1000);
        let code = u16::try_from(code).unwrap_or(u16::MAX);
        let device = identity.address.as_deref().unwrap_or(&identity.id);
        let address = super::hub::own_address(device, "assay.invalid");
        let outcome = OutcomeDraft {
            code,
            description: pap::meaning(code),
            state: Some(step.state.as_deref().unwrap_or("delivered")),
            time: Some(&now),
            addresses: vec![&address],
        };
        let tree = pap::result_notification(&push_id, Some(&now), &outcome);
        let body = pap::document(&tree, "2.0");
        let fields = fields(&[("Content-Type", pap::CONTROL_MEDIA)]);
        let out = outgoing::outgoing(self.target, url, &step.http, fields, body, Vec::new())?;
        let lawful = step.push_id.is_none() && is_plain(&step.http);
        self.say(recorder, number, &name, out, lawful).await?;
        Ok(())
    }

    /// Fetches what a device was pointed to.
    pub(super) async fn fetch(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        step: &Fetch,
    ) -> Result<(), Halt> {
        let name = self.speaker(step.device.as_ref());
        let known = match step.what {
            What::LastHref => self.device(&name).standing.href.clone(),
            What::Published => self.published.clone(),
        };
        let known = known.ok_or_else(|| match step.what {
            What::LastHref => format!("nothing that came for {name} points anywhere"),
            What::Published => "no hook has published a package at a URL".to_owned(),
        })?;
        let url = self.way(&known)?;
        let mut fields = fields(&[("Accept", "*/*")]);
        if step.from.is_some() || step.length.is_some() {
            let from = step.from.unwrap_or_default();
            let last = match step.length {
                None => String::new(),
                Some(0) => return Err(Halt::Stuck("a range has at least one octet".to_owned())),
                Some(length) => from.saturating_add(length - 1).to_string(),
            };
            fields.push(("Range".to_owned(), format!("bytes={from}-{last}")));
        }
        let mut out =
            outgoing::outgoing(self.target, url, &step.http, fields, Vec::new(), Vec::new())?;
        if step.http.method.is_none() {
            "GET".clone_into(&mut out.method);
        }
        let lawful = is_plain(&step.http);
        self.say(recorder, number, &name, out, lawful).await?;
        Ok(())
    }

    /// A URL that a target gave, where the profile allows its host.
    fn way(&self, text: &str) -> Result<Url, String> {
        let url = self.target.url.join(text);
        let url = url.map_err(|error| format!("{text} is no URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{text} is no URL of HTTP"));
        }
        if !is_allowed(self.target, &url) {
            let host = url.host_str().unwrap_or_default();
            return Err(format!(
                "{text} leads to {host}, which is not the target and not in target.download-hosts"
            ));
        }
        Ok(url)
    }

    /// Sends a request as this device, and gives the answer.
    pub(super) async fn say(
        &mut self,
        recorder: &mut Recorder<'_>,
        number: u32,
        name: &str,
        out: Outgoing,
        lawful: bool,
    ) -> Result<Response, Halt> {
        let tag = Tag {
            step: number,
            device: name.to_owned(),
            session: self.sessions,
            lawful,
        };
        self.sessions += 1;
        self.spoke = Some(name.to_owned());
        self.device(name).last = Some((out.clone(), tag.clone()));
        match recorder.exchange(out, tag).await {
            Outcome::Answer(response) => Ok(response),
            Outcome::Broke(..) | Outcome::Refused(_) => Err(Halt::Over),
        }
    }
}

/// The usual header fields and these.
pub(super) fn fields(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [("User-Agent", USER_AGENT)];
    let all = usual.iter().chain(more);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// True where the step does not change the request itself.
pub(super) fn is_plain(http: &Http) -> bool {
    let is_usual = |method: &String| matches!(method.as_str(), "GET" | "POST");
    http.method.as_ref().is_none_or(is_usual) && http.headers.is_empty()
}
