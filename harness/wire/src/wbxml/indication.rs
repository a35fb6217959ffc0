//! The tokens of service indication (WAP-167) and service loading (WAP-168).
//!
//! Facts only. What the two mean to a device is the business of `cp`.

use super::pages::{AttributeStart, AttributeValue, Page, Since, Space, Vocabulary};
use Since::V10;

/// Service indications.
pub static SI: Vocabulary = Vocabulary {
    name: "SI",
    pages: &[&SI_PAGE],
    attributes: SI_ATTRIBUTES,
    values: VALUES,
    addenda: &[],
    addenda_values: &[],
    dates: &["created", "si-expires"],
};

/// Service loadings.
pub static SL: Vocabulary = Vocabulary {
    name: "SL",
    pages: &[&SL_PAGE],
    attributes: SL_ATTRIBUTES,
    values: VALUES,
    addenda: &[],
    addenda_values: &[],
    dates: &[],
};

/// The elements of a service indication.
pub static SI_PAGE: Page = Page::new(0, "SI", Space::Si, SI_TAGS, &[]);
/// The elements of a service loading.
pub static SL_PAGE: Page = Page::new(0, "SL", Space::Sl, SL_TAGS, &[]);

#[rustfmt::skip]
const SI_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "si"), (0x06, V10, "indication"), (0x07, V10, "info"), (0x08, V10, "item"),
];

const SL_TAGS: &[(u8, Since, &str)] = &[(0x05, V10, "sl")];

#[rustfmt::skip]
const SI_ATTRIBUTES: &[AttributeStart] = &[
    (0, 0x05, "action", "signal-none"), (0, 0x06, "action", "signal-low"),
    (0, 0x07, "action", "signal-medium"), (0, 0x08, "action", "signal-high"),
    (0, 0x09, "action", "delete"), (0, 0x0A, "created", ""), (0, 0x0B, "href", ""),
    (0, 0x0C, "href", "http://"), (0, 0x0D, "href", "http://www."), (0, 0x0E, "href", "https://"),
    (0, 0x0F, "href", "https://www."), (0, 0x10, "si-expires", ""), (0, 0x11, "si-id", ""),
    (0, 0x12, "class", ""),
];

#[rustfmt::skip]
const SL_ATTRIBUTES: &[AttributeStart] = &[
    (0, 0x05, "action", "execute-low"), (0, 0x06, "action", "execute-high"),
    (0, 0x07, "action", "cache"), (0, 0x08, "href", ""), (0, 0x09, "href", "http://"),
    (0, 0x0A, "href", "http://www."), (0, 0x0B, "href", "https://"),
    (0, 0x0C, "href", "https://www."),
];

/// The same for both.
const VALUES: &[AttributeValue] = &[
    (0, 0x85, ".com/"),
    (0, 0x86, ".edu/"),
    (0, 0x87, ".net/"),
    (0, 0x88, ".org/"),
];
