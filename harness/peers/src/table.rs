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

const fn line(family: Family, name: &'static str, says: &'static str, at: At) -> Switch {
    Switch {
        family,
        name,
        says,
        at,
    }
}
