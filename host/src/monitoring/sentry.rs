//! What goes wrong, as events of a Sentry project. No alert is sent there, and nothing of a rule but the words with which it failed.

use std::collections::BTreeMap;
use std::io;

use reqwest::header::CONTENT_TYPE;
use sentry_types::protocol::v7::{Envelope, Event, Level};
use sentry_types::{Auth, Dsn};
use url::Url;

use super::EndedRun;
use super::client::ShortRequests;
use super::problem::{Problem, problems};
use crate::settings::Secret;
use crate::visible_text::visible_paragraph;

/// How many events a run sends; of more, the rest are counted in the last one.
const MOST_EVENTS: usize = 20;
/// How long a message may be, in characters.
const MESSAGE: usize = 4000;
/// How the project knows us.
const CLIENT: &str = concat!("reddalert/", env!("CARGO_PKG_VERSION"));

/// Sends an event for each thing that went wrong.
pub(super) fn report(dsn: &Secret, run: &EndedRun<'_>) -> Result<(), String> {
    let problems = problems(run);
    if problems.is_empty() {
        return Ok(());
    }
    let dsn: Dsn = dsn.expose().parse().map_err(|_| "it is no DSN".to_owned())?;
    let url = Url::parse(dsn.envelope_api_url().as_str()).map_err(|_| "it is no DSN".to_owned())?;
    let requests = ShortRequests::new(&url)?;
    for event in events(&problems, run) {
        let body = written(event).map_err(|error| error.to_string())?;
        let post = requests.client().post(url.clone()).header("X-Sentry-Auth", authorization(&dsn));
        let request = post.header(CONTENT_TYPE, "application/x-sentry-envelope").body(body).build();
        requests.send(&request.map_err(|error| error.without_url().to_string())?)?;
    }
    Ok(())
}

fn authorization(dsn: &Dsn) -> String {
    let auth: Auth = dsn.to_auth(Some(CLIENT));
    auth.to_string()
}

fn written(event: Event<'static>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    Envelope::from(event).to_writer(&mut body)?;
    Ok(body)
}

fn events(problems: &[Problem], run: &EndedRun<'_>) -> Vec<Event<'static>> {
    let mut events: Vec<_> = problems.iter().take(MOST_EVENTS).map(|problem| event(problem, run)).collect();
    let left_out = problems.len() - events.len();
    if let Some(message) = events.last_mut().and_then(|last| last.message.as_mut()).filter(|_| left_out > 0) {
        *message = format!("{message}\n(and {left_out} more)");
    }
    events
}

fn event(problem: &Problem, run: &EndedRun<'_>) -> Event<'static> {
    let tag = |name: &str, value: String| (name.to_owned(), value);
    let [kind, which] = &problem.group;
    let mut tags = BTreeMap::from([tag("exit_code", (run.exit as u8).to_string()), tag("kind", kind.clone())]);
    tags.extend((!which.is_empty()).then(|| tag(kind, which.clone())));
    let message: String = visible_paragraph(&problem.message).chars().take(MESSAGE).collect();
    Event {
        message: Some(message),
        level: Level::Error,
        logger: Some("reddalert".to_owned()),
        release: Some(CLIENT.into()),
        // One issue a thing, whatever the words of the day: what is not of one kind is told apart by its message.
        fingerprint: if which.is_empty() {
            vec!["{{ default }}".into(), kind.clone().into()].into()
        } else {
            vec![kind.clone().into(), which.clone().into()].into()
        },
        tags,
        ..Event::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ended;
    use super::*;
    use crate::exit_code::Exit;

    #[test]
    fn a_flood_of_problems_is_counted() {
        let problems: Vec<_> = (0..25)
            .map(|number| Problem { group: ["rule".to_owned(), format!("r{number}")], message: format!("\u{1b}[2J{number}") })
            .collect();
        let events = events(&problems, &ended(Exit::RuleFailed, None));
        assert_eq!(events.len(), 20);
        assert_eq!(events[0].message.as_deref(), Some("\\u001b[2J0"));
        assert_eq!(events[19].message.as_deref(), Some("\\u001b[2J19\n(and 5 more)"));
        assert_eq!(events[3].tags["rule"], "r3");
        assert_eq!(events[3].tags["exit_code"], "2");
    }
}
