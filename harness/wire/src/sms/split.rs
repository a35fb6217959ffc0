//! A datagram cut into segments: user data with ports, and with concatenation where one short
//! message does not hold it.

use super::USER_DATA;
use super::udh::{Element, write_udh};
use crate::wsp::{PUSH_PORT, WSP_PORT};

/// How a datagram is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one freedom")]
pub struct Split {
    /// The port that it goes to.
    pub to: u16,
    /// The port that it comes from.
    pub from: u16,
    /// Which message it is.
    pub reference: u16,
    /// The reference has sixteen bits; otherwise the lower eight of it count.
    pub wide: bool,
    /// Concatenation even where one part is enough.
    pub always: bool,
    /// The element for concatenation in front of that for the ports.
    pub concat_first: bool,
    /// Octets of user data in one segment.
    pub size: usize,
    /// The ports in the first part only. Wrong.
    pub ports_once: bool,
}

impl Default for Split {
    /// To the push port, from the port of WSP, a reference of eight bits.
    fn default() -> Self {
        Self {
            to: PUSH_PORT,
            from: WSP_PORT,
            reference: 0x01,
            wide: false,
            always: false,
            concat_first: false,
            size: USER_DATA,
            ports_once: false,
        }
    }
}

/// A datagram of more than 255 parts, or parts that hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{octets} octets do not fit into 255 segments of {size} octets")]
pub struct TooLong {
    /// The octets of the datagram.
    pub octets: usize,
    /// The octets of one segment, header included.
    pub size: usize,
}

/// The user data of each segment, in order.
///
/// # Errors
/// [`TooLong`] where 255 parts do not hold it.
pub fn split(payload: &[u8], style: &Split) -> Result<Vec<Vec<u8>>, TooLong> {
    let too_long = TooLong {
        octets: payload.len(),
        size: style.size,
    };
    let whole = header(style, None, true);
    if !style.always && whole.len() + payload.len() <= style.size {
        return Ok(vec![[whole, payload.to_vec()].concat()]);
    }
    let room = style
        .size
        .checked_sub(header(style, Some((1, 1)), true).len());
    let room = room.filter(|&room| room > 0).ok_or(too_long)?;
    let total = u8::try_from(payload.len().div_ceil(room).max(1)).map_err(|_| too_long)?;
    let mut pieces = payload.chunks(room);
    let parts = (1..=total).map(|number| {
        let mut part = header(style, Some((total, number)), number == 1);
        part.extend_from_slice(pieces.next().unwrap_or_default());
        part
    });
    Ok(parts.collect())
}

fn header(style: &Split, part: Option<(u8, u8)>, first: bool) -> Vec<u8> {
    let ports = Element::Ports16 {
        to: style.to,
        from: style.from,
    };
    let ports = (first || !style.ports_once).then_some(ports);
    let concat = part.map(|(total, number)| {
        let reference = style.reference;
        if style.wide {
            Element::Concat16 {
                reference,
                total,
                number,
            }
        } else {
            Element::Concat8 {
                reference: (reference & 0xFF) as u8,
                total,
                number,
            }
        }
    });
    let elements = if style.concat_first {
        [concat, ports]
    } else {
        [ports, concat]
    };
    let elements: Vec<_> = elements.into_iter().flatten().collect();
    write_udh(&elements)
}
