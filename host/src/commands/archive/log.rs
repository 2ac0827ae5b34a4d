//! `reddalert archive log`: what changed and when, for people.

use std::io::Write as _;
use std::ops::ControlFlow;

use anstyle::{AnsiColor, Style};
use anyhow::anyhow;
use edda::archive::{Archive, Event, EventKind, HistoryError, HistoryRequest};

use super::output::{Output, unwritten};
use crate::command_line::{Colours, LogOfArchiveOptions};
use crate::commands::now;
use crate::exit_code::{Exit, OrExit as _, Refusal};
use crate::moment::rfc3339_millis;
use crate::visible_text::visible;

/// Shows events as they are found.
pub(super) fn log(options: &LogOfArchiveOptions) -> Result<Exit, Refusal> {
    let archive = Archive::open(&options.archive).or_exit(Exit::Inventory)?;
    let now = now();
    let request = HistoryRequest {
        collection: options.collection.replace('/', "."),
        id: options.id.clone(),
        since: options.since.map(|moment| moment.resolve(now)),
        until: options.until.map(|moment| moment.resolve(now)),
        limit: options.limit,
        context: Some(options.context),
        whole: options.whole,
    };
    let mut out = Output::open();
    let page = Page { collection: &request.collection, coloured: is_coloured(options.color, out.is_attended()) };
    let (mut shown, mut failure) = (0_u64, None);
    let told = archive.history(&request, &mut |event| {
        shown += 1;
        match out.write_own(&page.event(&event)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = failure.or_else(|| out.flush().err()) {
        return unwritten(error);
    }
    match told {
        Ok(()) if shown == 0 && request.id.is_some() && request.since.is_none() && request.until.is_none() => Err(never_seen(&request)),
        Ok(()) => Ok(Exit::Done),
        Err(error @ HistoryError::UnknownCollection(_)) => Err(error).or_exit(Exit::CommandLine),
        Err(error) => Err(error).or_exit(Exit::Inventory),
    }
}

/// An id without any history is most likely a slip of the pen.
fn never_seen(request: &HistoryRequest) -> Refusal {
    let (id, collection) = (request.id.as_deref().unwrap_or_default().escape_debug(), request.collection.escape_debug());
    Refusal { exit: Exit::Inventory, error: anyhow!("the archive knows nothing of a `{id}` in {collection}") }
}

fn is_coloured(when: Colours, attended: bool) -> bool {
    match when {
        Colours::Always => true,
        Colours::Never => false,
        Colours::Auto => attended && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

const HEADING: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// How events are shown.
struct Page<'a> {
    collection: &'a str,
    coloured: bool,
}

impl Page<'_> {
    fn event(&self, event: &Event) -> String {
        let what = match event.kind {
            EventKind::New => "new    ",
            EventKind::Changed => "changed",
            EventKind::ChangedFromUnknown => "changed (what it was before is no longer kept)",
            EventKind::Gone => "gone   ",
        };
        let (collection, id, source) = (visible(self.collection), visible(&event.id), visible(&event.source));
        let heading = format!("{} {what} {collection}/{id} ({source})", rfc3339_millis(event.moment));
        let mut text = self.line(HEADING, &heading);
        for line in event.difference.lines() {
            let style = match line.as_bytes().first() {
                Some(b'@') => PLACE,
                Some(b'-') => REMOVED,
                Some(b'+') => ADDED,
                _ => Style::new(),
            };
            text.push_str(&self.line(style, &visible(line)));
        }
        if !event.difference.is_empty() {
            text.push('\n');
        }
        text
    }

    fn line(&self, style: Style, text: &str) -> String {
        if self.coloured { format!("{style}{text}{style:#}\n") } else { format!("{text}\n") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            moment: 1_763_974_800_000,
            source: "1/eu".into(),
            id: "i-1\n\u{1b}[2J".into(),
            kind: EventKind::Changed,
            difference: "@@ -1,2 +1,2 @@\n-  \"a\" : 1\n+  \"a\" : \"\u{9b}31m\"\n  same\n".into(),
        }
    }

    #[test]
    fn an_event_is_a_heading_and_a_difference() {
        let text = Page { collection: "aws.x", coloured: false }.event(&event());
        let expected = "2025-11-24T09:00:00.000Z changed aws.x/i-1\\u000a\\u001b[2J (1/eu)\n\
            @@ -1,2 +1,2 @@\n-  \"a\" : 1\n+  \"a\" : \"\\u009b31m\"\n  same\n\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn colours_are_ours_alone() {
        let text = Page { collection: "aws.x", coloured: true }.event(&event());
        assert!(text.contains("\u{1b}[31m-  \"a\" : 1\u{1b}[0m\n") && text.contains("\u{1b}[32m+  \"a\""), "{text:?}");
        assert!(!text.contains("\u{1b}[2J") && !text.contains('\u{9b}'), "{text:?}");
    }

    #[test]
    fn colours_are_for_terminals_unless_told_otherwise() {
        assert!(is_coloured(Colours::Always, false));
        assert!(!is_coloured(Colours::Never, true));
        assert!(!is_coloured(Colours::Auto, false));
    }
}
