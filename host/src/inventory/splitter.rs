//! Cuts a JSON answer into its documents while it arrives, in pieces of any size, holding no more than the document under way. It finds
//! where documents begin and end and checks that they are UTF-8; whether each is valid JSON is for the one who reads it.

use edda::scanner::plain_bytes;

use super::fault::EddaRefusal;

/// Larger than any honest document, and small enough that a text which never ends cannot fill the memory.
pub(super) const LARGEST_DOCUMENT: usize = 64 * 1024 * 1024;
/// An object where a list was asked is collected up to this size, to see what it says.
const LARGEST_ODD_OBJECT: usize = 64 * 1024;
/// How much of an answer that is no JSON is kept for its error message.
const QUOTED_BYTES: usize = 80 * 4;

/// What the question was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Expected {
    /// A list; an object is EDDA's error, or nonsense.
    List,
    /// A list, or one object that is the document.
    ListOrDocument,
}

/// Why an answer cannot be cut into documents.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SplitError {
    #[error("the answer is cut off")]
    CutOff,
    #[error("the answer is no JSON list; it begins with `{}`", quote(.0))]
    NotJson(Vec<u8>),
    #[error("the answer is one object and not a list; it begins with `{}`", quote(.0))]
    NotAList(Vec<u8>),
    #[error("the answer is broken at byte {0}: {1}")]
    Broken(u64, &'static str),
    #[error("document {0} of the answer is not UTF-8")]
    NotUtf8(u64),
    #[error("document {0} of the answer is larger than 64 MiB")]
    TooLarge(u64),
}

/// The first 80 characters, without anything that a terminal could obey.
pub(super) fn quote(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim().chars().take(80).flat_map(char::escape_debug).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first character that counts.
    Start,
    /// In a text that is no JSON answer.
    Nonsense,
    /// Behind `[`.
    ListStart,
    /// Behind a comma.
    Comma,
    /// In an object or list of this depth, outside its strings.
    Inside(u32),
    /// In a string at this depth, which is 0 for an element that is a string itself.
    String(u32),
    /// Behind a backslash in such a string.
    Escape(u32),
    /// In a number, `true`, `false` or `null` that is an element.
    Scalar,
    /// Behind an element.
    Between,
    /// Behind the whole answer.
    End,
}

/// Where a piece ends that ends before its last string does.
#[derive(Clone, Copy)]
enum Cut {
    InString,
    /// Behind a backslash.
    InEscape,
}

/// Where to look next behind the string that goes on at `at`.
fn behind_string(piece: &[u8], mut at: usize) -> Result<usize, Cut> {
    loop {
        at += plain_bytes(&piece[at..]);
        match piece.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') if at + 1 == piece.len() => return Err(Cut::InEscape),
            Some(b'\\') => at += 2,
            // A control character, which whoever reads the document will not like.
            Some(_) => at += 1,
            None => return Err(Cut::InString),
        }
    }
}

/// Cuts one answer. A new answer needs a new splitter.
#[derive(Debug)]
pub(super) struct Splitter {
    expected: Expected,
    place: Place,
    bare: bool,
    /// The part of the document under way that earlier pieces brought.
    carried: Vec<u8>,
    opening: Vec<u8>,
    documents: u64,
    bytes: u64,
}

impl Splitter {
    pub(super) fn new(expected: Expected) -> Self {
        Self { expected, place: Place::Start, bare: false, carried: Vec::new(), opening: Vec::new(), documents: 0, bytes: 0 }
    }

    /// Takes the next bytes and hands over each document that they complete.
    pub(super) fn feed<E: From<SplitError>>(&mut self, piece: &[u8], each: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let wanted = QUOTED_BYTES.saturating_sub(self.opening.len()).min(piece.len());
        self.opening.extend_from_slice(&piece[..wanted]);
        let mut start = 0;
        let mut at = 0;
        while at < piece.len() {
            let (next, step) = self.step(piece, at)?;
            match step {
                Step::On => {}
                Step::Begins => start = at,
                Step::Ends => self.complete(&piece[start..next], each)?,
            }
            at = next;
        }
        self.bytes += piece.len() as u64;
        self.carry(piece, start)?;
        Ok(())
    }

    /// Says that the answer ends here.
    pub(super) fn finish(&self) -> Result<(), SplitError> {
        match self.place {
            Place::End => Ok(()),
            Place::Nonsense => Err(SplitError::NotJson(self.opening.clone())),
            _ => Err(SplitError::CutOff),
        }
    }

