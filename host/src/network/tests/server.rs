//! An HTTP server on the loopback that answers as a test says.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server does with one request; then it closes the connection, where it can.
pub(super) enum Reply {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes, and nothing more until the client goes away.
    SendAndHold(Vec<u8>),
    /// Sends the first bytes once and the second ones again and again, until the client goes away.
    Endless(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// `headers` is what stands in the answer beside its length, each ending in CR LF.
    pub(super) fn with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
        Self::Send([head.as_bytes(), body].concat())
    }

    pub(super) fn text(body: &str) -> Self {
        Self::with(200, "", body)
    }

    pub(super) fn redirect(status: u16, location: &str) -> Self {
        Self::with(status, &format!("Location: {location}\r\n"), "")
    }
}

/// A request as it arrived: the head with its lines in small letters, and the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) head: String,
    pub(super) body: String,
}

impl Received {
    /// `get /path`.
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default().trim_end_matches(" http/1.1")
    }
}

pub(super) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", answer)
    }

    pub(super) fn start_at(address: &str, answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (received, most_at_once, at_once) =
            (Arc::<Mutex<Vec<_>>>::default(), Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let server = Self { address, received: Arc::clone(&received), most_at_once: Arc::clone(&most_at_once) };
        let answer = Arc::new(answer);
        // Ends with the tests.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, received) = (Arc::clone(&answer), Arc::clone(&received));
                let (most_at_once, at_once) = (Arc::clone(&most_at_once), Arc::clone(&at_once));
                thread::spawn(move || {
                    most_at_once.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    serve(stream, &*answer, &received);
                    at_once.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// An address of this server: `http://127.0.0.1:<port><path>`.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic").clone()
    }

    /// The first lines of what was received.
    pub(super) fn lines(&self) -> Vec<String> {
        self.received().iter().map(|received| received.line().to_owned()).collect()
    }

    pub(super) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Received) -> Reply, all: &Mutex<Vec<Received>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let Some(received) = read_request(&mut reader) else { return };
    all.lock().expect("no panic").push(received.clone());
    // A client that goes away is what some tests are about.
    match answer(&received) {
        Reply::Send(bytes) => drop(stream.write_all(&bytes)),
        Reply::SendAndHold(bytes) => {
            if stream.write_all(&bytes).is_ok() {
                drop(reader.read(&mut [0]));
            }
        }
        Reply::Endless(first, again) => {
            if stream.write_all(&first).is_ok() {
                while stream.write_all(&again).is_ok() {}
            }
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Received> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { head, body: String::from_utf8_lossy(&body).into_owned() })
}
