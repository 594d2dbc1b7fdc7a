//! 2.7: the futures of stage 01 on an executor that has never heard of them.
//!
//! ```text
//! cargo run -p waker-timer --example bridge
//! ```
//!
//! Two reads from real sockets run at once: joined by stage 01's `Join` in one `Compat`, and then
//! as two `Compat`s, joined by the `futures` crate. The second peer answers first. Expect
//!
//! ```text
//! Join in a Compat:   "one" and "two"
//! Compats in a join:  "one" and "two"
//! ```

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use futures::future::join;
use simple_future::{Join, Socket, SocketRead};
use waker_timer::Compat;

fn main() -> io::Result<()> {
    let (first, second) = (answers("one", 40)?, answers("two", 20)?);
    let reads = Join::new(SocketRead::new(&first), SocketRead::new(&second));
    let (one, two) = block_on(Compat::new(reads));
    show("Join in a Compat:", &one?, &two?);

    let (first, second) = (answers("one", 40)?, answers("two", 20)?);
    let (one, two) = block_on(join(
        Compat::new(SocketRead::new(&first)),
        Compat::new(SocketRead::new(&second)),
    ));
    show("Compats in a join:", &one?, &two?);
    Ok(())
}

/// A socket whose peer sends `text` after some milliseconds.
fn answers(text: &'static str, millis: u64) -> io::Result<Socket> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut peer = TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(millis));
        peer.write_all(text.as_bytes())
            .expect("the reader is still there");
    });
    Socket::new(stream)
}

fn show(how: &str, one: &[u8], two: &[u8]) {
    let (one, two) = (String::from_utf8_lossy(one), String::from_utf8_lossy(two));
    println!("{how:<20}{one:?} and {two:?}");
}
