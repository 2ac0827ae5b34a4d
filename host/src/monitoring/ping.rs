//! The address that is asked for after a run: whoever watches it notices when nobody asks any more.

use reqwest::{Method, Request};
use url::Url;

use super::EndedRun;
use super::client::ShortRequests;
use crate::settings::{EXIT_PLACEHOLDER, Secret};

/// Asks for the address, with the exit code in the place for it. Where there is no such place, only a good run asks: silence is then what a
/// failed run has to say.
pub(super) fn ping(address: &Secret, run: &EndedRun<'_>) -> Result<(), String> {
    let Some(address) = address_for(address.expose(), run) else { return Ok(()) };
    let url = Url::parse(&address).map_err(|_| "it is no address".to_owned())?;
    ShortRequests::new(&url)?.send(&Request::new(Method::GET, url))
}

fn address_for(address: &str, run: &EndedRun<'_>) -> Option<String> {
    let says_how = address.contains(EXIT_PLACEHOLDER);
    (says_how || run.is_good()).then(|| address.replace(EXIT_PLACEHOLDER, &(run.exit as u8).to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::ended;
    use super::*;
    use crate::exit_code::Exit;

    #[test]
    fn a_failed_run_is_told_or_is_silent() {
        for (exit, with_place, without) in [
            (Exit::Done, Some("https://x/0"), Some("https://x/")),
            (Exit::Alerts, Some("https://x/1"), Some("https://x/")),
            (Exit::RuleFailed, Some("https://x/2"), None),
            (Exit::Settings, Some("https://x/78"), None),
        ] {
            assert_eq!(address_for("https://x/{exit}", &ended(exit, None)).as_deref(), with_place);
            assert_eq!(address_for("https://x/", &ended(exit, None)).as_deref(), without);
        }
    }
}
