//! Which groups a user was added to, read from EDDA's diffs of the user's document: unified diffs of the pretty-printed JSON, newest
//! pair of revisions first. Both sides of each hunk are rebuilt and their lists of groups compared, so that a line which only got a comma
//! does not look like an addition.

/// How the line of the list begins, at the outermost level of the document.
const GROUPS: &str = "  \"groups\" : [";

/// The groups that are on the new side of a hunk and not on its old side, each once, those of the newest change first.
pub(crate) fn added_groups(diff: &str) -> Vec<String> {
    let mut added: Vec<String> = Vec::new();
    for hunk in hunks(diff) {
        let before = groups(hunk.iter().filter_map(|line| line.strip_prefix([' ', '-'])));
        for group in groups(hunk.iter().filter_map(|line| line.strip_prefix([' ', '+']))) {
            if !before.contains(&group) && !added.contains(&group) {
                added.push(group);
            }
        }
    }
    added
}

/// The lines of each hunk. What stands between hunks, the two lines that name the revisions, is left out.
fn hunks(diff: &str) -> Vec<Vec<&str>> {
    let mut hunks: Vec<Vec<&str>> = Vec::new();
    let mut in_hunk = false;
    for line in diff.lines() {
        if line.starts_with("@@ ") {
            hunks.push(Vec::new());
            in_hunk = true;
        } else if line.starts_with("--- ") {
            // A document has no line that begins with `--`: they begin with a space or a bracket.
            in_hunk = false;
        } else if in_hunk {
            hunks.last_mut().into_iter().for_each(|hunk| hunk.push(line));
        }
    }
    hunks
}

fn groups<'a>(mut lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    match lines.find_map(|line| line.strip_prefix(GROUPS)) {
        // `"groups" : [` with the elements on the lines that follow; `"groups" : [ ]` has none.
        Some("") => lines.map(str::trim).take_while(|line| !line.starts_with(']')).filter_map(element).collect(),
        _ => Vec::new(),
    }
}

fn element(line: &str) -> Option<String> {
    serde_json::from_str(line.strip_suffix(',').unwrap_or(line)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(lines: &[&str]) -> String {
        let head = "--- /edda/api/v2/aws/iamUsers/bob;_pp;_at=1\n+++ /edda/api/v2/aws/iamUsers/bob;_pp;_at=2\n@@ -1,9 +1,9 @@\n {\n";
        format!("{head}{}\n   \"name\" : \"bob\"\n }}\n", lines.join("\n"))
    }

    #[test]
    fn q25_a_line_that_only_got_a_comma_is_no_addition() {
        let diff = pair(&["   \"groups\" : [", "-    \"dev\"", "+    \"dev\",", "+    \"admin\"", "   ],"]);
        assert_eq!(added_groups(&diff), ["admin"]);
    }

    #[test]
    fn a_group_before_the_others_is_an_addition() {
        let diff = pair(&["   \"groups\" : [", "+    \"admin\",", "     \"dev\"", "   ],"]);
        assert_eq!(added_groups(&diff), ["admin"]);
    }

    #[test]
    fn the_first_group_of_all_is_an_addition() {
        let diff = pair(&["-  \"groups\" : [ ],", "+  \"groups\" : [", "+    \"dev\"", "+  ],"]);
        assert_eq!(added_groups(&diff), ["dev"]);
    }

    #[test]
    fn what_was_left_is_no_addition() {
        let diff = pair(&["-  \"groups\" : [", "-    \"dev\"", "-  ],", "+  \"groups\" : [ ],"]);
        assert!(added_groups(&diff).is_empty());
    }

    #[test]
    fn each_group_is_told_once_with_the_newest_change_first() {
        let newest = pair(&["   \"groups\" : [", "-    \"a\"", "+    \"a\",", "+    \"c\"", "   ],"]);
        let left = pair(&["   \"groups\" : [", "-    \"a\",", "-    \"c\"", "+    \"a\"", "   ],"]);
        let oldest = pair(&["   \"groups\" : [", "+    \"a\",", "     \"c\"", "   ],"]);
        assert_eq!(added_groups(&(newest + &left + &oldest)), ["c", "a"]);
    }

    #[test]
    fn other_lists_and_other_texts_are_not_groups() {
        let policies = pair(&["   \"groups\" : [ ],", "   \"userPolicies\" : [", "+    \"admin\"", "   ],"]);
        assert!(added_groups(&policies).is_empty());
        let inner = pair(&["     \"groups\" : [", "+      \"admin\"", "     ],"]);
        assert!(added_groups(&inner).is_empty());
        assert!(added_groups("").is_empty());
        assert!(added_groups("<html>").is_empty());
    }

    #[test]
    fn a_group_with_quotes_in_its_name_is_read_as_json() {
        let diff = pair(&["   \"groups\" : [", "+    \"a\\\"b\"", "   ],"]);
        assert_eq!(added_groups(&diff), ["a\"b"]);
    }
}
