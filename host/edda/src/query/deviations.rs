//! Where answers differ from EDDA's on purpose: each has a name here, is named where it is made, and is named again by the tests that compare
//! with EDDA's own answers.

/// Ids, argument names and values, and selectors are percent-decoded after the address was cut, so that `%2F` and `%22` are usable. EDDA
/// decodes nothing. A percent sign that begins no escape, or escapes that are no UTF-8, stay as they are written.
pub const PERCENT_DECODING: &str = "percent-decoding";

/// A bad time, number, selector or expression, an argument without a name, an address of slashes alone, and a difference of nothing are
/// refused with status 400 and a JSON body. In EDDA an exception escapes and its container writes a page with status 500.
pub const REFUSED_IN_JSON: &str = "refused-in-json";

/// `groups=a,b` finds a list that holds one of them. EDDA compares each element with the whole list, which is never equal.
pub const ANY_OF_IN_LISTS: &str = "any-of-in-lists";

/// A field that is absent fails the test without a value (`;key`). In EDDA it passes.
pub const ABSENT_IS_NO_VALUE: &str = "absent-is-no-value";

/// The characters `" < > [ \ ] ^ { | }` and the backtick are accepted as they are. In front of EDDA, Jersey refuses them.
pub const RAW_CHARACTERS: &str = "raw-characters";

/// No comparison raises: a truth value and a text that is none are not equal, a truth value passes the test without a value, and null
/// matches no expression. In EDDA such a comparison ends the query: an empty answer after a minute, or status 500.
pub const COMPARISONS_NEVER_RAISE: &str = "comparisons-never-raise";

/// Expressions (`name~/^web/`) have the syntax of the `regex` crate, which takes linear time, and not Java's.
pub const LINEAR_EXPRESSIONS: &str = "linear-expressions";

/// Revisions of different sources are never compared. EDDA knows no sources.
pub const SOURCES_ARE_KEPT_APART: &str = "sources-are-kept-apart";

/// Two texts that differ in very many lines are shown as one large change. EDDA looks for the smallest difference however long it takes.
pub const BOUNDED_DIFFERENCE: &str = "bounded-difference";
