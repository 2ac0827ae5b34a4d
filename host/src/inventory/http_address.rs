//! From the operator's address and a rule's path to what is sent to EDDA.

use std::fmt::Write;

use url::Url;

use super::fault::InventoryError;

/// What every path is put behind.
pub(super) fn root_of(address: &Url) -> Result<String, InventoryError> {
    let reason = if !matches!(address.scheme(), "http" | "https") {
        Some("it is neither `http://` nor `https://`")
    } else if address.query().is_some() || address.fragment().is_some() {
        Some("`?` and `#` have no place in it")
    } else {
        None
    };
    match reason {
        Some(reason) => Err(InventoryError::Address { address: shown(address), reason }),
        None => Ok(format!("{}/api/v2/", address.as_str().trim_end_matches('/'))),
    }
}

/// The address for people: without a user's name and password.
pub(super) fn shown(address: &Url) -> String {
    let mut address = address.clone();
    // A kind of address that cannot hold them has none to hide.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address.as_str().trim_end_matches('/').to_owned()
}

/// A path as HTTP can carry it: what a request line cannot hold is percent-encoded, everything else (a `%` of the rule too) stays.
pub(super) fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for (at, byte) in path.bytes().enumerate() {
        if is_carried(byte) && (byte != b'%' || begins_escape(&path.as_bytes()[at..])) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes all text");
        }
    }
    encoded
}

fn is_carried(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'[' | b'\\' | b']' | b'^' | b'`' | b'{' | b'|' | b'}' | b'?' | b'#')
}

fn begins_escape(bytes: &[u8]) -> bool {
    bytes.get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn a_path_goes_behind_the_address_with_or_without_a_slash() {
        for address in ["http://edda:8080/edda", "http://edda:8080/edda/"] {
            assert_eq!(root_of(&url(address)).ok().as_deref(), Some("http://edda:8080/edda/api/v2/"));
        }
        assert_eq!(root_of(&url("https://edda")).ok().as_deref(), Some("https://edda/api/v2/"));
    }

    #[test]
    fn what_is_no_address_of_an_edda_is_refused() {
        for address in ["ftp://edda/edda", "file:///edda", "http://edda/edda?x", "http://edda/#x", "mailto:a@b"] {
            assert!(root_of(&url(address)).is_err(), "{address}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown(&url("http://me:secret@edda:8080/edda/")), "http://edda:8080/edda");
    }

    #[test]
    fn only_what_http_cannot_carry_is_encoded() {
        let plain = "aws/x;a.b=c,d;_expand:(k,l:(m));e=%2F;f=~!$&'()*+@-_";
        assert_eq!(encoded(plain), plain);
        assert_eq!(encoded("a b\"<>[\\]^`{|}é%%4"), "a%20b%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D%C3%A9%25%254");
    }

    #[test]
    fn the_client_leaves_an_encoded_path_as_it_is() {
        let address = format!("http://edda/api/v2/{}", encoded("aws/x;a=\\..\\{é};b='c'|%2e"));
        assert_eq!(url(&address).as_str(), address);
    }
}
