//! The file of the run before: what a run does not know itself, such as when a rule last went well, is taken over from there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// How much of a file is read: many times what a run writes.
const FILE_BYTES: u64 = 4 << 20;

/// The samples of the file, by name and labels as they are written there.
#[derive(Debug, Default)]
pub(super) struct Previous(BTreeMap<String, f64>);

impl Previous {
    /// What can be read of the file. One that is absent or damaged holds nothing: the next one is whole again.
    pub(super) fn read(file: &Path) -> Self {
        let mut text = String::new();
        let read = File::open(file).and_then(|file| file.take(FILE_BYTES).read_to_string(&mut text));
        read.map_or_else(|_| Self::default(), |_| Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let samples = samples.filter_map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        Self(samples.collect())
    }

    /// The metric without labels.
    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// The values of a metric by its one label, whose values need no escapes: they are names of rules and outputs.
    pub(super) fn by_label(&self, name: &str, label: &str) -> BTreeMap<String, f64> {
        let (begin, end) = (format!("{name}{{{label}=\""), "\"}");
        let samples = self.0.iter().filter_map(|(sample, value)| {
            let value_of_label = sample.strip_prefix(&begin)?.strip_suffix(end)?;
            Some((value_of_label.to_owned(), *value))
        });
        samples.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_found_by_name_and_label() {
        let previous =
            Previous::parse("# HELP a x\n# TYPE a gauge\na 1.5\nb{rule=\"iam\"} 2\nb{rule=\"ami\"} nonsense\nb{output=\"x\"} 3\n\nc\n");
        assert_eq!(previous.get("a"), Some(1.5));
        assert_eq!(previous.by_label("b", "rule"), BTreeMap::from([("iam".to_owned(), 2.0)]));
        assert_eq!(previous.get("c"), None);
    }
}
