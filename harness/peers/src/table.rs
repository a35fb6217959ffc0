//! How the tables of switches are written: a line a switch, by family and by where it takes hold.
//!
//! What a switch is stands in `switch`, what the switches of a family do in its own tables.

/// A module for a family: `logic` for the switches that its own code asks for, and a function for
/// each place where one takes hold, with what it bends there.
macro_rules! lines {
    ($(
        $(#[doc = $doc:literal])+
        $module:ident of $family:ident { $( $function:ident: $at:ident($bent:ty), )+ }
    )+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) mod $module {
                use crate::switch::{At, Family, Switch};

                pub(crate) const fn logic(name: &'static str, says: &'static str) -> Switch {
                    line(name, says, At::Logic)
                }

                $(
                    pub(crate) const fn $function(
                        name: &'static str,
                        says: &'static str,
                        bend: fn(&mut $bent),
                    ) -> Switch {
                        line(name, says, At::$at(bend))
                    }
                )+

                const fn line(name: &'static str, says: &'static str, at: At) -> Switch {
                    Switch {
                        family: Family::$family,
                        name,
                        says,
                        at,
                    }
                }
            }
        )+
    };
}

lines! {
    /// Lines in the tables of the DM server.
    dm of Dm {
        message: Message(crate::dm::Doc),
        style: Style(crate::dm::Styles),
        body: Body(Vec<u8>),
        response: Response(Vec<u8>),
    }
    /// Lines in the tables of the management server.
    pull of Pull {
        document: Document(crate::pull::Doc),
        style: Xml(assay_wire::xml::Style),
        body: Body(Vec<u8>),
        response: Response(Vec<u8>),
    }
    /// Lines in the tables of the provisioning server.
    cp of Cp {
        tree: Provisioning(crate::cp::Doc),
        coding: Coding(crate::cp::Coding),
        content: Content(crate::cp::Content),
        push: Push(crate::cp::Push),
        sms: Sms(crate::carry::Sms),
        pap: Pap(crate::cp::Pap),
        packing: Packing(crate::cp::Packing),
    }
    /// Lines in the tables of the push proxy gateway.
    ppg of Ppg {
        push: Push(crate::cp::Push),
        sms: Sms(crate::carry::Sms),
        reply: Reply(crate::ppg::Reply),
        response: Response(Vec<u8>),
    }
}
