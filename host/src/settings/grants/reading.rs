//! Reads `grants.<rule>`. Each mistake is told with its place, and several at once.

use std::path::Path;

use ipnet::IpNet;
use url::Url;

use super::certificates::Certificates;
use super::{Grant, Grants, HostPattern, InvalidHost, SCHEMES, Scheme};
use crate::port_range::PortRange;
use crate::settings::mistake::Mistake;
use crate::settings::reader::Entry;
use crate::settings::suggestion::did_you_mean;
use crate::special_address::lies_in_special;

/// Grants what the rule's manifest asks for.
pub(in crate::settings) const AS_ASKED: &str = "as-asked";

/// The keys of a grant, and what each means.
pub(in crate::settings) const GRANT_KEYS: [(&str, &str); 8] = [
    ("schemes", "How hosts are reached: http, https, tcp. Default: https."),
    (
        "hosts",
        "Names, `*.` and a name, addresses, networks, `inventory:COLLECTION.FIELD`, or `setting:KEY` for what the rule's own setting names.",
    ),
    ("ports", "Ports, or ranges such as \"8000-8100\". Default: those of the schemes."),
    ("methods", "The methods of web requests. Default: GET and HEAD."),
    ("path", "What the paths of web requests begin with. Default: any."),
    ("private", "Addresses and networks that are not public (loopback, private, metadata, ...) and may be connected to all the same."),
    ("credential", "The name of the credential that the host adds to requests."),
    ("ca", "A PEM file with the only certificates that servers may have, or be signed by (relative to this file). Default: the system's."),
];

/// What a grant may refer to.
pub(in crate::settings) struct Surroundings<'a> {
    /// Where relative files are.
    pub(in crate::settings) directory: &'a Path,
    /// The names of all credentials.
    pub(in crate::settings) credentials: &'a [String],
}

impl Grants {
    /// Reads one grant or a list of them.
    pub(in crate::settings) fn read(section: &Entry<'_>, surroundings: &Surroundings<'_>, mistakes: &mut Vec<Mistake>) -> Self {
        let mut grants = Self::default();
        for entry in section.list().unwrap_or_else(|_| vec![section.clone()]) {
            if entry.text() == Ok(AS_ASKED) {
                grants.as_asked = true;
            } else if let Some(grant) = Grant::read(&entry, surroundings, mistakes) {
                grants.list.push(grant);
            }
        }
        grants
    }
}

impl Grant {
    /// A grant with all its mistakes told, or None where it is none at all.
    fn read(entry: &Entry<'_>, surroundings: &Surroundings<'_>, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        if let Ok(text) = entry.text() {
            return Self::of_address(text).map_err(|wrong| mistakes.push(entry.wrong_value(wrong))).ok();
        }
        let Ok(members) = entry.object() else {
            mistakes.push(
                entry.expected("a grant (an object, an address such as \"https://www.example.com\", \"as-asked\") or a list of them"),
            );
            return None;
        };
        let before = mistakes.len();
        let mut grant = Self::default();
        mistakes.extend(members.iter().filter_map(|member| grant.set(member, surroundings).err()));
        if mistakes.len() == before {
            mistakes.extend(grant.incomplete().map(|missing| entry.wrong_value(missing)));
        }
        Some(grant)
    }

    fn set(&mut self, entry: &Entry<'_>, surroundings: &Surroundings<'_>) -> Result<(), Mistake> {
        match entry.name() {
            "schemes" => self.schemes = each(entry, scheme)?,
            "hosts" => self.hosts = each(entry, |host| host.text()?.parse().map_err(|error| wrong(host, &error)))?,
            "ports" => self.ports = Some(ports(entry)?),
            "methods" => self.methods = each(entry, |entry| method(entry.text()?).map_err(|message| entry.wrong_value(message)))?,
            "path" => self.path = Some(path(entry.text()?).map_err(|message| entry.wrong_value(message))?),
            "private" => self.private = each(entry, private)?,
            "credential" => self.credential = Some(credential(entry, surroundings.credentials)?),
            "ca" => {
                let file = surroundings.directory.join(entry.filled_text()?);
                self.authorities = Some(Certificates::read(&file).map_err(|error| wrong(entry, &error))?);
            }
            other => {
                let known = GRANT_KEYS.map(|(key, _)| key);
                let suggestion = did_you_mean(other, known);
                return Err(entry.wrong_key(format!("a grant has no such key{suggestion} (keys: {})", known.join(", "))));
            }
        }
        Ok(())
    }

