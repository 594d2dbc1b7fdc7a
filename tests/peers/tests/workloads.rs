//! Every work of the benchmarks does, on every runtime, what it is measured for.
//!
//! The works check their own results: each sum, each echo, each number of timers. So it is enough to
//! run them, and to see that a work that does nothing would be found out.

use std::sync::mpsc;
use std::time::Duration;

use peers::echo::{self, Load, MioLoop, Server};
use peers::rounds;
use peers::runtimes::{
    Book, LocalPool, Ours, OursIo, OursPool, Runtime, Smol, SmolPool, Tokio, TokioIo, TokioPool,
};
use peers::works::{self, Size};

/// Calls a generic function with every runtime.
macro_rules! on_every_runtime {
    ($check:ident) => {
        $check::<Tokio>();
        $check::<TokioIo>();
        $check::<TokioPool>();
        $check::<Ours>();
        $check::<OursIo>();
        $check::<OursPool>();
        $check::<Smol>();
        $check::<SmolPool>();
        $check::<LocalPool>();
        $check::<Book>();
    };
}

#[test]
fn every_work_runs_on_every_runtime() {
    for work in works::all(Size::Tiny) {
        let figures = work.figures.len();
        for measured in rounds::run((work.contestants)(), figures, 0, 1).concat() {
            let result = measured.rounds[0];
            assert!(result > 0.0, "{} on {}: {result}", work.what, measured.name);
        }
    }
}

#[test]
fn what_is_measured_in_processes_of_its_own_is_not_left_out() {
    let names = |size| -> Vec<String> {
        let figures = works::all(size).into_iter().flat_map(|work| work.figures);
        figures.map(|figure| figure.name).collect()
    };
    let full = names(Size::Full);
    for name in [
        "memory_task",
        "memory_million",
        "memory_connection",
        "echo_500",
    ] {
        assert!(full.iter().any(|figure| figure == name), "{name}");
    }
}

#[test]
fn a_task_runs_only_when_it_is_spawned_and_gives_its_output() {
    fn check<R: Runtime>() {
        let mut runtime = R::new();
        let (sender, receiver) = mpsc::channel();
        let output = runtime.run(async move {
            let detached = sender.clone();
            R::detach(R::spawn(async move { detached.send("detached") }));
            let awaited = R::spawn(async move { sender.send("awaited") });
            awaited.await.expect("the receiver is there");
            42
        });
        let mut ran: Vec<_> = receiver.iter().collect();
        ran.sort_unstable();
        assert_eq!(ran, ["awaited", "detached"], "{}", R::NAME);
        assert_eq!(output, 42, "{}", R::NAME);
    }
    on_every_runtime!(check);
}

#[test]
fn silent_connections_are_served_beside_the_others() {
    fn check<S: Server>() {
        let load = Load {
            connections: 20,
            active: 2,
            warm_up: Duration::from_millis(1),
            measured: Duration::from_millis(20),
        };
        let echoed = echo::measure_here(&mut S::start(), load).expect("a server on this machine");
        assert!(echoed.rate > 0.0, "{}", S::SERVER);
    }
    check::<MioLoop>();
    check::<TokioIo>();
    check::<Smol>();
    check::<OursIo>();
}
