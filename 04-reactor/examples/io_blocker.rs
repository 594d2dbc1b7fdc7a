//! 4.1: the program that *Asynchronous Programming in Rust* draws around its `IoBlocker`.
//!
//! ```text
//! cargo run -p reactor --example io_blocker
//! ```
//!
//! Two sockets, one thread that blocks for both. The second one has room to send from the start; to
//! the first one something is sent after that. Expect "Socket 2 is now WRITABLE", then "Socket 1 is
//! now READABLE" (on some systems the second is reported again, beside that).

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

use reactor::{Event, IoBlocker, Signals};

fn main() -> io::Result<()> {
    let (mut socket_1, mut peer_1) = connection()?;
    let (mut socket_2, _peer_2) = connection()?;

    let mut io_blocker = IoBlocker::new()?;
    let readable = Event {
        id: 1,
        signals: Signals::READABLE,
    };
    io_blocker.add_io_event_interest(&mut socket_1, readable)?;
    let either = Event {
        id: 2,
        signals: Signals::READABLE | Signals::WRITABLE,
    };
    io_blocker.add_io_event_interest(&mut socket_2, either)?;

    print_until(&mut io_blocker, 2)?;
    peer_1.write_all(b"hello")?;
    print_until(&mut io_blocker, 1)?;

    io_blocker.remove(&mut socket_1)?;
    io_blocker.remove(&mut socket_2)
}

/// Blocks and prints what comes, until something has happened to this socket.
fn print_until(io_blocker: &mut IoBlocker, id: usize) -> io::Result<()> {
    let mut events = Vec::new();
    while !events.iter().any(|event: &Event| event.id == id) {
        events.clear();
        io_blocker.block(None, &mut events)?;
        for event in &events {
            println!("Socket {:?} is now {:?}", event.id, event.signals);
        }
    }
    Ok(())
}

/// A connection: this end for mio, and the other end.
fn connection() -> io::Result<(mio::net::TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let peer = TcpStream::connect(listener.local_addr()?)?;
    let (socket, _) = listener.accept()?;
    socket.set_nonblocking(true)?;
    Ok((mio::net::TcpStream::from_std(socket), peer))
}
