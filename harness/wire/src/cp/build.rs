//! Building provisioning documents: characteristics and parameters, and drafts of the usual ones.
//!
//! Nothing is checked, so that a peer may build wrong documents.

use std::borrow::Cow;

use super::{DM, ROOT};
use crate::span::Span;
use crate::tree::{Attribute, Namespace, NodeId, Tree};

/// A document that is being built.
#[derive(Clone, Debug)]
pub struct Draft {
    tree: Tree<'static>,
    root: NodeId,
}

impl Draft {
    /// An empty document of this version (`1.0`, `1.1`), or without one.
    pub fn new(version: Option<&str>) -> Self {
        let mut tree = Tree::new();
        let root = tree.push_element(None, Namespace::None, ROOT);
        let mut draft = Self { tree, root };
        if let Some(version) = version {
            draft.attribute(root, "version", version);
        }
        draft
    }

    /// The root element.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Adds a characteristic as the last inside another, or at the top.
    pub fn characteristic(&mut self, parent: Option<NodeId>, kind: &str) -> NodeId {
        self.element(parent, "characteristic", kind)
    }

    /// Adds an element of this name with a type: `characteristic-query`.
    pub fn element(&mut self, parent: Option<NodeId>, name: &'static str, kind: &str) -> NodeId {
        let parent = parent.unwrap_or(self.root);
        let id = self.tree.push_element(Some(parent), Namespace::None, name);
        self.attribute(id, "type", kind);
        id
    }

    /// Adds a parameter.
    pub fn parm(&mut self, parent: NodeId, name: &str, value: &str) -> NodeId {
        let id = self.flag(parent, name);
        self.attribute(id, "value", value);
        id
    }

    /// Adds a parameter without a value.
    pub fn flag(&mut self, parent: NodeId, name: &str) -> NodeId {
        let id = self
            .tree
            .push_element(Some(parent), Namespace::None, "parm");
        self.attribute(id, "name", name);
        id
    }

    /// Adds a parameter where there is a value for it.
    pub fn maybe(&mut self, parent: NodeId, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.parm(parent, name, value);
        }
    }

    /// Adds an attribute to an element.
    pub fn attribute(&mut self, id: NodeId, name: &str, value: &str) {
        set(&mut self.tree, id, name, value);
    }

    /// The document.
    pub fn into_tree(self) -> Tree<'static> {
        self.tree
    }
}

/// Adds an attribute to an element.
pub(super) fn set(tree: &mut Tree<'static>, id: NodeId, name: &str, value: &str) {
    if let Some(element) = tree.element_mut(id) {
        element.attributes.push(Attribute {
            name: Cow::Owned(name.to_owned()),
            value: Cow::Owned(value.to_owned()),
            namespace: Namespace::None,
            span: Span::default(),
        });
    }
}

/// A NAPDEF.
#[derive(Clone, Debug, Default)]
pub struct NapDraft<'d> {
    /// NAPID.
    pub id: &'d str,
    /// NAME.
    pub name: &'d str,
    /// BEARER.
    pub bearers: &'d [&'d str],
    /// NAP-ADDRESS.
    pub address: &'d str,
    /// NAP-ADDRTYPE.
    pub address_type: Option<&'d str>,
    /// INTERNET.
    pub internet: bool,
    /// AUTHTYPE, AUTHNAME and AUTHSECRET of a NAPAUTHINFO.
    pub auth: Option<(&'d str, &'d str, &'d str)>,
}

impl NapDraft<'_> {
    /// Adds it to a document.
    pub fn add(&self, draft: &mut Draft) -> NodeId {
        let nap = draft.characteristic(None, "NAPDEF");
        draft.parm(nap, "NAPID", self.id);
        for bearer in self.bearers {
            draft.parm(nap, "BEARER", bearer);
        }
        draft.parm(nap, "NAME", self.name);
        if self.internet {
            draft.flag(nap, "INTERNET");
        }
        draft.parm(nap, "NAP-ADDRESS", self.address);
        draft.maybe(nap, "NAP-ADDRTYPE", self.address_type);
        if let Some((kind, name, secret)) = self.auth {
            let auth = draft.characteristic(Some(nap), "NAPAUTHINFO");
            draft.parm(auth, "AUTHTYPE", kind);
            draft.parm(auth, "AUTHNAME", name);
            draft.parm(auth, "AUTHSECRET", secret);
        }
        nap
    }
}

/// A PXLOGICAL with one PXPHYSICAL.
#[derive(Clone, Debug, Default)]
pub struct ProxyDraft<'d> {
    /// PROXY-ID.
    pub id: &'d str,
    /// NAME.
    pub name: &'d str,
    /// DOMAIN.
    pub domains: &'d [&'d str],
    /// TRUST.
    pub trust: bool,
    /// STARTPAGE.
    pub start: Option<&'d str>,
    /// PUSHENABLED.
    pub push: Option<&'d str>,
    /// PHYSICAL-PROXY-ID.
    pub physical: &'d str,
    /// PXADDR.
    pub address: &'d str,
    /// PXADDRTYPE.
    pub address_type: Option<&'d str>,
    /// TO-NAPID.
    pub naps: &'d [&'d str],
    /// PORTNBR and SERVICE of a PORT each.
    pub ports: &'d [(&'d str, Option<&'d str>)],
}

