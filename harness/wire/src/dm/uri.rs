//! Node URIs and the property part behind them (OMA-TS-DM_TND 6 and 7).

/// What stands behind the question mark of a node URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property<'a> {
    /// `?prop=Name`.
    Prop(&'a str),
    /// `?list=Struct`.
    List(&'a str),
    /// Anything else.
    Other(&'a str),
}

/// Splits `./A/B?prop=ACL` into the URI of the node and the property.
pub fn split_property(uri: &str) -> (&str, Option<Property<'_>>) {
    let Some((node, query)) = uri.split_once('?') else {
        return (uri, None);
    };
    let property = match query.split_once('=') {
        Some(("prop", name)) => Property::Prop(name),
        Some(("list", what)) => Property::List(what),
        _ => Property::Other(query),
    };
    (node, Some(property))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_stands_behind_the_question_mark() {
        assert_eq!(split_property("./A/B"), ("./A/B", None));
        assert_eq!(
            split_property("./A?prop=ACL"),
            ("./A", Some(Property::Prop("ACL")))
        );
        assert_eq!(
            split_property("./A?list=TNDS+ACL"),
            ("./A", Some(Property::List("TNDS+ACL")))
        );
        assert_eq!(split_property("./A?x"), ("./A", Some(Property::Other("x"))));
    }
}
