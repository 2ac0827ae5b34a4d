//! A client that shows an exchange as it goes over the socket: nothing is followed, decoded or put right.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    /// As written, one a line.
    pub head: String,
    pub body: String,
    /// Whether the body came to its announced end.
    pub whole: bool,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

pub(super) fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path)
}

pub(super) fn ask(address: SocketAddr, method: &str, path: &str) -> Answer {
    let mut stream = begin(address, method, path);
    read(&mut stream, method == "HEAD")
}

/// Asks, and leaves the answer for later.
pub(super) fn begin(address: SocketAddr, method: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    // The service may close while we still write.
    let _ = write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream
}

pub(super) fn read(stream: &mut TcpStream, head_only: bool) -> Answer {
    let mut bytes = Vec::new();
    // A connection that is reset has said what it had to say.
    let _ = stream.read_to_end(&mut bytes);
    let _ = stream.shutdown(Shutdown::Both);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("a head in ASCII");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut answer = Answer { status, head, body: String::new(), whole: true };
    let rest = &bytes[end + 4..];
    let (body, whole) = match (answer.header("transfer-encoding"), answer.header("content-length")) {
        (Some("chunked"), _) if !head_only => unchunked(rest),
        (_, Some(length)) if !head_only => (rest.to_vec(), length.parse() == Ok(rest.len())),
        _ => (rest.to_vec(), true),
    };
    answer.body = String::from_utf8(body).expect("UTF-8");
    answer.whole = whole;
    answer
}

fn unchunked(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok()).expect("a size");
        rest = &rest[end + 2..];
        if size == 0 {
            return (body, true);
        }
        if rest.len() < size + 2 {
            break;
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
    (body, false)
}
