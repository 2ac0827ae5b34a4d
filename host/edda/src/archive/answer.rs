//! The answers that an import is given: each file is recognised by its name, `<service>.<command>[.<parent>].json`, or else by its content,
//! and checked before anything is written. An answer that is cut off, empty, one page of several or of an unknown shape stops the import,
//! since taking it for the whole would end what it does not show.

use std::path::Path;

use serde_json::value::RawValue;

use super::answer_json::{RawMembers, elements_of, text_of};
use super::collections::{COLLECTIONS, commands, commands_of};
use super::commands::Command;
use super::import_error::ImportError;

/// What was read from a file or from standard input.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file's path, or `-`: for messages, and its last part tells which answer this is.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What an import is told that its answers do not say.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// The collection that all answers belong to. A name of EDDA's, with dots.
    pub collection: Option<String>,
    /// The resource that all answers are about: the user whose groups they list.
    pub parent: Option<String>,
    /// Whether the answers are not the whole, so that what they do not show goes on.
    pub is_part: bool,
}

/// One answer of a known command.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub file: &'a str,
    pub command: &'static Command,
    /// The resource that was asked about, from the file's name; empty without one.
    pub parent: &'a str,
    pub members: RawMembers<'a>,
    /// What was asked for.
    pub content: &'a RawValue,
}

/// All answers of one import.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    pub known: Vec<Answer<'a>>,
    /// How many answers no collection takes.
    pub left_out: usize,
}

/// Members that name the next page.
const PAGE_TOKENS: [&str; 4] = ["NextToken", "NextMarker", "Marker", "ContinuationToken"];

impl<'a> Answers<'a> {
    /// Reads and checks all inputs.
    pub(super) fn read(inputs: impl IntoIterator<Item = &'a Input>, manner: &'a Manner) -> Result<Self, ImportError> {
        let mut answers = Self { known: Vec::new(), left_out: 0 };
        for input in inputs {
            match Answer::read(input, manner)? {
                Some(answer) => answers.known.push(answer),
                None => answers.left_out += 1,
            }
        }
        Ok(answers)
    }

    /// The answers of one command, in the order given.
    pub(super) fn of(&self, command: &'static Command) -> impl Iterator<Item = &Answer<'a>> {
        self.known.iter().filter(move |answer| answer.command.name == command.name)
    }
}

impl<'a> Answer<'a> {
    fn read(input: &'a Input, manner: &'a Manner) -> Result<Option<Self>, ImportError> {
        let file = input.name.as_str();
        let members = RawMembers::open(input.whole()?).unwrap_or_default();
        let recognised = match &manner.collection {
            Some(collection) => Some(recognise_in(collection, file, &members)?),
            None => recognise(file, &members)?,
        };
        let Some((command, parent)) = recognised else { return Ok(None) };
        let parent = manner.parent.as_deref().unwrap_or(parent);
        let Some(content) = members.get(command.key) else {
            return Err(wrong_shape(file, command, format!("an object with `{}`", command.key)));
        };
        must_be_whole(file, &members)?;
        Ok(Some(Self { file, command, parent, members, content }))
    }

    /// The elements of what was asked for.
    pub(super) fn items(&self) -> Result<Vec<&'a RawValue>, ImportError> {
        elements_of(self.content).ok_or_else(|| self.wrong_shape(format!("a list under `{}`", self.command.key)))
    }

    /// The error that this answer is not what its command answers.
    pub(super) fn wrong_shape(&self, wanted: String) -> ImportError {
        wrong_shape(self.file, self.command, wanted)
    }
}

impl Input {
    /// The whole text, which is checked to be JSON.
    pub(super) fn whole(&self) -> Result<&RawValue, ImportError> {
        let file = || self.name.clone();
        let text = std::str::from_utf8(&self.bytes).map_err(|source| ImportError::NotText { file: file(), source })?;
        let text = text.trim_start_matches('\u{FEFF}');
        if text.trim().is_empty() {
            return Err(ImportError::Empty { file: file() });
        }
        serde_json::from_str(text).map_err(|source| ImportError::NotJson { file: file(), source })
    }
}

fn wrong_shape(file: &str, command: &'static Command, wanted: String) -> ImportError {
    ImportError::WrongShape { file: file.to_owned(), command: command.name, wanted }
}

/// The same for an answer of which it is known to which collection it belongs.
fn recognise_in<'a>(collection: &str, file: &'a str, members: &RawMembers<'_>) -> Result<(&'static Command, &'a str), ImportError> {
    let unknown = || ImportError::UnknownCollection { name: collection.to_owned() };
    let collection = COLLECTIONS.iter().find(|known| known.name == collection && !known.is_derived).ok_or_else(unknown)?;
    let named = name_parts(file);
    let parent = named.map_or("", |(_, _, parent)| parent);
    let by_name =
        named.and_then(|(service, call, _)| commands_of(collection).find(|command| command.name.split_once('.') == Some((service, call))));
    let found = by_name.or_else(|| commands_of(collection).find(|command| members.get(command.key).is_some()));
    let wanted = || commands_of(collection).map(|command| command.key).collect::<Vec<_>>().join("`, `");
    found.map(|command| (command, parent)).ok_or_else(|| wrong_shape(file, collection.command, format!("one of `{}`", wanted())))
}

/// The command and the parent; none for a command that no collection takes.
fn recognise<'a>(file: &'a str, members: &RawMembers<'_>) -> Result<Option<(&'static Command, &'a str)>, ImportError> {
    match name_parts(file) {
        Some((service, call, parent)) => {
            let found = commands().find(|command| command.name.split_once('.') == Some((service, call)));
            Ok(found.map(|command| (command, parent)))
        }
        None => match commands().find(|command| command.known_by_key && members.get(command.key).is_some()) {
            Some(command) => Ok(Some((command, ""))),
            None => Err(ImportError::Unknown { file: file.to_owned() }),
        },
    }
}

