//! Switches: what makes a peer break one rule, or use one freedom of the standard.
//!
//! Names and mechanism only. What the switches of a family do stands in its own tables; which
//! requirement a fault breaks is not known here.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use assay_wire::xml;

use crate::{carry, cp, dm, ppg, pull};

/// What a switch bends: the peers of one process are switched apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The OMA DM server.
    Dm,
    /// The management server of the Windows CE device management service.
    Pull,
    /// The provisioning server.
    Cp,
    /// The push proxy gateway.
    Ppg,
}

/// Where a switch takes hold.
#[derive(Clone, Copy, Debug)]
pub enum At {
    /// The peer asks for it by name where it decides.
    Logic,
    /// The reply of the DM server as a tree, before it is written.
    Message(fn(&mut dm::Doc)),
    /// How that reply is written.
    Style(fn(&mut dm::Styles)),
    /// The document that the management server answers, as a tree, before it is written.
    Document(fn(&mut pull::Doc)),
    /// How that document is written.
    Xml(fn(&mut xml::Style)),
    /// The octets of the reply, before they are framed.
    Body(fn(&mut Vec<u8>)),
    /// The octets of the whole HTTP response, just before they leave.
    Response(fn(&mut Vec<u8>)),
    /// A document, indication or loading of the provisioning server, as a tree.
    Provisioning(fn(&mut cp::Doc)),
    /// How that is written.
    Coding(fn(&mut cp::Coding)),
    /// Its octets, before anything is computed over them.
    Content(fn(&mut cp::Content)),
    /// A push, before it is handed to a carrier.
    Push(fn(&mut cp::Push)),
    /// A push as short messages.
    Sms(fn(&mut carry::Sms)),
    /// A push as it is submitted to a gateway.
    Pap(fn(&mut cp::Pap)),
    /// A package, before it is packed.
    Packing(fn(&mut cp::Packing)),
    /// What the gateway answers, or tells an initiator.
    Reply(fn(&mut ppg::Reply)),
}

/// One thing that a peer does otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// Whom it bends.
    pub family: Family,
    /// Its name: lower-case words that say what the peer does.
    pub name: &'static str,
    /// The same as one clause, the peer being the subject.
    pub says: &'static str,
    /// Where it takes hold.
    pub at: At,
}

/// A switch that makes a peer break one requirement.
pub type Fault = Switch;

/// A switch that makes a peer use a freedom that the standard grants.
pub type Variant = Switch;

/// How a peer is set up apart from its switches: `name=value` among the variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The scheme that clients must authenticate with.
    pub(crate) auth: Auth,
    /// Accounts beside the built-in ones: device, user, password.
    pub(crate) accounts: Vec<(String, String, String)>,
    /// Where the nonces start from; random where absent.
    pub(crate) seed: Option<String>,
}

/// The scheme of the application layer that a peer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    None,
    Basic,
    Md5,
    Mac,
}

impl Auth {
    /// The scheme of this name in options and hooks.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "basic" => Some(Self::Basic),
            "md5" => Some(Self::Md5),
            "mac" => Some(Self::Mac),
            _ => None,
        }
    }
}

/// The switches that are on, and the options.
#[derive(Clone, Debug)]
pub struct Switches {
    faults: Vec<&'static Fault>,
    variants: Vec<&'static Variant>,
    on: BTreeSet<&'static str>,
    pub(crate) options: Options,
}

/// A name that is no switch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is named `{name}`{}", near_text(near))]
pub struct UnknownSwitch {
    /// `fault`, `variant` or `option`.
    pub kind: &'static str,
    /// What was asked for.
    pub name: String,
    /// Names that look like it, best first.
    pub near: Vec<&'static str>,
}

/// The faults of a family.
pub fn faults(family: Family) -> impl Iterator<Item = &'static Fault> {
    all_faults().filter(move |fault| fault.family == family)
}

/// The variants of a family.
pub fn variants(family: Family) -> impl Iterator<Item = &'static Variant> {
    all_variants().filter(move |variant| variant.family == family)
}

/// All faults of all families.
pub fn all_faults() -> impl Iterator<Item = &'static Fault> {
    dm::faults::all()
        .chain(pull::faults::all())
        .chain(cp::faults::all())
        .chain(ppg::faults::FAULTS)
}

/// The names of all faults and variants.
static KNOWN: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let faults = all_faults().map(|fault| fault.name);
    faults
        .chain(all_variants().map(|variant| variant.name))
        .collect()
});

