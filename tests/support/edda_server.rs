//! A stand-in for EDDA on a free loopback port: it answers from documents or from a function, and remembers what it was asked. (EDDA itself
//! is not to be had from any package registry.)

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What the server sends back.
pub(crate) enum Reply {
    /// A whole answer.
    Answer(u16, String),
    /// The bytes as they are, then the connection is closed.
    Raw(Vec<u8>),
    /// The bytes as they are, then nothing for as long as the client waits.
    Stalled(&'static str),
    /// The first text, then the second again and again, two GiB in all or until the client hangs up.
    Flood(&'static str, &'static str),
    /// Nothing for as long as the client waits.
    Silence,
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::Answer(200, value.to_string())
    }

    pub(crate) fn error(status: u16, message: &str) -> Self {
        Self::Answer(status, json!({"code": status, "message": message}).to_string())
    }
}

/// A running server; it ends with the test process.
pub(crate) struct EddaServer {
    /// For `--edda`.
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl EddaServer {
    /// `answer` gets what follows `/edda` in the request line.
    pub(crate) fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let url = format!("http://{}/edda", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, answer.as_ref(), &log));
            }
        });
        Self { url, asked }
    }

    /// Every request so far, without `/edda`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic while locked").clone()
    }
}

fn serve(mut stream: TcpStream, answer: &(impl Fn(&str) -> Reply + ?Sized), log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while let Some(target) = read_request(&mut reader) {
        let target = target.strip_prefix("/edda").unwrap_or(&target).to_owned();
        log.lock().expect("no panic while locked").push(target.clone());
        let open = match answer(&target) {
            Reply::Answer(status, body) => {
                let head = format!("HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_ok()
            }
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
                false
            }
            Reply::Flood(first, block) => {
                flood(&mut stream, first, block);
                false
            }
            Reply::Stalled(bytes) => {
                let _ = stream.write_all(bytes.as_bytes());
                let _ = reader.fill_buf();
                false
            }
            Reply::Silence => {
                // The client hangs up when it has waited enough; this read ends then.
                let _ = reader.fill_buf();
                false
            }
        };
        if !open {
            return;
        }
    }
}

fn flood(stream: &mut TcpStream, first: &str, block: &str) {
    const TOTAL: usize = 2 << 30;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {TOTAL}\r\n\r\n{first}");
    let blocks = block.repeat((64 << 10) / block.len());
    let mut sent = stream.write_all(head.as_bytes()).is_ok();
    for _ in 0..TOTAL / blocks.len() {
        sent = sent && stream.write_all(blocks.as_bytes()).is_ok();
        if !sent {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let target = line.split(' ').nth(1)?.to_owned();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|length| *length > 0)?;
        if header.trim_end().is_empty() {
            return Some(target);
        }
    }
}
