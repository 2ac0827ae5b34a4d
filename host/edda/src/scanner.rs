//! Steps over JSON text without building anything of it. As strict as a parser: what it has stepped over is JSON.

/// How deep lists and objects may lie in each other.
const DEEPEST: u32 = u128::BITS;

/// The text is no JSON, or nested too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanError;

/// A place in a JSON text.
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    /// At the beginning of the text.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte that is no white space. The place moves up to it.
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Steps over this byte, and white space before it, if it comes next.
    pub fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Nothing but white space may follow.
    ///
    /// # Errors
    /// Something does.
    pub fn end(&mut self) -> Result<(), ScanError> {
        self.peek().map_or(Ok(()), |_| Err(ScanError))
    }

    /// The name of a member as it is written, without its quotes; the place is its value.
    ///
    /// # Errors
    /// No text with a colon behind it comes next.
    pub fn name(&mut self) -> Result<&'t str, ScanError> {
        self.peek();
        let start = self.at + 1;
        self.string()?;
        let name = &self.text[start..self.at - 1];
        if self.take(b':') { Ok(name) } else { Err(ScanError) }
    }

    /// The value that comes next, as it is written.
    ///
    /// # Errors
    /// None does, or one that is nested more than 128 deep.
    pub fn value(&mut self) -> Result<&'t str, ScanError> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// What was written from a place on up to here.
    pub(crate) fn since(&self, place: usize) -> &'t str {
        &self.text[place..self.at]
    }

    pub(crate) fn place(&self) -> usize {
        self.at
    }

    fn skip(&mut self) -> Result<(), ScanError> {
        // What is open: for each a bit, which is set for an object.
        let (mut open, mut depth) = (0_u128, 0);
        loop {
            let byte = self.peek().ok_or(ScanError)?;
            match byte {
                b'{' | b'[' => {
                    self.at += 1;
                    let (is_object, close) = (byte == b'{', byte + 2);
                    if !self.take(close) {
                        if depth == DEEPEST {
                            return Err(ScanError);
                        }
                        (open, depth) = (open << 1 | u128::from(is_object), depth + 1);
                        if is_object {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => self.string()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            // Behind a value.
            while depth > 0 {
                let is_object = open & 1 == 1;
                if self.take(b',') {
                    if is_object {
                        self.name()?;
                    }
                    break;
                }
                if !self.take(if is_object { b'}' } else { b']' }) {
                    return Err(ScanError);
                }
                (open, depth) = (open >> 1, depth - 1);
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<(), ScanError> {
        let is_there = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        if is_there { Ok(()) } else { Err(ScanError) }
    }

    fn number(&mut self) -> Result<(), ScanError> {
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ScanError> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(ScanError) }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over the string that begins here.
    fn string(&mut self) -> Result<(), ScanError> {
        if self.byte() != Some(b'"') {
            return Err(ScanError);
        }
        self.at += 1;
        loop {
            self.at += plain_bytes(&self.text.as_bytes()[self.at..]);
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(ScanError),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), ScanError> {
        let bytes = &self.text.as_bytes()[self.at + 1..];
        self.at += match bytes.first() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if bytes.get(1..5).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) => 6,
            _ => return Err(ScanError),
        };
        Ok(())
    }
}

/// How many bytes from the first on stand for themselves in a JSON string: up to a quote, a backslash or a control character.
#[inline]
pub fn plain_bytes(bytes: &[u8]) -> usize {
    let mut at = 0;
    // Eight at once: a search with a longer stride does not pay, as most strings are short.
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let special = special(u64::from_le_bytes(*eight));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// The lowest bit that is set marks the first byte that is a quote, a backslash or a control character.
fn special(eight: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let is_zero = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes;
    let is_control = eight.wrapping_sub(ONES * 0x20) & !eight;
    (is_zero(eight ^ (ONES * u64::from(b'"'))) | is_zero(eight ^ (ONES * u64::from(b'\\'))) | is_control) & HIGH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    fn is_json(text: &str) -> bool {
        let mut scanner = Scanner::new(text);
        scanner.value().is_ok() && scanner.end().is_ok()
    }

    #[test]
    fn a_value_is_given_as_it_is_written() {
        let mut scanner = Scanner::new(r#" {"a" : [1, {"b}": "]\""}] , "c":-0.5e+3}, 5"#);
        assert!(scanner.take(b'{'));
        assert_eq!((scanner.name(), scanner.value()), (Ok("a"), Ok(r#"[1, {"b}": "]\""}]"#)));
        assert!(scanner.take(b','));
        assert_eq!((scanner.name(), scanner.value()), (Ok("c"), Ok("-0.5e+3")));
        assert_eq!((scanner.take(b'}'), scanner.end()), (true, Err(ScanError)));
    }

    #[test]
    fn forms_of_values_are_those_of_a_parser() {
        for text in [
            "0",
            "-0",
            "01",
            "-01",
            "00",
            "1.",
            "1.5",
            ".5",
            "-",
            "+1",
            "1e5",
            "1e",
            "1E+",
            "2e-07",
            "true",
            "tru",
            "truefalse",
            "nan",
            "null",
            "\"a",
            "\"\\u12g4\"",
            "\"\\/\"",
            "\"\\a\"",
            "\"\t\"",
            "{}",
            "[]",
            "[1,]",
            "[,1]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:2}",
            "[1}",
            "",
            " ",
        ] {
            assert_eq!(is_json(text), serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + "5" + &"]".repeat(depth);
        assert!(is_json(&nested(128)));
        assert!(!is_json(&nested(129)));
    }

    proptest! {
        /// Pieces that are JSON more often than chance would have it, and nearly so the rest of the time.
        #[test]
        fn what_a_parser_takes_is_taken_and_nothing_else(
            pieces in proptest::collection::vec(
                prop_oneof![
                    Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just(" "), Just("\"a\""), Just("\"\\u00e9é\\n long enough\""),
                    Just("\"\\x\""), Just("\"\u{1}\""), Just("\"\\u12\""), Just("true"), Just("false"), Just("null"), Just("nul"), Just("0"), Just("-"),
                    Just("12"), Just("01"), Just("1.5"), Just("1."), Just("2e7"), Just("3E-"), Just("{\"k\":"), Just("[1,"), Just("\"k\":1"),
                ],
                1..8,
            ),
        ) {
            let text = pieces.concat();
            prop_assert_eq!(is_json(&text), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn a_string_ends_where_a_parser_says(text: String, follows in "[^\"]{0,20}") {
            let written = serde_json::to_string(&text).expect("a text");
            let both = format!("{written}{follows}");
            prop_assert_eq!(Scanner::new(&both).value(), Ok(&*written));
        }
    }
}
