//! A request as the service sees it, and what comes of it, before HTTP puts it into words.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// A request as the service sees it.
#[derive(Debug, Default)]
pub(crate) struct Call<'a> {
    /// The value of each field of the service, where it is there and is text.
    pub(crate) uuid: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) timestamp: Option<&'a str>,
    pub(crate) client_version: Option<&'a str>,
    pub(crate) action: Option<&'a str>,
    pub(crate) report_type: Option<&'a str>,
    pub(crate) filename: Option<&'a str>,
    /// The media type.
    pub(crate) media_type: Option<&'a str>,
    /// Scheme, host and port as the agent reached them.
    pub(crate) origin: String,
    /// Host and port.
    pub(crate) host: String,
    /// The body.
    pub(crate) body: &'a [u8],
}

/// What comes of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Refused with this HTTP status, and why.
    Refused(u16, &'static str),
    /// Taken, with nothing to say.
    Taken,
    /// A document.
    Document(Answered),
    /// A web page with 200, as a gateway on the way may give it.
    Page,
}

/// A document and what stands beside it.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// Its octets.
    pub(crate) body: Vec<u8>,
    /// The token from now on.
    pub(crate) token: Option<String>,
    /// The mark of the poll.
    pub(crate) timestamp: Option<String>,
}

/// The HTTP status of a refusal, and why.
pub(crate) type Refusal = (u16, &'static str);

impl Call<'_> {
    /// The same body again has the same number.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.body.hash(&mut hasher);
        hasher.finish()
    }
}
