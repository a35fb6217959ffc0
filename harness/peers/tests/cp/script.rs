//! What the provisioning server is asked, section by section, and what comes of it on each carrier.

use assay_peers::Running;
use assay_wire::http::Response;

use super::ears::{Ears, Heard};
use super::http::{Http, Request};
use super::show::{self, Shown};
use super::{IMSI, PIN, Section, Seen};

pub(crate) const SECTIONS: &[Section] = &[
    bootstraps,
    methods,
    short_messages,
    datagrams,
    files,
    indications,
    notifications,
    submissions,
    packages,
];

/// Calls of a peer, and what is heard of it.
pub(crate) struct Script<'a> {
    http: Http,
    pub(crate) ears: Ears,
    ports: Vec<u16>,
    seen: &'a mut Vec<Seen>,
}

impl<'a> Script<'a> {
    pub(crate) fn new(url: &str, seen: &'a mut Vec<Seen>) -> Self {
        let ears = Ears::new();
        let port = url
            .split(':')
            .nth(2)
            .and_then(|rest| rest.split('/').next());
        let port = port.and_then(|port| port.parse().ok()).expect("a port");
        Self {
            http: Http::new(url, |_| (String::new(), None)),
            ports: vec![port, ears.smpp.port(), ears.udp.port(), ears.pap.port()],
            ears,
            seen,
        }
    }

    /// Sends a request, and notes what is answered.
    pub(crate) fn send(
        &mut self,
        label: &str,
        method: &str,
        target: &str,
        fields: Vec<(&str, String)>,
        body: &[u8],
    ) -> Option<Response> {
        let request = Request {
            method,
            target: target.to_owned(),
            version: "HTTP/1.1",
            fields,
            body,
            chunked: false,
        };
        let response = self.http.send(label, &request);
        let raw = self
            .http
            .notes
            .pop()
            .map(|note| note.raw)
            .unwrap_or_default();
        let shown = response.as_ref().map(show::response).unwrap_or_default();
        self.note(label, &raw, shown);
        response
    }

    /// Calls a hook with these values beside the usual ones.
    pub(crate) fn hook(&mut self, label: &str, target: &str, values: &[(&str, &str)]) -> String {
        let usual = [
            ("device", "assay-1"),
            ("address", "+15551234567"),
            ("imsi", IMSI),
            ("pin", PIN),
        ];
        let all = usual
            .iter()
            .filter(|_| target.contains("/cp/"))
            .chain(values);
        let pairs = all.map(|(name, value)| {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{name}\":\"{value}\"")
        });
        let body = format!("{{{}}}", pairs.collect::<Vec<_>>().join(","));
        let response = self.send(label, "POST", target, Vec::new(), body.as_bytes());
        let body = response.map(|response| response.body.octets);
        String::from_utf8_lossy(&body.unwrap_or_default())
            .trim_end()
            .to_owned()
    }

    /// Has something pushed, and notes what arrives.
    fn push(&mut self, label: &str, what: &str, carrier: &str, values: &[(&str, &str)]) {
        let gateway = match carrier {
            "smpp" => self.ears.smpp.to_string(),
            "udp" => self.ears.udp.to_string(),
            "pap" => format!("http://{}/pap/assay-1", self.ears.pap),
            _ => String::new(),
        };
        let mut all = vec![("carrier", carrier), ("gateway", &gateway)];
        all.extend(values);
        self.hook(label, &format!("/admin/cp/{what}"), &all);
        if carrier != "file" {
            self.listen(label, 1);
        }
    }

    /// Notes what is heard next.
    pub(crate) fn listen(&mut self, label: &str, count: usize) {
        for heard in self.ears.gather(count) {
            let raw = match &heard {
                Heard::Session(how, who, messages) => format!("{how} {who} {messages:?}"),
                Heard::Datagram(raw) | Heard::Request(_, raw) => {
                    raw.iter().map(|&octet| char::from(octet)).collect()
                }
            };
            self.note(label, &raw, show::heard(&heard));
        }
    }

    fn note(&mut self, label: &str, raw: &str, shown: Shown) {
        let (mut raw, mut short) = (raw.to_owned(), shown.text);
        for port in &self.ports {
            raw = raw.replace(&format!(":{port}"), ":0");
            short = short.replace(&format!(":{port}"), ":0");
        }
        for name in ["reply-time", "event-time", "received-time"] {
            for mark in ['"', '\''] {
                raw = without(&raw, &format!("{name}={mark}"), mark);
            }
        }
        self.seen.push(Seen {
            label: label.to_owned(),
            raw,
            short,
            bad: shown.bad,
        });
    }
}

/// A text without the values that stand behind this.
fn without(text: &str, name: &str, mark: char) -> String {
    let mut pieces = text.split(name);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(name);
        out.push_str(piece.split_once(mark).map_or(piece, |parts| parts.1));
    }
    out
}

fn bootstraps(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    script.push("bootstrap", "bootstrap", "udp", &[]);
    let document = "<wap-provisioningdoc version=\"1.1\">\
                    <characteristic type=\"NAPDEF\" mwid=\"1\">\
                    <characteristic-query type=\"NAP1\" mwid=\"1\"/></characteristic>\
                    <characteristic type=\"SecurityPolicy\"><parm-query name=\"4097\"/>\
                    </characteristic></wap-provisioningdoc>";
    script.push("query", "push-document", "udp", &[("document", document)]);
    let name = [("name", "vendor"), ("security", "none")];
    script.push("vendor", "push-document", "udp", &name);
}

