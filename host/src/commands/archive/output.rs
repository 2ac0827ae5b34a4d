//! Where the archive's answers go: standard output, in large pieces. On a terminal nothing of them can act on it.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};

use crate::exit_code::{Exit, Refusal};
use crate::visible_text::visible;

/// Standard output.
pub(super) struct Output {
    out: BufWriter<Stdout>,
    attended: bool,
}

impl Output {
    pub(super) fn open() -> Self {
        let out = io::stdout();
        Self { attended: out.is_terminal(), out: BufWriter::with_capacity(64 * 1024, out) }
    }

    /// Whether somebody reads it on a terminal.
    pub(super) fn is_attended(&self) -> bool {
        self.attended
    }

    /// Writes bytes of our own, as they are.
    pub(super) fn write_own(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }
}

impl Write for Output {
    /// Of a text that is cut inside a character the two parts are shown as damaged; the query language writes whole texts.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.attended {
            return self.out.write(bytes);
        }
        for line in String::from_utf8_lossy(bytes).split_inclusive('\n') {
            match line.strip_suffix('\n') {
                Some(line) => writeln!(self.out, "{}", visible(line))?,
                None => self.out.write_all(visible(line).as_bytes())?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// How a command ends that could not write its answer: a reader that has gone away has seen enough.
pub(super) fn unwritten(error: io::Error) -> Result<Exit, Refusal> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ok(Exit::Done);
    }
    Err(Refusal { exit: Exit::Internal, error: anyhow::Error::new(error).context("standard output cannot be written") })
}
