//! What `wake` is good for: the same two reads, polled all the time and polled when woken.
//!
//!     cargo run --release -p simple-future --example busy_vs_woken
//!
//! A peer sends to two sockets, after 150 and 300 milliseconds. Both loops take as long as the peer
//! does. The busy loop polls many thousand times, and nearly all that time is CPU time. The
//! woken loop polls each task twice, and what CPU time it needs goes to the watchers of the sockets,
//! which look every millisecond: stage 04 gets rid of that too.

use std::cell::Cell;
use std::error::Error;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use simple_future::{Poll, SimpleFuture, Slots, Socket, SocketRead, busy_loop, run_loop};

type Tasks<'a> = Vec<Box<dyn SimpleFuture<Output = ()> + 'a>>;

/// A read that counts how often it is polled.
struct CountedRead<'a> {
    read: SocketRead<'a>,
    polls: &'a Cell<u64>,
}

impl SimpleFuture for CountedRead<'_> {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        self.polls.set(self.polls.get() + 1);
        match self.read.poll(wake) {
            Poll::Ready(read) => {
                assert_eq!(read.expect("the peer does not fail"), b"at last");
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Runs the two reads on a loop and prints what that cost.
fn measure(name: &str, run: impl FnOnce(Tasks<'_>)) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut peers = [TcpStream::connect(address)?, TcpStream::connect(address)?];
    let first = Socket::new(listener.accept()?.0)?;
    let second = Socket::new(listener.accept()?.0)?;

    let polls = Cell::new(0);
    let counted = |socket| CountedRead {
        read: SocketRead::new(socket),
        polls: &polls,
    };
    let tasks: Tasks<'_> = vec![Box::new(counted(&first)), Box::new(counted(&second))];

    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let sending = thread::spawn(move || {
        for peer in &mut peers {
            thread::sleep(Duration::from_millis(150));
            peer.write_all(b"at last")?;
        }
        io::Result::Ok(())
    });
    run(tasks);
    let (wall, cpu) = (wall.elapsed().as_millis(), cpu.elapsed());
    sending.join().expect("the peer does not panic")?;

    let cpu = cpu.as_secs_f64() * 1000.0;
    println!("{name:<12} {:>10} {wall:>9} ms {cpu:>9.1} ms", polls.get());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:<12} {:>10} {:>12} {:>12}",
        "", "polls", "time", "CPU time"
    );
    measure("busy_loop", |tasks| {
        busy_loop(tasks);
    })?;
    let slots = Slots::claim(2)?;
    measure("run_loop", |tasks| run_loop(tasks, &slots))?;
    Ok(())
}
