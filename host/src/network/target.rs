//! What a call wants to reach, in one spelling: `http://0x7f.1/`, `http://127.0.0.1:80` and `http://[::ffff:127.0.0.1]/` are the same.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::error::NetworkError;
use crate::port_range::PortRange;
use crate::settings::grants::{Grant, HostPattern, Scheme, method};
use crate::special_address::unwrapped;
use crate::visible_text::visible;

/// Longer addresses are refused, as by most servers. Bytes.
const LONGEST_ADDRESS: usize = 8000;
/// How much of an address a message shows. Characters.
const SHOWN: usize = 200;

/// What a call wants to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) scheme: Scheme,
    /// Names in small letters and punycode, without a final dot; IPv4 never wrapped in IPv6.
    pub(super) host: Host<String>,
    pub(super) port: u16,
    /// In capital letters; empty for `tcp`.
    pub(super) method: String,
    /// As `url` writes it; empty for `tcp`.
    pub(super) path: String,
}

impl Target {
    /// The target of a web request.
    pub(super) fn of_request(method: &str, url: &Url) -> Result<Self, NetworkError> {
        let scheme = Scheme::named(url.scheme()).filter(|scheme| *scheme != Scheme::Tcp);
        let (Some(scheme), Some(host)) = (scheme, url.host()) else {
            return Err(NetworkError::bad_request(format!("`{}` is no web address: expected `http:` or `https:`", shown(url.as_str()))));
        };
        if !url.username().is_empty() || url.password().is_some() {
            // The address is not repeated, because it may hold a password.
            return Err(NetworkError::bad_request(format!(
                "an address of {host} has a user name or a password in it; a secret is a credential of the grant"
            )));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(Self { scheme, host: one_spelling(host)?, port, method: method.to_owned(), path: url.path().to_owned() })
    }

    /// The target of a probe.
    pub(super) fn of_probe(host: &str, port: u16) -> Result<Self, NetworkError> {
        let malformed = || NetworkError::bad_request(format!("`{}` is no host: expected a name or an address", shown(host)));
        if port == 0 {
            return Err(NetworkError::bad_request(format!("port 0 of `{}` is no port: expected 1 to 65535", shown(host))));
        }
        let parsed = match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => Host::Ipv4(address),
            Ok(IpAddr::V6(address)) => Host::Ipv6(address),
            Err(_) => Host::parse(host).map_err(|_| malformed())?,
        };
        let host = one_spelling(parsed).map_err(|_| malformed())?;
        Ok(Self { scheme: Scheme::Tcp, host, port, method: String::new(), path: String::new() })
    }

    /// The narrowest grant of everyday use that covers it: the host and the port, any path.
    pub(super) fn as_grant(&self) -> Grant {
        let default = Grant::default();
        let usual = self.scheme == Scheme::Tcp || default.covers_method(&self.method);
        Grant {
            schemes: vec![self.scheme],
            hosts: vec![HostPattern::exactly(&self.host)],
            ports: (self.scheme.own_port() != Some(self.port)).then(|| vec![PortRange::only(self.port)]),
            methods: if usual { default.methods } else { vec![self.method.clone()] },
            ..default
        }
    }
}

/// Without query: it may be long, and hold what is not for a log.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = if self.scheme.own_port() == Some(self.port) { String::new() } else { format!(":{}", self.port) };
        let method = if self.method.is_empty() { String::new() } else { format!("{} ", self.method) };
        formatter.write_str(&shown(&format!("{method}{}://{}{port}{}", self.scheme, self.host, self.path)))
    }
}

/// The address of a web request, checked as far as that goes without knowing what is granted.
pub(super) fn parse_address(text: &str) -> Result<Url, NetworkError> {
    let refused = |reason: &str| NetworkError::bad_request(format!("`{}` is no web address: {reason}", shown(&without_password(text))));
    if text.len() > LONGEST_ADDRESS {
        return Err(refused("it is longer than 8000 bytes"));
    }
    // `url` drops some of them without a word.
    if text.contains(char::is_control) {
        return Err(refused("it holds a control character"));
    }
    let mut url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    url.set_fragment(None);
    Ok(url)
}

/// The method of a web request, in capital letters.
pub(super) fn parse_method(text: &str) -> Result<String, NetworkError> {
    method(text).map_err(|reason| NetworkError::bad_request(format!("`{}` cannot be a method: {reason}", shown(text))))
}

/// The beginning of a text from a rule or a server, with nothing in it that acts on a terminal.
pub(super) fn shown(text: &str) -> String {
    let cut = if text.chars().nth(SHOWN).is_some() { "..." } else { "" };
    visible(&text.chars().take(SHOWN).collect::<String>()).into_owned() + cut
}

