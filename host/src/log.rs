//! What the program says while it works, all on stderr: log lines, and on a terminal how far long work has got. Standard output belongs to the
//! alerts.

use std::io::{self, IsTerminal as _, Write};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::command_line::{LogFormat, LogOptions};

/// The progress shown on a terminal; log lines are written beside it. Without a terminal nothing of it is seen.
#[derive(Clone)]
pub struct Terminal {
    bars: MultiProgress,
    attended: bool,
    talkative: bool,
}

impl Terminal {
    /// Starts the log. Cron mails whatever a job prints, so without a terminal only errors are logged, unless a format was asked for.
    /// With `everything`, what is meant for the authors of rules is logged in any case.
    pub fn start(options: &LogOptions, everything: bool) -> Self {
        let attended = io::stderr().is_terminal();
        let asked = attended || options.log_format.is_some();
        let level = match (options.silent, asked) {
            (false, _) if everything => Level::DEBUG,
            (false, true) => Level::INFO,
            (true, true) => Level::WARN,
            (_, false) => Level::ERROR,
        };
        let terminal = Self { bars: MultiProgress::new(), attended, talkative: (asked || everything) && !options.silent };
        let log = tracing_subscriber::fmt().with_writer(terminal.clone()).with_max_level(level).with_target(false);
        // What libraries say to their own authors is of no use here.
        let of_ours = Targets::new().with_target("reddalert", level).with_default(level.min(Level::INFO));
        match options.log_format.unwrap_or(LogFormat::Human) {
            LogFormat::Human => log.with_ansi(attended).without_time().finish().with(of_ours).init(),
            LogFormat::Json => log.json().finish().with(of_ours).init(),
        }
        terminal
    }

    /// Somebody reads along, or asked for a log: a summary is welcome although all is well.
    pub fn is_talkative(&self) -> bool {
        self.talkative
    }

    /// Shows `what` is being done, `steps` times. Disappears when dropped.
    pub fn progress(&self, what: &'static str, steps: usize) -> Progress {
        let bar = ProgressBar::hidden();
        if self.attended && self.talkative {
            let bar = self.bars.add(ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX)));
            let style =
                ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style);
            bar.set_message(what);
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
            return Progress(bar);
        }
        Progress(bar)
    }

    /// Writes lines of a summary or an error, past the progress shown.
    pub fn say(&self, text: &str) {
        // Nobody is left to be told when stderr is closed.
        let _ = self.bars.suspend(|| io::stderr().write_all(text.as_bytes()));
    }
}

/// One piece of long work.
pub struct Progress(ProgressBar);

impl Progress {
    /// One more step is done.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// So many steps are done, of how many there are so far.
    pub fn is_at(&self, done: usize, steps: usize) {
        let number = |steps| u64::try_from(steps).unwrap_or(u64::MAX);
        self.0.set_length(number(steps));
        self.0.set_position(number(done));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// One log line at a time, past the progress shown.
pub struct LogLine(MultiProgress);

impl Write for LogLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for Terminal {
    type Writer = LogLine;

    fn make_writer(&'a self) -> LogLine {
        LogLine(self.bars.clone())
    }
}
