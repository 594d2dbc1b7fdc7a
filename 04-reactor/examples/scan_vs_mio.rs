//! 4.6: what it costs to find the one socket, of many, that has something to read.
//!
//! ```text
//! cargo run --release -p reactor --example scan_vs_mio
//! ```
//!
//! Expect the time from a datagram's being there to knowing which socket it came to, for 10, 100 and
//! 1,000 sockets. Asking every socket in turn takes ten times as long for ten times as many. Asking
//! the operating system once for all of them takes the same time for any number.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use reactor::{Event, IoBlocker, Scan, Signals};

const ROUNDS: usize = 300;

fn main() -> io::Result<()> {
    println!(
        "{:>8}{:>22}{:>18}{:>9}",
        "sockets", "every one in turn, µs", "once for all, µs", "ratio"
    );
    for count in [10, 100, 1000] {
        let (mut scanned, mut blocked) = measure(count)?;
        let (scanned, blocked) = (median(&mut scanned), median(&mut blocked));
        println!(
            "{count:>8}{scanned:>22.1}{blocked:>18.1}{:>9.1}",
            scanned / blocked
        );
    }
    Ok(())
}

/// The times for one event, in microseconds: of both ways, in turns, with the same sockets.
fn measure(count: usize) -> io::Result<(Vec<f64>, Vec<f64>)> {
    let mut blocker = IoBlocker::new()?;
    let mut scan = Scan::new(|socket: &UdpSocket| socket.peek(&mut [0]));
    let mut addrs = Vec::new();
    for id in 0..count {
        let mut socket = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        addrs.push(socket.local_addr()?);
        let signals = Signals::READABLE;
        blocker.add_io_event_interest(&mut socket, Event { id, signals })?;
        scan.add(socket);
    }
    let sender = std::net::UdpSocket::bind("127.0.0.1:0")?;
    let (mut scanned, mut blocked) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Not a neighbour of the last one.
        let active = round * 7919 % count;

        sender.send_to(b"x", addrs[active])?;
        let start = Instant::now();
        let mut ready = Vec::new();
        scan.wait(Duration::ZERO, &mut ready);
        scanned.push(start.elapsed().as_secs_f64() * 1e6);
        assert_eq!(ready, [active]);
        scan.get(active).recv(&mut [0])?;
        // On some systems, the blocker has an event for this datagram too: it is not to be measured.
        blocker.block(Some(Duration::ZERO), &mut Vec::new())?;

        sender.send_to(b"x", addrs[active])?;
        let start = Instant::now();
        let mut events = Vec::new();
        while events.is_empty() {
            blocker.block(None, &mut events)?;
        }
        blocked.push(start.elapsed().as_secs_f64() * 1e6);
        assert_eq!(events[0].id, active);
        scan.get(active).recv(&mut [0])?;
    }
    Ok((scanned, blocked))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
