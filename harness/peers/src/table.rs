//! How the tables of switches are written: a line a switch, by family and by where it takes hold.
//!
//! What a switch is stands in `switch`, what the switches of a family do in its own tables.

use crate::switch::{At, Family, Switch};

/// Lines in the tables of the DM server.
pub(crate) mod dm {
    use super::{At, Family, Switch, line};
    use crate::dm::{Doc, Styles};

    const FAMILY: Family = Family::Dm;

    pub(crate) const fn logic(name: &'static str, says: &'static str) -> Switch {
        line(FAMILY, name, says, At::Logic)
    }

    pub(crate) const fn message(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Doc),
    ) -> Switch {
        line(FAMILY, name, says, At::Message(bend))
    }

    pub(crate) const fn style(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Styles),
    ) -> Switch {
        line(FAMILY, name, says, At::Style(bend))
    }

    pub(crate) const fn body(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Vec<u8>),
    ) -> Switch {
        line(FAMILY, name, says, At::Body(bend))
    }

    pub(crate) const fn response(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Vec<u8>),
    ) -> Switch {
        line(FAMILY, name, says, At::Response(bend))
    }
}

/// Lines in the tables of the management server.
pub(crate) mod pull {
    use assay_wire::xml::Style;

    use super::{At, Family, Switch, line};
    use crate::pull::Doc;

    const FAMILY: Family = Family::Pull;

    pub(crate) const fn logic(name: &'static str, says: &'static str) -> Switch {
        line(FAMILY, name, says, At::Logic)
    }

    pub(crate) const fn document(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Doc),
    ) -> Switch {
        line(FAMILY, name, says, At::Document(bend))
    }

    pub(crate) const fn style(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Style),
    ) -> Switch {
        line(FAMILY, name, says, At::Xml(bend))
    }

    pub(crate) const fn body(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Vec<u8>),
    ) -> Switch {
        line(FAMILY, name, says, At::Body(bend))
    }

    pub(crate) const fn response(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Vec<u8>),
    ) -> Switch {
        line(FAMILY, name, says, At::Response(bend))
    }
}

/// Lines in the tables of the provisioning server.
pub(crate) mod cp {
    use super::{At, Family, Switch, line};
    use crate::carry::Sms;
    use crate::cp::{Coding, Content, Doc, Packing, Pap, Push};

    const FAMILY: Family = Family::Cp;

    pub(crate) const fn logic(name: &'static str, says: &'static str) -> Switch {
        line(FAMILY, name, says, At::Logic)
    }

    pub(crate) const fn tree(name: &'static str, says: &'static str, bend: fn(&mut Doc)) -> Switch {
        line(FAMILY, name, says, At::Provisioning(bend))
    }

    pub(crate) const fn coding(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Coding),
    ) -> Switch {
        line(FAMILY, name, says, At::Coding(bend))
    }

    pub(crate) const fn content(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Content),
    ) -> Switch {
        line(FAMILY, name, says, At::Content(bend))
    }

    pub(crate) const fn push(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Push),
    ) -> Switch {
        line(FAMILY, name, says, At::Push(bend))
    }

    pub(crate) const fn sms(name: &'static str, says: &'static str, bend: fn(&mut Sms)) -> Switch {
        line(FAMILY, name, says, At::Sms(bend))
    }

    pub(crate) const fn pap(name: &'static str, says: &'static str, bend: fn(&mut Pap)) -> Switch {
        line(FAMILY, name, says, At::Pap(bend))
    }

    pub(crate) const fn packing(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Packing),
    ) -> Switch {
        line(FAMILY, name, says, At::Packing(bend))
    }
}

/// Lines in the tables of the push proxy gateway.
pub(crate) mod ppg {
    use super::{At, Family, Switch, line};
    use crate::carry::Sms;
    use crate::cp::Push;
    use crate::ppg::Reply;

    const FAMILY: Family = Family::Ppg;

    pub(crate) const fn logic(name: &'static str, says: &'static str) -> Switch {
        line(FAMILY, name, says, At::Logic)
    }

    pub(crate) const fn push(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Push),
    ) -> Switch {
        line(FAMILY, name, says, At::Push(bend))
    }

    pub(crate) const fn sms(name: &'static str, says: &'static str, bend: fn(&mut Sms)) -> Switch {
        line(FAMILY, name, says, At::Sms(bend))
    }

    pub(crate) const fn reply(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Reply),
    ) -> Switch {
        line(FAMILY, name, says, At::Reply(bend))
    }

    pub(crate) const fn response(
        name: &'static str,
        says: &'static str,
        bend: fn(&mut Vec<u8>),
    ) -> Switch {
        line(FAMILY, name, says, At::Response(bend))
    }
}

const fn line(family: Family, name: &'static str, says: &'static str, at: At) -> Switch {
    Switch {
        family,
        name,
        says,
        at,
    }
}
