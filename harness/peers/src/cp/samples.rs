//! Documents that the server has of its own, for hooks that give none.
//!
//! Texts with `{…}` for what a hook may say; everything in them is as the standard wants it.

/// What may be said about a sample.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// Who provisions later: PROVURL.
    pub(crate) prov_url: &'a str,
    /// The URL of the management server.
    pub(crate) server_url: &'a str,
    /// The name that it goes by.
    pub(crate) server_id: &'a str,
    /// The roles of its later sessions, as a mask.
    pub(crate) role: u32,
}

/// The samples by name, and their parts in order.
const SAMPLES: &[(&str, &[&str])] = &[
    ("connectivity", &[NAP, PROXY, ACCESS]),
    ("browsing", &[NAP, PROXY, BROWSING]),
    ("messaging", &[NAP, PROXY, MESSAGING]),
    ("mail", &[NAP, MAIL]),
    ("account", &[NAP, ACCOUNT]),
    ("direct-push", &[SYNC]),
    ("policy", &[POLICY]),
    ("vendor", &[VENDOR]),
    ("query", &[QUERY]),
    (
        "full",
        &[
            BOOTSTRAP, NAP, PROXY, BROWSING, MESSAGING, MAIL, ACCOUNT, ACCESS, VENDOR, POLICY, SYNC,
        ],
    ),
];

/// A sample as XML; none where no sample has this name.
pub(crate) fn sample(name: &str, facts: &Facts<'_>) -> Option<String> {
    let (_, parts) = SAMPLES.iter().find(|sample| sample.0 == name)?;
    let role = facts.role.to_string();
    let text: String = parts.concat();
    let values = [
        ("{prov-url}", facts.prov_url),
        ("{server-url}", facts.server_url),
        ("{server-id}", facts.server_id),
        ("{role}", &role),
    ];
    let text = values.iter().fold(text, |text, (mark, value)| {
        text.replace(mark, &escaped(value))
    });
    Some(format!(
        "<wap-provisioningdoc version=\"1.1\">{text}</wap-provisioningdoc>"
    ))
}

/// A value as it stands between quotation marks.
fn escaped(value: &str) -> String {
    let marks = [("&", "&amp;"), ("<", "&lt;"), ("\"", "&quot;")];
    marks.iter().fold(value.to_owned(), |value, (mark, safe)| {
        value.replace(mark, safe)
    })
}

const BOOTSTRAP: &str = r#"
<characteristic type="BOOTSTRAP">
  <parm name="NAME" value="Réseau d'essai"/>
  <parm name="PROVURL" value="{prov-url}"/>
  <parm name="CONTEXT-ALLOW" value="0"/>
</characteristic>"#;

const NAP: &str = r#"
<characteristic type="NAPDEF">
  <parm name="NAPID" value="NAP1"/>
  <parm name="BEARER" value="GSM-GPRS"/>
  <parm name="NAME" value="Accès d'essai"/>
  <parm name="INTERNET"/>
  <parm name="NAP-ADDRESS" value="apn.example"/>
  <parm name="NAP-ADDRTYPE" value="APN"/>
  <characteristic type="NAPAUTHINFO">
    <parm name="AUTHTYPE" value="PAP"/>
    <parm name="AUTHNAME" value="subscriber"/>
    <parm name="AUTHSECRET" value="subscribed"/>
  </characteristic>
  <characteristic type="VALIDITY">
    <parm name="COUNTRY" value="262"/>
    <parm name="NETWORK" value="01,02"/>
    <parm name="VALIDUNTIL" value="2090-01-01T00:00:00Z"/>
  </characteristic>
</characteristic>"#;

const PROXY: &str = r#"
<characteristic type="PXLOGICAL">
  <parm name="PROXY-ID" value="proxy.example.com"/>
  <parm name="NAME" value="Test proxy"/>
  <parm name="TRUST"/>
  <parm name="STARTPAGE" value="http://start.example.com/"/>
  <parm name="PUSHENABLED" value="1"/>
  <characteristic type="PXPHYSICAL">
    <parm name="PHYSICAL-PROXY-ID" value="PROXY1"/>
    <parm name="PXADDR" value="192.0.2.1"/>
    <parm name="PXADDRTYPE" value="IPV4"/>
    <parm name="TO-NAPID" value="NAP1"/>
    <characteristic type="PORT">
      <parm name="PORTNBR" value="9201"/>
      <parm name="SERVICE" value="CO-WSP"/>
    </characteristic>
  </characteristic>
</characteristic>"#;

const ACCESS: &str = r#"
<characteristic type="ACCESS">
  <parm name="RULE" value="browsing"/>
  <parm name="APPID" value="w2"/>
  <parm name="TO-PROXY" value="proxy.example.com"/>
</characteristic>"#;

const BROWSING: &str = r#"
<characteristic type="APPLICATION">
  <parm name="APPID" value="w2"/>
  <parm name="NAME" value="Browsing"/>
  <parm name="TO-PROXY" value="proxy.example.com"/>
  <characteristic type="RESOURCE">
    <parm name="URI" value="http://start.example.com/"/>
    <parm name="NAME" value="Start"/>
    <parm name="STARTPAGE"/>
  </characteristic>
  <characteristic type="RESOURCE">
    <parm name="URI" value="http://news.example.com/"/>
    <parm name="NAME" value="News"/>
  </characteristic>