/// What cannot be parsed may hold a password all the same.
fn without_password(text: &str) -> String {
    match (text.find("//"), text.rfind('@')) {
        (Some(slashes), Some(at)) if at > slashes => format!("{}***{}", &text[..slashes + 2], &text[at..]),
        _ => text.to_owned(),
    }
}

fn one_spelling<S: AsRef<str>>(host: Host<S>) -> Result<Host<String>, NetworkError> {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref().strip_suffix('.').unwrap_or(name.as_ref());
            if name.is_empty() { Err(NetworkError::bad_request("an address without a host")) } else { Ok(Host::Domain(name.to_owned())) }
        }
        Host::Ipv4(address) => Ok(Host::Ipv4(address)),
        Host::Ipv6(address) => Ok(match unwrapped(IpAddr::V6(address)) {
            IpAddr::V4(short) => Host::Ipv4(short),
            IpAddr::V6(long) => Host::Ipv6(long),
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::failure_kind::FailureKind;

    fn web(address: &str) -> Result<Target, NetworkError> {
        Target::of_request("GET", &parse_address(address)?)
    }

    fn host(address: &str) -> String {
        web(address).expect(address).host.to_string()
    }

    #[test]
    fn every_spelling_of_a_host_is_one_host() {
        for address in [
            "http://127.0.0.1/",
            "http://127.0.0.1./",
            "http://127.1",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://2130706433/",
            "http://0x7F000001/",
            "http://017700000001/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::FFFF:7f00:1]:80/",
            "http://%31%32%37.0.0.1/",
            "http://１２７.0.0.1/",
            "http:\\\\127.0.0.1\\",
            "http:127.0.0.1",
        ] {
            assert_eq!(host(address), "127.0.0.1", "{address}");
        }
        for address in ["https://WWW.Bücher.example./a", "https://www.xn--bcher-kva.example", "https://www.b%C3%BCcher.example:443"] {
            assert_eq!(host(address), "www.xn--bcher-kva.example", "{address}");
        }
        assert_eq!(Target::of_probe("0x7f.1", 1).map(|target| target.host.to_string()).as_deref(), Ok("127.0.0.1"));
        assert_eq!(Target::of_probe("::ffff:a9fe:a9fe", 1).map(|target| target.host.to_string()).as_deref(), Ok("169.254.169.254"));
    }

    #[test]
    fn what_is_no_target_is_a_bad_request() {
        for address in [
            "",
            "www.example.com",
            "ftp://a/",
            "tcp://a:1",
            "file:///etc/passwd",
            "http://",
            "http://a b/",
            "http://a/\r\nx",
            "http://./",
            "http://256.1.1.1.1",
        ] {
            assert_eq!(web(address).expect_err(address).kind, FailureKind::BadRequest, "{address}");
        }
        for (host, port) in [("", 1), ("a b", 1), ("a/b", 1), ("a:1", 1), ("a", 0), (".", 1)] {
            assert_eq!(Target::of_probe(host, port).expect_err(host).kind, FailureKind::BadRequest, "{host}");
        }
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        for address in ["http://me:hunter2@a/", "http://hunter2@a/", "http://me:hunter2@[a/"] {
            let error = web(address).expect_err(address);
            assert!(!error.message.contains("hunter2"), "{error}");
        }
    }

    proptest! {
        /// Whatever the form of a number, it is never taken for a name that a resolver then reads as an address.
        #[test]
        fn numbers_are_addresses_in_every_base(address: u32, bases in prop::collection::vec(0..3_usize, 4), parts in 1..5_usize) {
            let bytes = address.to_be_bytes();
            let number = |value: u32, base: usize| match base {
                0 => value.to_string(),
                1 => format!("0x{value:x}"),
                _ => format!("0{value:o}"),
            };
            let last = bytes[parts - 1..].iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
            let first = bytes[..parts - 1].iter().zip(&bases).map(|(byte, base)| number(u32::from(*byte), *base));
            let text = first.chain([number(last, bases[3])]).collect::<Vec<_>>().join(".");
            let plain = std::net::Ipv4Addr::from(address);
            prop_assert_eq!(host(&format!("http://{text}/")), plain.to_string());
            prop_assert_eq!(host(&format!("http://[::ffff:{plain}]/")), plain.to_string());
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = web(&text);
            let _ = web(&format!("http://{text}"));
            let _ = Target::of_probe(&text, 1);
        }
    }
}
