//! What there is to say about a collection: from which answers its documents come, which member is the id, when a resource was created, what
//! form a document has. The collections themselves are data, in [`super::collections`].

use super::commands::Command;
use super::shape::{Kind, Shape};

/// How far a resource's name reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// One region of an account.
    Regional,
    /// The whole account.
    Global,
}

/// A further answer that each document needs.
pub(super) struct Part {
    pub command: &'static Command,
    pub naming: Naming,
}

/// How an answer says to which document it belongs.
pub(super) enum Naming {
    /// Each document has a file of its own, named after it; all that the answer holds under its key is meant.
    ByFile,
    /// One member of each of the answer's elements names a document, another one is meant.
    ByMember { name: &'static str, value: &'static str },
}

/// Answers that are given once for each of another answer's items: the records of each zone.
pub(super) struct Parent {
    pub command: &'static Command,
    /// The member of the parent that its files are named after, from its last slash on.
    pub key: &'static str,
}

/// A property that does not come from the item itself.
pub(super) struct Added {
    pub name: &'static str,
    pub origin: Origin,
    pub kind: Kind,
}

/// Where an added property comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// The document's id.
    Id,
    /// The item as a whole.
    Item,
    /// The part of that number.
    Part(usize),
    /// The parent as a whole.
    Parent,
    /// A member of the answer beside its items.
    Answer(&'static str),
}

/// What says to which account and region the items belong.
pub(super) enum Witness {
    /// A member (its path) that is always the asker's own.
    Own(&'static str),
    /// A member that may name others, who share their resources with the asker.
    Likely(&'static str),
}

/// Which changes are written in place, without a new revision.
pub(super) enum Volatile {
    /// Those of the document's properties whose names begin so.
    Properties { prefix: &'static str },
    /// The same one level further in.
    Inside { name: &'static str, prefix: &'static str },
    /// All, as long as the elements of a list, known by a member, are the same ones.
    UnlessMembersChange { list: &'static str, member: &'static str },
}

/// A collection.
pub(super) struct Collection {
    pub name: &'static str,
    pub scope: Scope,
    /// The answers whose items become documents.
    pub command: &'static Command,
    /// The items are one level further in: the instances of the reservations.
    pub inside: Option<&'static str>,
    pub parent: Option<Parent>,
    /// The members that make the id; without any the item itself is a text, and what follows its last slash is the id.
    pub id: &'static [&'static str],
    /// Whether only what follows the last slash of that member is the id.
    pub id_after_slash: bool,
    /// Members that tell documents of one id apart; with a parent they belong to it, too.
    pub variant: &'static [&'static str],
    /// The member that says when the resource was created.
    pub created: Option<&'static str>,
    /// The form of the document; without one it is put together from what is added.
    pub shape: Option<&'static Shape>,
    pub added: &'static [Added],
    pub parts: &'static [Part],
    pub witnesses: &'static [Witness],
    pub volatile: Option<Volatile>,
    /// Whether the documents are not made of answers, but of what the archive holds of other collections.
    pub is_derived: bool,
    /// Whether the answers are so large, and of so little use, that they are only collected when asked for by name.
    pub on_request: bool,
}

/// An answer of its own for each document.
pub(super) const fn part(command: &'static Command) -> Part {
    Part { command, naming: Naming::ByFile }
}

/// A property that does not come from the item itself.
pub(super) const fn added(name: &'static str, origin: Origin, kind: Kind) -> Added {
    Added { name, origin, kind }
}

/// A collection whose documents are put together from what is added.
pub(super) const fn built(name: &'static str, command: &'static Command, id: &'static [&'static str]) -> Collection {
    let scope = Scope::Regional;
    let (inside, parent, created, shape, volatile) = (None, None, None, None, None);
    let (variant, added, parts, witnesses): (&[&str], &[Added], &[Part], &[Witness]) = (&[], &[], &[], &[]);
    let (id_after_slash, is_derived, on_request) = (false, false, false);
    Collection {
        name,
        scope,
        command,
        inside,
        parent,
        id,
        id_after_slash,
        variant,
        created,
        shape,
        added,
        parts,
        witnesses,
        volatile,
        is_derived,
        on_request,
    }
}

/// A collection whose documents are the items of an answer.
pub(super) const fn of(name: &'static str, command: &'static Command, id: &'static [&'static str], shape: &'static Shape) -> Collection {
    Collection { shape: Some(shape), ..built(name, command, id) }
}