</characteristic>"#;

const MESSAGING: &str = r#"
<characteristic type="APPLICATION">
  <parm name="APPID" value="w4"/>
  <parm name="NAME" value="Pictures"/>
  <parm name="TO-PROXY" value="proxy.example.com"/>
  <parm name="ADDR" value="http://mms.example.com/"/>
</characteristic>"#;

const MAIL: &str = r#"
<characteristic type="APPLICATION">
  <parm name="APPID" value="25"/>
  <parm name="PROVIDER-ID" value="mail.example.com"/>
  <parm name="TO-NAPID" value="NAP1"/>
  <characteristic type="APPADDR">
    <parm name="ADDR" value="smtp.example.com"/>
    <characteristic type="PORT">
      <parm name="PORTNBR" value="25"/>
    </characteristic>
  </characteristic>
</characteristic>"#;

const ACCOUNT: &str = r#"
<characteristic type="APPLICATION">
  <parm name="APPID" value="w7"/>
  <parm name="PROVIDER-ID" value="{server-id}"/>
  <parm name="NAME" value="Management"/>
  <parm name="TO-NAPID" value="NAP1"/>
  <parm name="INIT"/>
  <parm name="ROLE" value="{role}"/>
  <parm name="PROTOVER" value="1.2"/>
  <parm name="CONNRETRYFREQ" value="3"/>
  <parm name="INITIALBACKOFFTIME" value="16000"/>
  <parm name="MAXBACKOFFTIME" value="86400000"/>
  <characteristic type="APPADDR">
    <parm name="ADDR" value="{server-url}"/>
    <characteristic type="PORT">
      <parm name="PORTNBR" value="443"/>
    </characteristic>
  </characteristic>
  <characteristic type="APPAUTH">
    <parm name="AAUTHLEVEL" value="CLIENT"/>
    <parm name="AAUTHTYPE" value="DIGEST"/>
    <parm name="AAUTHSECRET" value="of-the-server"/>
    <parm name="AAUTHDATA" value="c2VydmVyLW5vbmNl"/>
  </characteristic>
  <characteristic type="APPAUTH">
    <parm name="AAUTHLEVEL" value="APPSRV"/>
    <parm name="AAUTHTYPE" value="BASIC"/>
    <parm name="AAUTHNAME" value="subscriber"/>
    <parm name="AAUTHSECRET" value="of-the-client"/>
    <parm name="AAUTHDATA" value="Y2xpZW50LW5vbmNl"/>
  </characteristic>
</characteristic>"#;

const VENDOR: &str = r#"
<characteristic type="VENDORCONFIG">
  <parm name="NAME" value="example.assay"/>
  <parm name="COLOUR" value="blue"/>
</characteristic>"#;

const POLICY: &str = r#"
<characteristic type="SecurityPolicy">
  <parm name="4107" value="3200"/>
  <parm name="4119" value="128"/>
</characteristic>"#;

const SYNC: &str = r#"
<characteristic type="Sync">
  <characteristic type="Settings">
    <parm name="HeartbeatDefault" value="480"/>
    <parm name="HeartbeatIncrement" value="300"/>
    <parm name="HeartbeatMax" value="1680"/>
    <parm name="HeartbeatMin" value="480"/>
  </characteristic>
</characteristic>"#;

const QUERY: &str = r#"
<characteristic type="NAPDEF" mwid="1">
  <characteristic-query type="NAP1" mwid="1"/>
</characteristic>
<characteristic type="SecurityPolicy">
  <parm-query name="4097"/>
</characteristic>"#;

#[cfg(test)]
mod tests {
    use assay_wire::cp::{Document, Graph, is_fault};
    use assay_wire::{Limits, xml};

    use super::*;

    #[test]
    fn every_sample_is_well_formed_whatever_it_is_told() {
        let facts = Facts {
            prov_url: "http://x/?a=1&b=\"<",
            server_url: "https://y/",
            server_id: "z",
            role: 4,
        };
        for (name, _) in SAMPLES {
            let text = sample(name, &facts).expect("a sample");
            let (_, notes) = xml::read(text.as_bytes(), &Limits::TARGET).expect("a document");
            assert_eq!(notes, [], "{name}");
            assert!(
                !text.contains("{server") && !text.contains("{role"),
                "{name}"
            );
        }
        assert_eq!(sample("nothing", &facts), None);
    }

    #[test]
    fn no_sample_breaks_the_document_type_and_no_reference_dangles() {
        let facts = Facts {
            prov_url: "https://x/",
            server_url: "https://y/",
            server_id: "z",
            role: 4,
        };
        for (name, _) in SAMPLES {
            let text = sample(name, &facts).expect("a sample");
            let doc = crate::cp::parse(&text, crate::cp::Kind::Document).expect("a document");
            let document = Document::of(&doc.tree, None).expect("a root");
            let faults: Vec<_> = document
                .notes
                .iter()
                .filter(|note| is_fault(note.kind))
                .collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
            let graph = Graph::of(&document);
            assert_eq!(graph.dangling().count(), 0, "{name}");
            assert_eq!(graph.doubled().count(), 0, "{name}");
        }
    }
}