/// All variants of all families.
pub fn all_variants() -> impl Iterator<Item = &'static Variant> {
    dm::variants::VARIANTS
        .iter()
        .chain(pull::variants::VARIANTS)
        .chain(cp::variants::VARIANTS)
        .chain(ppg::variants::VARIANTS)
}

impl Default for Switches {
    fn default() -> Self {
        let options = Options {
            auth: Auth::Md5,
            accounts: Vec::new(),
            seed: None,
        };
        Self {
            faults: Vec::new(),
            variants: Vec::new(),
            on: BTreeSet::new(),
            options,
        }
    }
}

impl Switches {
    /// These faults and variants on, all others off.
    ///
    /// Among the variants may stand options: `auth=none`, `auth=basic`, `auth=md5`, `auth=mac` (usually md5);
    /// `account=DEVICE:USER:PASSWORD` for a device beside the built-in ones; `seed=TEXT`, which
    /// makes all nonces repeatable.
    ///
    /// # Errors
    ///
    /// A name that is no switch, with the names that are near.
    pub fn new(faults: &[&str], variants: &[&str]) -> Result<Self, UnknownSwitch> {
        let mut switches = Self::default();
        for name in faults {
            let fault = all_faults()
                .find(|fault| fault.name == *name)
                .ok_or_else(|| unknown("fault", name, all_faults().map(|fault| fault.name)))?;
            if switches.on.insert(fault.name) {
                switches.faults.push(fault);
            }
        }
        for name in variants {
            if let Some((option, value)) = name.split_once('=') {
                switches.option(option, value).ok_or_else(|| {
                    unknown(
                        "option",
                        name,
                        ["auth=none", "auth=basic", "auth=md5", "auth=mac"].into_iter(),
                    )
                })?;
                continue;
            }
            let variant = all_variants()
                .find(|variant| variant.name == *name)
                .ok_or_else(|| unknown("variant", name, all_variants().map(|v| v.name)))?;
            if switches.on.insert(variant.name) {
                switches.variants.push(variant);
            }
        }
        Ok(switches)
    }

    /// True where the switch of this name is on.
    pub fn on(&self, name: &str) -> bool {
        debug_assert!(KNOWN.contains(name), "`{name}` stands in no table");
        self.on.contains(name)
    }

    /// All that are on, variants first.
    pub fn all(&self) -> impl Iterator<Item = &'static Switch> {
        self.variants.iter().chain(&self.faults).copied()
    }

    /// The same variants and options without any fault.
    pub(crate) fn honest(&self) -> Self {
        let on = self.variants.iter().map(|variant| variant.name).collect();
        Self {
            faults: Vec::new(),
            on,
            ..self.clone()
        }
    }

    /// What the switches do to a reply of the DM server as a tree: variants first, then faults.
    pub(crate) fn messages(&self) -> impl Iterator<Item = fn(&mut dm::Doc)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Message(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to the way it is written.
    pub(crate) fn styles(&self) -> impl Iterator<Item = fn(&mut dm::Styles)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Style(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to a document of the management server: variants first, then faults.
    pub(crate) fn documents(&self) -> impl Iterator<Item = fn(&mut pull::Doc)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Document(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to the way it is written.
    pub(crate) fn xml_styles(&self) -> impl Iterator<Item = fn(&mut xml::Style)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Xml(apply) => Some(apply),
            _ => None,
        })
    }

    /// What those of a family do to the octets of a reply.
    pub(crate) fn bodies(&self, family: Family) -> impl Iterator<Item = fn(&mut Vec<u8>)> {
        self.ats().filter_map(move |(of, at)| match at {
            At::Body(apply) if of == family => Some(apply),
            _ => None,
        })
    }

    /// What all of them do to a whole response.
    pub(crate) fn responses(&self) -> impl Iterator<Item = fn(&mut Vec<u8>)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Response(apply) => Some(apply),
            _ => None,
        })
    }

    /// True where those of a family do something to whole responses.
    pub(crate) fn rewrite(&self, family: Family) -> bool {
        self.ats()
            .any(|(of, at)| of == family && matches!(at, At::Response(_)))
    }

    /// What they do to a document of the provisioning server: variants first, then faults.
    pub(crate) fn provisioning(&self) -> impl Iterator<Item = fn(&mut cp::Doc)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Provisioning(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to the way it is written.
    pub(crate) fn codings(&self) -> impl Iterator<Item = fn(&mut cp::Coding)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Coding(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to its octets.
    pub(crate) fn contents(&self) -> impl Iterator<Item = fn(&mut cp::Content)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Content(apply) => Some(apply),
            _ => None,
        })
    }

    /// What those of a family do to a push.
    pub(crate) fn pushes(&self, family: Family) -> impl Iterator<Item = fn(&mut cp::Push)> {
        self.ats().filter_map(move |(of, at)| match at {
            At::Push(apply) if of == family => Some(apply),
            _ => None,
        })
    }

    /// What those of a family do to short messages.
    pub(crate) fn short_messages(
        &self,
        family: Family,
    ) -> impl Iterator<Item = fn(&mut carry::Sms)> {
        self.ats().filter_map(move |(of, at)| match at {
            At::Sms(apply) if of == family => Some(apply),
            _ => None,
        })
    }

    /// What they do to what is submitted to a gateway.
    pub(crate) fn submissions(&self) -> impl Iterator<Item = fn(&mut cp::Pap)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Pap(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to a package.
    pub(crate) fn packings(&self) -> impl Iterator<Item = fn(&mut cp::Packing)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Packing(apply) => Some(apply),
            _ => None,
        })
    }

    /// What they do to what the gateway says.
    pub(crate) fn replies(&self) -> impl Iterator<Item = fn(&mut ppg::Reply)> {
        self.ats().filter_map(|(_, at)| match at {
            At::Reply(apply) => Some(apply),
            _ => None,
        })
    }

    fn ats(&self) -> impl Iterator<Item = (Family, At)> {
        let variants = self.variants.iter().map(|on| (on.family, on.at));
        variants.chain(self.faults.iter().map(|on| (on.family, on.at)))
    }

    fn option(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "auth" => self.options.auth = Auth::named(value)?,
            "account" => {
                let mut parts = value.splitn(3, ':').map(str::to_owned);
                let account = (parts.next()?, parts.next()?, parts.next()?);
                self.options.accounts.push(account);
            }
            "seed" => self.options.seed = Some(value.to_owned()),
            _ => return None,
        }
        Some(())
    }
}

