//! Faults of access points, proxies, their ports, bootstraps and rules.

use crate::cp::doc::Doc;
use crate::switch::Fault;
use crate::table::cp::tree;

pub(super) const NETWORKS: &[Fault] = &[
    // Proxies.
    tree("logical-proxy-without-id", "leaves PROXY-ID out", |doc| {
        doc.remove_all("PXLOGICAL", "PROXY-ID");
    }),
    tree(
        "logical-proxy-without-physical",
        "describes proxies without a physical one",
        |doc| {
            for proxy in doc.all("PXLOGICAL") {
                doc.remove_inside(proxy, "PXPHYSICAL");
            }
        },
    ),
    tree(
        "physical-proxy-without-id",
        "leaves PHYSICAL-PROXY-ID out",
        |doc| doc.remove_all("PXPHYSICAL", "PHYSICAL-PROXY-ID"),
    ),
    tree(
        "physical-proxy-without-address",
        "leaves PXADDR out",
        |doc| {
            doc.remove_all("PXPHYSICAL", "PXADDR");
        },
    ),
    tree(
        "physical-proxy-without-nap",
        "leaves TO-NAPID of proxies out",
        |doc| doc.remove_all("PXPHYSICAL", "TO-NAPID"),
    ),
    tree(
        "address-type-misspelled",
        "writes types of addresses in words of its own",
        |doc| {
            for parm in doc.named("parm") {
                let name = doc.attribute(parm, "name").unwrap_or_default();
                if matches!(
                    name.as_str(),
                    "PXADDRTYPE" | "NAP-ADDRTYPE" | "LOCAL-ADDRTYPE"
                ) {
                    let is_apn = doc.attribute(parm, "value").as_deref() == Some("APN");
                    doc.set_attribute(parm, "value", if is_apn { "apn-name" } else { "IP-V4" });
                }
            }
        },
    ),
    tree(
        "push-enabled-in-words",
        "writes PUSHENABLED as true or false",
        |doc| {
            for kind in ["PXLOGICAL", "PXPHYSICAL"] {
                doc.set_all(kind, "PUSHENABLED", "true");
                doc.set_all(kind, "PULLENABLED", "true");
            }
        },
    ),
    tree("three-ports", "gives a physical proxy three ports", |doc| {
        for proxy in doc.all("PXPHYSICAL") {
            doc.remove_inside(proxy, "PORT");
            for (number, service) in [
                ("9201", "CO-WSP"),
                ("9203", "CO-SEC-WSP"),
                ("9200", "CL-WSP"),
            ] {
                let port = doc.add_characteristic(proxy, "PORT");
                doc.add(port, "PORTNBR", Some(number));
                doc.add(port, "SERVICE", Some(service));
            }
        }
    }),
    tree(
        "two-naps-for-proxy",
        "leads a physical proxy to two access points",
        |doc| {
            for proxy in doc.all("PXPHYSICAL") {
                doc.add(proxy, "TO-NAPID", Some("INTERNET"));
            }
        },
    ),
    // Ports.
    tree("port-out-of-range", "names port 70000", |doc| {
        doc.set_all("PORT", "PORTNBR", "70000");
    }),
    tree("port-not-decimal", "writes ports in hexadecimal", |doc| {
        doc.set_all("PORT", "PORTNBR", "0x1F90");
    }),
    tree(
        "service-unknown",
        "names a service that the standard does not know",
        |doc| {
            for port in doc.all("PORT") {
                doc.remove(port, "SERVICE");
                doc.add(port, "SERVICE", Some("HTTP"));
            }
        },
    ),
    // Access points.
    tree("nap-without-id", "leaves NAPID out", |doc| {
        doc.remove_all("NAPDEF", "NAPID");
        refer(doc, "TO-NAPID", |_| "INTERNET".to_owned());
    }),
    tree(
        "nap-without-name",
        "leaves NAME of access points out",
        |doc| {
            doc.remove_all("NAPDEF", "NAME");
        },
    ),
    tree("nap-without-address", "leaves NAP-ADDRESS out", |doc| {
        doc.remove_all("NAPDEF", "NAP-ADDRESS");
    }),
    tree(
        "nap-id-repeated",
        "describes two access points under one NAPID",
        |doc| {
            if let Some(first) = doc.all("NAPDEF").first() {
                doc.double(*first);
            }
        },
    ),
    tree(
        "nap-id-too-long",
        "gives access points ids of 17 characters",
        |doc| {
            let long = |id: &str| format!("{id:x<17}");
            for nap in doc.all("NAPDEF") {
                if let Some(id) = doc.value(nap, "NAPID") {
                    doc.set(nap, "NAPID", &long(&id));
                }
            }
            refer(doc, "TO-NAPID", |id| format!("{id:x<17}"));
        },
    ),
    tree(
        "bearer-of-cdma",
        "names a bearer that is not of GSM",
        |doc| {
            for nap in doc.all("NAPDEF") {
                doc.remove(nap, "BEARER");
                doc.add(nap, "BEARER", Some("IS-95-CDMA-PACKET"));
            }
        },
    ),
    tree(
        "auth-name-without-type",
        "gives name and secret for an access point without AUTHTYPE",
        |doc| doc.remove_all("NAPAUTHINFO", "AUTHTYPE"),
    ),
    tree("auth-type-md5", "asks for MD5 at access points", |doc| {
        doc.set_all("NAPAUTHINFO", "AUTHTYPE", "MD5");
    }),
    tree(
        "valid-until-in-local-time",
        "writes VALIDUNTIL with an offset",
        |doc| doc.set_all("VALIDITY", "VALIDUNTIL", "2090-01-01T00:00:00+02:00"),
    ),
    tree("country-in-letters", "writes COUNTRY in letters", |doc| {
        for kind in ["VALIDITY", "BOOTSTRAP"] {
            doc.set_all(kind, "COUNTRY", "DEU");
        }
    }),
    // References.
    tree(
        "nap-reference-dangles",
        "refers to an access point that is nowhere",
        |doc| refer(doc, "TO-NAPID", |_| "NOWHERE".to_owned()),
    ),
    tree(
        "proxy-reference-dangles",
        "refers to a proxy that is nowhere",
        |doc| refer(doc, "TO-PROXY", |_| "nowhere.example.com".to_owned()),
    ),
    // Bootstraps and rules.
    tree("prov-url-left-out", "leaves PROVURL out", |doc| {
        doc.remove_all("BOOTSTRAP", "PROVURL");
    }),
    tree(
        "prov-url-too-long",
        "gives a PROVURL of 257 characters",
        |doc| {
            let url = format!("{:x<257}", "https://dm.example.com/");
            doc.set_all("BOOTSTRAP", "PROVURL", &url);
        },
    ),
    tree("prov-url-of-ftp", "gives a PROVURL of FTP", |doc| {
        doc.set_all("BOOTSTRAP", "PROVURL", "ftp://dm.example.com/");
    }),
    tree(
        "contexts-allowed",
        "allows three further bootstraps",
        |doc| {
            for bootstrap in doc.all("BOOTSTRAP") {
                doc.remove(bootstrap, "CONTEXT-ALLOW");
                doc.add(bootstrap, "CONTEXT-ALLOW", Some("3"));
            }
        },
    ),
    tree("access-without-rule", "leaves RULE out", |doc| {
        doc.remove_all("ACCESS", "RULE");
    }),
];

/// Changes what references of this name refer to, but for the reserved one.
fn refer(doc: &mut Doc, name: &str, change: fn(&str) -> String) {
    for parm in doc.named("parm") {
        if doc.attribute(parm, "name").as_deref() != Some(name) {
            continue;
        }
        let value = doc.attribute(parm, "value").unwrap_or_default();
        if value != "INTERNET" {
            doc.set_attribute(parm, "value", &change(&value));
        }
    }
}
