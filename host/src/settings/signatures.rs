//! The config key `signatures`: whose signatures make a rule file trusted.

use minisign_verify::PublicKey;

use super::mistake::Mistake;
use super::reader::Entry;
use super::suggestion::did_you_mean;

/// The keys of the section.
pub(super) const SIGNATURE_KEYS: [(&str, &str); 2] = [
    ("keys", "The public keys (minisign) whose signatures are good: the line that begins with `RW`."),
    ("required", "Whether a rule without a signature is refused."),
];

/// Whose signatures are good, and whether there has to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureSettings {
    /// At least one.
    pub keys: Vec<PublicKey>,
    /// A rule without a signature is refused. One with a wrong signature always is.
    pub required: bool,
}

/// Reads the section.
pub(super) fn read(section: &Entry<'_>) -> Result<SignatureSettings, Mistake> {
    let mut settings = SignatureSettings { keys: Vec::new(), required: true };
    for entry in section.object()? {
        match entry.name() {
            "keys" => settings.keys = entry.one_or_more()?.iter().map(key).collect::<Result<_, _>>()?,
            "required" => settings.required = entry.boolean()?,
            _ => {
                let suggestion = did_you_mean(entry.name(), SIGNATURE_KEYS.map(|(name, _)| name));
                return Err(entry.wrong_key(format!("there is no such key{suggestion}")));
            }
        }
    }
    if settings.keys.is_empty() {
        return Err(section.wrong_value("there are no `keys`: with none, no signature could be good"));
    }
    Ok(settings)
}

fn key(entry: &Entry<'_>) -> Result<PublicKey, Mistake> {
    let what = "expected a public key of minisign: the line of 56 characters in `minisign.pub` that begins with `RW`";
    PublicKey::from_base64(entry.filled_text()?).map_err(|_| entry.wrong_value(what))
}
