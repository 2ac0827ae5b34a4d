//! Redirects as browsers follow them (the Fetch standard), one hop at a time: each is a request of its own that has to be allowed.

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};
use url::Url;

use super::error::NetworkError;
use super::target::shown;
use crate::failure_kind::FailureKind;

/// What describes a body, and goes with it.
const OF_THE_BODY: [HeaderName; 4] = [header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION, header::CONTENT_TYPE];
/// What was meant for one server alone.
const OF_THE_SERVER: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION];

/// One request on its way.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// False as soon as a redirect has led to another scheme, host or port, and from then on: nothing secret is sent.
    pub(super) at_home: bool,
}

impl Hop {
    /// The address that an answer sends to. None: it is no redirect.
    pub(super) fn next(&self, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, NetworkError> {
        let location = headers.get(header::LOCATION).filter(|_| matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308));
        let Some(location) = location else { return Ok(None) };
        let location = String::from_utf8_lossy(location.as_bytes());
        let nonsense = |why: &str| {
            let message = format!("{} redirects to `{}`, {why}", shown(self.url.as_str()), shown(&location));
            NetworkError::new(FailureKind::Unavailable, message)
        };
        let mut next = self.url.join(&location).map_err(|_| nonsense("which is no address"))?;
        if !matches!(next.scheme(), "http" | "https") || !next.has_host() {
            return Err(nonsense("which is no web address"));
        }
        if !next.username().is_empty() || next.password().is_some() {
            // Not repeated: it may be somebody's password.
            let message = format!("{} redirects to an address with a user name in it", shown(self.url.as_str()));
            return Err(NetworkError::new(FailureKind::Unavailable, message));
        }
        next.set_fragment(None);
        Ok(Some(next))
    }

    /// The request that follows.
    pub(super) fn redirected(mut self, status: StatusCode, next: Url) -> Self {
        let was_post = matches!(status.as_u16(), 301 | 302) && self.method == "POST";
        let see_other = status == StatusCode::SEE_OTHER && !matches!(self.method.as_str(), "GET" | "HEAD");
        if was_post || see_other {
            "GET".clone_into(&mut self.method);
            self.body.clear();
            self.forget(&OF_THE_BODY);
        }
        if next.origin() != self.url.origin() {
            self.at_home = false;
            self.forget(&OF_THE_SERVER);
        }
        self.url = next;
        self
    }

    fn forget(&mut self, headers: &[HeaderName]) {
        for name in headers {
            self.headers.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(method: &str) -> Hop {
        let headers = [(header::CONTENT_TYPE, "a/b"), (header::COOKIE, "a=b"), (header::ACCEPT, "*/*")];
        let headers = headers.into_iter().map(|(name, value)| (name, value.parse().expect("a value"))).collect();
        Hop {
            method: method.into(),
            url: Url::parse("https://a.example/x/y").expect("an address"),
            headers,
            body: b"body".into(),
            at_home: true,
        }
    }

    fn next(status: u16, location: &str) -> Result<Option<String>, NetworkError> {
        let headers = [(header::LOCATION, location.parse().expect("a value"))].into_iter().collect();
        hop("GET").next(StatusCode::from_u16(status).expect("a status"), &headers).map(|next| next.map(String::from))
    }

    fn after(method: &str, status: u16, location: &str) -> (String, usize, Vec<String>, bool) {
        let hop = hop(method).redirected(StatusCode::from_u16(status).expect("a status"), Url::parse(location).expect("an address"));
        let names = hop.headers.keys().map(ToString::to_string).collect();
        (hop.method, hop.body.len(), names, hop.at_home)
    }

    #[test]
    fn five_statuses_with_a_location_are_redirects() {
        for status in [301, 302, 303, 307, 308] {
            assert_eq!(next(status, "../z?q#f"), Ok(Some("https://a.example/z?q".into())), "{status}");
        }
        for status in [200, 201, 300, 304, 305, 306, 400] {
            assert_eq!(next(status, "/z"), Ok(None), "{status}");
        }
        assert!(matches!(hop("GET").next(StatusCode::FOUND, &HeaderMap::new()), Ok(None)));
    }

    #[test]
    fn a_redirect_to_nonsense_is_the_servers_fault() {
        for location in
            ["ftp://b/", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "http://", "https://me:secret@b/", "http://[::1"]
        {
            let error = next(302, location).expect_err(location);
            assert_eq!(error.kind, FailureKind::Unavailable, "{location}");
            assert!(!error.message.contains("secret"), "{error}");
        }
    }

    #[test]
    fn method_and_body_change_as_browsers_change_them() {
        let home = "https://a.example/z";
        for (method, status, expected) in [
            ("POST", 301, "GET"),
            ("POST", 302, "GET"),
            ("POST", 303, "GET"),
            ("PUT", 301, "PUT"),
            ("PUT", 303, "GET"),
            ("HEAD", 303, "HEAD"),
            ("POST", 307, "POST"),
            ("DELETE", 308, "DELETE"),
        ] {
            let (after, body, headers, at_home) = after(method, status, home);
            assert_eq!(after, expected, "{method} {status}");
            let changed = method != expected;
            assert_eq!((body == 0, headers.contains(&"content-type".to_owned()), at_home), (changed, !changed, true), "{method} {status}");
        }
    }

    #[test]
    fn another_origin_gets_nothing_secret() {
        for elsewhere in ["http://a.example/z", "https://b.example/z", "https://a.example:8443/z"] {
            let (_, _, headers, at_home) = after("GET", 302, elsewhere);
            assert_eq!((headers, at_home), (vec!["content-type".to_owned(), "accept".to_owned()], false), "{elsewhere}");
        }
        let back = hop("GET").redirected(StatusCode::FOUND, Url::parse("https://b.example/").expect("an address"));
        assert!(!back.redirected(StatusCode::FOUND, Url::parse("https://a.example/").expect("an address")).at_home);
    }
}
