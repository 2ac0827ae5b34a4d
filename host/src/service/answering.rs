//! Answers one question on a thread that may block. A short answer is handed over as a whole, so that even a failure near its end is told
//! with its status; a long one is handed over piece by piece, no faster than the client reads.

use std::io::{self, Write};

use edda::RecordStore;
use edda::query::{Head, Refusal, Request, answer};
use hyper::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::body::Piece;
use crate::visible_text::visible;

/// How long a piece is, in bytes; longer where one document is.
const PIECE: usize = 64 * 1024;

/// What is known when an answer begins.
pub(super) enum Start {
    /// All of it.
    Whole { status: u16, content_type: &'static str, body: Vec<u8> },
    /// That it is answered, in pieces.
    Streamed { content_type: &'static str },
}

/// An answer on its way out.
pub(super) struct Outgoing {
    /// None once the answer has begun.
    start: Option<oneshot::Sender<Start>>,
    pieces: mpsc::Sender<Piece>,
    pending: Vec<u8>,
    content_type: &'static str,
    deadline: Instant,
    runtime: Handle,
}

impl Outgoing {
    /// To be made on a thread of the runtime.
    pub(super) fn new(start: oneshot::Sender<Start>, pieces: mpsc::Sender<Piece>, deadline: Instant) -> Self {
        let runtime = Handle::current();
        Self { start: Some(start), pieces, pending: Vec::new(), content_type: "application/json", deadline, runtime }
    }

    /// Answers what follows `/api/v2/`.
    pub(super) fn answer(mut self, rest: &str, base: &str, store: &dyn RecordStore) {
        match self.write(rest, base, store) {
            Ok(head) => self.end(head),
            Err(refusal) => self.refuse(&refusal, rest),
        }
    }

    fn write(&mut self, rest: &str, base: &str, store: &dyn RecordStore) -> Result<Head, Refusal> {
        let request = Request::parse(rest)?.below(base);
        self.content_type = request.resolve(&|name| store.has_collection(name))?.head().content_type;
        answer(&request, store, self)
    }

    /// A client that has gone away is not told of the end.
    fn end(mut self, head: Head) {
        match self.start.take() {
            Some(start) => {
                let _ = start.send(Start::Whole { status: head.status, content_type: head.content_type, body: self.pending });
            }
            None => {
                let _ = self.send_pending().and_then(|()| self.send(Piece::End));
            }
        }
    }

    /// Once the answer has begun, all that can be said is that it does not end.
    fn refuse(mut self, refusal: &Refusal, rest: &str) {
        if refusal.status() == 500 && !self.pieces.is_closed() {
            tracing::error!("GET {} failed: {}", visible(rest), visible(&refusal.message()));
        }
        if let Some(start) = self.start.take() {
            let (status, body) = (refusal.status(), refusal.body().into_bytes());
            let _ = start.send(Start::Whole { status, content_type: "application/json", body });
        }
    }

    fn send_pending(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if let Some(start) = self.start.take() {
            start.send(Start::Streamed { content_type: self.content_type }).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
        let bytes = Bytes::from(std::mem::take(&mut self.pending));
        self.send(Piece::Bytes(bytes))
    }

    fn send(&self, piece: Piece) -> io::Result<()> {
        match self.runtime.block_on(timeout_at(self.deadline, self.pieces.send(piece))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client did not read it in time")),
        }
    }
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE {
            self.send_pending()?;
        }
        Ok(bytes.len())
    }

    /// Nothing is gained by sending less than a piece.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
