//! Which characteristics the standard has: where each may stand, and how often each of its
//! parameters (OMA-WAP-ProvCont 1.1, chapter 5).
//!
//! Facts only, and some of them are known from memory: see the requirements that use them.

/// How often a parameter may stand in its characteristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// Exactly once.
    One,
    /// At most once.
    Optional,
    /// Any number of times.
    Many,
    /// At least once.
    Some,
}

/// A parameter of a characteristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParmShape {
    /// Its name.
    pub name: &'static str,
    /// How often it may stand there.
    pub count: Count,
    /// It has no value.
    pub flag: bool,
}

/// A characteristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its type.
    pub kind: &'static str,
    /// The types of those it may stand in; the empty one is the root.
    pub inside: &'static [&'static str],
    /// It came with version 1.1.
    pub since_1_1: bool,
    /// Its parameters.
    pub parms: &'static [ParmShape],
    /// It takes any other parameter and characteristic as well.
    pub open: bool,
}

impl Shape {
    /// The parameter of this name.
    pub fn parm(&self, name: &str) -> Option<&'static ParmShape> {
        self.parms.iter().find(|parm| parm.name == name)
    }
}

/// The characteristic of this type.
pub fn shape(kind: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.kind == kind)
}

const fn one(name: &'static str) -> ParmShape {
    ParmShape {
        name,
        count: Count::One,
        flag: false,
    }
}
const fn optional(name: &'static str) -> ParmShape {
    ParmShape {
        name,
        count: Count::Optional,
        flag: false,
    }
}
const fn many(name: &'static str) -> ParmShape {
    ParmShape {
        name,
        count: Count::Many,
        flag: false,
    }
}
const fn some(name: &'static str) -> ParmShape {
    ParmShape {
        name,
        count: Count::Some,
        flag: false,
    }
}
const fn flag(name: &'static str) -> ParmShape {
    ParmShape {
        name,
        count: Count::Optional,
        flag: true,
    }
}

/// All characteristics.
#[rustfmt::skip]
pub const SHAPES: &[Shape] = &[
    Shape { kind: "PXLOGICAL", inside: &[""], since_1_1: false, open: false, parms: &[
        one("PROXY-ID"), optional("PROXY-PW"), optional("PPGAUTH-TYPE"),
        optional("PROXY-PROVIDER-ID"), one("NAME"), many("DOMAIN"), flag("TRUST"), flag("MASTER"),
        optional("STARTPAGE"), optional("BASAUTH-ID"), optional("BASAUTH-PW"),
        optional("WSP-VERSION"), optional("PUSHENABLED"), optional("PULLENABLED"),
    ] },
    Shape { kind: "PXAUTHINFO", inside: &["PXLOGICAL"], since_1_1: false, open: false, parms: &[
        one("PXAUTH-TYPE"), optional("PXAUTH-ID"), optional("PXAUTH-PW"),
    ] },
    Shape { kind: "PORT", inside: &["PXLOGICAL", "PXPHYSICAL", "APPADDR"], since_1_1: false,
        open: false, parms: &[one("PORTNBR"), many("SERVICE")] },
    Shape { kind: "PXPHYSICAL", inside: &["PXLOGICAL"], since_1_1: false, open: false, parms: &[
        one("PHYSICAL-PROXY-ID"), many("DOMAIN"), one("PXADDR"), optional("PXADDRTYPE"),
        optional("PXADDR-FQDN"), optional("WSP-VERSION"), optional("PUSHENABLED"),
        optional("PULLENABLED"), some("TO-NAPID"),
    ] },
    Shape { kind: "NAPDEF", inside: &[""], since_1_1: false, open: false, parms: &[
        one("NAPID"), many("BEARER"), one("NAME"), flag("INTERNET"), one("NAP-ADDRESS"),
        optional("NAP-ADDRTYPE"), many("DNS-ADDR"), optional("CALLTYPE"), optional("LOCAL-ADDR"),
        optional("LOCAL-ADDRTYPE"), optional("LINKSPEED"), optional("DNLINKSPEED"),
        optional("LINGER"), optional("DELIVERY-ERR-SDU"), optional("DELIVERY-ORDER"),
        optional("TRAFFIC-CLASS"), optional("MAX-SDU-SIZE"), optional("MAX-BITRATE-UPLINK"),
        optional("MAX-BITRATE-DNLINK"), optional("RESIDUAL-BER"), optional("SDU-ERROR-RATIO"),
        optional("TRAFFIC-HANDL-PRIO"), optional("TRANSFER-DELAY"),
        optional("GUARANTEED-BITRATE-UPLINK"), optional("GUARANTEED-BITRATE-DNLINK"),
        optional("MAX-NUM-RETRY"), optional("FIRST-RETRY-TIMEOUT"), optional("REREG-THRESHOLD"),
        flag("T-BIT"),
    ] },
    Shape { kind: "NAPAUTHINFO", inside: &["NAPDEF"], since_1_1: false, open: false, parms: &[
        one("AUTHTYPE"), optional("AUTHNAME"), optional("AUTHSECRET"), many("AUTH-ENTITY"),
        optional("SPI"),
    ] },
    Shape { kind: "VALIDITY", inside: &["NAPDEF"], since_1_1: false, open: false, parms: &[
        optional("COUNTRY"), optional("NETWORK"), optional("SID"), optional("SOC"),
        optional("VALIDUNTIL"),
    ] },
    Shape { kind: "BOOTSTRAP", inside: &[""], since_1_1: false, open: false, parms: &[
        optional("NAME"), many("NETWORK"), optional("COUNTRY"), many("PROXY-ID"),
        optional("PROVURL"), optional("CONTEXT-ALLOW"),
    ] },
    Shape { kind: "CLIENTIDENTITY", inside: &[""], since_1_1: false, open: false,
        parms: &[one("CLIENT-ID")] },
    Shape { kind: "VENDORCONFIG", inside: &[""], since_1_1: false, open: true,
        parms: &[one("NAME")] },
    Shape { kind: "APPLICATION", inside: &[""], since_1_1: true, open: true, parms: &[
        one("APPID"), optional("PROVIDER-ID"), optional("NAME"), optional("AACCEPT"),
        optional("APROTOCOL"), many("TO-PROXY"), many("TO-NAPID"), many("ADDR"),
    ] },
    Shape { kind: "APPADDR", inside: &["APPLICATION"], since_1_1: true, open: false,
        parms: &[one("ADDR"), optional("ADDRTYPE")] },
    Shape { kind: "APPAUTH", inside: &["APPLICATION"], since_1_1: true, open: false, parms: &[
        optional("AAUTHLEVEL"), optional("AAUTHTYPE"), optional("AAUTHNAME"),
        optional("AAUTHSECRET"), optional("AAUTHDATA"),
    ] },
    Shape { kind: "RESOURCE", inside: &["APPLICATION"], since_1_1: true, open: false, parms: &[
        one("URI"), optional("NAME"), optional("AACCEPT"), optional("AAUTHTYPE"),
        optional("AAUTHNAME"), optional("AAUTHSECRET"), optional("AAUTHDATA"), flag("STARTPAGE"),
    ] },
    Shape { kind: "ACCESS", inside: &[""], since_1_1: true, open: false, parms: &[
        some("RULE"), many("APPID"), many("PORTNBR"), many("DOMAIN"), many("TO-NAPID"),
        many("TO-PROXY"),
    ] },
];
