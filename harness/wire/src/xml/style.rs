//! The choices that XML leaves to a writer, as data.
//!
//! What they do to the octets is for `write`.

/// How to write a document. The default is the shortest: no declaration, no space between
/// elements, `<a/>`, double quotes, no prefixes but those of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// An XML declaration in front, and what stands in it: [`Style::DECLARATION`].
    pub declaration: Option<String>,
    /// A document type declaration, and what stands behind `<!DOCTYPE `.
    pub doctype: Option<String>,
    /// A line for each element that holds no text, indented by this many spaces a level.
    pub indent: Option<usize>,
    /// A prefix for elements of a SyncML namespace that have none in the tree.
    pub syncml_prefix: Option<String>,
    /// A prefix for elements of the meta information namespace that have none in the tree.
    pub metinf_prefix: Option<String>,
    /// How text is written.
    pub texts: Texts,
    /// Characters of text that are written as numeric references, outside CDATA sections.
    pub referenced: Vec<char>,
    /// What stands around attribute values.
    pub quotes: Quotes,
    /// How elements without content are written.
    pub empty: Empty,
    /// A comment in front of the root element, behind it, and inside it if it holds no text.
    pub comment: Option<String>,
    /// A processing instruction in the same places.
    pub instruction: Option<String>,
}

impl Style {
    /// The usual inside of an XML declaration.
    pub const DECLARATION: &'static str = "version=\"1.0\" encoding=\"UTF-8\"";
}

/// How text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Texts {
    /// By its form in the tree: CDATA sections and references as such, all else escaped.
    #[default]
    ByForm,
    /// All of it as character data, escaped.
    Plain,
    /// All of it in CDATA sections.
    Cdata,
}

/// What stands around attribute values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Quotes {
    /// `"`
    #[default]
    Double,
    /// `'`
    Single,
}

/// How elements without content are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Empty {
    /// `<a/>`
    #[default]
    OneTag,
    /// `<a></a>`
    TwoTags,
}
