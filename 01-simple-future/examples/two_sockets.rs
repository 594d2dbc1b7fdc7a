//! What stage 01 can do: two tasks, four sockets, one thread, and three ways to combine futures.
//!
//!     cargo run -p simple-future --example two_sockets
//!
//! The first task waits for both halves of a sentence (`Join`), and then for one peer to leave (`AndThen`).
//! The second waits for whichever of two sockets is first (`Select`), answers there, and goes on with the
//! read that lost: its peer sends only when it has seen the answer on the other socket.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use simple_future::{
    AndThen, Either, Join, Poll, Select, SimpleFuture, Slots, Socket, SocketRead, run_loop,
};

/// Ready at once: the end of a chain that has nothing to give.
struct Done;

impl SimpleFuture for Done {
    type Output = ();

    fn poll(&mut self, _wake: fn()) -> Poll<()> {
        Poll::Ready(())
    }
}

/// A connection: the peer's end, our end for writing, and our end for reading.
fn connect() -> io::Result<(TcpStream, TcpStream, Socket)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let peer = TcpStream::connect(listener.local_addr()?)?;
    let ours = listener.accept()?.0;
    Ok((peer, ours.try_clone()?, Socket::new(ours)?))
}

fn text(read: io::Result<Vec<u8>>) -> String {
    String::from_utf8(read.expect("a peer on this machine does not fail")).expect("peers send text")
}

/// Reads from both at once, then waits for the end of the second.
fn sentence<'a>(left: &'a Socket, right: &'a Socket) -> impl SimpleFuture<Output = ()> + 'a {
    let halves = Join::new(SocketRead::new(left), SocketRead::new(right));
    let whole = AndThen::new(halves, |(subject, verb)| {
        println!("sentence: {} {}", text(subject), text(verb));
        SocketRead::new(right)
    });
    AndThen::new(whole, |end| {
        assert_eq!(text(end), "", "the peer says nothing more");
        println!("sentence: full stop");
        Done
    })
}

/// Echoes to the winner, and reads on from the loser.
fn echo<'a>(
    left: (&'a Socket, TcpStream),
    right: (&'a Socket, TcpStream),
) -> impl SimpleFuture<Output = ()> + 'a {
    let first = Select::new(SocketRead::new(left.0), SocketRead::new(right.0));
    let second = AndThen::new(first, move |first| {
        let (word, mut answer, loser) = match first {
            Either::Left((word, loser)) => (text(word), left.1, loser),
            Either::Right((loser, word)) => (text(word), right.1, loser),
        };
        println!("echo: {word} was first");
        answer
            .write_all(word.as_bytes())
            .expect("a short answer fits");
        loser
    });
    AndThen::new(second, |word| {
        println!("echo: {} was second", text(word));
        Done
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut subject, _, subject_here) = connect()?;
    let (mut verb, _, verb_here) = connect()?;
    let (mut ping, ping_answer, ping_here) = connect()?;
    let (mut pong, pong_answer, pong_here) = connect()?;

    // In an order that is neither that of the sockets nor that of the sentence.
    let peers = thread::spawn(move || -> io::Result<()> {
        verb.write_all(b"wake")?;
        ping.write_all(b"ping")?;
        let mut answer = [0; 4];
        ping.read_exact(&mut answer)?;
        println!("peer: got {} back", String::from_utf8_lossy(&answer));
        pong.write_all(b"pong")?;
        subject.write_all(b"futures")?;
        drop(verb);
        Ok(())
    });

    let slots = Slots::claim(2)?;
    run_loop(
        vec![
            Box::new(sentence(&subject_here, &verb_here)),
            Box::new(echo((&ping_here, ping_answer), (&pong_here, pong_answer))),
        ],
        &slots,
    );
    peers.join().expect("the peers do not panic")?;
    Ok(())
}
