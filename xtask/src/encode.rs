//! `encode`: a document as WBXML, as the push that carries it, as short messages, as a submission to
//! a gateway or as a package.
//!
//! Package 0 is no document. What it says is written as an element `notification`, here only.

use std::fmt::Write as _;

use anyhow::{Context as _, bail, ensure};
use assay_wire::cab::Entry;
use assay_wire::cp::{self, Protection};
use assay_wire::dump::{self, Format};
use assay_wire::mac::{Method, Secrets, pin_with_check};
use assay_wire::pap::PartDraft;
use assay_wire::sms::{Split, TpduDraft, split};
use assay_wire::trigger::{self, TriggerDraft};
use assay_wire::wbxml::Style;
use assay_wire::{Limits, Tree, cab, cpf, digest, pap, wsp, xml};

use crate::args::Encode;
use crate::out;

/// Exit code 0, or an error that says why it cannot be encoded.
pub(crate) fn encode(args: &Encode) -> anyhow::Result<u8> {
    let name = args.file.display();
    let text = std::fs::read(&args.file).with_context(|| format!("cannot read {name}"))?;
    let limits = Limits {
        bytes: usize::MAX,
        ..Limits::TARGET
    };
    let (tree, notes) = xml::read(&text, &limits).with_context(|| format!("{name} is no XML"))?;
    if let Some(note) = notes.iter().find(|note| xml::is_fault(note.kind)) {
        bail!("{name} is no XML: {} at byte {}", note.text, note.span.at);
    }
    // Blanks between elements are for eyes, and no format here keeps them.
    let protection = protection(args)?;
    let style = Style {
        version: 0x03,
        ..Style::default()
    };
    let draft = match notification(&tree)? {
        Some(body) => {
            let mut draft = wsp::PushDraft::new(trigger::MEDIA, body);
            let id = "X-Wap-Application-Id".to_owned();
            draft.headers.push((id, trigger::APPLICATION.to_owned()));
            draft
        }
        None => cp::push(&tree, &style, protection.as_ref())
            .with_context(|| format!("cannot encode {name}"))?,
    };
    if let Some(Protection {
        method: Method::UserPinMac,
        secrets,
    }) = protection
    {
        let pin = pin_with_check(secrets.pin.unwrap_or_default(), &draft.body);
        out::line(format_args!("# PIN for the user: {pin}"));
    }
    let (format, pieces) = match args.r#as.as_str() {
        "wbxml" => (Format::Wbxml, vec![draft.body]),
        "trigger" => (Format::Trigger, vec![draft.body]),
        "push" => (Format::Push, vec![draft.write(&wsp::Style::default())]),
        "pap" => (Format::Pap, vec![submission(&draft, &args.to)]),
        "cab" => {
            let entries = [Entry::new(cpf::SETUP, text.clone())];
            return put(
                args,
                &[cab::write(&entries, &cab::Style::default())?],
                cab::dump::lines,
            );
        }
        form => {
            let pdu = draft.write(&wsp::Style::default());
            let segments = split(&pdu, &Split::default())?;
            if form == "sms" {
                (Format::Sms, segments)
            } else {
                let tpdu = |segment| TpduDraft::deliver(&args.from, segment).write();
                (Format::Tpdu, segments.into_iter().map(tpdu).collect())
            }
        }
    };
    put(args, &pieces, |piece| dump::of(piece, format))
}

/// Writes the octets into a file, or hex with what they say.
fn put(
    args: &Encode,
    pieces: &[Vec<u8>],
    lines: impl Fn(&[u8]) -> Vec<dump::Line>,
) -> anyhow::Result<u8> {
    if let Some(out) = &args.out {
        let octets = pieces.concat();
        std::fs::write(out, &octets).with_context(|| format!("cannot write {}", out.display()))?;
        return Ok(0);
    }
    let count = pieces.len();
    for (number, piece) in pieces.iter().enumerate() {
        let mut text = String::new();
        if count > 1 {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "# {} of {count}, {} octets", number + 1, piece.len());
        }
        text.push_str(&dump::hex_text(piece, &lines(piece)));
        out::print(text);
    }
    Ok(0)
}

