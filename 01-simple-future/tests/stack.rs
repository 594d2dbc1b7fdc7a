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
                Box::new(Gather::new(north, south)),
            ],
            &slots,
        );
        rec.note("all tasks are done");
        talking.join().expect("each step was answered");
    });
}

/// What the peers do. A task answers with one byte when it has taken note of something.
fn talk(peers: [TcpStream; 6]) {
    let [
        mut subject,
        mut verb,
        mut ping,
        mut pong,
        mut north,
        mut south,
    ] = peers;
    // Nobody takes note of the second half before the first has come.
    say(&mut verb, "are lazy");
    for (peer, text) in [
        (&mut pong, "pong"),
        (&mut north, "north wind"),
        (&mut subject, "futures"),
        (&mut south, "south wind"),
        (&mut ping, "ping"),
    ] {
        say(peer, text);
        peer.read_exact(&mut [0]).expect("the task answers");
    }
    drop(verb);
}

fn say(peer: &mut TcpStream, text: &str) {
    peer.write_all(text.as_bytes()).expect("a few bytes fit");
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

/// Polls both of its reads whenever it is polled, until it has heard of both: `Fuse` makes that safe.
struct Gather<'a> {
    sides: [(&'a Connection, Fuse<SocketRead<'a>>); 2],
    heard: usize,
}

impl<'a> Gather<'a> {
    fn new(north: &'a Connection, south: &'a Connection) -> Self {
        Gather {
            sides: [north, south].map(|side| (side, Fuse::new(side.read()))),
            heard: 0,
        }
    }
}

impl SimpleFuture for Gather<'_> {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        for (connection, read) in &mut self.sides {
            if let Poll::Ready(text) = read.poll(wake) {
                connection.hear("gather", &[text]);
                self.heard += 1;
            }
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
