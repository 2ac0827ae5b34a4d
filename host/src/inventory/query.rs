//! A rule's path, checked before anything is asked: it cannot leave `/api/v2/`, bring its own times, or be understood differently by two
//! readers.

use edda::archive::known_collections;
use edda::query::{Selector, split_selector};

use super::fault::{QueryError, shown};

/// Servers in front of an EDDA refuse longer addresses anyway. Bytes.
const LONGEST_PATH: usize = 8000;
/// What the host decides and not the rule.
const OF_THE_HOST: [&str; 7] = ["_at", "_since", "_until", "_updated", "_live", "_pp", "_callback"];
/// What the names of all collections begin with, behind an account where there are several.
const FAMILIES: [&str; 3] = ["aws", "view", "group"];

/// What a rule asks, without the times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RulePath {
    /// The path without its selector: `aws/securityGroups;_expand`.
    pub(super) base: String,
    /// `aws.securityGroups`.
    pub(super) collection: String,
    /// True when the path names one document or some, false when it is about a whole collection.
    pub(super) has_id: bool,
    /// The fields that the rule wants. None: all.
    pub(super) fields: Option<Selector>,
}

impl RulePath {
    /// Checks a path as it comes from a rule.
    pub(super) fn parse(path: &str) -> Result<Self, QueryError> {
        let refused = |reason: &str| QueryError::bad_request(format!("the path `{}` is refused: {reason}", shown(path)));
        check_text(path).map_err(refused)?;
        let (base, selector) = split_selector(path);
        if base.contains(":(") {
            return Err(refused("its selector is not closed: it begins with `:(` and ends, with the path, in `)`"));
        }
        let (resource, arguments) = base.split_once(';').unwrap_or((base, ""));
        check_arguments(arguments).map_err(|reason| refused(&reason))?;
        let pieces: Vec<&str> = resource.strip_suffix('/').unwrap_or(resource).split('/').collect();
        check_pieces(&pieces).map_err(refused)?;
        let (collection, id) = pieces.split_at(pieces_of_collection(&pieces));
        if collection.iter().any(|piece| piece.contains('%')) {
            return Err(refused("the name of a collection is written without `%`"));
        }
        let fields = selector.map(Selector::parse).transpose().map_err(|error| refused(&format!("its selector is wrong: {error}")))?;
        Ok(Self { base: base.to_owned(), collection: collection.join("."), has_id: !id.is_empty(), fields })
    }
}

fn check_text(path: &str) -> Result<(), &'static str> {
    if path.len() > LONGEST_PATH {
        return Err("it is longer than 8000 bytes");
    }
    if path.contains(['?', '#']) {
        return Err("`?` and `#` mean something else in an address");
    }
    if path.contains(char::is_control) {
        return Err("it holds a control character");
    }
    if path.is_empty() || path.starts_with('/') {
        return Err("a path is what follows `/api/v2/` in an address of EDDA, such as `view/instances;_expand`");
    }
    Ok(())
}

fn check_pieces(pieces: &[&str]) -> Result<(), &'static str> {
    // A URL's reader takes `%2e` for a dot too.
    let leaves = |piece: &&str| matches!(piece.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if pieces.iter().any(leaves) {
        return Err("`.` and `..` are no names");
    }
    Ok(())
}

fn check_arguments(arguments: &str) -> Result<(), String> {
    if arguments.contains('/') {
        return Err("a `/` cannot stand in an argument; write `%2F`".to_owned());
    }
    for argument in arguments.split(';') {
        let name = argument.split('=').next().unwrap_or_default();
        if OF_THE_HOST.contains(&name) {
            return Err(format!("`{name}` is the host's to say; ask with the times that the rule means instead"));
        }
        // What is decoded later could be one of those names.
        if name.contains('%') {
            return Err("the name of an argument is written without `%`".to_owned());
        }
    }
    Ok(())
}

