//! To which source an import belongs. The data mostly say it themselves: ARNs, owners and zones name the account and the region. What they
//! leave open is taken from the archive where it has just one source, and never guessed where that could end another source's records.

use std::collections::BTreeMap;

use super::collections::{Collection, Scope, Witness};
use super::import_error::ImportError;
use super::snapshot::Snapshot;

/// The source of data that do not say where they come from.
pub(super) const DEFAULT: &str = "default";

/// Account and region, as far as the data name them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Place {
    account: Option<String>,
    region: Option<String>,
}

impl Place {
    /// An account and region that are known from elsewhere.
    pub(super) fn known(account: &str, region: &str) -> Self {
        Self { account: Some(account.to_owned()), region: Some(region.to_owned()) }
    }

    /// What the documents of all collections say.
    pub(super) fn of(snapshots: &[Snapshot<'_>]) -> Result<Self, ImportError> {
        let mut votes = Votes::default();
        for snapshot in snapshots {
            for document in &snapshot.documents {
                for witness in snapshot.collection.witnesses {
                    let (path, is_own) = match witness {
                        Witness::Own(path) => (path, true),
                        Witness::Likely(path) => (path, false),
                    };
                    document.texts(path).iter().for_each(|text| votes.count(text, is_own));
                }
            }
        }
        Ok(Self { account: votes.accounts.decide("accounts")?, region: votes.regions.decide("regions")? })
    }

    /// The name of the source, if the data say all that is needed: `123456789012/us-east-1`, or the account alone.
    fn name(&self, scope: Scope) -> Option<String> {
        let account = self.account.as_ref()?;
        match scope {
            Scope::Global => Some(account.clone()),
            Scope::Regional => Some(format!("{account}/{}", self.region.as_ref()?)),
        }
    }

    /// Whether what the data do say is of another account or region than a source's name says.
    fn contradicts(&self, name: &str) -> bool {
        let (account, region) = name.split_once('/').map_or((name, None), |(account, region)| (account, Some(region)));
        let differs = |found: &Option<String>, named: &str| found.as_ref().is_some_and(|found| found != named);
        is_account(account) && (differs(&self.account, account) || region.is_some_and(|region| differs(&self.region, region)))
    }

    /// The source of a collection of which the archive has the `known` ones.
    pub(super) fn source_of(&self, collection: &Collection, known: &[String]) -> Result<String, ImportError> {
        let found = self.name(collection.scope);
        match (found, known) {
            (Some(found), _) if known.contains(&found) || !known.iter().any(|name| name == DEFAULT) => Ok(found),
            (None, []) => Ok(DEFAULT.to_owned()),
            (None, [only]) if !self.contradicts(only) => Ok(only.clone()),
            (found, known) => Err(ImportError::UnclearSource {
                collection: collection.name.to_owned(),
                found: found.unwrap_or_else(|| "none".to_owned()),
                known: known.to_vec(),
            }),
        }
    }
}

/// The source of a collection whose data do not say where they come from.
pub(super) fn left_open(collection: &str, known: &[String]) -> Result<String, ImportError> {
    match known {
        [] => Ok(DEFAULT.to_owned()),
        [only] => Ok(only.clone()),
        known => {
            let (collection, found) = (collection.to_owned(), "none".to_owned());
            Err(ImportError::UnclearSource { collection, found, known: known.to_vec() })
        }
    }
}

#[derive(Debug, Default)]
struct Votes {
    accounts: Ballot,
    regions: Ballot,
}

impl Votes {
    fn count(&mut self, text: &str, is_own: bool) {
        let arn: Vec<&str> = text.splitn(6, ':').collect();
        let (region, account) = match arn[..] {
            ["arn", _, _, region, account, _] => (Some(region), Some(account)),
            _ => (region_of(text), Some(text)),
        };
        if let Some(account) = account.filter(|text| is_account(text)) {
            self.accounts.count(account, is_own);
        }
        if let Some(region) = region.filter(|region| !region.is_empty()) {
            self.regions.count(region, is_own);
        }
    }
}

/// How often each name was found: as the asker's own, and as a likely one.
#[derive(Debug, Default)]
struct Ballot {
    own: BTreeMap<String, usize>,
    likely: BTreeMap<String, usize>,
}

impl Ballot {
    fn count(&mut self, name: &str, is_own: bool) {
        let counts = if is_own { &mut self.own } else { &mut self.likely };
        match counts.get_mut(name) {
            Some(count) => *count += 1,
            None => _ = counts.insert(name.to_owned(), 1),
        }
    }

