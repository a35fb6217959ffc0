//! From the signer's certificate to a root that is trusted, and whether each on the way may stand
//! where it stands (RFC 5280 6.1, without policies, name constraints and revocation).

use super::hash::Checked;
use super::oid;
use super::x509::{Certificate, DIGITAL_SIGNATURE, KEY_CERT_SIGN};
use crate::span::{Notes, Span};

/// Certificates in one chain, at most.
const LONGEST: usize = 8;

/// Where a chain ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// True where it reaches a root, and everything on the way is as it should be.
    pub(super) is_good: bool,
    /// The names from the signer to the last that was found.
    pub(super) names: Vec<String>,
}

/// Follows the issuers of `signer` among `others` to one of `roots`, at this time.
///
/// Spans of roots are not of the input, so what is wrong with a root is told at the certificate
/// that it issued.
pub(super) fn follow<'a>(
    signer: &Certificate<'a>,
    others: &[Certificate<'a>],
    roots: &[Certificate<'a>],
    at: i64,
    notes: &mut Notes,
) -> Chain {
    let mut chain = Chain::default();
    let mut good = usage(signer, notes);
    let mut current = signer.clone();
    let mut span = signer.whole.span();
    for depth in 0..LONGEST {
        chain.names.push(current.name.clone());
        good &= dates(&current, span, depth, at, notes);
        good &= extensions(&current, span, notes);
        if roots
            .iter()
            .any(|root| root.whole.whole() == current.whole.whole())
        {
            chain.is_good = good;
            return chain;
        }
        let own = span;
        let (issuer, is_root) = match issuer(&current, others, roots) {
            Ok(found) => found,
            Err(Missing::Wrong(name)) => {
                let text = format!(
                    "{:?} is not signed by {name:?}, which it names",
                    current.name
                );
                notes.push("sign.wrong-issuer-signature", own, text);
                return chain;
            }
            Err(Missing::Unsupported(name)) => {
                let text = format!("how {name:?} signed {:?} is not checked here", current.name);
                notes.push("sign.unsupported", own, text);
                return chain;
            }
            Err(Missing::None) => {
                let text = format!(
                    "the chain ends at {:?}, which no given root issued",
                    current.name
                );
                notes.push("sign.untrusted", own, text);
                return chain;
            }
        };
        good &= may_issue(&issuer, own, depth, notes);
        span = if is_root { own } else { issuer.whole.span() };
        current = issuer;
    }
    let text = format!("more than {LONGEST} certificates");
    notes.push("sign.untrusted", span, text);
    chain
}

enum Missing {
    /// Nobody has the name of the issuer.
    None,
    /// Somebody has, but did not sign.
    Wrong(String),
    Unsupported(String),
}

/// Who signed this certificate, roots first, and whether that is a root.
fn issuer<'a>(
    of: &Certificate<'a>,
    others: &[Certificate<'a>],
    roots: &[Certificate<'a>],
) -> Result<(Certificate<'a>, bool), Missing> {
    let mut missing = Missing::None;
    let roots = roots.iter().map(|root| (root, true));
    let all = roots.chain(others.iter().map(|other| (other, false)));
    for (candidate, is_root) in all {
        let is_itself = candidate.whole.whole() == of.whole.whole();
        if candidate.subject != of.issuer || is_itself {
            continue;
        }
        match candidate.issued(of) {
            Checked::Right => return Ok((candidate.clone(), is_root)),
            Checked::Wrong => missing = Missing::Wrong(candidate.name.clone()),
            Checked::Unsupported => missing = Missing::Unsupported(candidate.name.clone()),
        }
    }
    Err(missing)
}

/// Whether the signer's certificate is one for programs.
fn usage(signer: &Certificate<'_>, notes: &mut Notes) -> bool {
    let span = signer.whole.span();
    let mut good = true;
    if signer
        .extensions
        .usage
        .is_some_and(|bits| bits & DIGITAL_SIGNATURE == 0)
    {
        let text = format!("{:?} is not for signatures: keyUsage", signer.name);
        notes.push("sign.wrong-usage", span, text);
        good = false;
    }
    match &signer.extensions.extended {
        None => {
            let text = format!("{:?} does not say what it is for", signer.name);
            notes.push("sign.no-usage", span, text);
        }
        Some(usages) if !signs_code(usages) => {
            let names: Vec<_> = usages.iter().take(4).map(|id| oid::name(id)).collect();
            let text = format!(
                "{:?} is for {}, not for code",
                signer.name,
                names.join(", ")
            );
            notes.push("sign.wrong-usage", span, text);
            good = false;
        }
        Some(_) => {}
    }
    good
}

fn signs_code(usages: &[&[u8]]) -> bool {
    let mut usages = usages.iter();
    usages.any(|&id| id == oid::CODE_SIGNING || id == oid::ANY_USAGE)
}

fn dates(of: &Certificate<'_>, span: Span, depth: usize, at: i64, notes: &mut Notes) -> bool {
    // The field itself, where the certificate is one of the input.
    let span = if span == of.whole.span() {
        of.validity
    } else {
        span
    };
    let whose = if depth == 0 {
        "the signer"
    } else {
        "an issuer"
    };
    if at < of.from {
        let text = format!("{whose}, {:?}, is not valid yet", of.name);
        notes.push("sign.not-yet-valid", span, text);
    } else if at > of.until {
        let text = format!("{whose}, {:?}, is no longer valid", of.name);
        notes.push("sign.expired", span, text);
    }
    (of.from..=of.until).contains(&at)
}

fn extensions(of: &Certificate<'_>, span: Span, notes: &mut Notes) -> bool {
    if of.is_weak() {
        let text = format!("{:?} has {}", of.name, of.key_text());
        notes.push("sign.weak", span, text);
    }
    let Some((id, _)) = &of.extensions.unknown else {
        return true;
    };
    let text = format!("{:?} has the critical extension {id}", of.name);
    notes.push("sign.unknown-critical", span, text);
    false
}

/// Whether this certificate may issue others, with so many issuers below it.
fn may_issue(of: &Certificate<'_>, span: Span, below: usize, notes: &mut Notes) -> bool {
    let extensions = &of.extensions;
    let why = if !extensions.is_ca {
        "is no authority: basicConstraints"
    } else if extensions
        .usage
        .is_some_and(|bits| bits & KEY_CERT_SIGN == 0)
    {
        "does not sign certificates: keyUsage"
    } else if extensions.path.is_some_and(|path| path < below as u64) {
        "may not have so many below it: pathLenConstraint"
    } else if extensions
        .extended
        .as_deref()
        .is_some_and(|usages| !signs_code(usages))
    {
        "is not for code: extendedKeyUsage"
    } else {
        return true;
    };
    notes.push("sign.not-an-issuer", span, format!("{:?} {why}", of.name));
    false
}
