//! The form of a document: which properties it has and what each is. EDDA's documents are the beans of an SDK, so an absent property is null
//! and an absent list is empty; what a shape does not name is left out. The shapes themselves are data, in [`super::shapes`].

/// An object with known properties.
pub(super) struct Shape {
    /// The bean's class, shown as `class`; none for objects that the crawler put together itself.
    pub class: Option<&'static str>,
    /// The properties.
    pub fields: &'static [Field],
    /// Whether it is a tag, which gets its value a second time under its key.
    pub is_tag: bool,
}

/// A property.
pub(super) struct Field {
    /// The name that the AWS command line prints.
    pub from: &'static str,
    /// Our name where it does not follow from that one by [`property_name`].
    pub to: Option<&'static str>,
    /// What it is.
    pub kind: Kind,
}

/// What a property is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A text, number or truth value.
    Plain,
    /// A moment: ISO text, or seconds since 1970.
    Date,
    /// A number of which only the lowest byte means something.
    LowByte,
    /// A JSON document that the SDK hands out as percent-encoded text.
    Encoded,
    /// The same, as a member of an object.
    EncodedMember(&'static str),
    /// An object.
    One(&'static Shape),
    /// A list of objects, sorted.
    Many(&'static Shape),
    /// The same in the order given.
    ManyAsGiven(&'static Shape),
    /// A list of plain values, sorted.
    Texts,
    /// One member of each object of a list, sorted.
    TextsOf(&'static str),
    /// The same in the order given.
    TextsOfAsGiven(&'static str),
    /// A list of plain values in the order given.
    TextsAsGiven,
    /// A list of tags, sorted; each gets its value a second time under its key.
    Tags(&'static Shape),
    /// An object of texts with names that are not known beforehand.
    Strings,
}

impl Shape {
    /// The bean of a class.
    pub(super) const fn bean(class: &'static str, fields: &'static [Field]) -> Self {
        Self { class: Some(class), fields, is_tag: false }
    }

    /// The bean of a tag that is a document of its own.
    pub(super) const fn tag(class: &'static str, fields: &'static [Field]) -> Self {
        Self { class: Some(class), fields, is_tag: true }
    }

    /// An object without a class.
    pub(super) const fn plain(fields: &'static [Field]) -> Self {
        Self { class: None, fields, is_tag: false }
    }

    /// Whether a member of what the command line prints is used.
    pub(super) fn knows(&self, from: &str) -> bool {
        self.fields.iter().any(|field| field.from == from)
    }
}

impl Field {
    /// Our name for it.
    pub(super) fn name(&self) -> String {
        self.to.map_or_else(|| property_name(self.from), ToOwned::to_owned)
    }

    /// The same property under a name that does not follow from the command line's.
    pub(super) const fn named(mut self, to: &'static str) -> Self {
        self.to = Some(to);
        self
    }
}

const fn field(from: &'static str, kind: Kind) -> Field {
    Field { from, to: None, kind }
}

/// A text, number or truth value.
pub(super) const fn plain(from: &'static str) -> Field {
    field(from, Kind::Plain)
}

/// A moment.
pub(super) const fn date(from: &'static str) -> Field {
    field(from, Kind::Date)
}

/// A number of which only the lowest byte means something.
pub(super) const fn low_byte(from: &'static str) -> Field {
    field(from, Kind::LowByte)
}

/// A JSON document as percent-encoded text.
pub(super) const fn encoded(from: &'static str) -> Field {
    field(from, Kind::Encoded)
}

/// An object.
pub(super) const fn one(from: &'static str, shape: &'static Shape) -> Field {
    field(from, Kind::One(shape))
}

/// A sorted list of objects.
pub(super) const fn many(from: &'static str, shape: &'static Shape) -> Field {
    field(from, Kind::Many(shape))
}

/// A sorted list of plain values.
pub(super) const fn texts(from: &'static str) -> Field {
    field(from, Kind::Texts)
}

/// A sorted list of one member of each object.
pub(super) const fn texts_of(from: &'static str, member: &'static str) -> Field {
    field(from, Kind::TextsOf(member))
}

/// A list of tags.
pub(super) const fn tags(from: &'static str, shape: &'static Shape) -> Field {
    field(from, Kind::Tags(shape))
}

/// The bean's name of a property: the first letter in lower case, unless the first two are both capital.
pub(super) fn property_name(from: &str) -> String {
    let mut letters = from.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first, second) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_uppercase() => from.to_owned(),
        (Some(first), _) => {
            // In one piece, since it is done for every property of every document.
            let mut name = String::with_capacity(from.len());
            name.extend(first.to_lowercase());
            name.push_str(&from[first.len_utf8()..]);
            name
        }
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_beans() {
        let pairs = [
            ("GroupId", "groupId"),
            ("VpcId", "vpcId"),
            ("VPCId", "VPCId"),
            ("DNSName", "DNSName"),
            ("TTL", "TTL"),
            ("SSLCertificateId", "SSLCertificateId"),
            ("LBCookieStickinessPolicies", "LBCookieStickinessPolicies"),
            ("CanonicalHostedZoneNameID", "canonicalHostedZoneNameID"),
            ("UserName", "userName"),
            ("X", "x"),
            ("", ""),
        ];
        for (from, to) in pairs {
            assert_eq!(property_name(from), to);
        }
    }
}