    /// Looks at the bytes from `at` on; gives where to look next.
    fn step(&mut self, piece: &[u8], at: usize) -> Result<(usize, Step), SplitError> {
        let byte = piece[at];
        match self.place {
            Place::String(depth) => return Ok(self.in_string(piece, at, depth)),
            Place::Inside(depth) => return Ok(self.inside(piece, at, depth)),
            Place::Escape(depth) => self.place = Place::String(depth),
            Place::Scalar if matches!(byte, b',' | b']') || byte.is_ascii_whitespace() => {
                self.place = Place::Between;
                return Ok((at, Step::Ends));
            }
            Place::Scalar | Place::Nonsense => {}
            _ if byte.is_ascii_whitespace() => {}
            Place::Start => return self.open(byte, at),
            Place::ListStart if byte == b']' => self.place = Place::End,
            Place::ListStart | Place::Comma => return self.begin(byte, at),
            Place::Between if byte == b',' => self.place = Place::Comma,
            Place::Between if byte == b']' => self.place = Place::End,
            Place::Between => return Err(self.broken(at, "a comma or `]` was expected")),
            Place::End => return Err(self.broken(at, "there is text behind the end")),
        }
        Ok((at + 1, Step::On))
    }

    /// The first character that counts.
    fn open(&mut self, byte: u8, at: usize) -> Result<(usize, Step), SplitError> {
        match byte {
            b'[' => self.place = Place::ListStart,
            b'{' => {
                self.bare = true;
                return self.begin(byte, at);
            }
            _ => self.place = Place::Nonsense,
        }
        Ok((at + 1, Step::On))
    }

    /// The first character of an element.
    fn begin(&mut self, byte: u8, at: usize) -> Result<(usize, Step), SplitError> {
        self.place = match byte {
            b'{' | b'[' => Place::Inside(1),
            b'"' => Place::String(0),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Place::Scalar,
            _ => return Err(self.broken(at, "a value was expected")),
        };
        Ok((at + 1, Step::Begins))
    }

    fn inside(&mut self, piece: &[u8], mut at: usize, mut depth: u32) -> (usize, Step) {
        while let Some(byte) = piece.get(at) {
            at += 1;
            match byte {
                b'"' => match behind_string(piece, at) {
                    Ok(next) => at = next,
                    Err(cut) => return self.cut_off(piece, cut, depth),
                },
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.place = if self.bare { Place::End } else { Place::Between };
                        return (at, Step::Ends);
                    }
                }
                _ => {}
            }
        }
        self.place = Place::Inside(depth);
        (piece.len(), Step::On)
    }

    fn in_string(&mut self, piece: &[u8], at: usize, depth: u32) -> (usize, Step) {
        let next = match behind_string(piece, at) {
            Ok(next) => next,
            Err(cut) => return self.cut_off(piece, cut, depth),
        };
        if depth == 0 {
            self.place = Place::Between;
            return (next, Step::Ends);
        }
        self.place = Place::Inside(depth);
        (next, Step::On)
    }

    fn cut_off(&mut self, piece: &[u8], cut: Cut, depth: u32) -> (usize, Step) {
        self.place = match cut {
            Cut::InString => Place::String(depth),
            Cut::InEscape => Place::Escape(depth),
        };
        (piece.len(), Step::On)
    }

    fn complete<E: From<SplitError>>(&mut self, tail: &[u8], each: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        self.documents += 1;
        let mut carried = std::mem::take(&mut self.carried);
        let whole = if carried.is_empty() {
            tail
        } else {
            carried.extend_from_slice(tail);
            &carried
        };
        if self.is_unwanted_object() || (self.bare && EddaRefusal::parse(whole).is_some()) {
            return Err(SplitError::NotAList(whole.to_vec()).into());
        }
        each(std::str::from_utf8(whole).map_err(|_| SplitError::NotUtf8(self.documents))?)
    }

    /// Keeps what this piece has of the document under way.
    fn carry(&mut self, piece: &[u8], start: usize) -> Result<(), SplitError> {
        match self.place {
            Place::Inside(_) | Place::String(_) | Place::Escape(_) | Place::Scalar => self.carried.extend_from_slice(&piece[start..]),
            Place::Nonsense if self.opening.len() >= QUOTED_BYTES => return self.finish(),
            _ => {}
        }
        if self.is_unwanted_object() && self.carried.len() > LARGEST_ODD_OBJECT {
            return Err(SplitError::NotAList(std::mem::take(&mut self.carried)));
        }
        if self.carried.len() > LARGEST_DOCUMENT {
            return Err(SplitError::TooLarge(self.documents + 1));
        }
        Ok(())
    }

    fn is_unwanted_object(&self) -> bool {
        self.bare && self.expected == Expected::List
    }

    fn broken(&self, at: usize, what: &'static str) -> SplitError {
        SplitError::Broken(self.bytes + at as u64, what)
    }
}

/// What a look at some bytes showed.
enum Step {
    On,
    Begins,
    Ends,
}

#[cfg(test)]
#[path = "splitter_tests.rs"]
mod tests;
