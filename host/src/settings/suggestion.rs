//! The nearest right spelling of a word that nobody knows: what turns a refusal into a correction.

/// The candidate that `word` was most likely meant to be. None when nothing is near: a wild guess helps nobody.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    let distances = candidates.into_iter().map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.replace('_', "-")), candidate));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, candidate)| candidate)
}

/// `: did you mean ...?`, or nothing when nothing is near.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|candidate| format!(": did you mean `{candidate}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["edda", "output", "store-until", "stale-after"];

    #[test]
    fn finds_what_was_meant() {
        let cases = [("eda", "edda"), ("ouptut", "output"), ("store_until", "store-until"), ("StaleAfter", "stale-after")];
        for (word, meant) in cases {
            assert_eq!(nearest(word, KEYS), Some(meant), "{word}");
        }
        assert_eq!(nearest("NON-CHEF", ["ami", "non_chef"]), Some("non_chef"));
    }

    #[test]
    fn does_not_guess_wildly() {
        for word in ["", "x", "until", "a-key-of-another-program"] {
            assert_eq!(nearest(word, KEYS), None, "{word}");
        }
        assert_eq!(did_you_mean("zzz", KEYS), "");
    }
}
