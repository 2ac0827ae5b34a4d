//! One step of the benchmark: in the parent what is to be done, in the child that it starts the work.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use edda::archive::{Archive, ImportOptions, Input, import};
use edda::query::{Request, answer, documents};

/// Tells a child from the benchmark itself.
pub(crate) const FLAG: &str = "--step";

/// What is done.
pub(crate) enum Step<'a> {
    /// An answer is read and taken in.
    Import { at: i64, answer: &'a Path },
    /// A request is answered.
    Ask(&'a str),
    /// All documents as they were before a moment are handed over, as to a rule.
    StateBefore(i64),
}

/// What it took.
pub(crate) struct Measured {
    milliseconds: f64,
    /// Without what waiting for the disk or for other programs took.
    computing_milliseconds: f64,
    peak_kilobytes: u64,
    answer_bytes: u64,
    file_bytes: u64,
}

impl Step<'_> {
    /// Does it three times, an import once; the one that computed least counts.
    pub(crate) fn measure(&self, archive: &Path) -> Measured {
        let times = if matches!(self, Self::Import { .. }) { 1 } else { 3 };
        let runs = (0..times).map(|_| self.run(archive));
        runs.min_by(|left, right| left.computing_milliseconds.total_cmp(&right.computing_milliseconds)).expect("at least one")
    }

    fn run(&self, archive: &Path) -> Measured {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.arg(FLAG).arg(archive);
        match self {
            Self::Import { at, answer } => child.args(["import", &at.to_string()]).arg(answer),
            Self::Ask(request) => child.args(["ask", request]),
            Self::StateBefore(until) => child.args(["state-before", &until.to_string()]),
        };
        let output = child.output().expect("a child");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("numbers");
        let numbers: Vec<&str> = text.split_whitespace().collect();
        let number = |at: usize| numbers[at].parse().expect("a number");
        let file_bytes = std::fs::metadata(archive).expect("the archive").len();
        Measured {
            milliseconds: numbers[0].parse().expect("a number"),
            computing_milliseconds: numbers[1].parse().expect("a number"),
            peak_kilobytes: number(2),
            answer_bytes: number(3),
            file_bytes: if matches!(self, Self::Import { .. }) { file_bytes } else { 0 },
        }
    }
}

/// Time, peak memory, and the size of what came out.
impl fmt::Display for Measured {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({} CPU), {} MiB", time(self.milliseconds), time(self.computing_milliseconds), self.peak_kilobytes / 1024)?;
        let (bytes, what) = if self.file_bytes > 0 { (self.file_bytes, "file") } else { (self.answer_bytes, "answer") };
        write!(out, "; {what} {:.1} MB", bytes as f64 / 1e6)
    }
}

fn time(milliseconds: f64) -> String {
    if milliseconds < 1000.0 { format!("{milliseconds:.1} ms") } else { format!("{:.1} s", milliseconds / 1000.0) }
}

/// What a child does. Opening the archive, and reading an import's file, is part of it.
pub(crate) fn work(arguments: &[String]) {
    let (archive, what) = (Path::new(&arguments[0]), &arguments[2]);
    let begun = Instant::now();
    let mut counted = Counted(0);
    match arguments[1].as_str() {
        "import" => take_in(archive, what.parse().expect("a moment"), Path::new(&arguments[3])),
        "ask" => {
            let request = Request::parse(what).expect("a request");
            let mut out = BufWriter::new(&mut counted);
            answer(&request, &Archive::open(archive).expect("the archive"), &mut out).expect("an answer");
        }
        _ => {
            let request = Request::parse("aws/securityGroups;_expand").expect("a request");
            let request = request.with_state_before(what.parse().expect("a moment"));
            let mut each = |document: &str| {
                counted.0 += document.len() as u64;
                ControlFlow::Continue(())
            };
            documents(&request, &Archive::open(archive).expect("the archive"), &mut each).expect("an answer");
        }
    }
    println!("{} {} {} {}", begun.elapsed().as_secs_f64() * 1000.0, computing_milliseconds(), peak_kilobytes(), counted.0);
}

fn take_in(archive: &Path, at: i64, answer: &Path) {
    let input = Input { name: answer.display().to_string(), bytes: std::fs::read(answer).expect("the answer") };
    let mut archive = Archive::open_or_create(archive).expect("an archive");
    let options = ImportOptions { at, now: at, source: None, force: false };
    import(&mut archive, &[input], &options).expect("an import");
}

/// Takes everything and keeps nothing.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0 += piece.len() as u64;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How long this thread, which does all the work, was at work; 0 where the system does not tell.
fn computing_milliseconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    statistics
        .split_whitespace()
        .next()
        .and_then(|nanoseconds| nanoseconds.parse::<f64>().ok())
        .map_or(0.0, |nanoseconds| nanoseconds / 1e6)
}

/// The most memory that this process has had; 0 where the system does not tell.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
