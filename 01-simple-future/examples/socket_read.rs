//! One read from a real socket, poll by poll.
//!
//!     cargo run -p simple-future --example socket_read
//!
//! The first poll finds nothing and leaves its wake with the socket. The peer sends, the wake comes
//! from the socket's watcher thread, and the second poll gives the bytes. The third sees the end.

use std::error::Error;
use std::io::Write;
use std::net::{TcpListener, TcpStream};

use simple_future::{Poll, SimpleFuture, Slots, Socket, SocketRead, Wakes};

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut peer = TcpStream::connect(listener.local_addr()?)?;
    let socket = Socket::new(listener.accept()?.0)?;

    let slots = Slots::claim(1)?;
    let mut read = SocketRead::new(&socket);
    println!(
        "nothing was sent:   {}",
        describe(read.poll(slots.wake_fn(0)))?
    );

    peer.write_all(b"good morning")?;
    slots.sleep();
    println!("the peer has sent:  woken {}", slots.take_woken(0));
    println!(
        "polled again:       {}",
        describe(read.poll(slots.wake_fn(0)))?
    );

    // Set before the peer goes: the end of the stream is something to read, and wakes too.
    println!(
        "the next read:      {}",
        describe(read.poll(slots.wake_fn(0)))?
    );
    drop(peer);
    slots.sleep();
    println!(
        "the peer is gone:   {}",
        describe(read.poll(slots.wake_fn(0)))?
    );
    Ok(())
}

fn describe(polled: Poll<std::io::Result<Vec<u8>>>) -> std::io::Result<String> {
    Ok(match polled {
        Poll::Ready(bytes) => format!("Ready({:?})", String::from_utf8_lossy(&bytes?)),
        Poll::Pending => "Pending".to_owned(),
    })
}
