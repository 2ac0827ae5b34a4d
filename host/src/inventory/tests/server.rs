//! An HTTP server on the loopback that answers as a test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What the server does with one request.
#[derive(Clone)]
pub(super) enum Reply {
    /// Sends these bytes and keeps the connection.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection.
    SendAndClose(Vec<u8>),
    /// Sends these bytes and nothing more, until the test is over.
    SendAndHold(Vec<u8>),
    /// Closes the connection without a word.
    Close,
    /// Ends the connection as a crash does.
    Reset,
}

impl Reply {
    pub(super) fn with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::Send(message(status, headers, body.as_ref().len(), body.as_ref()))
    }

    pub(super) fn status(status: u16, body: &str) -> Self {
        Self::with(status, "", body)
    }

    pub(super) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::with(200, "", body)
    }

    /// Promises more than it sends.
    pub(super) fn broken_off(body: &str) -> Self {
        Self::SendAndClose(message(200, "", body.len() + 10, body.as_bytes()))
    }

    /// Begins an answer and falls silent.
    pub(super) fn silent_after(body: &str) -> Self {
        Self::SendAndHold(message(200, "", body.len() + 10, body.as_bytes()))
    }
}

fn message(status: u16, headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

type Script = dyn Fn(&str, usize) -> Reply + Send + Sync;

pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    script: Box<Script>,
    asked: Mutex<Vec<String>>,
    over: Mutex<bool>,
    changed: Condvar,
}

impl Server {
    /// `script` gets what follows `/api/v2/`, and how many requests came before.
    pub(super) fn start(script: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let script: Box<Script> = Box::new(script);
        let shared = Arc::new(Shared { script, asked: Mutex::default(), over: Mutex::new(false), changed: Condvar::new() });
        let server = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                if *shared.over.lock().expect("no panic") {
                    break;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.serve(stream.expect("a connection")));
            }
        });
        server
    }

    /// The same reply to everybody.
    pub(super) fn always(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone())
    }

    /// These replies in turn, the last one again and again.
    pub(super) fn in_turn<const N: usize>(replies: [Reply; N]) -> Self {
        Self::start(move |_, number| replies[number.min(N - 1)].clone())
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}/edda", self.address)
    }

    /// What was asked so far, behind `/api/v2/`.
    pub(super) fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().expect("no panic").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *self.shared.over.lock().expect("no panic") = true;
        self.shared.changed.notify_all();
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        while let Some(path) = read_request(&mut stream) {
            let number = {
                let mut asked = self.asked.lock().expect("no panic");
                asked.push(path.clone());
                asked.len() - 1
            };
            let reply = (self.script)(&path, number);
            if !matches!(reply, Reply::Reset) && stream.read_exact(&mut [0]).is_err() {
                return;
            }
            // A client that went away is what some tests are about.
            match reply {
                Reply::Send(bytes) => drop(stream.write_all(&bytes)),
                Reply::SendAndClose(bytes) => {
                    drop(stream.write_all(&bytes));
                    return;
                }
                Reply::SendAndHold(bytes) => {
                    drop(stream.write_all(&bytes));
                    self.hold();
                    return;
                }
                Reply::Close | Reply::Reset => return,
            }
        }
    }

    fn hold(&self) {
        let over = self.over.lock().expect("no panic");
        drop(self.changed.wait_while(over, |over| !*over).expect("no panic"));
    }
}

/// The path of the next request. Its last byte stays unread: a system resets a connection that is closed before all was read.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.split(' ').nth(1)?;
    Some(target.strip_prefix("/edda/api/v2/").unwrap_or(target).to_owned())
}
