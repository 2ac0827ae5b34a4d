//! An archive served over HTTP as EDDA serves its inventory: the same addresses, answers, headers and status codes, so that EDDA's clients
//! can ask it. It only reads. Answers are streamed; one that fails on its way breaks its connection off, so that nobody takes a part for the
//! whole. There is no password and no encryption: whoever reaches the address can read everything.

mod address;
mod answering;
mod body;
mod bounded_store;
mod connections;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use edda::RecordStore;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use self::address::Place;
pub use self::address::{Base, InvalidBase};
use self::answering::{Outgoing, Start};
use self::body::AnswerBody;
use self::bounded_store::BoundedStore;

/// How many pieces of an answer wait for a client that reads slowly. Then the reading of the archive waits, too.
const PIECES_AHEAD: usize = 2;

/// How long a request waits for its turn when as many as may are being answered.
const QUEUE_PATIENCE: Duration = Duration::from_secs(10);

/// What the service allows itself and its clients.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many requests are answered at a time; others wait.
    pub answers: usize,
    /// How many clients are connected at a time; others wait.
    pub connections: usize,
    /// How long an answer may take, its sending included.
    pub answer_time: Duration,
    /// How long answers may still take when the service ends.
    pub grace: Duration,
}

/// What is served, and where.
pub struct Service {
    store: Arc<dyn RecordStore + Send + Sync>,
    base: Base,
    limits: Limits,
    turns: Arc<Semaphore>,
}

impl Service {
    /// Serves the records of a store at addresses that begin with `base`.
    pub fn new(store: Arc<dyn RecordStore + Send + Sync>, base: Base, limits: Limits) -> Self {
        Self { store, base, limits, turns: Arc::new(Semaphore::new(limits.answers)) }
    }

    /// The answer to one request. What has no meaning for EDDA gets no answer of its kind: 404 outside its addresses, 405 for a method other
    /// than GET and HEAD, and (as EDDA's container says it) where nothing is asked.
    async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<AnswerBody>, Infallible> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let mut response = match self.base.place_of(request.uri().path()) {
            Place::Elsewhere => self.nothing_here(),
            Place::Question(rest) if reads => {
                let rest = rest.to_owned();
                drop(request);
                self.answer(rest).await
            }
            Place::Question(_) | Place::Nothing => not_allowed(),
        };
        let headers = response.headers_mut();
        // A UUID is made of hexadecimal digits and hyphens.
        if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
            headers.insert("x-request-id", id);
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Ok(response)
    }

    async fn answer(&self, rest: String) -> Response<AnswerBody> {
        let turn = tokio::time::timeout(QUEUE_PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return busy() };
        // Waiting for a turn is no part of the answer's time.
        let deadline = Instant::now() + self.limits.answer_time;
        let (start, started) = oneshot::channel();
        let (pieces, receiver) = mpsc::channel(PIECES_AHEAD);
        let store = BoundedStore { store: Arc::clone(&self.store), deadline: deadline.into_std(), listener: pieces.clone() };
        let base = self.base.of_diffs();
        let outgoing = Outgoing::new(start, pieces, deadline);
        tokio::task::spawn_blocking(move || {
            outgoing.answer(&rest, &base, &store);
            drop(turn);
        });
        match started.await {
            Ok(Start::Whole { status, content_type, body }) => response(status, content_type, AnswerBody::whole(body)),
            Ok(Start::Streamed { content_type }) => response(200, content_type, AnswerBody::Pieces(receiver)),
            // The thread that answers has panicked, and the panic was reported there.
            Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "the query failed"),
        }
    }

    fn nothing_here(&self) -> Response<AnswerBody> {
        error(StatusCode::NOT_FOUND, "NOT_FOUND", &format!("nothing is served here; addresses begin with {}/", self.base.of_diffs()))
    }
}

fn response(status: u16, content_type: &'static str, body: AnswerBody) -> Response<AnswerBody> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn not_allowed() -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(Vec::new()));
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn busy() -> Response<AnswerBody> {
    let message = "as many requests as may be are being answered; try again later";
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// An error in EDDA's form.
fn error(status: StatusCode, name: &str, message: &str) -> Response<AnswerBody> {
    let message = serde_json::Value::from(message);
    let body = format!("{{\"code\":{},\"name\":\"{name}\",\"message\":{message}}}", status.as_u16());
    response(status.as_u16(), "application/json", AnswerBody::whole(body.into_bytes()))
}
