//! The sockets: taking clients in, giving up on those that stand still, and ending in good order.

use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use super::Service;

/// How long a client may take to write the head of a request, and how long a connection may be idle.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How long the head of a request may be, in bytes.
const HEAD_SIZE: usize = 64 * 1024;

/// How long to wait when the system has no more sockets.
const SOCKET_SHORTAGE: Duration = Duration::from_millis(100);

impl Service {
    /// Serves until `stop`; then takes nobody in any more and lets answers end, for as long as the limits say. False: some did not.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub async fn serve(self: Arc<Self>, listener: std::net::TcpListener, stop: impl Future<Output = ()>) -> io::Result<bool> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let grace = self.limits.grace;
        let ending = Arc::new(GracefulShutdown::new());
        let accepting = tokio::spawn(self.accept(listener, Arc::clone(&ending)));
        stop.await;
        accepting.abort();
        let _ = accepting.await;
        match Arc::into_inner(ending) {
            Some(ending) => Ok(timeout(grace, ending.shutdown()).await.is_ok()),
            None => Ok(false),
        }
    }

    async fn accept(self: Arc<Self>, listener: TcpListener, ending: Arc<GracefulShutdown>) {
        let slots = Arc::new(Semaphore::new(self.limits.connections));
        loop {
            // Who finds no slot waits in the system's queue.
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let connection = Arc::clone(&self).connection(stream, ending.watcher());
                    tokio::spawn(async move {
                        connection.await;
                        drop(slot);
                    });
                }
                Err(_) => tokio::time::sleep(SOCKET_SHORTAGE).await,
            }
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, ending: Watcher) {
        // Without it answers are only later.
        let _ = stream.set_nodelay(true);
        let patience = HEAD_TIME + self.limits.answer_time;
        let last = Arc::new(Mutex::new(Instant::now()));
        let begun = Arc::clone(&last);
        let service = service_fn(move |request| {
            *begun.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            let service = Arc::clone(&self);
            async move { service.respond(request).await }
        });
        let mut server = http1::Builder::new();
        // Names of headers are written as EDDA's container writes them, for whoever looks for them letter by letter.
        server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_SIZE).title_case_headers(true);
        let mut connection = pin!(ending.watch(server.serve_connection(TokioIo::new(stream), service)));
        // A client that does not read its answer would stay for ever.
        loop {
            let until = *last.lock().unwrap_or_else(PoisonError::into_inner) + patience;
            // How a connection ends is the client's affair.
            if timeout_at(until, connection.as_mut()).await.is_ok() {
                return;
            }
            if *last.lock().unwrap_or_else(PoisonError::into_inner) + patience == until {
                return;
            }
        }
    }
}
