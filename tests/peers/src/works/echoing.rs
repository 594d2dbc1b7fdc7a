//! TCP echo with a client in a process of its own.

use std::time::Duration;

use super::{Figure, Size, Work};
use crate::echo::{self, Load, MESSAGE, MioLoop, Server};
use crate::rounds::Contestant;
use crate::runtimes::{OursIo, Smol, TokioIo};
use crate::table::{Better, Claim};

/// Of a bare loop over the selector, and of tokio.
const FLOOR: f64 = 0.95;
const AIM: f64 = 0.98;

pub(super) fn works(size: Size) -> Vec<Work> {
    let counts: &[usize] = size.of(&[50, 500], &[50], &[3]);
    (counts.iter())
        .map(|&connections| {
            let claims = [MioLoop::SERVER, TokioIo::SERVER].map(|against| Claim {
                who: OursIo::SERVER,
                against,
                floor: FLOOR,
                aim: AIM,
            });
            work(
                format!("echo_{connections}"),
                format!("TCP echo, {MESSAGE} bytes, {connections} connections, one message in flight on each"),
                load(size, connections, connections),
                claims.to_vec(),
                size.of(15, 3, 1),
                size,
            )
        })
        .collect()
}

/// The work for one load: round trips a second, and what they cost the server.
pub(super) fn work(
    name: String,
    what: String,
    load: Load,
    claims: Vec<Claim>,
    rounds: usize,
    size: Size,
) -> Work {
    let rate = Figure {
        name: name.clone(),
        unit: "a second",
        better: Better::More,
        claims,
    };
    let server_time = Figure {
        name: format!("{name}_server"),
        unit: "ns of CPU",
        better: Better::Less,
        claims: Vec::new(),
    };
    Work {
        what,
        figures: vec![rate, server_time],
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
        measured: Duration::from_millis(size.of(250, 100, 20)),
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
