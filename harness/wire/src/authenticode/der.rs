//! DER (X.690) as far as signatures and certificates need it: values of definite length, read
//! without copying and written by hand. What a value means is left to the caller.

use crate::span::Span;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The tag of `[number]`, primitive.
pub(super) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag of `[number]`, constructed.
pub(super) const fn holder(number: u8) -> u8 {
    0xA0 | number
}

/// Octets that are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) span: Span,
    pub(super) text: String,
}

impl Bad {
    pub(super) fn new(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { span, text }
    }
}

/// One value: a tag, a length and so many octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    input: &'a [u8],
    pub(super) tag: u8,
    start: usize,
    body: usize,
    end: usize,
}

impl<'a> Value<'a> {
    /// Tag and length included.
    pub(super) fn whole(&self) -> &'a [u8] {
        self.input.get(self.start..self.end).unwrap_or_default()
    }

    /// Without tag and length.
    pub(super) fn body(&self) -> &'a [u8] {
        self.input.get(self.body..self.end).unwrap_or_default()
    }

    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// Tag and length alone.
    pub(super) fn head(&self) -> Span {
        Span::new(self.start, self.body)
    }

    /// The values inside.
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader {
            input: self.input,
            at: self.body,
            end: self.end,
        }
    }

    /// True for a value that is made of values.
    pub(super) fn is_constructed(&self) -> bool {
        self.tag & 0x20 != 0
    }

    /// The octets of a bit string of whole octets.
    pub(super) fn bits(&self) -> Result<&'a [u8], Bad> {
        match self.body().split_first() {
            Some((0, octets)) if self.tag == BIT_STRING => Ok(octets),
            _ => Err(Bad::new(self.span(), "no bit string of whole octets")),
        }
    }
}

/// Values one behind the other. Spans are those of the whole input.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// Over these octets of the input.
    pub(super) fn new(input: &'a [u8], span: Span) -> Self {
        let end = span.end().min(input.len());
        Self {
            input,
            at: span.start().min(end),
            end,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.end
    }

    /// What is left.
    pub(super) fn rest(&self) -> Span {
        Span::new(self.at, self.end)
    }

    /// The tag of the next value.
    pub(super) fn peek(&self) -> Option<u8> {
        let rest = self.input.get(self.at..self.end)?;
        rest.first().copied()
    }

    pub(super) fn next(&mut self) -> Result<Value<'a>, Bad> {
        let rest = self.input.get(self.at..self.end).unwrap_or_default();
        let bad = |text| Err(Bad::new(Span::new(self.at, self.end), text));
        let [tag, length, more @ ..] = rest else {
            return bad("a value is missing");
        };
        if tag & 0x1F == 0x1F {
            return bad("a tag of more than one octet");
        }
        let (octets, length) = match length {
            0..=0x7F => (0, usize::from(*length)),
            0x81..=0x84 => {
                let count = usize::from(length & 0x7F);
                let Some(octets) = more.get(..count) else {
                    return bad("the length is cut short");
                };
                let fold = |sum: usize, &octet: &u8| sum << 8 | usize::from(octet);
                (count, octets.iter().fold(0, fold))
            }
            0x80 => return bad("a value of indefinite length, which DER has not"),
            _ => return bad("a length of more than four octets"),
        };
        let body = self.at + 2 + octets;
        let value = Value {
            input: self.input,
            tag: *tag,
            start: self.at,
            body,
            end: body.saturating_add(length),
        };
        if value.end > self.end {
            let text = format!(
                "a value of {length} octets where {} are left",
                self.end - body
            );
            return Err(Bad::new(Span::new(self.at, self.end), text));
        }
        self.at = value.end;
        Ok(value)
    }

    /// The next value, which has this tag.
    pub(super) fn expect(&mut self, tag: u8, what: &str) -> Result<Value<'a>, Bad> {
        let start = self.at;
        let value = self.next().map_err(|bad| {
            let text = format!("{what}: {}", bad.text);
            Bad::new(bad.span, text)
        })?;
        if value.tag != tag {
            let text = format!("{what}: tag {:02X} in place of {tag:02X}", value.tag);
            self.at = start;
            return Err(Bad::new(value.head(), text));
        }
        Ok(value)
    }

    /// The next value if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Value<'a>>, Bad> {
        if self.peek() == Some(tag) {
            self.next().map(Some)
        } else {
            Ok(None)
        }
    }
}

/// A value of this tag and these octets.
pub(super) fn value(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out = vec![tag];
    if let Some(short) = u8::try_from(length).ok().filter(|&short| short < 0x80) {
        out.push(short);
    } else {
        let octets = length.to_be_bytes();
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        let octets = octets.get(zeros..).unwrap_or_default();
        out.push(0x80 | octets.len() as u8);
        out.extend(octets);
    }
    out.extend(body);
    out
}

/// A value of this tag that holds these values.
pub(super) fn values(tag: u8, inside: &[&[u8]]) -> Vec<u8> {
    value(tag, &inside.concat())
}

/// The values in the order that a SET OF has.
pub(super) fn set_of(tag: u8, mut inside: Vec<Vec<u8>>) -> Vec<u8> {
    inside.sort();
    value(tag, &inside.concat())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn all(octets: &[u8]) -> Reader<'_> {
        Reader::new(octets, Span::new(0, octets.len()))
    }

    #[rstest]
    #[case(0, &[0x04, 0x00])]
    #[case(127, &[0x04, 0x7F])]
    #[case(128, &[0x04, 0x81, 0x80])]
    #[case(256, &[0x04, 0x82, 0x01, 0x00])]
    #[case(65_536, &[0x04, 0x83, 0x01, 0x00, 0x00])]
    fn a_length_is_written_short_and_read_back(#[case] length: usize, #[case] head: &[u8]) {
        let octets = value(OCTET_STRING, &vec![7; length]);
        assert!(octets.starts_with(head));
        let read = all(&octets).next().expect("a value");
        assert_eq!(read.body().len(), length);
        assert_eq!(read.head().len as usize, head.len());
    }

    #[rstest]
    #[case::nothing(&[], "missing")]
    #[case::a_tag(&[0x30], "missing")]
    #[case::long_tag(&[0x1F, 0x00], "tag of more")]
    #[case::indefinite(&[0x30, 0x80, 0x00, 0x00], "indefinite")]
    #[case::length_cut(&[0x30, 0x82, 0x01], "length is cut")]
    #[case::length_too_long(&[0x30, 0x85, 0, 0, 0, 0, 0], "more than four")]
    #[case::body_cut(&[0x30, 0x02, 0x05], "2 octets where 1 are left")]
    #[case::body_far_too_long(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], "where 0 are left")]
    fn what_is_no_der_says_why(#[case] octets: &[u8], #[case] why: &str) {
        let bad = all(octets).next().expect_err("no value");
        assert!(bad.text.contains(why), "{}", bad.text);
    }

    #[test]
    fn a_set_is_in_order() {
        let set = set_of(SET, vec![vec![5, 0], vec![2, 1, 9], vec![2, 1, 3]]);
        assert_eq!(set, [0x31, 8, 2, 1, 3, 2, 1, 9, 5, 0]);
    }
}
