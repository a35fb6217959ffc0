//! A small device: sessions, credentials and answers, good enough to put questions to a peer.

use assay_wire::dm::{Draft, Message, MetaDraft, StatusDraft, Version};
use assay_wire::{Encoding, Limits, digest, http, read, wbxml, xml};

use crate::client::{encoding_of, summary};
use crate::http::{Http, Request};

/// What a device proves itself with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cred {
    None,
    Md5,
    Md5Of(Vec<u8>),
    Syncml10,
    Basic,
    BasicText(String),
    Raw {
        kind: Option<&'static str>,
        data: String,
    },
}

/// What was in the last reply, as far as the next message needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) msg: String,
    /// Name, CmdID and first target of each command to answer.
    pub(crate) commands: Vec<(String, String, String)>,
    pub(crate) header: u64,
}

/// A device.
pub(crate) struct Device {
    pub(crate) http: Http,
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) version: Version,
    pub(crate) encoding: Encoding,
    pub(crate) session: String,
    pub(crate) msg: u32,
    pub(crate) nonce: Vec<u8>,
    pub(crate) seen: Seen,
    pub(crate) path: String,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) wbxml: wbxml::Style,
    pub(crate) last: Vec<u8>,
    sessions: u32,
}

impl Device {
    pub(crate) fn new(url: &str, id: &str) -> Self {
        Self {
            http: Http::new(url, summary),
            id: id.to_owned(),
            user: id.to_owned(),
            password: format!("secret-{id}"),
            version: Version::V1_2,
            encoding: Encoding::Xml,
            session: String::new(),
            msg: 0,
            nonce: Vec::new(),
            seen: Seen::default(),
            path: "/dm".to_owned(),
            fields: vec![("User-Agent", "device/1".to_owned())],
            wbxml: wbxml::Style::default(),
            last: Vec::new(),
            sessions: 0,
        }
    }

    /// Begins a session with a SessionID of its own.
    pub(crate) fn open(&mut self) -> &mut Self {
        self.sessions += 1;
        let session = format!("{:X}", 0x10 + self.sessions);
        self.open_as(&session)
    }

    pub(crate) fn open_as(&mut self, session: &str) -> &mut Self {
        session.clone_into(&mut self.session);
        self.msg = 0;
        self.path = "/dm".to_owned();
        self
    }

    /// The header of the next message.
    pub(crate) fn draft(&mut self, cred: &Cred) -> Draft {
        self.msg += 1;
        let mut draft = Draft::new(
            self.version,
            &self.session,
            &self.msg.to_string(),
            "http://server/dm",
            &self.id,
        );
        draft.source_name(&self.user);
        let md5 = MetaDraft::new("b64", "syncml:auth-md5");
        let basic = MetaDraft::new("b64", "syncml:auth-basic");
        let (user, password) = (self.user.clone(), self.password.clone());
        match cred {
            Cred::None => {}
            Cred::Md5 => {
                draft.cred(&md5, &digest::md5_cred(&user, &password, &self.nonce));
            }
            Cred::Md5Of(nonce) => {
                draft.cred(&md5, &digest::md5_cred(&user, &password, nonce));
            }
            Cred::Syncml10 => {
                draft.cred(&md5, &digest::md5_syncml10(&user, &password, &self.nonce));
            }
            Cred::Basic => {
                draft.cred(&basic, &digest::basic(&user, &password));
            }
            Cred::BasicText(text) => {
                draft.cred(&basic, &digest::b64(text.as_bytes()));
            }
            Cred::Raw { kind, data } => {
                let meta = kind
                    .map(|kind| MetaDraft::new("b64", kind))
                    .unwrap_or_default();
                let cred = draft.cred(&meta, data);
                if kind.is_none() {
                    let meta = draft.tree.child(cred, "Meta").expect("a Meta");
                    draft.tree.detach(meta);
                }
            }
        }
        draft
    }

    /// An ordinary package 1.
    pub(crate) fn package_1(&mut self, label: &str, cred: &Cred) {
        let mut draft = self.draft(cred);
        draft.alert(1201);
        dev_info(&mut draft, &self.id.clone());
        draft.fin();
        self.post(label, &draft);
    }

    /// Opens a session and gets in, following one challenge.
    pub(crate) fn get_in(&mut self, label: &str) {
        self.open();
        self.package_1(&format!("{label}: package 1"), &Cred::None);
        self.package_1(&format!("{label}: with digest"), &Cred::Md5);
    }

    /// The Statuses for the last reply: 200 for each, or what `code` says.
    pub(crate) fn answer(&mut self, label: &str, code: impl Fn(&str) -> u32, results: bool) {
        let mut draft = self.draft(&Cred::None);
        self.statuses(&mut draft, 0, usize::MAX, code, results);
        draft.fin();
        self.post(label, &draft);
    }

