//! An agent that says what it is told to say, and keeps its token and its timestamp.

use assay_wire::http::Response;
use assay_wire::pull::{
    AdapterDraft, DevicePollDraft, LocationRequestDraft, PackageLocation, StatusDraft,
    StatusMessageDraft, instructions_request,
};
use assay_wire::tree::Tree;
use assay_wire::{Limits, xml};

use crate::http::{Http, Noted, Request};
use crate::short::summary;

/// The path of the service.
const PATH: &str = "/devicemgmt/server.aspx";

/// An agent.
pub(crate) struct Agent {
    pub(crate) http: Http,
    pub(crate) uuid: String,
    pub(crate) token: String,
    pub(crate) timestamp: String,
    /// Fields beside the usual ones, or in place of them; without a value they are left out.
    pub(crate) fields: Vec<(&'static str, Option<String>)>,
}

impl Agent {
    pub(crate) fn new(url: &str, uuid: &str) -> Self {
        Self {
            http: Http::new(url, summary),
            uuid: uuid.to_owned(),
            token: String::new(),
            timestamp: String::new(),
            fields: Vec::new(),
        }
    }

    /// The same with one more field, or without one of the usual, for the next message only.
    pub(crate) fn with(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        self.fields.push((name, value.map(str::to_owned)));
        self
    }

    /// The documented poll.
    pub(crate) fn draft(&self) -> DevicePollDraft {
        DevicePollDraft {
            system: "Agent".into(),
            system_version: "1.0".into(),
            id: self.uuid.clone(),
            device_name: "till-07".into(),
            user_name: Some("clerk".into()),
            domain: Some("SHOP".into()),
            platform: "Acme Till".into(),
            processor: "2577".into(),
            code_page: Some("1252".into()),
            lcid: Some("1033".into()),
            adapters: vec![AdapterDraft {
                address: "192.0.2.17".into(),
                subnet: "255.255.255.0".into(),
                mac: Some("02-00-5E-10-00-01".into()),
            }],
            token: Some("0".into()),
            timestamp: Some("0".into()),
            ..DevicePollDraft::default()
        }
    }

    pub(crate) fn poll(&mut self, label: &str) -> Option<Response> {
        let draft = self.draft();
        self.poll_with(label, &draft.tree())
    }

    /// Polls, and keeps what the answer gives.
    pub(crate) fn poll_with(&mut self, label: &str, tree: &Tree<'_>) -> Option<Response> {
        let response = self.post(label, "Poll", &document(tree));
        self.keep(response.as_ref());
        response
    }

    pub(crate) fn keep(&mut self, response: Option<&Response>) {
        let Some(response) = response.filter(|response| response.status == 200) else {
            return;
        };
        if let Some(token) = response.field("x-device-auth") {
            self.token.clone_from(&token.value);
        }
        if let Some(timestamp) = response.field("x-device-timestamp") {
            self.timestamp.clone_from(&timestamp.value);
        }
    }

    pub(crate) fn instructions(&mut self, label: &str, package: &str) -> Option<Response> {
        let tree = instructions_request(package);
        self.post(label, "InstructionRequest", &document(&tree))
    }

    /// Asks for a location and returns its first URL.
    pub(crate) fn location(&mut self, label: &str, package: &str) -> Option<String> {
        let draft = LocationRequestDraft {
            package_id: package.to_owned(),
            directory: Some("site-north".into()),
            addresses: vec![("192.0.2.17".into(), "192.0.2.0".into())],
        };
        let response = self.post(label, "LocationRequest", &document(&draft.tree()))?;
        let (tree, _) = xml::read(&response.body.octets, &Limits::TARGET).ok()?;
        let view = PackageLocation::of(&tree)?;
        Some(view.all.first()?.url.as_ref()?.value.to_string())
    }

    /// Asks the download host, without fields of the service.
    pub(crate) fn download(
        &mut self,
        label: &str,
        method: &str,
        url: &str,
        fields: &[(&'static str, &str)],
    ) -> Option<Response> {
        let target = url.splitn(4, '/').nth(3).unwrap_or_default();
        let fields = fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let request = Request {
            method,
            target: format!("/{target}"),
            version: "HTTP/1.1",
            fields: fields.collect(),
            body: b"",
            chunked: false,
        };
        self.http.send(label, &request)
    }

    /// One status document with a message for each code.
    pub(crate) fn status(
        &mut self,
        label: &str,
        package: &str,
        codes: &[&str],
        parameters: &[(&str, &str)],
    ) -> Option<Response> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let messages = codes.iter().map(|code| StatusMessageDraft {
            package_id: package.to_owned(),
            message_id: (*code).to_owned(),
            timestamp: "2031-05-04 09:06:12".into(),
            parameters: parameters.iter().map(owned).collect(),
        });
        let draft = StatusDraft {
            messages: messages.collect(),
        };
        self.post(label, "Status", &document(&draft.tree()))
    }

    pub(crate) fn report(&mut self, label: &str, kind: &str, body: &[u8]) -> Option<Response> {
        self.with("X-Device-ReportType", Some(kind));
        self.post(label, "Report", body)
    }

    /// Posts a body with the usual fields, as far as `fields` does not say otherwise.
    pub(crate) fn post(&mut self, label: &str, action: &str, body: &[u8]) -> Option<Response> {
        let mut fields: Vec<(&'static str, Option<String>)> = vec![
            ("X-Device-UUID", Some(self.uuid.clone())),
            ("X-Device-Auth", Some(self.token.clone())),
            ("X-Device-Timestamp", Some(self.timestamp.clone())),
            ("X-Device-Action", Some(action.to_owned())),
            ("Content-Type", Some("text/xml; charset=utf-8".to_owned())),
        ];
        for (name, value) in std::mem::take(&mut self.fields) {
            fields.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            fields.push((name, value));
        }
        let fields = fields.into_iter();
        let request = Request {
            method: "POST",
            target: PATH.to_owned(),
            version: "HTTP/1.1",
            fields: fields
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            body,
            chunked: false,
        };
        self.http.send(label, &request)
    }

    /// Calls a hook, which must do it.
    pub(crate) fn hook(&mut self, what: &str, body: &str) {
        let response = self.ask_hook(what, body);
        assert_eq!(response.status, 200, "{what} {body}");
    }

    pub(crate) fn ask_hook(&mut self, what: &str, body: &str) -> Response {
        let body = body.replace("$me", &self.uuid);
        let request = Request {
            method: "POST",
            target: format!("/admin/pull/{what}"),
            version: "HTTP/1.1",
            fields: Vec::new(),
            body: body.as_bytes(),
            chunked: false,
        };
        let label = format!("hook {what} {body}");
        self.http.send(&label, &request).expect("an answer")
    }

    /// Gives up what was noted.
    pub(crate) fn done(self, all: &mut Vec<Noted>) {
        all.extend(self.http.notes);
    }
}

/// A document as an agent writes it.
pub(crate) fn document(tree: &Tree<'_>) -> Vec<u8> {
    let style = xml::Style {
        declaration: Some("version=\"1.0\" encoding=\"utf-8\"".to_owned()),
        ..xml::Style::default()
    };
    xml::write(tree, &style)
}
