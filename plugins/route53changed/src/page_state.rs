//! What a page looks like: a hash that tells whether it changed, and the signs of a page that nobody owns any more.

use std::fmt::Write as _;

use reddalert_sdk::{Error, Response};
use regex::bytes::Regex;
use sha2::{Digest, Sha224};

/// How many bytes of a page are searched.
pub(crate) const LOOKED_AT: u32 = 2048;

/// Which bytes of a page are hashed: behind the head of a page, where every request makes some other text. All of a page that ends before.
const HASHED: std::ops::Range<usize> = 255..512;

/// The hash of a page that did not answer.
const NO_ANSWER: &str = "-";

/// A removed bucket or object, an expired domain, and whatever else says that it is not there.
const SIGNS: [&str; 3] = ["NoSuchBucket|NoSuchKey|NoSuchVersion", "[Ee]xpir(ed|y|es)", "not exists?"];

/// The signs of an abandoned page.
pub(crate) struct Signs(Vec<(&'static str, Regex)>);

impl Signs {
    pub(crate) fn new() -> Result<Self, Error> {
        let compiled = SIGNS.iter().map(|pattern| Ok((*pattern, Regex::new(pattern)?)));
        Ok(Self(compiled.collect::<Result<_, regex::Error>>()?))
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PageState {
    pub(crate) hash: String,
    /// The signs that the page shows.
    pub(crate) matches: Vec<&'static str>,
}

impl PageState {
    /// Any status counts: a removed bucket answers 404.
    pub(crate) fn of(signs: &Signs, answer: Option<&Response>) -> Self {
        let Some(answer) = answer else { return Self { hash: NO_ANSWER.to_owned(), matches: Vec::new() } };
        let body = &answer.body;
        let hashed = if body.len() > HASHED.start { &body[HASHED.start..body.len().min(HASHED.end)] } else { body };
        let matches = signs.0.iter().filter(|(_, sign)| sign.is_match(body)).map(|(pattern, _)| *pattern);
        Self { hash: sha224(hashed), matches: matches.collect() }
    }
}

fn sha224(bytes: &[u8]) -> String {
    Sha224::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(body: &[u8]) -> PageState {
        let answer = Response { status: 404, body: body.to_vec(), ..Response::default() };
        PageState::of(&Signs::new().expect("signs"), Some(&answer))
    }

    #[test]
    fn the_middle_of_a_page_is_hashed_and_the_whole_of_a_short_one() {
        let page = |from: usize, to: usize| [vec![b'x'; from], vec![b'y'; to - from], vec![b'z'; 600 - to]].concat();
        assert_eq!(state(&page(255, 512)).hash, sha224(&[b'y'; 257]));
        assert_eq!(state(&[b'x'; 255]).hash, sha224(&[b'x'; 255]));
        assert_eq!(state(&[b'x'; 256]).hash, sha224(b"x"));
        assert_eq!(state(b"NoSuchKey same").hash, "f51c91197cf9a868883c2c1c9403fbe76954b6e37a5999e4682880b9");
    }

    #[test]
    fn the_signs_are_found_in_any_bytes() {
        assert_eq!(state(b"\xff<Code>NoSuchKey</Code>").matches, [SIGNS[0]]);
        assert_eq!(state(b"Expired: does not exist").matches, SIGNS[1..]);
        assert!(state(b"all good, expiring").matches.is_empty());
    }

    #[test]
    fn no_answer_is_a_state_of_its_own() {
        let none = PageState::of(&Signs::new().expect("signs"), None);
        assert_eq!(none, PageState { hash: "-".to_owned(), matches: Vec::new() });
    }
}
