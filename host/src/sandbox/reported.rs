//! What a rule says about its own work, bounded: the first hundred of each, each cut to a line or two.

use super::outcome::Skipped;

/// How many remarks of each kind are kept.
const KEPT: usize = 100;
/// How many characters of a text are kept.
const KEPT_CHARACTERS: usize = 1000;

/// The remarks of one run.
#[derive(Default)]
pub(super) struct Reported {
    pub(super) skipped: Vec<Skipped>,
    pub(super) skipped_count: u64,
    pub(super) incomplete: Vec<String>,
}

impl Reported {
    pub(super) fn skipped(&mut self, what: &str, reason: &str) {
        self.skipped_count += 1;
        if self.skipped.len() < KEPT {
            self.skipped.push(Skipped { what: shortened(what), reason: shortened(reason) });
        }
    }

    pub(super) fn incomplete(&mut self, reason: &str) {
        if self.incomplete.len() < KEPT {
            self.incomplete.push(shortened(reason));
        }
    }
}

/// The beginning of a text from a guest, which may be of any length.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(KEPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_kept() {
        let mut reported = Reported::default();
        for number in 0..250 {
            reported.skipped(&number.to_string(), "odd");
            reported.incomplete("slow");
        }
        assert_eq!((reported.skipped.len(), reported.skipped_count), (KEPT, 250));
        assert_eq!(reported.skipped[99], Skipped { what: "99".into(), reason: "odd".into() });
        assert_eq!(reported.incomplete.len(), KEPT);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened(&"é".repeat(2000)), format!("{}…", "é".repeat(KEPT_CHARACTERS)));
        assert_eq!(shortened("short"), "short");
    }
}