/// The body of a request that asks a gateway to push.
fn submission(draft: &wsp::PushDraft, to: &str) -> Vec<u8> {
    let address = format!("WAPPUSH={to}/TYPE=PLMN@ppg.example.com");
    let control = pap::PushDraft {
        push_id: "1@pi.example.com",
        addresses: vec![address.into()],
        attributes: Vec::new(),
        quality: None,
    };
    let mut media = draft.media.clone();
    if let Some(sec) = draft.sec {
        let _ = write!(media, "; SEC={sec}");
    }
    if let Some(mac) = &draft.mac {
        let _ = write!(media, "; MAC=\"{mac}\"");
    }
    let mut content = PartDraft::new(&media, draft.body.clone());
    content.fields.extend(draft.headers.iter().cloned());
    let control = pap::document(&control.tree(), "2.0");
    let parts = [PartDraft::new(pap::CONTROL_MEDIA, control), content];
    pap::write(&parts, &pap::Style::default())
}

/// Package 0, where the document is a `notification` with `server`, `session`, and perhaps
/// `password`, `nonce` (base64), `ui-mode` and `initiator`.
fn notification(tree: &Tree<'_>) -> anyhow::Result<Option<Vec<u8>>> {
    let root = tree
        .root()
        .filter(|root| tree.name(*root) == "notification");
    let Some(element) = root.and_then(|root| tree.element(root)) else {
        return Ok(None);
    };
    let given = |name: &str| {
        let mut attributes = element.attributes.iter();
        let found = attributes.find(|attribute| attribute.name == name);
        found.map(|attribute| attribute.value.as_ref())
    };
    let number = |name: &str, usual: u16| match given(name) {
        Some(text) => text
            .parse()
            .with_context(|| format!("{name} is no number: {text}")),
        None => Ok(usual),
    };
    let server = given("server").context("a notification names its server")?;
    let mut draft = TriggerDraft::new(server, number("session", 1)?);
    draft.ui_mode = number("ui-mode", 1)?.min(3) as u8;
    draft.initiator = number("initiator", 1)?.min(1) as u8;
    let nonce =
        digest::unb64(given("nonce").unwrap_or_default()).context("the nonce is no base64")?;
    Ok(Some(
        draft.write(given("password").unwrap_or_default(), &nonce),
    ))
}

fn protection(args: &Encode) -> anyhow::Result<Option<Protection<'_>>> {
    let Some(sec) = &args.sec else {
        ensure!(
            args.pin.is_none() && args.imsi.is_none(),
            "--mac-pin and --imsi key the MAC that --sec asks for"
        );
        return Ok(None);
    };
    let form = args.r#as.as_str();
    ensure!(
        !matches!(form, "wbxml" | "trigger" | "cab"),
        "--sec protects a push, and {form} is none"
    );
    let method = Method::named(sec).with_context(|| {
        format!("{sec} is no method: netwpin, userpin, usernetwpin, userpinmac or 0 to 3")
    })?;
    let secrets = Secrets {
        imsi: args.imsi.as_deref(),
        pin: args.pin.as_deref(),
    };
    let of_network = matches!(method, Method::NetwPin | Method::UserNetwPin);
    let of_user = method != Method::NetwPin;
    ensure!(!of_network || secrets.imsi.is_some(), "{sec} needs --imsi");
    ensure!(!of_user || secrets.pin.is_some(), "{sec} needs --mac-pin");
    let digits = |pin: &str| !pin.is_empty() && pin.bytes().all(|octet| octet.is_ascii_digit());
    ensure!(secrets.pin.is_none_or(digits), "a PIN is made of digits");
    Ok(Some(Protection { method, secrets }))
}
