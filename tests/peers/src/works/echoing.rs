//! TCP echo with a client in a process of its own.

use std::time::Duration;

use super::{Figure, Size, Work};
use crate::echo::{self, Load, MESSAGE, MioLoop, Server};
use crate::rounds::Contestant;
use crate::runtimes::{OursIo, Smol, TokioIo};
use crate::table::Better;

pub(super) fn works(size: Size) -> Vec<Work> {
    let counts: &[usize] = size.of(&[50, 500], &[50], &[3]);
    (counts.iter())
        .map(|&connections| {
            work(
                format!("echo_{connections}"),
                format!("TCP echo, {MESSAGE} bytes, {connections} connections, one message in flight on each"),
                load(size, connections, connections),
                usize::MAX,
                size,
            )
        })
        .collect()
}

/// The work for one load: round trips a second, and what each costs the server.
///
/// The client shares the machine with the server, and both share it with everybody else, so the
/// first figure varies. The second one is the server's own.
pub(super) fn work(name: String, what: String, load: Load, rounds: usize, size: Size) -> Work {
    let server = format!("{name}_server");
    Work {
        what,
        figures: vec![
            Figure::new(name, "a second", Better::More),
            Figure::new(server, "ns of CPU", Better::Less),
        ],
        rounds,
        contestants: Box::new(move || {
            vec![
                contestant::<MioLoop>(load, size),
                contestant::<TokioIo>(load, size),
                contestant::<OursIo>(load, size),
                contestant::<Smol>(load, size),
            ]
        }),
    }
}

/// How the client loads a server with so many connections, of which some are active.
pub(super) fn load(size: Size, connections: usize, active: usize) -> Load {
    Load {
        connections,
        active,
        warm_up: Duration::from_millis(size.of(50, 20, 2)),
        measured: Duration::from_millis(size.of(400, 100, 20)),
    }
}

fn contestant<S: Server>(load: Load, size: Size) -> Contestant {
    let mut server = S::start();
    Contestant::new(S::SERVER, move || {
        let echoed = match size {
            // A test is not this program: it cannot start itself as a client.
            Size::Tiny => echo::measure_here(&mut server, load),
            Size::Full | Size::Quick => echo::measure(&mut server, load),
        };
        let echoed = echoed.expect("a server and a client on this machine");
        vec![echoed.rate, echoed.server_time.as_secs_f64() * 1e9]
    })
}