fn unknown(
    kind: &'static str,
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> UnknownSwitch {
    let mut near: Vec<(usize, &'static str)> = known
        .map(|candidate| (distance(name, candidate), candidate))
        .collect();
    near.sort_unstable();
    let close = name.len().max(6) / 2;
    let near = near.into_iter().filter(|(far, _)| *far <= close).take(3);
    UnknownSwitch {
        kind,
        name: name.to_owned(),
        near: near.map(|(_, name)| name).collect(),
    }
}

fn near_text(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        near => format!("; near it: {}", near.join(", ")),
    }
}

/// Levenshtein's distance of two names; words in another order count as near.
fn distance(a: &str, b: &str) -> usize {
    fn sorted(name: &str) -> String {
        let mut words: Vec<&str> = name.split('-').collect();
        words.sort_unstable();
        words.join("-")
    }
    fn plain(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut before = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let here = row[j + 1];
                row[j + 1] = (before + usize::from(x != y)).min(row[j] + 1).min(here + 1);
                before = here;
            }
        }
        row[b.len()]
    }
    let straight = plain(a.as_bytes(), b.as_bytes());
    straight.min(plain(sorted(a).as_bytes(), sorted(b).as_bytes()) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_an_error_that_lists_near_names() {
        let error = Switches::new(&["constant-nonce"], &[]).expect_err("no such fault");
        assert!(error.near.contains(&"nonce-constant"), "{error}");
        let error = Switches::new(&[], &["auth=digest"]).expect_err("no such scheme");
        assert_eq!(error.kind, "option");
    }

    #[test]
    fn names_are_given_once_and_are_words() {
        let mut names: Vec<&str> = all_faults().map(|fault| fault.name).collect();
        names.extend(all_variants().map(|variant| variant.name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for name in names {
            let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(lower), "{name}");
        }
    }

    #[test]
    fn families_share_one_vocabulary_and_are_asked_apart() {
        let mixed = Switches::new(&["nonce-constant", "ranges-ignored"], &["smb-beside-http"]);
        assert!(mixed.expect("known names").on("ranges-ignored"));
        let families = [Family::Dm, Family::Pull, Family::Cp, Family::Ppg];
        let mut apart = 0;
        for family in families {
            assert!(faults(family).all(|fault| fault.family == family));
            assert!(variants(family).next().is_some(), "{family:?}");
            apart += faults(family).count();
        }
        assert_eq!(apart, all_faults().count());
    }

    #[test]
    fn options_stand_among_the_variants() {
        let switches =
            Switches::new(&[], &["auth=basic", "account=assay-x:u:p:q"]).expect("options");
        assert_eq!(switches.options.auth, Auth::Basic);
        assert_eq!(switches.options.accounts[0].2, "p:q");
    }
}
