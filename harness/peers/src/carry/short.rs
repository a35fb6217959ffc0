//! Short messages on their way out: how a push is cut, and what a switch does to the segments.

use assay_wire::sms::{self, Split, TooLong};

use crate::cp::Kind;

/// A push as short messages.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one freedom")]
pub struct Sms {
    /// What it carries.
    pub kind: Kind,
    /// How it is cut.
    pub split: Split,
    /// The data coding.
    pub coding: u8,
    /// Each segment under a reference of its own. Wrong.
    pub differing_references: bool,
    /// The last segment first.
    pub backwards: bool,
    /// The user data in an optional parameter of SMPP rather than in the usual field.
    pub in_payload: bool,
    /// A session of SMPP that can send only.
    pub as_transmitter: bool,
    after: Vec<fn(&mut [Vec<u8>])>,
}

impl Sms {
    /// The usual way to send something of this kind.
    pub(crate) fn new(kind: Kind, reference: u16) -> Self {
        Self {
            kind,
            split: Split {
                reference,
                ..Split::default()
            },
            coding: sms::OCTETS,
            differing_references: false,
            backwards: false,
            in_payload: false,
            as_transmitter: false,
            after: Vec::new(),
        }
    }

    /// Has the segments changed when they are cut.
    pub fn afterwards(&mut self, change: fn(&mut [Vec<u8>])) {
        self.after.push(change);
    }

    /// The user data of each segment, in the order in which they leave.
    pub(crate) fn segments(&self, pdu: &[u8]) -> Result<Vec<Vec<u8>>, TooLong> {
        let mut parts = sms::split(pdu, &self.split)?;
        if self.differing_references && parts.len() > 1 {
            for (number, part) in parts.iter_mut().enumerate() {
                let mut split = self.split.clone();
                split.reference = split.reference.wrapping_add(number as u16);
                if let Some(other) = sms::split(pdu, &split)?.into_iter().nth(number) {
                    *part = other;
                }
            }
        }
        for change in &self.after {
            change(&mut parts);
        }
        if self.backwards {
            parts.reverse();
        }
        Ok(parts)
    }
}

/// Total and number of a segment, where its header has them.
pub(crate) fn concatenation(part: &mut [u8]) -> Option<&mut [u8; 2]> {
    let end = usize::from(*part.first()?) + 1;
    let mut at = 1;
    while at + 1 < end {
        let (id, length) = (*part.get(at)?, usize::from(*part.get(at + 1)?));
        let behind = match id {
            0x00 => at + 3,
            0x08 => at + 4,
            _ => {
                at += 2 + length;
                continue;
            }
        };
        return part.get_mut(behind..behind + 2)?.try_into().ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_both_forms_and_any_order() {
        for (wide, concat_first) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut sms = Sms::new(Kind::Document, 7);
            (sms.split.wide, sms.split.concat_first) = (wide, concat_first);
            let mut parts = sms.segments(&[0; 300]).expect("segments");
            let found: Vec<_> = parts
                .iter_mut()
                .map(|part| concatenation(part).map(|found| *found))
                .collect();
            assert_eq!(found, [Some([3, 1]), Some([3, 2]), Some([3, 3])]);
        }
        let mut single = Sms::new(Kind::Document, 7).segments(&[0; 3]).expect("one");
        assert_eq!(concatenation(&mut single[0]), None);
        assert_eq!(concatenation(&mut []), None);
        assert_eq!(concatenation(&mut [9, 0]), None);
    }

    #[test]
    fn what_happens_afterwards_happens_to_all() {
        let mut sms = Sms::new(Kind::Document, 0xFF);
        sms.differing_references = true;
        sms.backwards = true;
        sms.afterwards(|parts| parts[0].truncate(20));
        let parts = sms.segments(&[9; 300]).expect("segments");
        assert_eq!((parts[0].len(), parts[2].len()), (12 + 44, 20));
        assert_eq!((parts[2][9], parts[1][9], parts[0][9]), (0xFF, 0, 1));
    }
}
