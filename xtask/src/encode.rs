//! `encode`: a document as WBXML, as the push that carries it, or as short messages.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use assay_wire::cp::{self, Protection};
use assay_wire::dump::{self, Format};
use assay_wire::mac::{Method, Secrets, pin_with_check};
use assay_wire::sms::{Split, TpduDraft, split};
use assay_wire::wbxml::Style;
use assay_wire::{Limits, wsp, xml};

use crate::args::Encode;

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
    let draft = cp::push(&tree, &style, protection.as_ref())
        .with_context(|| format!("cannot encode {name}"))?;
    if let Some(Protection {
        method: Method::UserPinMac,
        secrets,
    }) = protection
    {
        let pin = pin_with_check(secrets.pin.unwrap_or_default(), &draft.body);
        println!("# PIN for the user: {pin}");
    }
    let (format, pieces) = match args.r#as.as_str() {
        "wbxml" => (Format::Wbxml, vec![draft.body]),
        "push" => (Format::Push, vec![draft.write(&wsp::Style::default())]),
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
        text.push_str(&dump::hex_text(piece, &dump::of(piece, format)));
        print!("{text}");
    }
    Ok(0)
}

fn protection(args: &Encode) -> anyhow::Result<Option<Protection<'_>>> {
    let Some(sec) = &args.sec else {
        return Ok(None);
    };
    let method = Method::named(sec).with_context(|| {
        format!("{sec} is no method: netwpin, userpin, usernetwpin, userpinmac or 0 to 3")
    })?;
    let secrets = Secrets {
        imsi: args.imsi.as_deref(),
        pin: args.pin.as_deref(),
    };
    Ok(Some(Protection { method, secrets }))
}