    /// What is the asker's own counts alone; of the likely ones the most frequent.
    fn decide(self, what: &'static str) -> Result<Option<String>, ImportError> {
        if self.own.len() > 1 {
            return Err(ImportError::SeveralSources { what, found: self.own.into_keys().collect() });
        }
        let own = self.own.into_keys().next();
        Ok(own.or_else(|| self.likely.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)))
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// The region of an availability zone: `us-east-1` of `us-east-1a`, and of the local zone `us-east-1-bos-1a`.
fn region_of(zone: &str) -> Option<&str> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    let digits = zone[digit..].bytes().take_while(u8::is_ascii_digit).count();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase());
    let words = zone[..digit].strip_suffix('-')?;
    (words.contains('-') && words.split('-').all(is_word)).then(|| &zone[..digit + digits])
}

#[cfg(test)]
mod tests {
    use super::super::collections::COLLECTIONS;
    use super::*;

    fn decided(texts: &[(&str, bool)]) -> Result<Place, ImportError> {
        let mut votes = Votes::default();
        for (text, is_own) in texts {
            votes.count(text, *is_own);
        }
        Ok(Place { account: votes.accounts.decide("accounts")?, region: votes.regions.decide("regions")? })
    }

    fn place(account: &str, region: &str) -> Place {
        let name = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Place { account: name(account), region: name(region) }
    }

    fn collection(name: &str) -> &'static Collection {
        COLLECTIONS.iter().find(|collection| collection.name == name).expect("a known collection")
    }

    #[test]
    fn regions_are_read_from_zones() {
        let pairs = [
            ("us-east-1a", Some("us-east-1")),
            ("us-gov-west-1b", Some("us-gov-west-1")),
            ("us-east-1-bos-1a", Some("us-east-1")),
            ("eu-west-3", Some("eu-west-3")),
            ("123456789012", None),
            ("web-1", None),
            ("", None),
        ];
        for (zone, region) in pairs {
            assert_eq!(region_of(zone), region, "{zone}");
        }
    }

    #[test]
    fn arns_owners_and_zones_name_the_source() {
        let texts = [("arn:aws:iam::123456789012:user/bob", true), ("us-east-1a", true), ("us-east-1b", true)];
        assert_eq!(decided(&texts).expect("clear"), place("123456789012", "us-east-1"));
        let queue = [("arn:aws:sqs:eu-west-1:123456789012:jobs", true)];
        assert_eq!(decided(&queue).expect("clear"), place("123456789012", "eu-west-1"));
        assert_eq!(decided(&[("amazon", true)]).expect("clear"), place("", ""));
    }

    #[test]
    fn shared_resources_do_not_outvote_the_own_ones() {
        let texts = [("999999999999", false), ("999999999999", false), ("123456789012", true)];
        assert_eq!(decided(&texts).expect("clear"), place("123456789012", ""));
        assert_eq!(decided(&texts[..2]).expect("clear"), place("999999999999", ""));
        let both = decided(&[("us-east-1a", true), ("eu-west-1a", true)]);
        assert_eq!(
            both.expect_err("two regions").to_string().split(';').next(),
            Some("the answers are of several regions (eu-west-1, us-east-1)")
        );
    }

    #[test]
    fn what_the_data_leave_open_comes_from_the_archive() {
        let known = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let groups = collection("aws.securityGroups");
        let source = |place: &Place, names: &[&str]| place.source_of(groups, &known(names)).ok();
        let full = place("123456789012", "us-east-1");
        assert_eq!(source(&full, &[]).as_deref(), Some("123456789012/us-east-1"));
        assert_eq!(source(&full, &["123456789012/eu-west-1"]).as_deref(), Some("123456789012/us-east-1"));
        assert_eq!(full.source_of(collection("aws.iamUsers"), &[]).ok().as_deref(), Some("123456789012"));
        let half = place("123456789012", "");
        assert_eq!(source(&half, &[]).as_deref(), Some("default"));
        assert_eq!(source(&half, &["prod"]).as_deref(), Some("prod"));
        assert_eq!(source(&half, &["123456789012/us-east-1"]).as_deref(), Some("123456789012/us-east-1"));
        assert_eq!(source(&half, &["999999999999/us-east-1"]), None, "another account");
        assert_eq!(source(&place("", "eu-west-1"), &["123456789012/us-east-1"]), None, "another region");
        assert_eq!(source(&half, &["a", "b"]), None, "either could be meant");
        assert_eq!(source(&full, &["default"]), None, "the same account may be in the archive without its name");
    }
}