fn methods(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    for method in ["netwpin", "userpin", "usernetwpin", "userpinmac"] {
        let values = [("name", "mail"), ("security", method)];
        script.push(method, "push-document", "udp", &values);
    }
}

fn short_messages(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let values = [("name", "account"), ("security", "netwpin")];
    script.push("several segments", "push-document", "smpp", &values);
    let values = [("name", "vendor"), ("security", "none")];
    script.push("one segment", "push-document", "smpp", &values);
    let href = [("href", "https://www.example.com/a.cpf")];
    script.push("a loading", "push-sl", "smpp", &href);
}

fn datagrams(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let initiator = [
        ("name", "direct-push"),
        ("security", "userpin"),
        ("initiator", "https://cp.example.com/cp"),
    ];
    script.push("by a known initiator", "push-document", "udp", &initiator);
}

fn files(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let values = [("name", "policy"), ("security", "userpinmac")];
    script.push("file", "push-document", "file", &values);
}

fn indications(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let given = [
        ("href", "http://www.example.com/c/a.cpf"),
        ("text", "Réglages nouveaux"),
        ("action", "signal-high"),
        ("si-id", "s1"),
        ("created", "2009-01-02T03:04:00Z"),
        ("expires", "2009-02-01T00:00:00Z"),
    ];
    script.push("an indication", "push-si", "udp", &given);
    script.push("one of the server's own", "push-si", "udp", &[]);
    let delete = [("action", "delete"), ("si-id", "s1")];
    script.push("a deletion", "push-si", "udp", &delete);
    let loading = [("href", "https://a.example/x.cpf"), ("action", "cache")];
    script.push("a loading", "push-sl", "udp", &loading);
    let loading = [("href", "http://a.example/x.cpf")];
    script.push("a loading of the usual kind", "push-sl", "udp", &loading);
    script.push("an indication to a gateway", "push-si", "pap", &given);
}

fn notifications(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let given = [
        ("session-id", "0x1234"),
        ("ui-mode", "user-interaction"),
        ("nonce", "bm9uY2U="),
        ("server-password", "secret"),
    ];
    script.push("a notification", "trigger-dm", "udp", &given);
    let given = [
        ("version", "1.1"),
        ("initiator", "user"),
        ("nonce", "bm9uY2U="),
        ("server-password", "secret"),
    ];
    script.push("one of 1.1", "trigger-dm", "smpp", &given);
    script.push("one to a gateway", "trigger-dm", "pap", &given);
    let given = [("nonce", "bmV3ZXI="), ("server-password", "secret")];
    script.push("one over a newer nonce", "trigger-dm", "udp", &given);
    let given = [("nonce-lost", "true"), ("server-password", "secret")];
    script.push("one without a nonce", "trigger-dm", "udp", &given);
}

fn submissions(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let values = [("name", "vendor"), ("security", "userpin")];
    script.push("a submission", "push-document", "pap", &values);
    let values = [
        ("name", "browsing"),
        ("security", "netwpin"),
        ("push-id", "mine@cp.example.com"),
        ("notify", "true"),
        ("initiator", "https://cp.example.com/cp"),
    ];
    script.push("one with everything", "push-document", "pap", &values);
    let told = "<?xml version=\"1.0\"?><pap><resultnotification-message \
                push-id=\"mine@cp.example.com\" message-state=\"delivered\" code=\"1000\">\
                <address address-value=\"WAPPUSH=+15551234567/TYPE=PLMN@ppg.example.com\"/>\
                </resultnotification-message></pap>";
    for (label, body) in [("what came of it", told), ("nothing of the kind", "<pap/>")] {
        let fields = vec![("Content-Type", "application/xml".to_owned())];
        script.send(label, "POST", "/pap/notify", fields, body.as_bytes());
    }
}

fn packages(peer: &Running, seen: &mut Vec<Seen>) {
    let mut script = Script::new(&peer.cp_admin, seen);
    let fetch = |script: &mut Script<'_>, label: &str, url: &str, fields| {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        script.send(label, "GET", &format!("/{path}"), fields, b"");
    };
    for (label, values) in [
        ("plain", &[("name", "plain")][..]),
        ("packed", &[("compression", "mszip"), ("extension", "cab")]),
        ("signed", &[("signed", "true"), ("name", "signed")]),
        ("for the ROM", &[("extension", "provxml"), ("name", "opr")]),
    ] {
        let mut values = values.to_vec();
        let rom = "<wap-provisioningdoc version=\"1.1\"><characteristic type=\"APPLICATION\">\
                   <parm name=\"APPID\" value=\"w7\"/></characteristic></wap-provisioningdoc>";
        if label == "for the ROM" {
            values.push(("document", rom));
        }
        let url = script.hook(label, "/admin/cp/publish-package", &values);
        fetch(&mut script, label, &url, Vec::new());
        fetch(
            &mut script,
            label,
            &url,
            vec![("Range", "bytes=1-3".to_owned())],
        );
        if label == "signed" {
            script.push("a link to it", "push-sl", "udp", &[("href", &url)]);
        }
    }
    script.hook("reset", "/admin/cp/reset", &[]);
}