/// How many pieces of a path name the collection; what follows is the id.
fn pieces_of_collection(pieces: &[&str]) -> usize {
    let known = |length: &usize| is_known(&pieces[..*length].join("."));
    let unknown = || match pieces.iter().take(2).position(|piece| FAMILIES.contains(piece)) {
        Some(family) => family + 2,
        None if pieces[0].contains('.') => 1,
        None => 2,
    };
    let last = pieces.len();
    [last, last - 1].into_iter().find(known).unwrap_or_else(unknown).min(last)
}

/// True for a known collection, also behind the name of an account.
fn is_known(collection: &str) -> bool {
    let mut behind_account = collection.match_indices('.').map(|(dot, _)| &collection[dot + 1..]);
    let exists = |name: &str| known_collections().any(|known| known == name);
    exists(collection) || behind_account.any(exists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure_kind::FailureKind;

    fn parse(path: &str) -> RulePath {
        RulePath::parse(path).expect(path)
    }

    fn refusal(path: &str) -> String {
        let error = RulePath::parse(path).expect_err(path);
        assert_eq!(error.kind, FailureKind::BadRequest);
        error.message
    }

    #[test]
    fn a_path_is_cut_into_what_edda_is_sent_and_what_the_host_does() {
        let path = parse("view/instances;_expand:(instanceId)");
        assert_eq!((path.base.as_str(), path.collection.as_str(), path.has_id), ("view/instances;_expand", "view.instances", false));
        assert_eq!(path.fields, Selector::parse("(instanceId)").ok());
        assert_eq!(parse("aws/securityGroups").fields, None);
    }

    #[test]
    fn the_collection_is_told_from_the_id() {
        let read = |text| {
            let path = parse(text);
            (path.collection, path.has_id)
        };
        for (text, collection, has_id) in [
            ("aws/iamUsers/bob;_diff=200", "aws.iamUsers", true),
            ("aws.iamUsers/bob", "aws.iamUsers", true),
            ("aws.iamUsers", "aws.iamUsers", false),
            ("aws/iamUsers/", "aws.iamUsers", false),
            ("aws/iamUsers/al%69ce,bob", "aws.iamUsers", true),
            ("test/aws/iamUsers", "test.aws.iamUsers", false),
            ("test/aws/iamUsers/bob", "test.aws.iamUsers", true),
            ("aws/neverHeardOf", "aws.neverHeardOf", false),
            ("aws/neverHeardOf/x", "aws.neverHeardOf", true),
            ("aws.neverHeardOf/x", "aws.neverHeardOf", true),
            ("test/aws/neverHeardOf/x", "test.aws.neverHeardOf", true),
            ("nope", "nope", false),
        ] {
            assert_eq!(read(text), (collection.to_owned(), has_id), "{text}");
        }
    }

    #[test]
    fn times_belong_to_the_host() {
        for name in OF_THE_HOST {
            for text in [format!("aws/x;{name}"), format!("aws/x;_expand;{name}=1;a=b"), format!("aws/x;{name}=1:(a)")] {
                assert!(refusal(&text).contains(&format!("`{name}` is the host's to say")), "{text}");
            }
        }
        for allowed in ["aws/x;_all", "aws/x;_atx=1", "aws/x;a=_at", "aws/x;zone.name=example.com.;_expand"] {
            parse(allowed);
        }
        assert!(refusal("aws/x;%5Fat=1").contains("without `%`"));
    }

    #[test]
    fn a_path_cannot_leave_its_place() {
        for text in [
            "aws/../x",
            "aws/%2E%2e/x",
            "./aws/x",
            "aws/iamUsers/.%2E;a",
            "aws/iamUsers/%2e",
            "/aws/x",
            "",
            "aws/x?a",
            "aws/x#a",
            "aws/x\n",
            "aws/\u{9b}x",
        ] {
            refusal(text);
        }
        for text in ["aws/launch%43onfigurations", "aws.launch%43onfigurations", "aws/x;a=b/../c", &"x".repeat(8001)] {
            refusal(text);
        }
    }

    #[test]
    fn a_refusal_shows_what_was_written_safely_and_briefly() {
        assert!(refusal("aws/x\u{1b}[31m").contains(r"`aws/x\u{1b}[31m`"));
        assert!(refusal(&"x".repeat(100_000)).len() < 400);
    }
}
