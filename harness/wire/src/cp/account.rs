//! The parts of a document that set up management: DM accounts (APPLICATION w7) and BOOTSTRAP, as
//! typed views.
//!
//! Which of their values are right, and for whom, is judged elsewhere.

use super::DM;
use super::document::{Characteristic, Document};

/// An account of OMA DM: an APPLICATION of id w7.
#[derive(Clone, Debug)]
pub struct Account<'t> {
    /// The index of the characteristic.
    pub at: usize,
    /// PROVIDER-ID: the id of the server.
    pub provider: Option<&'t str>,
    /// NAME.
    pub name: Option<&'t str>,
    /// The addresses: ADDR of the account itself, then those of its APPADDRs, with their ports.
    pub addresses: Vec<(&'t str, Option<&'t str>)>,
    /// TO-NAPID, all of them.
    pub naps: Vec<&'t str>,
    /// INIT: a session is wanted at once.
    pub init: bool,
    /// ROLE: a sum of roles in decimal (Windows Mobile).
    pub role: Option<&'t str>,
    /// PROTOVER: the version of the protocol (Windows Mobile).
    pub protocol: Option<&'t str>,
    /// DEFAULTENCODING: a media type (Windows Mobile).
    pub encoding: Option<&'t str>,
    /// The APPAUTHs.
    pub auths: Vec<Auth<'t>>,
}

/// An APPAUTH.
#[derive(Clone, Debug)]
pub struct Auth<'t> {
    /// The index of the characteristic.
    pub at: usize,
    /// AAUTHLEVEL: `APPSRV` for the client at the server, `CLIENT` for the server at the client.
    pub level: Option<&'t str>,
    /// AAUTHTYPE, the members of the list: `BASIC`, `DIGEST`.
    pub types: Vec<&'t str>,
    /// AAUTHNAME.
    pub name: Option<&'t str>,
    /// AAUTHSECRET.
    pub secret: Option<&'t str>,
    /// AAUTHDATA: for DM the nonce in base64.
    pub data: Option<&'t str>,
}

impl Account<'_> {
    /// The first APPAUTH of this level.
    pub fn auth(&self, level: &str) -> Option<&Auth<'_>> {
        self.auths.iter().find(|auth| auth.level == Some(level))
    }
}

/// A BOOTSTRAP.
#[derive(Clone, Debug)]
pub struct Bootstrap<'t> {
    /// The index of the characteristic.
    pub at: usize,
    /// NAME.
    pub name: Option<&'t str>,
    /// NETWORK, all of them.
    pub networks: Vec<&'t str>,
    /// COUNTRY.
    pub country: Option<&'t str>,
    /// PROXY-ID, all of them.
    pub proxies: Vec<&'t str>,
    /// PROVURL: who may provision later.
    pub url: Option<&'t str>,
    /// CONTEXT-ALLOW: how many further contexts are allowed.
    pub contexts: Option<&'t str>,
}

/// The DM accounts of a document.
pub fn accounts<'t>(document: &Document<'t>) -> Vec<Account<'t>> {
    let applications = document.of_kind("APPLICATION");
    let of_dm = applications.filter(|(_, application)| application.value("APPID") == Some(DM));
    of_dm
        .map(|(at, application)| account(document, at, application))
        .collect()
}

/// The BOOTSTRAPs of a document.
pub fn bootstraps<'t>(document: &Document<'t>) -> Vec<Bootstrap<'t>> {
    let found = document.of_kind("BOOTSTRAP");
    found
        .map(|(at, bootstrap)| Bootstrap {
            at,
            name: bootstrap.value("NAME"),
            networks: bootstrap.values("NETWORK").collect(),
            country: bootstrap.value("COUNTRY"),
            proxies: bootstrap.values("PROXY-ID").collect(),
            url: bootstrap.value("PROVURL"),
            contexts: bootstrap.value("CONTEXT-ALLOW"),
        })
        .collect()
}

fn account<'t>(
    document: &Document<'t>,
    at: usize,
    application: &Characteristic<'t>,
) -> Account<'t> {
    let mut addresses: Vec<_> = application
        .values("ADDR")
        .map(|address| (address, None))
        .collect();
    for (inner, appaddr) in document.inside_of_kind(at, "APPADDR") {
        let mut ports = document.inside_of_kind(inner, "PORT");
        let port = ports.find_map(|(_, port)| port.value("PORTNBR"));
        addresses.extend(appaddr.value("ADDR").map(|address| (address, port)));
    }
    let auths = document
        .inside_of_kind(at, "APPAUTH")
        .map(|(at, auth)| Auth {
            at,
            level: auth.value("AAUTHLEVEL"),
            types: auth
                .value("AAUTHTYPE")
                .map(|list| list.split(',').map(str::trim).collect())
                .unwrap_or_default(),
            name: auth.value("AAUTHNAME"),
            secret: auth.value("AAUTHSECRET"),
            data: auth.value("AAUTHDATA"),
        });
    Account {
        at,
        provider: application.value("PROVIDER-ID"),
        name: application.value("NAME"),
        addresses,
        naps: application.values("TO-NAPID").collect(),
        init: application.has("INIT"),
        role: application.value("ROLE"),
        protocol: application.value("PROTOVER"),
        encoding: application.value("DEFAULTENCODING"),
        auths: auths.collect(),
    }
}