    pub(crate) fn statuses(
        &self,
        draft: &mut Draft,
        from: usize,
        count: usize,
        code: impl Fn(&str) -> u32,
        results: bool,
    ) {
        let status = |cmd: &str, id: &str, code| StatusDraft {
            msg_ref: self.seen.msg.clone(),
            cmd_ref: id.to_owned(),
            cmd: cmd.to_owned(),
            code,
            ..StatusDraft::default()
        };
        draft.status(&status("SyncHdr", "0", 200));
        let commands = self.seen.commands.iter().skip(from).take(count);
        for (name, id, target) in commands {
            draft.status(&status(name, id, code(name)));
            if name == "Get" && results {
                let node = draft.command("Results");
                draft.leaf(node, "MsgRef", &self.seen.msg);
                draft.leaf(node, "CmdRef", id);
                let item = draft.item(node);
                draft.located(item, "Source", target, None);
                draft.leaf(item, "Data", "value");
            }
        }
    }

    /// Answers until there is nothing more to answer.
    pub(crate) fn finish(&mut self, label: &str) {
        for round in 0..6 {
            if self.seen.commands.is_empty() {
                return;
            }
            self.answer(&format!("{label}: round {round}"), |_| 200, true);
        }
    }

    pub(crate) fn octets(&self, draft: &Draft) -> Vec<u8> {
        match self.encoding {
            Encoding::Xml => xml::write(&draft.tree, &xml::Style::default()),
            Encoding::Wbxml => wbxml::write(&draft.tree, &self.wbxml).expect("WBXML"),
        }
    }

    pub(crate) fn post(&mut self, label: &str, draft: &Draft) {
        let octets = self.octets(draft);
        self.post_octets(label, &octets);
    }

    pub(crate) fn media(&self) -> &'static str {
        match self.encoding {
            Encoding::Xml => "application/vnd.syncml.dm+xml",
            Encoding::Wbxml => "application/vnd.syncml.dm+wbxml",
        }
    }

    pub(crate) fn post_octets(&mut self, label: &str, octets: &[u8]) {
        let media = self.media().to_owned();
        self.post_as(label, octets, &media, "HTTP/1.1", false);
    }

    pub(crate) fn post_as(
        &mut self,
        label: &str,
        body: &[u8],
        media: &str,
        version: &str,
        chunked: bool,
    ) {
        self.last = body.to_vec();
        let mut fields = self.fields.clone();
        fields.push(("Content-Type", media.to_owned()));
        let request = Request {
            method: "POST",
            target: self.path.clone(),
            version,
            fields,
            body,
            chunked,
        };
        let response = self.http.send(label, &request);
        self.seen = Seen::default();
        if let Some(response) = response {
            self.look(&response);
        }
    }

    fn look(&mut self, response: &http::Response) {
        let Some(encoding) = encoding_of(response) else {
            return;
        };
        let Ok(decoded) = read(&response.body.octets, encoding, &Limits::TARGET) else {
            return;
        };
        let Some(message) = Message::of(&decoded.tree) else {
            return;
        };
        self.seen.msg = message.msg_id().to_owned();
        self.seen.header = message
            .header_status()
            .map_or(0, assay_wire::dm::Command::code);
        for command in message.all_commands() {
            if let Some(nonce) = command
                .chal
                .as_ref()
                .and_then(|chal| chal.meta.as_ref()?.next_nonce.as_ref())
                .and_then(|text| digest::unb64(&text.value))
            {
                self.nonce = nonce;
            }
            let ours = command.name == "Alert" && matches!(command.code(), 1222 | 1223);
            if !matches!(command.name, "Status" | "Results") && !ours {
                let target = command.items.first().and_then(|item| item.target.as_ref());
                let target = target.map_or(String::new(), |target| target.value.to_string());
                self.seen
                    .commands
                    .push((command.name.to_owned(), command.id().to_owned(), target));
            }
        }
        let uri = message
            .header
            .as_ref()
            .and_then(|header| header.resp_uri.as_ref());
        if let Some(uri) = uri {
            let at = uri.value.find("/dm").unwrap_or(0);
            uri.value[at..].clone_into(&mut self.path);
        }
    }
}

/// The DevInfo Replace.
pub(crate) fn dev_info(draft: &mut Draft, dev_id: &str) {
    let nodes = [
        ("DevId", dev_id),
        ("Man", "Assay"),
        ("Mod", "m"),
        ("DmV", "1.2"),
        ("Lang", "en"),
    ];
    replace(
        draft,
        &nodes.map(|(name, value)| (format!("./DevInfo/{name}"), value.to_owned())),
    );
}

/// A Replace of these nodes.
pub(crate) fn replace(draft: &mut Draft, nodes: &[(String, String)]) {
    let command = draft.command("Replace");
    for (uri, value) in nodes {
        let item = draft.item(command);
        draft.located(item, "Source", uri, None);
        draft.meta(item, &MetaDraft::new("chr", "text/plain"));
        draft.leaf(item, "Data", value);
    }
}

/// An Alert with Items of type, format and data.
pub(crate) fn alert(
    draft: &mut Draft,
    code: u32,
    items: &[(&str, &str)],
) -> assay_wire::tree::NodeId {
    let alert = draft.alert(code);
    for (number, (kind, data)) in items.iter().enumerate() {
        let item = draft.item(alert);
        draft.located(item, "Source", &format!("./Vendor/{number}"), None);
        if !kind.is_empty() {
            draft.meta(item, &MetaDraft::new("chr", kind));
        }
        if !data.is_empty() {
            draft.leaf(item, "Data", data);
        }
    }
    alert
}