/// Service, command and parent of a file that is named after its call.
fn name_parts(file: &str) -> Option<(&str, &str, &str)> {
    let name = Path::new(file).file_name()?.to_str()?;
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let (service, rest) = stem.split_once('.')?;
    let (call, parent) = rest.split_once('.').unwrap_or((rest, ""));
    let is_word = |word: &str| word.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-');
    let is_call = ["describe-", "get-", "list-"].iter().any(|verb| call.starts_with(verb));
    (!service.is_empty() && is_word(service) && is_word(call) && is_call).then_some((service, call, parent))
}

fn must_be_whole(file: &str, members: &RawMembers<'_>) -> Result<(), ImportError> {
    let page = |token| Err(ImportError::OnePage { file: file.to_owned(), token });
    if members.get("IsTruncated").is_some_and(|truncated| truncated.get() == "true") {
        return page("IsTruncated");
    }
    match PAGE_TOKENS.into_iter().find(|token| members.get(token).and_then(text_of).is_some()) {
        Some(token) => page(token),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Option<(String, String)>, String> {
        let (input, manner) = (Input { name: name.into(), bytes: text.into() }, Manner::default());
        let answer = Answer::read(&input, &manner).map_err(|error| error.to_string())?;
        Ok(answer.map(|answer| (answer.command.name.to_owned(), answer.parent.to_owned())))
    }

    fn known(name: &str, text: &str) -> (String, String) {
        read(name, text).expect("a whole answer").expect("of a known command")
    }

    fn refused(name: &str, text: &str) -> String {
        read(name, text).expect_err("to be refused")
    }

    fn pair(command: &str, parent: &str) -> (String, String) {
        (command.into(), parent.into())
    }

    #[test]
    fn a_file_is_known_by_its_name() {
        assert_eq!(known("dumps/ec2.describe-images.self.json", r#"{"Images":[]}"#), pair("ec2.describe-images", "self"));
        let attributes = r#"{"Attributes":{}}"#;
        assert_eq!(known("sqs.get-queue-attributes.orders.fifo.json", attributes), pair("sqs.get-queue-attributes", "orders.fifo"));
        assert_eq!(known("iam.list-groups-for-user.bob.json", r#"{"Groups":[]}"#), pair("iam.list-groups-for-user", "bob"));
    }

    #[test]
    fn a_file_of_another_name_is_known_by_its_content() {
        for name in ["-", "machines.json", "my.backup.json", "a/b"] {
            assert_eq!(known(name, "\u{FEFF}{\"Reservations\":[]}"), pair("ec2.describe-instances", ""), "{name}");
        }
        assert!(refused("-", r#"{"Groups":[]}"#).starts_with("- is not known by its name or its content"));
        assert!(read("-", "[1]").is_err());
    }

    #[test]
    fn answers_that_no_collection_takes_are_left_out_but_must_be_whole() {
        assert_eq!(read("s3api.get-bucket-location.x.json", "{}"), Ok(None));
        assert_eq!(read("identitystore.list-users.json", r#"{"Users":[]}"#), Ok(None));
        assert!(read("s3api.get-bucket-location.x.json", "{").is_err());
    }

    #[test]
    fn what_is_not_a_whole_answer_is_refused() {
        let wrong = |text| refused("iam.list-users.json", text);
        assert!(wrong("").starts_with("iam.list-users.json is empty"));
        assert!(wrong(" \n").starts_with("iam.list-users.json is empty"));
        assert!(wrong(r#"{"Users":["#).starts_with("iam.list-users.json is not the whole JSON"));
        assert!(wrong(r#"{"Users":[]}{"#).starts_with("iam.list-users.json is not the whole JSON"));
        assert!(wrong("[]").contains("needs an object with `Users`"));
        assert!(wrong(r#"{"Roles":[]}"#).contains("needs an object with `Users`"));
        assert!(wrong(r#"{"Users":[],"IsTruncated":true}"#).contains("one page of several (`IsTruncated`)"));
        assert!(wrong(r#"{"Users":[],"NextToken":"x"}"#).contains("one page of several (`NextToken`)"));
        assert!(read("iam.list-users.json", r#"{"Users":[],"IsTruncated":false,"Marker":null}"#).is_ok());
        let input = Input { name: "x.json".into(), bytes: vec![b'{', 0xFF] };
        assert!(matches!(Answer::read(&input, &Manner::default()), Err(ImportError::NotText { .. })));
    }

    #[test]
    fn what_an_answer_does_not_say_can_be_told() {
        let input = Input { name: "-".into(), bytes: br#"{"Groups":[]}"#.to_vec() };
        let told = |collection: &str, parent: Option<&str>| {
            let manner = Manner { collection: Some(collection.into()), parent: parent.map(Into::into), is_part: false };
            let answer = Answer::read(&input, &manner).map_err(|error| error.to_string())?;
            Ok::<_, String>(answer.map(|answer| pair(answer.command.name, answer.parent)).expect("known"))
        };
        assert_eq!(told("aws.iamUsers", Some("bob")), Ok(pair("iam.list-groups-for-user", "bob")));
        assert_eq!(told("aws.iamGroups", None), Ok(pair("iam.list-groups", "")));
        assert!(told("aws.vpcs", None).expect_err("no VPCs").contains("needs one of `Vpcs`"));
        assert!(told("aws.nothing", None).expect_err("no such collection").contains("aws.nothing"));
    }
}
