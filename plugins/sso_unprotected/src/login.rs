//! How a redirect to a login looks: a regular expression whose group is the name of the page that sends its visitors there.

use reddalert_sdk::Pattern;
use reddalert_sdk::hosted_records::plain_name;
use serde::de::{Deserialize, Deserializer, Error};

/// None: there is no such login.
#[derive(Debug, Default)]
pub(crate) struct Login(Option<Pattern>);

impl Login {
    /// Whether the address is this login, on behalf of the page of this name.
    pub(crate) fn protects(&self, name: &str, location: &str) -> bool {
        let groups = self.0.as_ref().and_then(|pattern| pattern.groups_at_start(location));
        groups.and_then(|groups| groups.get(1)).is_some_and(|group| plain_name(group.as_str()) == plain_name(name))
    }
}

impl<'de> Deserialize<'de> for Login {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        let pattern = Pattern::deserialize(serde::de::value::StrDeserializer::<D::Error>::new(&text))?;
        if pattern.number_of_groups() == 0 {
            return Err(D::Error::custom(format!("`{text}` needs a group, such as ([^/]+), for the name of the page")));
        }
        Ok(Self(Some(pattern)))
    }
}
