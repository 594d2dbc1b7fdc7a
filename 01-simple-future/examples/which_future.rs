//! Why a `fn()` is not enough: it cannot say which future it wakes.
//!
//!     cargo run -p simple-future --example which_future
//!
//! Two reads get the same `fn()`. Data comes for one of them, and all that is known is that *some* read
//! can go on, so both are polled. With a function for each, one poll is enough. But functions are made
//! when the program is compiled, here eight of them, and the ninth task gets none.

use std::error::Error;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

use simple_future::{Poll, SimpleFuture, Slots, Socket, SocketRead, Wakes};

/// A connection: the peer's end, and ours.
fn connect() -> io::Result<(TcpStream, Socket)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let peer = TcpStream::connect(listener.local_addr()?)?;
    Ok((peer, Socket::new(listener.accept()?.0)?))
}

/// Polls a read and says in a word what came of it.
fn poll(name: &str, read: &mut SocketRead<'_>, wake: fn()) -> io::Result<()> {
    match read.poll(wake) {
        Poll::Ready(bytes) => println!(
            "  poll {name}: Ready({:?})",
            String::from_utf8_lossy(&bytes?)
        ),
        Poll::Pending => println!("  poll {name}: Pending"),
    }
    Ok(())
}

fn one_wake_for_both() -> Result<(), Box<dyn Error>> {
    println!("One fn() for both reads:");
    let (_peer_a, a) = connect()?;
    let (mut peer_b, b) = connect()?;
    let (mut read_a, mut read_b) = (SocketRead::new(&a), SocketRead::new(&b));
    let slots = Slots::claim(1)?;
    let wake = slots.wake_fn(0);

    poll("a", &mut read_a, wake)?;
    poll("b", &mut read_b, wake)?;
    peer_b.write_all(b"for b")?;
    slots.sleep();
    println!(
        "  somebody was woken: {}. Who? Ask both.",
        slots.take_woken(0)
    );
    poll("a", &mut read_a, wake)?;
    poll("b", &mut read_b, wake)?;
    Ok(())
}

fn a_wake_for_each() -> Result<(), Box<dyn Error>> {
    println!("A fn() for each read:");
    let (_peer_a, a) = connect()?;
    let (mut peer_b, b) = connect()?;
    let (mut read_a, mut read_b) = (SocketRead::new(&a), SocketRead::new(&b));
    let slots = Slots::claim(2)?;

    poll("a", &mut read_a, slots.wake_fn(0))?;
    poll("b", &mut read_b, slots.wake_fn(1))?;
    peer_b.write_all(b"for b")?;
    slots.sleep();
    for (index, (name, read)) in [("a", &mut read_a), ("b", &mut read_b)]
        .into_iter()
        .enumerate()
    {
        let woken = slots.take_woken(index);
        println!("  {name} was woken: {woken}");
        if woken {
            poll(name, read, slots.wake_fn(index))?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    one_wake_for_both()?;
    a_wake_for_each()?;
    println!("Nine tasks:");
    match Slots::claim(9) {
        Ok(_) => println!("  there were nine wakes"),
        Err(refused) => println!("  {refused}"),
    }
    Ok(())
}
