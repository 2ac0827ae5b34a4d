//! The service over real sockets.

mod answers;
mod client;
mod limits;
mod stores;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use edda::RecordStore;
use tokio::sync::oneshot;

use super::{Limits, Service};

/// What tests allow: much time, so that none of them depends on it.
const LIMITS: Limits = Limits { answers: 4, connections: 64, answer_time: Duration::from_mins(2), grace: Duration::from_mins(2) };

/// A service on a free loopback port. Ends when dropped.
struct Served {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<bool>>,
}

impl Served {
    fn start(store: impl RecordStore + Send + Sync + 'static, base: &str, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let service = Arc::new(Service::new(Arc::new(store), base.parse().expect("a base"), limits));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
            let stopped = async {
                let _ = stopped.await;
            };
            let all_ended = runtime.block_on(service.serve(listener, stopped)).expect("it serves");
            // As the program ends: a thread that still reads is not waited for.
            runtime.shutdown_background();
            all_ended
        });
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    /// Asks it to end.
    fn stop(&mut self) {
        self.stop.take();
    }

    /// Waits for its end; whether all answers came to theirs.
    fn ended(mut self) -> bool {
        self.stop.take();
        self.thread.take().expect("not yet waited for").join().expect("no panic")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
