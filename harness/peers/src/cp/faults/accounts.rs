//! Faults of applications: what is accessed by them, and accounts of OMA DM.

use crate::cp::doc::Doc;
use crate::switch::Fault;
use crate::table::cp::tree;

pub(super) const ACCOUNTS: &[Fault] = &[
    tree("application-without-id", "leaves APPID out", |doc| {
        doc.remove_all("APPLICATION", "APPID");
    }),
    tree(
        "resource-without-uri",
        "leaves URI of resources out",
        |doc| {
            doc.remove_all("RESOURCE", "URI");
        },
    ),
    tree(
        "start-page-repeated",
        "marks each resource as the start page",
        |doc| {
            let resources = doc.all("RESOURCE");
            for resource in &resources {
                doc.remove(*resource, "STARTPAGE");
                doc.add(*resource, "STARTPAGE", None);
            }
            if let [only] = resources[..] {
                doc.double(only);
            }
        },
    ),
    tree(
        "account-without-provider-id",
        "leaves PROVIDER-ID of accounts out",
        |doc| accounts(doc, |doc, account| doc.remove(account, "PROVIDER-ID")),
    ),
    tree(
        "account-without-address",
        "leaves the address of accounts out",
        |doc| {
            accounts(doc, |doc, account| {
                doc.remove(account, "ADDR");
                doc.remove_inside(account, "APPADDR");
            });
        },
    ),
    tree(
        "account-without-client-auth",
        "gives no credentials of level CLIENT",
        |doc| remove_level(doc, "CLIENT"),
    ),
    tree(
        "account-without-server-auth",
        "gives no credentials of level APPSRV",
        |doc| remove_level(doc, "APPSRV"),
    ),
    tree(
        "client-auth-basic",
        "has the server authenticate with BASIC",
        |doc| {
            accounts(doc, |doc, account| {
                for auth in level(doc, account, "CLIENT") {
                    doc.set(auth, "AAUTHTYPE", "BASIC");
                }
            });
        },
    ),
    tree(
        "role-above-message",
        "gives sessions the role of the manager",
        |doc| {
            accounts(doc, |doc, account| {
                doc.remove(account, "ROLE");
                doc.add(account, "ROLE", Some("8"));
            });
        },
    ),
    tree(
        "account-address-without-tls",
        "names management servers without TLS",
        |doc| {
            accounts(doc, |doc, account| {
                let mut holders = doc.inside(account, "APPADDR");
                holders.push(account);
                for holder in holders {
                    if let Some(url) = doc.value(holder, "ADDR") {
                        doc.set(holder, "ADDR", &url.replacen("https:", "http:", 1));
                    }
                }
            });
        },
    ),
    tree(
        "retry-frequency-in-words",
        "writes CONNRETRYFREQ in words",
        |doc| set(doc, "CONNRETRYFREQ", "often"),
    ),
    tree(
        "protocol-version-unknown",
        "names version 2.0 of the protocol",
        |doc| set(doc, "PROTOVER", "2.0"),
    ),
    tree(
        "account-nonce-not-base64",
        "writes AAUTHDATA as it is, not in base64",
        |doc| {
            accounts(doc, |doc, account| {
                for auth in doc.inside(account, "APPAUTH") {
                    doc.remove(auth, "AAUTHDATA");
                    doc.add(auth, "AAUTHDATA", Some("nonce: 7!"));
                }
            });
        },
    ),
    tree(
        "init-in-rom-document",
        "has accounts in the ROM begin a session at once",
        |doc| {
            if doc.rom {
                accounts(doc, |doc, account| {
                    doc.remove(account, "INIT");
                    doc.add(account, "INIT", None);
                });
            }
        },
    ),
];

fn accounts(doc: &mut Doc, bend: fn(&mut Doc, assay_wire::tree::NodeId)) {
    for account in doc.applications("w7") {
        bend(doc, account);
    }
}

fn set(doc: &mut Doc, name: &str, value: &str) {
    for account in doc.applications("w7") {
        doc.remove(account, name);
        doc.add(account, name, Some(value));
    }
}

fn level(
    doc: &Doc,
    account: assay_wire::tree::NodeId,
    level: &str,
) -> Vec<assay_wire::tree::NodeId> {
    let mut auths = doc.inside(account, "APPAUTH");
    auths.retain(|&auth| doc.value(auth, "AAUTHLEVEL").as_deref() == Some(level));
    auths
}

fn remove_level(doc: &mut Doc, name: &str) {
    for account in doc.applications("w7") {
        for auth in level(doc, account, name) {
            doc.tree.detach(auth);
        }
    }
}
