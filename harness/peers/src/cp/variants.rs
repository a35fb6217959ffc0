//! Variants of the provisioning server: freedoms that the standards leave, each used by a switch.
//!
//! None of them may cost a conforming gateway or device anything, and none may earn a finding.

use assay_wire::sms::OCTETS_CLASS_1;
use assay_wire::wbxml::{Identify, Pages, Starts, Strings, Values};
use assay_wire::wsp::PUSH_PORT;
use assay_wire::xml::Quotes;

use super::doc::Kind;
use crate::switch::Variant;
use crate::table::cp::{coding, logic, packing, pap, push, sms};

pub(crate) const VARIANTS: &[Variant] = &[
    // WBXML.
    coding(
        "public-id-in-string-table",
        "names the document type by its public identifier",
        |coding| coding.style.public_id = Identify::Text,
    ),
    coding(
        "strings-in-table",
        "puts all strings into the string table",
        |coding| coding.style.strings = Strings::Table,
    ),
    coding(
        "strings-shared",
        "puts strings that repeat into the string table",
        |coding| coding.style.strings = Strings::Shared,
    ),
    coding(
        "tokens-for-names-only",
        "takes tokens for names of attributes, and none for values",
        |coding| {
            coding.style.attributes.starts = Starts::Bare;
            coding.style.attributes.values = Values::Never;
        },
    ),
    coding(
        "names-as-literals",
        "writes names of attributes as literals",
        |coding| coding.style.attributes.starts = Starts::Literal,
    ),
    coding(
        "values-inline",
        "writes values of attributes inline",
        |coding| coding.style.attributes.values = Values::Never,
    ),
    coding(
        "attribute-page-kept",
        "stays on a code page as long as it has the token",
        |coding| coding.style.attributes.pages = Pages::Current,
    ),
    coding(
        "redundant-page-switches",
        "switches the code page in front of each element",
        |coding| coding.style.redundant_switches = true,
    ),
    coding(
        "empty-elements-with-content",
        "ends empty elements explicitly",
        |coding| coding.style.empty_with_content = true,
    ),
    coding(
        "microsoft-names-inline",
        "takes no tokens of Windows Mobile for attributes",
        |coding| coding.style.attributes.microsoft = false,
    ),
    coding(
        "indications-in-wbxml-1-3",
        "writes indications and loadings in WBXML 1.3",
        |coding| coding.style.version = 0x03,
    ),
    // WSP.
    push(
        "application-id-given",
        "names the usual application",
        |push| {
            if push.kind != Kind::Trigger {
                push.header("X-Wap-Application-Id", "x-wap-application:wml.ua", true);
            }
        },
    ),
    push("mac-before-sec", "writes MAC in front of SEC", |push| {
        push.style.mac_first = true;
    }),
    push(
        "media-type-as-text",
        "writes the media type of documents as text",
        |push| {
            if push.kind != Kind::Trigger {
                push.style.media_as_text = true;
            }
        },
    ),
    push(
        "transaction-id-other",
        "counts transactions from F9",
        |push| push.style.tid = 0xF9,
    ),
    // Short messages.
    sms(
        "sixteen-bit-references",
        "gives segments references of sixteen bits",
        |sms| sms.split.wide = true,
    ),
    sms(
        "concatenation-before-ports",
        "writes the concatenation in front of the ports",
        |sms| sms.split.concat_first = true,
    ),
    sms(
        "source-port-of-push",
        "sends from the port that it sends to",
        |sms| sms.split.from = PUSH_PORT,
    ),
    sms("short-segments", "cuts segments of 100 octets", |sms| {
        sms.split.size = 100;
    }),
    sms(
        "segments-backwards",
        "sends the last segment first",
        |sms| sms.backwards = true,
    ),
    sms(
        "message-class-1",
        "sends octets of message class 1",
        |sms| sms.coding = OCTETS_CLASS_1,
    ),
    sms(
        "message-in-payload",
        "hands messages over in the optional parameter",
        |sms| sms.in_payload = true,
    ),
    sms(
        "bound-as-transmitter",
        "binds to the message centre for sending only",
        |sms| sms.as_transmitter = true,
    ),
    // PAP.
    pap("pap-of-version-2-0", "names version 2.0 of PAP", |pap| {
        pap.control.version = "2.0";
    }),
    pap("pap-of-version-2-1", "names version 2.1 of PAP", |pap| {
        pap.control.version = "2.1";
    }),
    pap(
        "pap-without-doctype",
        "names no document type in PAP",
        |pap| pap.control.version = "",
    ),
    pap(
        "pap-attributes-reordered",
        "writes the attributes of PAP in another order",
        |pap| {
            let message = pap.control.message();
            if let Some(element) = message.and_then(|message| pap.control.tree.element_mut(message))
            {
                element.attributes.reverse();
            }
        },
    ),
    pap(
        "pap-single-quoted",
        "quotes the attributes of PAP with apostrophes",
        |pap| pap.control.quotes = Quotes::Single,
    ),
    pap(
        "pap-with-preamble",
        "writes a preamble in front of the first part",
        |pap| pap.style.preamble = String::from("This is a push."),
    ),
    pap("pap-boundary-quoted", "quotes the boundary", |pap| {
        pap.quotes_boundary = true;
    }),
    pap(
        "pap-with-extra-fields",
        "gives the parts further fields",
        |pap| {
            let id = |name: &str| ("Content-ID".to_owned(), format!("<{name}@cp.example.com>"));
            pap.fields.push(id("control"));
            pap.content.fields.push(id("content"));
        },
    ),
    pap(
        "pap-quality-left-out",
        "asks for no quality of service",
        |pap| {
            for quality in pap.control.inside("quality-of-service") {
                pap.control.tree.detach(quality);
            }
        },
    ),
    // Packages.
    logic("package-tag-left-out", "gives packages no ETag"),
    logic(
        "package-media-cabinet",
        "serves packages under the media type of cabinets",
    ),
    packing(
        "package-without-checksums",
        "leaves the checksums of blocks out",
        |packing| packing.style.checksums = false,
    ),
    packing(
        "package-signed-through-authority",
        "signs with a certificate of an authority in between",
        |packing| {
            use assay_wire::authenticode::specimen::Specimen;
            packing.signer = packing.signer.map(|known| match known {
                Specimen::Good => Specimen::Indirect,
                other => other,
            });
        },
    ),
    // Package 0.
    logic(
        "default-nonce-as-text",
        "takes the digits of the default nonce as text",
    ),
    logic(
        "trigger-with-vendor-part",
        "puts octets of its own behind notifications",
    ),
];
