//! One call of the AWS command line: never through a shell, without a pager, with a time limit, and again when AWS was only busy.

use std::ffi::OsString;
use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::{sleep, timeout};

use crate::visible_text::visible;

/// How the AWS command line is run.
#[derive(Clone, Debug)]
pub struct AwsCli {
    /// The program, as in `aws` or `/opt/aws/bin/aws`.
    pub program: OsString,
    /// Where requests go to instead of AWS.
    pub endpoint_url: Option<String>,
    /// How long one call may take.
    pub time_limit: Duration,
}

/// Whose credentials are used, and in which region.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// A profile of the AWS configuration; without one, what the AWS command line finds itself.
    pub profile: Option<&'p str>,
    /// The region, if the call has one.
    pub region: Option<&'p str>,
}

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such program.
    #[error("`{program}` cannot be run; install the AWS command line, or name it with `--aws`")]
    NoProgram {
        /// The program.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// It took too long, and was ended.
    #[error("no answer after {} s; `--time-limit` sets how long a call may take", .0.as_secs())]
    TookTooLong(Duration),
    /// It said why it failed.
    #[error("{0}")]
    Failed(String),
    /// It answered something else than was asked for.
    #[error("the answer is of another form than expected")]
    NotUnderstood,
}

/// How often a call is made before it has failed.
const ATTEMPTS: u32 = 4;
/// The pause before the second attempt; it doubles from one to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How much of what a failed call said is shown.
const SHOWN: usize = 400;

/// What AWS says, in many wordings, when a later attempt may do better.
const PASSING: [&str; 16] = [
    "Throttl",
    "RequestLimitExceeded",
    "TooManyRequests",
    "SlowDown",
    "PriorRequestNotComplete",
    "Rate exceeded",
    "BandwidthLimitExceeded",
    "ServiceUnavailable",
    "Service Unavailable",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "Further retries may succeed",
    "timeout",
    "timed out",
    "Could not connect",
];

impl AwsCli {
    /// Makes a call, several times if need be, and gives back what it printed.
    pub async fn call(&self, place: Place<'_>, words: &[String]) -> Result<Vec<u8>, CallError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.attempt(place, words).await {
                Err(error) if error.may_pass() => {
                    tracing::warn!("aws {}: {error}; once more in {} ms", words.join(" "), pause.as_millis());
                    sleep(pause).await;
                    pause *= 2;
                }
                outcome => return outcome,
            }
        }
        self.attempt(place, words).await
    }

    async fn attempt(&self, place: Place<'_>, words: &[String]) -> Result<Vec<u8>, CallError> {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--output=json");
        let options = [("--profile", place.profile), ("--region", place.region), ("--endpoint-url", self.endpoint_url.as_deref())];
        // One word each, so that no value can be taken for an option.
        command.args(options.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))));
        command.env("AWS_PAGER", "").env("AWS_CLI_AUTO_PROMPT", "off");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let no_program = |source| CallError::NoProgram { program: self.program.to_string_lossy().into_owned(), source };
        let child = command.spawn().map_err(no_program)?;
        match timeout(self.time_limit, child.wait_with_output()).await {
            Err(_) => Err(CallError::TookTooLong(self.time_limit)),
            Ok(Err(source)) => Err(no_program(source)),
            Ok(Ok(output)) if output.status.success() => Ok(output.stdout),
            Ok(Ok(output)) => Err(CallError::Failed(reason(&output))),
        }
    }
}

impl CallError {
    /// Whether a later attempt may do better.
    fn may_pass(&self) -> bool {
        match self {
            Self::Failed(reason) => PASSING.iter().any(|text| reason.contains(text)),
            // What took this long once would take it again.
            Self::NoProgram { .. } | Self::TookTooLong(_) | Self::NotUnderstood => false,
        }
    }
}

/// What the AWS command line said, on one line and without what a terminal would obey.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return format!("it ended with {} and said nothing", output.status);
    }
    // The end says what went wrong; before it may stand how a call is to be written.
    let skipped = line.char_indices().rev().nth(SHOWN).map_or(0, |(at, _)| at);
    let dots = if skipped > 0 { "..." } else { "" };
    format!("{dots}{}", visible(&line[skipped..]))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    use super::*;

    fn said(text: &str) -> String {
        reason(&Output { status: ExitStatus::from_raw(254 << 8), stdout: Vec::new(), stderr: text.into() })
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let failed = |text: &str| CallError::Failed(text.to_owned()).may_pass();
        assert!(failed("An error occurred (Throttling) when calling the ListUsers operation: Rate exceeded"));
        assert!(failed("An error occurred (RequestLimitExceeded) when calling the DescribeInstances operation"));
        assert!(!failed("An error occurred (AccessDenied) when calling the ListUsers operation"));
        assert!(!failed("Unable to locate credentials."));
        assert!(!CallError::TookTooLong(Duration::from_secs(1)).may_pass() && !CallError::NotUnderstood.may_pass());
    }

    #[test]
    fn what_was_said_is_one_short_visible_line() {
        assert_eq!(said("\nAn error\n\u{1b}[31moccurred\n"), "An error \\u001b[31moccurred");
        assert_eq!(said(" \n"), "it ended with exit status: 254 and said nothing");
        let long = said(&"é".repeat(1000));
        assert!(long.starts_with("...") && long.chars().count() <= SHOWN + 4, "{}", long.chars().count());
    }
}
