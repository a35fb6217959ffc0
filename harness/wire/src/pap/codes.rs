//! The result codes of PAP (WAP-247 9.13).

/// What the thousands of a code say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 1xxx: it went well.
    Success,
    /// 2xxx: the request is at fault.
    ClientError,
    /// 3xxx: the gateway is at fault.
    ServerError,
    /// 4xxx: a service does not work.
    ServiceFailure,
    /// 5xxx: the device broke off.
    Aborted,
}

/// All codes, and what they say in short.
pub const CODES: &[(u16, &str)] = &[
    (1000, "OK"),
    (1001, "accepted for processing"),
    (2000, "bad request"),
    (2001, "forbidden"),
    (2002, "address error"),
    (2003, "address not found"),
    (2004, "push id not found"),
    (2005, "capabilities mismatch"),
    (2006, "required capabilities not supported"),
    (2007, "duplicate push id"),
    (2008, "cancellation not possible"),
    (3000, "internal server error"),
    (3001, "not implemented"),
    (3002, "version not supported"),
    (3003, "not possible"),
    (3004, "capability matching not supported"),
    (3005, "multiple addresses not supported"),
    (3006, "transformation failure"),
    (3007, "requested delivery method not possible"),
    (3008, "capabilities not available"),
    (3009, "required network not available"),
    (3010, "required bearer not available"),
    (3011, "replacement not supported"),
    (4000, "service failure"),
    (4001, "service unavailable"),
    (5000, "mobile client aborted"),
];

/// The class of a code; none outside 1000 to 5999.
pub fn class(code: u16) -> Option<Class> {
    match code {
        1000..=1999 => Some(Class::Success),
        2000..=2999 => Some(Class::ClientError),
        3000..=3999 => Some(Class::ServerError),
        4000..=4999 => Some(Class::ServiceFailure),
        5000..=5999 => Some(Class::Aborted),
        _ => None,
    }
}

/// What a code says in short. All of 5xxx carry the reason of the device in their lower digits.
pub fn meaning(code: u16) -> Option<&'static str> {
    let mut rows = CODES.iter();
    let known = rows.find(|row| row.0 == code).map(|row| row.1);
    known.or_else(|| (class(code) == Some(Class::Aborted)).then_some("mobile client aborted"))
}
