//! 100,000 timers: made, cancelled, fired.
//!
//! async-io does not take part in the firing: while its runtime gets no turn, its helper thread fires
//! the timers, on the other core and before the clock starts.

use super::{Figure, Size, Work, nanoseconds, side_by_side};
use crate::rounds::Contestant;
use crate::runtimes::{OursIo, Smol, TokioIo};
use crate::table::Better;
use crate::timers::{create_and_cancel, fire};

pub(super) fn works(size: Size) -> Vec<Work> {
    let count = size.of(100_000, 10_000, 10);
    vec![
        Work {
            what: format!(
                "{count} timers are polled once, with deadlines within the hour, and dropped"
            ),
            figures: vec![figure("timers_create"), figure("timers_cancel")],
            rounds: usize::MAX,
            contestants: Box::new(move || created_and_cancelled(count)),
        },
        Work {
            what: format!("{count} timers whose deadlines have all passed wake their task"),
            figures: vec![figure("timers_fire")],
            rounds: size.of(15, 3, 1),
            contestants: Box::new(move || {
                side_by_side!([TokioIo, OursIo], count, |runtime| fire(runtime, count))
            }),
        },
    ]
}

fn figure(name: &str) -> Figure {
    Figure::new(name, "ns a timer", Better::Less)
}

fn created_and_cancelled(count: u64) -> Vec<Contestant> {
    fn contestant<R: crate::runtimes::Timers>(count: u64) -> Contestant {
        let mut runtime = R::new();
        Contestant::new(R::NAME, move || {
            let times = create_and_cancel(&mut runtime, count);
            vec![
                nanoseconds(times.create, count),
                nanoseconds(times.cancel, count),
            ]
        })
    }
    vec![
        contestant::<TokioIo>(count),
        contestant::<OursIo>(count),
        contestant::<Smol>(count),
    ]
}