    /// What a grant lacks. Also of the grants that manifests ask for.
    pub(crate) fn incomplete(&self) -> Option<&'static str> {
        if self.hosts.is_empty() {
            Some("expected the key `hosts`: which hosts may be reached")
        } else if self.ports.is_none() && self.schemes.contains(&Scheme::Tcp) && !self.hosts.iter().all(names_ports) {
            Some("expected the key `ports`, because `tcp` has no port of its own")
        } else {
            None
        }
    }

    /// Reads `https://host[:port][/path]`, or `tcp://host:port`.
    fn of_address(text: &str) -> Result<Self, String> {
        let form = "expected an address such as \"https://www.example.com\" or \"tcp://db.example.com:5432\", or \"as-asked\"";
        let (scheme, rest) = text.split_once("://").ok_or_else(|| form.to_owned())?;
        let scheme = Scheme::named(scheme).ok_or_else(|| format!("`{}` is no scheme: {}", scheme.escape_debug(), scheme_names()))?;
        let (authority, below) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) =
            authority.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or((authority, None), |(host, port)| (host, Some(port)));
        let host = host.parse::<HostPattern>().map_err(|error| error.to_string())?;
        let ports = port.map(|port| port.parse().map(|range: PortRange| vec![range])).transpose().map_err(|error| error.to_string())?;
        let path = match below.trim_end_matches('/') {
            "" => None,
            _ if scheme == Scheme::Tcp => return Err("`tcp` has no paths: expected \"tcp://HOST:PORT\"".to_owned()),
            _ => Some(path(below)?),
        };
        let grant = Self { schemes: vec![scheme], hosts: vec![host], ports, path, ..Self::default() };
        grant.incomplete().map_or(Ok(()), |_| Err(form.to_owned()))?;
        Ok(grant)
    }
}

/// A setting may be an address with a port.
fn names_ports(host: &HostPattern) -> bool {
    matches!(host, HostPattern::Setting(_))
}

fn scheme_names() -> String {
    format!("the schemes are {}", SCHEMES.map(Scheme::name).join(", "))
}

fn wrong(entry: &Entry<'_>, error: &dyn std::error::Error) -> Mistake {
    entry.wrong_value(error.to_string())
}

/// One value or a list of at least one.
fn each<T>(entry: &Entry<'_>, read: impl Fn(&Entry<'_>) -> Result<T, Mistake>) -> Result<Vec<T>, Mistake> {
    let values = entry.one_or_more()?;
    if values.is_empty() { Err(entry.wrong_value("expected at least one")) } else { values.iter().map(read).collect() }
}

fn scheme(entry: &Entry<'_>) -> Result<Scheme, Mistake> {
    let name = entry.text()?;
    Scheme::named(name).ok_or_else(|| {
        let suggestion = did_you_mean(name, SCHEMES.map(Scheme::name));
        entry.wrong_value(format!("`{}` is no scheme{suggestion}: {}", name.escape_debug(), scheme_names()))
    })
}

fn ports(entry: &Entry<'_>) -> Result<Vec<PortRange>, Mistake> {
    let one = |entry: &Entry<'_>| match entry.text() {
        Ok(text) => text.parse::<PortRange>().map_err(|error| wrong(entry, &error)),
        Err(_) => Ok(PortRange::only(entry.count(u16::MAX.into())?.try_into().unwrap_or(u16::MAX))),
    };
    match entry.list() {
        Ok(list) if list.is_empty() => Err(entry.wrong_value("expected at least one")),
        Ok(list) => list.iter().map(one).collect(),
        Err(_) => Ok(vec![one(entry)?]),
    }
}

/// A method in capital letters. Those that would make a tunnel of the connection, or echo secrets, are no rule's.
pub(crate) fn method(text: &str) -> Result<String, String> {
    let method = text.to_ascii_uppercase();
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
        return Err("expected a method such as `GET`".to_owned());
    }
    if matches!(method.as_str(), "CONNECT" | "TRACE" | "TRACK") { Err(format!("`{method}` is never granted")) } else { Ok(method) }
}

/// A path in the spelling that addresses are compared in.
pub(crate) fn path(text: &str) -> Result<String, String> {
    let normal = Url::parse("https://host").and_then(|base| base.join(text)).ok();
    match normal {
        Some(url) if text.starts_with('/') && !text.starts_with("//") && url.query().is_none() && url.fragment().is_none() => {
            Ok(url.path().to_owned())
        }
        _ => Err("expected the beginning of a path, as in `/api/v1`, without `?` and `#`".to_owned()),
    }
}

/// The name of a credential that there is.
fn credential(entry: &Entry<'_>, known: &[String]) -> Result<String, Mistake> {
    let name = entry.filled_text()?;
    if known.iter().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    let suggestion = did_you_mean(name, known.iter().map(String::as_str));
    let names = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Err(entry.wrong_value(format!("there is no credential `{}`{suggestion} (credentials: {})", name.escape_debug(), names.escape_debug())))
}

/// An address or a network that needs a permission of its own.
fn private(entry: &Entry<'_>) -> Result<IpNet, Mistake> {
    match entry.text()?.parse() {
        Ok(HostPattern::Network(network)) if lies_in_special(&network) => Ok(network),
        Ok(HostPattern::Network(_)) => Err(entry.wrong_value(
            "expected addresses that all lie in one range that is not public, as in `10.0.0.0/8`; public ones belong into `hosts`",
        )),
        Err(error @ InvalidHost::NotTheFirst(_)) => Err(wrong(entry, &error)),
        _ => Err(entry.wrong_value("expected an address or a network, as in `10.0.0.0/8`")),
    }
}
