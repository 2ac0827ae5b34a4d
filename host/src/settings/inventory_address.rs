//! Where the inventory is: an EDDA at a URL, or an archive in a file.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use url::Url;

/// Where the inventory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryAddress {
    /// An EDDA, up to the part of its address that comes before `/api/v2`.
    Http(Url),
    /// The file of an archive.
    Archive(PathBuf),
}

/// Why a text is no address of an inventory. None of them repeats the text: it may hold a password.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidAddress {
    /// Neither a URL nor an archive.
    #[error("expected the address of an EDDA as in `http://localhost:8080/edda`, or `archive:PATH`")]
    Unknown,
    /// `archive:` and nothing behind it.
    #[error("expected the file of the archive behind `archive:`")]
    NoArchive,
    /// A user name or a password inside the URL.
    #[error("the address of an EDDA holds no user name and no password: they would end up in logs")]
    Password,
    /// A query or a fragment.
    #[error("the address of an EDDA ends before `?` and `#`: expected one as in `http://localhost:8080/edda`")]
    Query,
}

impl Default for InventoryAddress {
    fn default() -> Self {
        Self::Http(Url::parse("http://localhost:8080/edda").expect("proof: a constant that a test parses"))
    }
}

impl InventoryAddress {
    /// The same address with a relative archive file taken from `directory`.
    #[must_use]
    pub fn relative_to(self, directory: &Path) -> Self {
        match self {
            Self::Archive(file) => Self::Archive(directory.join(file)),
            http @ Self::Http(_) => http,
        }
    }
}

impl FromStr for InventoryAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        if let Some(file) = text.strip_prefix("archive:") {
            return if file.is_empty() { Err(InvalidAddress::NoArchive) } else { Ok(Self::Archive(file.into())) };
        }
        let url = Url::parse(text).map_err(|_| InvalidAddress::Unknown)?;
        if !matches!(url.scheme(), "http" | "https") {
            Err(InvalidAddress::Unknown)
        } else if !url.username().is_empty() || url.password().is_some() {
            Err(InvalidAddress::Password)
        } else if url.query().is_some() || url.fragment().is_some() {
            Err(InvalidAddress::Query)
        } else {
            Ok(Self::Http(url))
        }
    }
}

/// As the config file and the command line say it.
impl std::fmt::Display for InventoryAddress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Http(url) => url.fmt(formatter),
            Self::Archive(file) => write!(formatter, "archive:{}", file.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edda_and_an_archive_have_an_address() {
        for text in ["http://localhost:8080/edda", "https://edda.example.com/", "archive:/var/lib/reddalert/archive.sqlite"] {
            assert_eq!(text.parse::<InventoryAddress>().map(|address| address.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(InventoryAddress::default().to_string(), "http://localhost:8080/edda");
    }

    #[test]
    fn an_archive_beside_the_config_file_is_found_there() {
        let archive = InventoryAddress::Archive("a.sqlite".into());
        assert_eq!(archive.relative_to(Path::new("/etc/x")), InventoryAddress::Archive("/etc/x/a.sqlite".into()));
    }

    #[test]
    fn anything_else_has_not() {
        use InvalidAddress::{NoArchive, Password, Query, Unknown};
        let cases = [
            ("", Unknown),
            ("localhost:8080/edda", Unknown),
            ("ftp://localhost/edda", Unknown),
            ("http://", Unknown),
            ("archive.sqlite", Unknown),
            ("archive:", NoArchive),
            ("http://user:secret@localhost/edda", Password),
            ("http://user@localhost/edda", Password),
            ("http://localhost/edda?x=1", Query),
            ("http://localhost/edda#x", Query),
        ];
        for (text, why) in cases {
            assert_eq!(text.parse::<InventoryAddress>(), Err(why), "{text}");
        }
    }
}
