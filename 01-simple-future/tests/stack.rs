//! One program through all layers of the stage: three tasks, six sockets, one thread.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step of the peers waits for
//! the answer to the one before it, so the order of the trace is no matter of luck.

mod support;

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    thread,
};

use course::{Exercise, Recorder, grade};
use simple_future::{
    AndThen, Either, Fuse, Join, Poll, Select, SimpleFuture, Slots, Socket, SocketRead, run_loop,
};
use support::{real_socket::connect_both_ways, text::Text};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "01-simple-future",
    learners: cfg!(any(
        feature = "my-and-then",
        feature = "my-fuse",
        feature = "my-join",
        feature = "my-run-loop",
        feature = "my-select",
        feature = "my-socket-read",
    )),
};

#[test]
fn three_tasks_talk_to_six_peers() {
    grade!(STACK, lesson, |rec| {
        let (peers, ours): (Vec<_>, Vec<_>) = (0..6).map(|_| connection(rec)).unzip();
        let peers = peers.try_into().expect("six were made");
        let [subject, verb, ping, pong, north, south] = &ours[..] else {
            unreachable!("six were made");
        };
        let talking = thread::spawn(move || talk(peers));
        let slots = Slots::claim(3).expect("no other test of this program takes any");
        run_loop(
            vec![
                Box::new(sentence(subject, verb)),
                Box::new(echo(ping, pong)),
                Box::new(gather(north, south)),
            ],
            &slots,
        );
        rec.note("the loop returns");
        // If it has returned too early, the peers must not wait for answers any more.
        drop(ours);
        let talked = talking.join().expect("the peers do not panic");
        if let Err(error) = talked {
            rec.fail(
                "ends-early",
                format!("the loop returned while a peer waited for an answer ({error})"),
            );
        }
    });
}

/// What the peers do. A task answers with one byte when it has taken note of something.
fn talk(peers: [TcpStream; 6]) -> io::Result<()> {
    let [
        mut subject,
        mut verb,
        mut ping,
        mut pong,
        mut north,
        mut south,
    ] = peers;
    // Nobody takes note of the second half before the first has come.
    verb.write_all(b"are lazy")?;
    for (peer, text) in [
        (&mut pong, "pong"),
        (&mut north, "north wind"),
        (&mut subject, "futures"),
        (&mut south, "south wind"),
        (&mut ping, "ping"),
    ] {
        peer.write_all(text.as_bytes())?;
        peer.read_exact(&mut [0])?;
    }
    Ok(())
}

/// Both halves at once, in order; then the end of the second.
fn sentence<'a>(
    subject: &'a Connection,
    verb: &'a Connection,
) -> impl SimpleFuture<Output = ()> + 'a {
    let halves = Join::new(subject.read(), verb.read());
    let then_the_end = AndThen::new(halves, |(first, second)| {
        subject.hear("sentence", &[first, second]);
        verb.read()
    });
    AndThen::new(then_the_end, |end| {
        verb.note("sentence", &[end]);
        Done
    })
}

/// Whichever is first; then the other one, with the read that lost.
fn echo<'a>(left: &'a Connection, right: &'a Connection) -> impl SimpleFuture<Output = ()> + 'a {
    let first = Select::new(left.read(), right.read());
    AndThen::new(first, move |first| {
        let (word, winner, loser, read) = match first {
            Either::Left((word, read)) => (word, left, right, read),
            Either::Right((read, word)) => (word, right, left, read),
        };
        winner.hear("echo", &[word]);
        AndThen::new(read, move |word| {
            loser.hear("echo", &[word]);
            Done
        })
    })
}

/// Both, in any order: as `Join`, but by somebody who does not remember which of them is done.
fn gather<'a>(north: &'a Connection, south: &'a Connection) -> impl SimpleFuture<Output = ()> + 'a {
    let listen = |side: &'a Connection| {
        AndThen::new(side.read(), move |text| {
            side.hear("gather", &[text]);
            Done
        })
    };
    Gather {
        one: Fuse::new(listen(north)),
        other: Fuse::new(listen(south)),
        heard: 0,
    }
}

/// Polls both whenever it is polled: `Fuse` makes that safe, where `AndThen` alone would panic.
struct Gather<A, B> {
    one: Fuse<A>,
    other: Fuse<B>,
    heard: usize,
}

impl<A, B> SimpleFuture for Gather<A, B>
where
    A: SimpleFuture<Output = ()>,
    B: SimpleFuture<Output = ()>,
{
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        for polled in [self.one.poll(wake), self.other.poll(wake)] {
            self.heard += usize::from(polled == Poll::Ready(()));
        }
        if self.heard < 2 {
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

/// Ready at once: the end of a chain that has nothing to give.
struct Done;

impl SimpleFuture for Done {
    type Output = ();

    fn poll(&mut self, _wake: fn()) -> Poll<()> {
        Poll::Ready(())
    }
}

/// Our end of a connection.
struct Connection {
    recorder: Recorder,
    socket: Socket,
    /// The same connection, to answer on.
    answers: TcpStream,
}

fn connection(recorder: &Recorder) -> (TcpStream, Connection) {
    let (peer, socket, answers) = connect_both_ways();
    let recorder = recorder.clone();
    (
        peer,
        Connection {
            recorder,
            socket,
            answers,
        },
    )
}

impl Connection {
    fn read(&self) -> SocketRead<'_> {
        SocketRead::new(&self.socket)
    }

    fn note(&self, task: &str, read: &[io::Result<Vec<u8>>]) {
        let texts: Vec<Text> = read.iter().map(Text::of).collect();
        self.recorder.note(format!("{task} hears {texts:?}"));
    }

    /// Takes note, and then lets the peer go on.
    fn hear(&self, task: &str, read: &[io::Result<Vec<u8>>]) {
        self.note(task, read);
        (&self.answers).write_all(b".").expect("one byte fits");
    }
}
