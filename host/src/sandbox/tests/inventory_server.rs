//! An EDDA on loopback with one answer to everything.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Answers every request with `body`, each on its own connection, after `before` has returned. Gives the address. Ends with the tests.
pub(super) fn serve(body: String, before: impl Fn() + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/edda", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            before();
            // A client that is gone is no failure of the server.
            let _ = answer(&connection, &body);
        }
    });
    address
}

fn answer(mut connection: &TcpStream, body: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length:";
    write!(connection, "{head} {}\r\n\r\n{body}", body.len())
}