impl ProxyDraft<'_> {
    /// Adds it to a document.
    pub fn add(&self, draft: &mut Draft) -> NodeId {
        let proxy = draft.characteristic(None, "PXLOGICAL");
        draft.parm(proxy, "PROXY-ID", self.id);
        draft.parm(proxy, "NAME", self.name);
        for domain in self.domains {
            draft.parm(proxy, "DOMAIN", domain);
        }
        if self.trust {
            draft.flag(proxy, "TRUST");
        }
        draft.maybe(proxy, "STARTPAGE", self.start);
        draft.maybe(proxy, "PUSHENABLED", self.push);
        let physical = draft.characteristic(Some(proxy), "PXPHYSICAL");
        draft.parm(physical, "PHYSICAL-PROXY-ID", self.physical);
        draft.parm(physical, "PXADDR", self.address);
        draft.maybe(physical, "PXADDRTYPE", self.address_type);
        for nap in self.naps {
            draft.parm(physical, "TO-NAPID", nap);
        }
        for (number, service) in self.ports {
            let port = draft.characteristic(Some(physical), "PORT");
            draft.parm(port, "PORTNBR", number);
            draft.maybe(port, "SERVICE", *service);
        }
        proxy
    }
}

/// A BOOTSTRAP.
#[derive(Clone, Debug, Default)]
pub struct BootstrapDraft<'d> {
    /// NAME.
    pub name: Option<&'d str>,
    /// NETWORK.
    pub networks: &'d [&'d str],
    /// COUNTRY.
    pub country: Option<&'d str>,
    /// PROXY-ID.
    pub proxies: &'d [&'d str],
    /// PROVURL.
    pub url: Option<&'d str>,
    /// CONTEXT-ALLOW.
    pub contexts: Option<&'d str>,
}

impl BootstrapDraft<'_> {
    /// Adds it to a document.
    pub fn add(&self, draft: &mut Draft) -> NodeId {
        let bootstrap = draft.characteristic(None, "BOOTSTRAP");
        draft.maybe(bootstrap, "NAME", self.name);
        for network in self.networks {
            draft.parm(bootstrap, "NETWORK", network);
        }
        draft.maybe(bootstrap, "COUNTRY", self.country);
        for proxy in self.proxies {
            draft.parm(bootstrap, "PROXY-ID", proxy);
        }
        draft.maybe(bootstrap, "PROVURL", self.url);
        draft.maybe(bootstrap, "CONTEXT-ALLOW", self.contexts);
        bootstrap
    }
}

/// An APPAUTH.
#[derive(Clone, Debug, Default)]
pub struct AuthDraft<'d> {
    /// AAUTHLEVEL.
    pub level: Option<&'d str>,
    /// AAUTHTYPE.
    pub kind: Option<&'d str>,
    /// AAUTHNAME.
    pub name: Option<&'d str>,
    /// AAUTHSECRET.
    pub secret: Option<&'d str>,
    /// AAUTHDATA.
    pub data: Option<&'d str>,
}

/// A w7 APPLICATION.
#[derive(Clone, Debug, Default)]
pub struct AccountDraft<'d> {
    /// PROVIDER-ID.
    pub provider: &'d str,
    /// NAME.
    pub name: Option<&'d str>,
    /// ADDR of an APPADDR.
    pub address: &'d str,
    /// PORTNBR of that.
    pub port: Option<&'d str>,
    /// TO-NAPID.
    pub nap: Option<&'d str>,
    /// INIT.
    pub init: bool,
    /// Further parameters: name, and value if it is no flag.
    pub more: &'d [(&'d str, Option<&'d str>)],
    /// The APPAUTHs.
    pub auths: &'d [AuthDraft<'d>],
}

impl AccountDraft<'_> {
    /// Adds it to a document.
    pub fn add(&self, draft: &mut Draft) -> NodeId {
        let account = draft.characteristic(None, "APPLICATION");
        draft.parm(account, "APPID", DM);
        draft.parm(account, "PROVIDER-ID", self.provider);
        draft.maybe(account, "NAME", self.name);
        draft.maybe(account, "TO-NAPID", self.nap);
        if self.init {
            draft.flag(account, "INIT");
        }
        for (name, value) in self.more {
            match value {
                Some(value) => draft.parm(account, name, value),
                None => draft.flag(account, name),
            };
        }
        let address = draft.characteristic(Some(account), "APPADDR");
        draft.parm(address, "ADDR", self.address);
        if let Some(number) = self.port {
            let port = draft.characteristic(Some(address), "PORT");
            draft.parm(port, "PORTNBR", number);
        }
        for auth in self.auths {
            let at = draft.characteristic(Some(account), "APPAUTH");
            draft.maybe(at, "AAUTHLEVEL", auth.level);
            draft.maybe(at, "AAUTHTYPE", auth.kind);
            draft.maybe(at, "AAUTHNAME", auth.name);
            draft.maybe(at, "AAUTHSECRET", auth.secret);
            draft.maybe(at, "AAUTHDATA", auth.data);
        }
        account
    }
}
