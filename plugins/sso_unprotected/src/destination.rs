//! Where a page sends its visitors.

use percent_encoding::percent_decode_str;
use reddalert_sdk::Response;
use reddalert_sdk::hosted_records::plain_name;

/// The address that the answer redirects to, percent-decoded; empty for a page that keeps its visitors. None for an answer that is an error.
pub(crate) fn destination(answer: &Response) -> Option<String> {
    let location = answer.header("location").unwrap_or_default();
    (answer.status < 400).then(|| percent_decode_str(location).decode_utf8_lossy().into_owned())
}

/// Whether the address is the page of this name over `https`.
pub(crate) fn is_the_page_itself(name: &str, location: &str) -> bool {
    let Some(rest) = location.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // What follows is a port. A user before the name, or a backslash, would make another place of it, and neither is in a name.
    plain_name(host.split(':').next().unwrap_or_default()) == plain_name(name) && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q36_the_whole_host_counts() {
        for location in ["https://a.test", "https://a.test/", "https://A.test./x", "https://a.test:8443/x", "https://a.test?x#y"] {
            assert!(is_the_page_itself("a.test", location), "{location}");
        }
        for location in [
            "https://a.test.evil.test/",
            "https://a.test@evil.test/",
            "https://a.test:x@evil.test/",
            "https://a.test\\.evil.test/",
            "http://a.test/",
            "/",
            "",
        ] {
            assert!(!is_the_page_itself("a.test", location), "{location}");
        }
    }

    #[test]
    fn a_destination_is_decoded_and_errors_have_none() {
        let answer = |status, location: &str| Response {
            status,
            headers: vec![("Location".to_owned(), location.to_owned())],
            ..Response::default()
        };
        assert_eq!(destination(&answer(302, "https://l/?ref=http%3A%2F%2Fa%FF")).as_deref(), Some("https://l/?ref=http://a\u{fffd}"));
        assert_eq!(destination(&answer(404, "https://l/")), None);
        assert_eq!(destination(&Response { status: 204, ..Response::default() }).as_deref(), Some(""));
    }
}
