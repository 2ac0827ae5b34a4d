//! A stand-in for EDDA on a free loopback port. Each question is answered once by a function, and from memory from then on.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

/// A status and a body.
pub(crate) type Reply = (u16, Vec<u8>);

/// A running server; it ends with this process.
pub(crate) struct Loopback {
    /// For `--edda`.
    pub(crate) address: String,
}

struct Memory<F> {
    answer: F,
    replies: Mutex<HashMap<String, Arc<Reply>>>,
}

impl Loopback {
    /// `answer` gets what follows `/api/v2/`.
    pub(crate) fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/edda", listener.local_addr()?);
        let memory = Arc::new(Memory { answer, replies: Mutex::default() });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let memory = Arc::clone(&memory);
                // A client that hangs up ends its thread, and nothing else.
                std::thread::spawn(move || memory.serve(&stream));
            }
        });
        Ok(Self { address })
    }
}

impl<F: Fn(&str) -> Reply> Memory<F> {
    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        while let Some(target) = read_request(&mut reader)? {
            let reply = self.reply(target.strip_prefix("/edda/api/v2/").unwrap_or(&target));
            let (status, body) = &*reply;
            let head = format!("HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes())?;
            stream.write_all(body)?;
        }
        Ok(())
    }

    fn reply(&self, path: &str) -> Arc<Reply> {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(replies.entry(path.to_owned()).or_insert_with(|| Arc::new((self.answer)(path))))
    }
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut target = None;
    for line in reader.lines() {
        let line = line?;
        if line.is_empty() {
            return Ok(target);
        }
        target = target.or_else(|| line.split(' ').nth(1).map(str::to_owned));
    }
    Ok(None)
}
