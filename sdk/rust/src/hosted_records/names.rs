//! Names of hosts, compared as DNS does: whole labels, in any case, with or without the final dot.

use serde::Deserialize;

/// The name without its final dot, in lower case.
pub fn plain_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether a machine can be called so. `\052.example.com` (`*`) stands for many names and is none.
pub fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() < 64 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.len() < 255 && name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
}

/// A list of names in the settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct NameList(Vec<String>);

impl From<Vec<String>> for NameList {
    fn from(names: Vec<String>) -> Self {
        Self(names.iter().map(|name| plain_name(name)).filter(|name| !name.is_empty()).collect())
    }
}

impl NameList {
    /// Whether the name is in the list.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&plain_name(name))
    }

    /// Whether the name is one of the list or below one: `www.example.com` is below `example.com`, and `badexample.com` is not. An entry that
    /// begins with a dot takes only what is below it.
    pub fn covers(&self, name: &str) -> bool {
        let name = plain_name(name);
        self.0.iter().any(|entry| {
            let is_below = |entry: &str| name.strip_suffix(entry).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1);
            match entry.strip_prefix('.') {
                Some(entry) => is_below(entry),
                None => name == *entry || is_below(entry),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q30_a_domain_covers_whole_labels() {
        let list = NameList::from(vec!["Legit.test.".to_owned(), ".below.test".to_owned(), String::new()]);
        for name in ["legit.test", "a.b.LEGIT.test.", "a.below.test"] {
            assert!(list.covers(name), "{name}");
        }
        for name in ["evillegit.test", "below.test", "notbelow.test", "legit.test.evil.test", "test", "", ".legit.test"] {
            assert!(!list.covers(name), "{name}");
        }
    }

    #[test]
    fn q35_names_are_compared_without_the_final_dot() {
        let list = NameList::from(vec!["one.example.com".to_owned(), "two.example.com.".to_owned()]);
        for name in ["one.example.com.", "one.example.com", "two.example.com.", "TWO.example.com"] {
            assert!(list.contains(name), "{name}");
        }
        assert!(!list.contains("www.one.example.com"));
    }

    #[test]
    fn only_names_of_machines_are_host_names() {
        for name in ["a", "www.example.com.", "_dmarc.example.com", "192.0.2.1", "x--1.test"] {
            assert!(is_host_name(name), "{name}");
        }
        for name in ["", ".", "\\052.example.com.", "*.example.com", "a..b", "a/b", "user@a", "a:80", "a b", "ä.test"] {
            assert!(!is_host_name(name), "{name}");
        }
    }
}
